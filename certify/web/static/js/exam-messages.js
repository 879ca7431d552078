/* Messages of the invigilator; the newest is shown until it is closed or another one comes. */

const KEY = "certify-message";

function closed() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** Show the newest of the messages in a box, unless this one was closed in this tab. */
export function showMessages(box, messages = []) {
  const newest = messages.at(-1);
  if (!box || !newest || newest.id === closed() || newest.id === box.dataset.shown) return;
  box.dataset.shown = newest.id;
  const text = box.querySelector("[data-message-text]") ?? box;
  text.textContent = newest.text;
  box.hidden = false;
  box.querySelector("[data-message-close]")?.addEventListener(
    "click",
    () => {
      box.hidden = true;
      try {
        sessionStorage.setItem(KEY, newest.id);
      } catch {
        // a browser that keeps nothing shows it again on the next page
      }
    },
    { once: true },
  );
}
