/* Buttons that open a native dialog; they are shown only where they work. */

export function dialogs() {
  for (const button of document.querySelectorAll("[data-opens-dialog]")) {
    const dialog = document.getElementById(button.dataset.opensDialog);
    if (!dialog?.showModal) continue;
    button.hidden = false;
    button.addEventListener("click", () => dialog.showModal());
    // A click beside the dialog, on its veil, closes it.
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && isOutside(dialog, event)) dialog.close("");
    });
  }
}

function isOutside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return (
    event.clientX < box.left ||
    event.clientX > box.right ||
    event.clientY < box.top ||
    event.clientY > box.bottom
  );
}
