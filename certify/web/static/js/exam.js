/*
 * The exam page. Without this script the page is a plain form; with it, answers are saved
 * while they are made, time is shown, and the exam is handed in when time is over.
 */

import { ResponseArea } from "./exam-response.js";
import { DraftSaver } from "./exam-save.js";
import { AnswerShelf } from "./exam-shelf.js";
import { ExamTimer } from "./exam-timer.js";
import { showBusy, showIdle } from "./forms.js";
import { t } from "./messages.js";

const ASK_SERVER_EVERY_MS = 60000;
const HAND_IN_SPREAD_MS = 2000;
const ASK_AGAIN_MS = 5000;

const form = document.querySelector("[data-exam]");
const nextButton = document.getElementById("exam-next");
const announcements = document.querySelector("[data-announce]");
const area = new ResponseArea(form);
const shelf = new AnswerShelf(form.dataset.attempt);
let leaving = false;
let asked = false;

const announce = (text) => (announcements.textContent = text);

const saver = new DraftSaver({
  address: form.dataset.saveAddress,
  position: form.dataset.position,
  revision: Number(form.dataset.revision),
  shelf,
  read: () => area.read(),
  report: showSaveState,
  onServerState: (answer) => takeServerState(answer),
});

const timer = new ExamTimer(document.querySelector("[data-timer]"), announce, timeIsUp);

/* ---- saved state ---- */

function showSaveState(state) {
  const short = {
    dirty: ["idle", t("Not saved yet")],
    saving: ["saving", t("Saving…")],
    saved: ["saved", t("Saved")],
  }[state] ?? ["offline", t("Not saved yet")];
  const element = document.querySelector("[data-save-state]");
  element.className = `save-state save-${state === "refused" ? "error" : short[0]}`;
  element.querySelector("[data-save-words]").textContent = short[1];
  const notice = {
    offline: t("No connection. Your answer is kept on this device and will be sent again."),
    "signed-out": t("You are signed out. Your answer is kept on this device. Sign in again."),
    conflict: t("This item was answered in another window. Reload to see the latest answer."),
    refused: t("The answer could not be saved. Check what you entered."),
  }[state];
  if (notice) showNotice(notice);
  else if (state === "saved") showNotice("");
  if (state === "saved") form.querySelector("[data-revision-field]").value = saver.revision;
  if (state === "conflict") askServer();
}

function showNotice(text) {
  const notice = document.querySelector("[data-exam-notice]");
  if (notice.textContent !== text) notice.textContent = text;
  notice.hidden = text === "";
}

/* ---- the server's word on time and state ---- */

function takeServerState(answer) {
  if (answer.state && answer.state !== "running") {
    // Handed in, paused or ended elsewhere: the server shows what comes next.
    leave(() => location.reload());
    return;
  }
  if (Number.isFinite(answer.remaining_seconds)) timer.set(answer.remaining_seconds);
}

/** The state of the attempt; {} when the server refuses, null when it cannot be reached. */
async function askServer() {
  try {
    const response = await fetch(form.dataset.stateAddress, {
      credentials: "same-origin",
      cache: "no-store",
    });
    if (response.status >= 500) return null;
    if (!response.ok) return {};
    const answer = await response.json();
    takeServerState(answer);
    return answer;
  } catch {
    return null;
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function timeIsUp() {
  announce(t("Time is up. Your answers are being handed in."));
  showNotice(t("Time is up. Your answers are being handed in."));
  await saver.flush();
  // A whole room reaches zero together; the requests are spread.
  await pause(Math.random() * HAND_IN_SPREAD_MS);
  while ((await askServer()) === null) await pause(ASK_AGAIN_MS);
  // Time may have been added in the last minute; only the server's zero counts.
  if (leaving) return;
  if (timer.remaining() > 0) showNotice("");
  else leave(() => document.getElementById("hand-in-form").submit());
}

/* ---- going on ---- */

function leave(action) {
  leaving = true;
  action();
}

async function confirmBlank() {
  const dialog = document.getElementById("blank-dialog");
  if (!dialog.showModal) return true;
  dialog.returnValue = "stay";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "go";
}

async function goOn(submitter) {
  const intent = submitter?.value ?? "next";
  const confirmed = submitter?.name === "confirm_blank";
  if (intent === "next" && area.isBlank() && !confirmed && !(await confirmBlank())) return;
  if (intent === "next") showBusy(nextButton);
  const everythingSaved = await saver.flush();
  if (!everythingSaved && !saver.stopped) {
    // Leaving now would show the browser's own error page; stay until the line is back.
    showIdle(nextButton);
    return;
  }
  addHidden(submitter?.name || "intent", intent);
  if (area.isBlank()) addHidden("confirm_blank", "1");
  leave(() => form.submit());
}

function addHidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  form.append(input);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (form.dataset.sending === "yes" || saver.stopped) return;
  form.dataset.sending = "yes";
  goOn(event.submitter).finally(() => {
    if (!leaving) form.dataset.sending = "";
  });
});

document.querySelector("[data-hand-in-link]").addEventListener("click", async (event) => {
  // An answer still inside the delay of the autosave must not be lost on the way.
  event.preventDefault();
  const { href } = event.currentTarget;
  const everythingSaved = await saver.flush();
  if (everythingSaved || saver.stopped) leave(() => location.assign(href));
});

const onChange = () => {
  area.markChosen();
  saver.changed();
};
form.addEventListener(area.type === "numeric" ? "input" : "change", (event) => {
  if (event.target.name === "answer") onChange();
});

/* ---- keyboard ---- */

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  const target = event.target;
  const typing = target.matches("input[type=text], textarea, select");
  if (event.key === "Enter") {
    const native = typing || target.matches("button, a, summary");
    if (native || event.repeat) return;
    event.preventDefault();
    nextButton.click();
  } else if (!typing && event.key.length === 1 && area.choose(event.key)) {
    event.preventDefault();
  }
});
document.querySelector("[data-key-help]").hidden = false;

/* ---- leaving, coming back ---- */

window.addEventListener("beforeunload", (event) => {
  if (leaving || asked) return;
  asked = true;
  event.preventDefault();
  event.returnValue = "";
});

document.addEventListener("visibilitychange", () => {
  // A sleeping device stops the page's clock, so the server is asked on waking.
  if (document.visibilityState === "hidden") saver.hurry();
  else askServer();
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

setInterval(askServer, ASK_SERVER_EVERY_MS * (0.9 + 0.2 * Math.random()));

const kept = shelf.get(form.dataset.position);
if (kept && kept.base_revision >= saver.revision) {
  area.fill(kept.response);
  saver.resume(kept);
} else {
  shelf.remove(form.dataset.position);
}
