/*
 * Tells the server when this window was left, or the connection was gone, and for how long: a line of
 * evidence each, which the lobby announces. Nothing of what is on the screen, and nothing while all is
 * as it should be. What could not be sent waits in this tab; a repetition has the same key.
 */

import { newKey, put, readJson, renewToken } from "./exam-request.js";

const SHORTEST_MS = 1000;
const AFTER_RETURN_MS = 1500;
const SEND_AGAIN_MS = 30000;
const MOST_AT_ONCE = 20;
const MOST_KEPT = 100;
const LONGEST_SECONDS = 86400;

const form = document.querySelector("[data-exam]");
const shelf = `certify:page-log:${form.dataset.attempt}`;
const since = { away: null, offline: null };
let kept = restored();
let waiting = null;
let sending = false;
let unwanted = false;

function begin(kind) {
  since[kind] ??= { wall: Date.now(), steady: performance.now() };
}

function end(kind) {
  const begun = since[kind];
  since[kind] = null;
  // the device's own clock may be set meanwhile; how long it was does not depend on it
  const lasted = begun ? performance.now() - begun.steady : 0;
  if (lasted < SHORTEST_MS || unwanted) return;
  kept.push({ key: newKey(), kind, began: begun.wall, seconds: lasted / 1000 });
  kept = kept.slice(-MOST_KEPT);
  store();
  schedule(AFTER_RETURN_MS);
}

function look() {
  const isHere = document.visibilityState === "visible" && document.hasFocus();
  if (isHere) end("away");
  else begin("away");
}

function schedule(delay) {
  clearTimeout(waiting);
  waiting = setTimeout(send, delay * (0.8 + 0.4 * Math.random()));
}

async function send() {
  const batch = kept.slice(0, MOST_AT_ONCE);
  if (sending || unwanted || !batch.length) return;
  sending = true;
  let response = await put(form.dataset.logAddress, { events: batch.map(told) });
  if (response?.status === 400 && (await renewToken())) {
    response = await put(form.dataset.logAddress, { events: batch.map(told) });
  }
  sending = false;
  const later = response === null || response.status === 401 || response.status === 429;
  if (later || response.status >= 500) return schedule(SEND_AGAIN_MS);
  const keys = batch.map((entry) => entry.key);
  kept = kept.filter((entry) => !keys.includes(entry.key));
  // exams outside of sessions are not logged
  if (response.ok && (await readJson(response)).wanted === false) {
    unwanted = true;
    kept = [];
  }
  store();
  if (kept.length) schedule(AFTER_RETURN_MS);
}

function told({ key, kind, began, seconds }) {
  const ago = Math.max((Date.now() - began) / 1000, seconds);
  return { key, kind, seconds: within(seconds), ago_seconds: within(ago) };
}

function within(seconds) {
  return Math.min(Math.max(seconds, 0), LONGEST_SECONDS);
}

function restored() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(shelf) ?? "[]");
    return Array.isArray(stored) ? stored : [];
  } catch {
    return [];
  }
}

function store() {
  try {
    if (kept.length) sessionStorage.setItem(shelf, JSON.stringify(kept));
    else sessionStorage.removeItem(shelf);
  } catch {
    // a browser that keeps nothing tells what this page saw
  }
}

document.addEventListener("visibilitychange", look);
window.addEventListener("blur", look);
window.addEventListener("focus", look);
window.addEventListener("offline", () => begin("offline"));
window.addEventListener("online", () => end("offline"));
window.addEventListener("pagehide", () => {
  end("away");
  end("offline");
  send();
});

look();
if (!navigator.onLine) begin("offline");
if (kept.length) schedule(AFTER_RETURN_MS);
