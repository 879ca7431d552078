/* News can be closed by hand; nothing vanishes by itself before it was read. */

export function toasts() {
  for (const button of document.querySelectorAll("[data-toast-close]")) {
    button.hidden = false;
    button.addEventListener("click", () => button.closest("[data-toast]").remove());
  }
}
