/*
 * The editor of items: the preview follows what is typed, what is typed is kept on the server for
 * its author, and the keyboard reaches saving and looking. Without it, buttons do the same.
 */

import { t } from "./messages.js";
import { prepareTasks } from "./item-task.js";

const PREVIEW_AFTER_MS = 400;
const KEEP_AFTER_MS = 3000;

const form = document.querySelector("[data-item-form]");
const shown = document.querySelector("[data-preview]");
const panel = document.querySelector("[data-preview-panel]");
const failed = document.querySelector("[data-preview-failed]");
const kept = document.querySelector("[data-kept]");
const previewButton = form.querySelector("[data-preview-button]");

let previewing = 0;
let keeping = 0;
let asked = 0;
let changed = false;
let leaving = false;

/** The form without pictures chosen and not sent yet: those travel with their own button. */
function fields() {
  const data = new FormData(form);
  data.delete("picture");
  return data;
}

async function send(address) {
  try {
    const response = await fetch(address, { method: "POST", body: fields(), redirect: "error" });
    return response.ok ? response : null;
  } catch {
    return null; // no connection, or signed out: a sentence on the page says so
  }
}

async function renew() {
  const number = ++asked;
  const answer = await (await send(form.dataset.previewAddress))?.text();
  if (number !== asked) return;
  failed.hidden = answer !== undefined;
  if (answer === undefined) return;
  // The server rendered and sanitised it, as it does for the page.
  shown.innerHTML = answer;
  prepareTasks(shown);
}

async function keep() {
  if (leaving) return;
  const answer = await send(form.dataset.keepAddress);
  kept.textContent = answer ? t("Your input is kept until you save it") : t("Not kept: no connection");
}

form.addEventListener("input", () => {
  changed = true;
  clearTimeout(previewing);
  clearTimeout(keeping);
  previewing = setTimeout(renew, PREVIEW_AFTER_MS);
  keeping = setTimeout(keep, KEEP_AFTER_MS);
});

function look() {
  clearTimeout(previewing);
  renew();
  panel.scrollIntoView({ block: "start" });
  panel.focus({ preventScroll: true });
}

previewButton.addEventListener("click", (event) => {
  event.preventDefault();
  look();
});

// What depends on the skill or on the case chosen comes from the server, without a press.
const renewButton = form.querySelector("[data-renew-button]");
for (const extra of form.querySelectorAll("[data-renew-button], [data-renew-hint]")) extra.hidden = true;
for (const choice of form.querySelectorAll("[data-renews]")) {
  choice.addEventListener("change", () => form.requestSubmit(renewButton ?? previewButton));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  if (event.key === "s") {
    event.preventDefault();
    if (!event.repeat) form.requestSubmit(form.querySelector("[data-save-button]"));
  } else if (event.key === "Enter") {
    event.preventDefault();
    look();
  }
});

form.addEventListener("submit", () => {
  leaving = true;
  clearTimeout(keeping);
});

// Text that was typed and not saved is not thrown away without a question.
window.addEventListener("beforeunload", (event) => {
  if (changed && !leaving) event.preventDefault();
});

document.querySelector("[data-key-help]").hidden = false;
