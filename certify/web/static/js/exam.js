/*
 * The exam page. Without this script the page is a plain form; with it, answers are saved
 * while they are made, time is shown, and the exam is handed in when time is over.
 */

import { AnswerQueue } from "./exam-queue.js";
import { ResponseArea } from "./exam-response.js";
import { DraftSaver } from "./exam-save.js";
import { ExamTimer } from "./exam-timer.js";
import { prepareTools } from "./exam-tools.js";
import { showMessages } from "./exam-messages.js";
import { showBusy, showIdle } from "./forms.js";
import { t } from "./messages.js";

const ASK_SERVER_EVERY_MS = 25000;
const HAND_IN_SPREAD_MS = 2000;
const ASK_AGAIN_MS = 5000;
const WARNING_SHOWN_MS = 15000;

const form = document.querySelector("[data-exam]");
const nextButton = document.getElementById("exam-next");
const announcements = document.querySelector("[data-announce]");
const area = new ResponseArea(form);
const served = area.read();
const position = Number(form.dataset.position);
let leaving = false;
let asked = false;
let keepsNotice = false;

const announce = (text) => (announcements.textContent = text);

/** Said once in words to those who listen, and shown for a while to those who look. */
function warnOfTime(text) {
  announce(text);
  const shown = document.querySelector("[data-time-warning]");
  shown.textContent = text;
  shown.hidden = false;
  setTimeout(() => (shown.hidden = true), WARNING_SHOWN_MS);
}

const saver = new DraftSaver({
  address: (place) => form.dataset.saveAddress.replace(/[0-9]+$/, place),
  position,
  revision: Number(form.dataset.revision),
  client: Number(form.dataset.client),
  queue: new AnswerQueue(form.dataset.attempt),
  read: () => area.read(),
  report: showSaveState,
  onServerState: (answer) => takeServerState(answer),
});

const timer = new ExamTimer(document.querySelector("[data-timer]"), warnOfTime, timeIsUp);

/* ---- saved state ---- */

function showSaveState(state) {
  const [look, words] = {
    dirty: ["idle", t("Not saved yet")],
    saving: ["saving", t("Saving…")],
    saved: ["saved", t("Saved")],
    offline: ["offline", t("Offline: kept on this device")],
    overtaken: ["saved", t("Saved")],
    superseded: ["saved", t("Saved")],
    lost: ["saved", t("Saved")],
    refused: ["error", t("Not saved yet")],
  }[state] ?? ["offline", t("Not saved yet")];
  const element = document.querySelector("[data-save-state]");
  // while the line is down each new try would only flicker
  if (state === "saving" && element.classList.contains("save-offline")) return;
  element.className = `save-state save-${look}`;
  element.querySelector("[data-save-words]").textContent = words;
  const notice = {
    offline: t("No connection. Your answer is kept on this device and will be sent again."),
    "signed-out": t("You are signed out. Your answer is kept on this device. Sign in again."),
    conflict: t("This item was answered in another window. Reload to see the latest answer."),
    older: t("The exam is open in another window, which has taken over."),
    overtaken: t("This item was answered in another window. The latest saved answer is shown."),
    lost: t("An answer to an earlier item came too late: that item is closed."),
    superseded: t("An answer kept on this device was older than the one saved elsewhere, which stays."),
    refused: t("The answer could not be saved. Check what you entered."),
  }[state];
  if (notice) showNotice(notice);
  else if (state === "saved" && !keepsNotice) showNotice("");
  keepsNotice ||= state === "lost" || state === "superseded";
  showTakeOver(state === "older" || state === "conflict");
  if (state === "saved") form.querySelector("[data-revision-field]").value = saver.revision;
  if (state === "overtaken") area.fill(served);
  if (state === "conflict" || state === "closed") askServer();
}

/** Offer to go on in this window; a page without its number in the address takes over. */
function showTakeOver(offered) {
  const button = document.querySelector("[data-take-over]");
  button.hidden = !offered;
  if (!offered) return;
  nextButton.setAttribute("aria-disabled", "true");
  button.onclick = () => leave(() => location.assign(location.pathname));
}

function showNotice(text) {
  const words = document.querySelector("[data-notice-words]");
  if (words.textContent !== text) words.textContent = text;
  document.querySelector("[data-exam-notice]").hidden = text === "";
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
    if (!response.ok || response.redirected) return {};
    const answer = await response.json();
    takeServerState(answer);
    showMessages(document.querySelector("[data-messages]"), answer.messages);
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
  // on a form one may come back, and the review names what is without an answer
  const asks = intent === "next" && !("formPart" in form.dataset);
  if (asks && area.isBlank() && !confirmed && !(await confirmBlank())) return;
  if (intent === "next") showBusy(nextButton);
  const everythingSaved = await saver.flush();
  if (saver.stopped || !everythingSaved || !navigator.onLine) {
    if (everythingSaved) showNotice(t("No connection. Go on when it is back; your answers are saved."));
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
for (const kind of ["input", "response"]) {
  form.addEventListener(kind, (event) => {
    if (kind === "response" || event.target.matches("[data-response]")) onChange();
  });
}

/* ---- keyboard ---- */

const tools = prepareTools(form);

/** Keys of a form part: a button or link that names its letter is pressed with Alt. */
function pressedFormKey(event) {
  if (!event.altKey || !event.code?.startsWith("Key")) return false;
  const target = document.querySelector(`[data-alt-key="${event.code.slice(3)}"]`);
  if (!target) return false;
  event.preventDefault();
  target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey) return;
  if (document.querySelector("dialog[open]")) return;
  const { target } = event;
  if (tools.pressed(event) || pressedFormKey(event) || event.altKey || target.closest("[data-exam-panel]")) return;
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

saver.resume().then((kept) => {
  if (kept) area.fill(kept.response);
});
