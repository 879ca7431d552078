/*
 * What stands beside an item: a calculator, a scratch area, larger text, more contrast, and the list
 * of keys. All of it stays on this device; nothing here reaches the server.
 */

import { prepareCalculator } from "./exam-calculator.js";

const SCRATCH = "certify:scratch:";
const SWITCHES = { text: "large", contrast: "high" };
const KEYS = { c: "calculator", s: "scratch", l: "text", h: "contrast" };

/** Make the tools work; `pressed(event)` takes their keys and says whether it took one. */
export function prepareTools(form) {
  document.querySelector("[data-exam-tools]").hidden = false;
  const actions = {};
  for (const panel of document.querySelectorAll("[data-exam-panel]")) {
    actions[panel.dataset.examPanel] = preparePanel(panel);
  }
  for (const [name, value] of Object.entries(SWITCHES)) actions[name] = prepareSwitch(name, value);
  prepareCalculator(document.querySelector("[data-calculator]"), form.dataset.attempt);
  prepareScratch(document.querySelector("[data-scratch]"), form.dataset.attempt, form.dataset.position);
  const keys = document.getElementById("keys-dialog");
  const showKeys = () => keys.showModal?.();
  document.querySelector("[data-keys-button]").addEventListener("click", showKeys);
  return {
    pressed(event) {
      const typing = event.target.matches("input[type=text], textarea, select");
      // the code names the key where Alt makes another sign of it
      const letter = event.code?.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
      const action = event.altKey ? actions[KEYS[letter]] : event.key === "?" && !typing && showKeys;
      if (!action) return false;
      event.preventDefault();
      action();
      return true;
    },
  };
}

function preparePanel(panel) {
  const button = document.querySelector(`[data-panel-button="${panel.dataset.examPanel}"]`);
  const show = (open) => {
    panel.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    (open ? panel.querySelector("[data-panel-start]") : button).focus();
  };
  const toggle = () => show(panel.hidden);
  button.addEventListener("click", toggle);
  panel.querySelector("[data-panel-close]").addEventListener("click", () => show(false));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
  });
  return toggle;
}

function prepareSwitch(name, value) {
  const button = document.querySelector(`[data-switch="${name}"]`);
  const root = document.documentElement;
  const show = () => button.setAttribute("aria-pressed", String(root.dataset[name] === value));
  const toggle = () => {
    if (root.dataset[name] === value) delete root.dataset[name];
    else root.dataset[name] = value;
    store(`certify:${name}`, root.dataset[name] ?? "");
    show();
  };
  button.addEventListener("click", toggle);
  show();
  return toggle;
}

/** One sheet per item, gone from this device as soon as another attempt is opened here. */
function prepareScratch(sheet, attempt, position) {
  const own = `${SCRATCH}${attempt}:`;
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(SCRATCH) && !name.startsWith(own)) localStorage.removeItem(name);
    }
    sheet.value = localStorage.getItem(own + position) ?? "";
  } catch {
    // storage is forbidden: the sheet lasts for this page
  }
  sheet.addEventListener("input", () => store(own + position, sheet.value));
}

function store(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // nothing to do: see above
  }
}
