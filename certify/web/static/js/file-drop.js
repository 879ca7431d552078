/* A file input that also takes a dropped file and says what was chosen. */

import { t } from "./messages.js";

export function fileDrops() {
  document.querySelectorAll("[data-file-drop]").forEach(enhance);
}

function enhance(area) {
  const input = area.querySelector("input[type=file]");
  const state = area.querySelector("[data-file-state]");
  // The browser's own words may be in another language than the page.
  area.classList.add("is-enhanced");
  area.querySelector("[data-file-button]").hidden = false;
  const show = () => {
    const chosen = [...input.files].map((file) =>
      t("{name}, {size}", { name: file.name, size: readable(file.size) }),
    );
    state.textContent = chosen.join(" · ") || t("Nothing chosen yet; a file can be dropped here.");
  };
  const over = (event) => {
    event.preventDefault();
    area.classList.add("is-over");
    state.textContent = t("Drop the file here");
  };
  const away = () => {
    area.classList.remove("is-over");
    show();
  };
  area.addEventListener("dragenter", over);
  area.addEventListener("dragover", over);
  area.addEventListener("dragleave", away);
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    away();
  });
  input.addEventListener("change", show);
  show();
}

function readable(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
