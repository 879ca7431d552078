/* The preview beside the form of an item follows what is typed; without it, a button shows it. */

const PAUSE_MS = 400;

const form = document.querySelector("[data-item-form]");
const shown = document.querySelector("[data-preview]");
const panel = document.querySelector("[data-preview-panel]");
const failed = document.querySelector("[data-preview-failed]");

let waiting = 0;
let asked = 0;
let changed = false;

async function renew() {
  const number = ++asked;
  let answer = null;
  try {
    const response = await fetch(form.dataset.previewAddress, {
      method: "POST",
      body: new FormData(form),
      redirect: "error",
    });
    if (response.ok) answer = await response.text();
  } catch {
    // no connection, or signed out: the sentence below the preview says so
  }
  if (number !== asked) return;
  failed.hidden = answer !== null;
  // The server rendered and sanitised it, as it does for the page.
  if (answer !== null) shown.innerHTML = answer;
}

form.addEventListener("input", () => {
  changed = true;
  clearTimeout(waiting);
  waiting = setTimeout(renew, PAUSE_MS);
});

form.querySelector("[data-preview-button]").addEventListener("click", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  renew();
  panel.scrollIntoView({ block: "start" });
  panel.focus({ preventScroll: true });
});

form.addEventListener("submit", () => (changed = false));

// Text that was typed and not saved is not thrown away without a question.
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
