/* Forms: the focus goes to the summary of errors, and a form is sent once. */

export function focusOnLoad() {
  document.querySelector("[data-focus-on-load]")?.focus();
}

/** A second click on a button that is already at work does nothing. */
export function busyForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    // The answer is a file to keep: the page stays, and its form must work again.
    if ("download" in form.dataset) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    showBusy(event.submitter);
  });
  // A page taken back from the history must be usable again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    document.querySelectorAll("form[data-sending]").forEach((form) => delete form.dataset.sending);
    document.querySelectorAll("[data-idle-label]").forEach(showIdle);
  });
}

export function showBusy(button) {
  const label = button?.querySelector(".button-label");
  if (!label || !button.dataset.busyLabel) return;
  button.dataset.idleLabel = label.textContent;
  label.textContent = button.dataset.busyLabel;
  button.setAttribute("aria-disabled", "true");
}

export function showIdle(button) {
  const label = button?.querySelector(".button-label");
  if (!label || !button.dataset.idleLabel) return;
  label.textContent = button.dataset.idleLabel;
  delete button.dataset.idleLabel;
  button.removeAttribute("aria-disabled");
}
