/*
 * Keys on an item's page: Alt+J and Alt+K go through what waits for review, Ctrl+Enter sends a
 * comment. Links and buttons do the same.
 */

for (const help of document.querySelectorAll("[data-key-help]")) help.hidden = false;

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // by place, as the option key of some keyboards turns letters into signs
  const key = event.code.replace("Key", "").toLowerCase();
  const way = document.querySelector(`[data-key-way="${CSS.escape(key)}"]`);
  if (!way) return;
  event.preventDefault();
  way.click();
});

for (const text of document.querySelectorAll("[data-sends]")) {
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    text.form.requestSubmit();
  });
}
