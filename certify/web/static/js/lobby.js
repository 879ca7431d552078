/* The lobby: checks the system, counts down, and loads itself anew when the next step is open. */

import { clockText } from "./exam-timer.js";

const ASK_EVERY_MS = 10000;
const lobby = document.querySelector("[data-lobby]");

function report(name, isGood) {
  const entry = document.querySelector(`[data-check="${name}"]`);
  if (!entry) return;
  entry.hidden = false;
  entry.classList.toggle("is-good", isGood);
  if (isGood) entry.textContent = entry.dataset.good;
}

function storageWorks() {
  try {
    localStorage.setItem("certify-check", "1");
    localStorage.removeItem("certify-check");
    return true;
  } catch {
    return false;
  }
}

async function ask() {
  try {
    const response = await fetch(lobby.dataset.stateAddress, {
      credentials: "same-origin",
      cache: "no-store",
    });
    if (!response.ok || response.redirected) return response.redirected;
    const { phase } = await response.json();
    // What is being typed is not thrown away: entering shows the next step anyhow.
    if (phase !== lobby.dataset.phase && lobby.dataset.phase !== "enter") location.reload();
    return true;
  } catch {
    return false;
  }
}

const countdown = document.querySelector("[data-counts-down]");
const loadedAt = performance.now();

function count() {
  const left = Number(countdown.dataset.countsDown) - (performance.now() - loadedAt) / 1000;
  countdown.textContent = clockText(Math.max(0, left));
  if (left <= 0 && left > -1.5) ask();
}

report("script", true);
report("storage", storageWorks());
ask().then((answered) => report("network", answered));
setInterval(ask, ASK_EVERY_MS * (0.8 + 0.4 * Math.random()));
if (countdown) {
  count();
  setInterval(count, 1000);
}
