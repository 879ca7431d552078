/* Copy an identifier; the button appears only where the browser allows it. */

import { t } from "./messages.js";

const BACK_AFTER_MS = 2500;

export function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.querySelector("[data-copy-label]");
    const idle = label.textContent;
    button.hidden = false;
    label.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      const source = button.parentElement.querySelector("[data-copy-source]");
      await navigator.clipboard.writeText(source.textContent.trim());
      label.textContent = t("Copied");
      setTimeout(() => (label.textContent = idle), BACK_AFTER_MS);
    });
  }
}
