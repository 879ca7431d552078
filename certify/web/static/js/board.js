/*
 * The invigilator's board: the server sends it anew where it changed; clocks run on in between.
 * Every event comes on a connection of its own, which the browser renews by itself.
 */

import { clockText } from "./exam-timer.js";
import { t } from "./messages.js";

const LOST_AFTER_MS = 20000;

const root = document.querySelector("[data-board]");
const live = root.querySelector("[data-board-live]");
const line = root.querySelector("[data-board-line]");
let heardAt = Date.now();
let drawnAt = Date.now();

function say(state, text) {
  if (line.dataset.state === state) return;
  line.dataset.state = state;
  line.textContent = text;
}

/* Marks set by the invigilator outlive the new drawing, and so does the focus. */
function draw(html) {
  const marked = new Set([...live.querySelectorAll("input:checked")].map((box) => box.value));
  const focused = live.contains(document.activeElement) ? document.activeElement.value : "";
  live.innerHTML = html;
  for (const box of live.querySelectorAll("input[type=checkbox]")) {
    box.checked = marked.has(box.value);
    if (focused && box.value === focused) box.focus();
  }
  drawnAt = Date.now();
}

function tick() {
  const passed = (Date.now() - drawnAt) / 1000;
  for (const clock of live.querySelectorAll("[data-runs-out]")) {
    clock.textContent = clockText(Math.max(0, Number(clock.dataset.runsOut) - passed));
  }
  if (Date.now() - heardAt > LOST_AFTER_MS) say("lost", t("No connection. The board is old."));
}

if (window.EventSource) {
  const source = new EventSource(root.dataset.board);
  const heard = () => {
    heardAt = Date.now();
    say("live", t("The board is live"));
  };
  source.addEventListener("open", heard);
  source.addEventListener("board", (event) => {
    heard();
    draw(JSON.parse(event.data).html);
  });
  // A browser gives up after an answer that is no stream, as when the login has ended.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) {
      say("lost", t("No connection. The board is old."));
      setTimeout(() => location.reload(), LOST_AFTER_MS);
    }
  });
}
setInterval(tick, 1000);
