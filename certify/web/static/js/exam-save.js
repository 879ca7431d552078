/*
 * Drafts: 800 ms after a change the answer goes to the server, one request at a time, in the order
 * they were made. A request that fails is sent again with the same idempotency key and revision, so
 * that nothing is stored twice and a lost reply costs nothing. Only the server's answer counts as
 * "saved".
 */

import { newKey, put, readJson, renewToken } from "./exam-request.js";

const AFTER_CHANGE_MS = 800;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30000;
const OLDER_PAGE = "older-page";
const STALE = "stale-response";
const OVER = ["attempt-ended", "attempt-not-running"];

export class DraftSaver {
  /**
   * `address(position)` takes answers; `read` gives the present response; `report(state)` is told:
   * dirty, saving, saved, offline, signed-out, older, conflict, closed, lost,
   * superseded, overtaken, refused; `onServerState` gets each answer of the server.
   */
  constructor({ address, position, revision, client, queue, read, report, onServerState }) {
    Object.assign(this, { address, position, revision, client, queue, read, report, onServerState });
    this.waiting = null;
    this.sending = null;
    this.retryMs = FIRST_RETRY_MS;
    this.stopped = false;
    this.earlier = new Set();
    window.addEventListener("online", () => this.hurry());
  }

  get dirty() {
    return this.queue.first() !== null;
  }

  changed() {
    if (this.stopped) return;
    this.queue.add({ position: this.position, response: this.read(), base: this.revision, key: newKey() });
    this.report("dirty");
    this.schedule(AFTER_CHANGE_MS);
  }

  /** Send what an earlier page left; the answer that belongs on this page, or null. */
  async resume() {
    const earlier = await this.queue.restore();
    this.earlier = new Set(earlier.map((entry) => entry.key));
    const own = earlier.filter((entry) => entry.position === this.position);
    // what was never sent and builds on a state that the server has left was overtaken elsewhere
    if (own[0]?.revision === null && own[0].base < this.revision) {
      this.queue.removeItem(this.position);
      own.length = 0;
      this.report("overtaken");
    }
    if (this.dirty) this.schedule(0);
    return own.at(-1) ?? null;
  }

  hurry() {
    if (this.dirty && !this.stopped) this.schedule(0);
  }

  /** Send what is unsent now; true when the server has everything. */
  async flush() {
    clearTimeout(this.waiting);
    if (this.sending) await this.sending;
    while (this.dirty && !this.stopped && (await this.send()));
    return !this.dirty;
  }

  schedule(delay) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(async () => {
      while (this.dirty && !this.stopped && (await this.send()));
    }, delay);
  }

  /** Send the first entry; whether the next one may follow. */
  async send() {
    this.sending ??= this.sendFirst(this.queue.first()).finally(() => (this.sending = null));
    return this.sending;
  }

  async sendFirst(entry) {
    this.report("saving");
    const revision = entry.revision ?? this.nextRevision(entry);
    this.queue.sending(entry, revision);
    const response = await put(this.address(entry.position), {
      response: entry.response,
      final: false,
      revision,
      client: this.client,
      idempotency_key: entry.key,
    });
    if (response === null) return this.tryAgain("offline");
    if (!response.ok) return this.rejected(entry, response);
    return this.accepted(entry, revision, await readJson(response));
  }

  nextRevision(entry) {
    return (entry.position === this.position ? this.revision : entry.base) + 1;
  }

  accepted(entry, revision, answer) {
    if (entry.position === this.position) this.revision = answer.revision ?? revision;
    this.retryMs = FIRST_RETRY_MS;
    this.queue.remove(entry.key);
    this.onServerState(answer);
    if (!this.dirty) this.report("saved");
    return true;
  }

  async rejected(entry, response) {
    const { status } = response;
    const { code } = await readJson(response.clone());
    if (status === 400 && code === "csrf-token") {
      // after a new sign-in elsewhere the page's token is an old one; the answer is not lost
      return (await renewToken()) || this.tryAgain("offline");
    }
    if (status === 401) return this.tryAgain("signed-out");
    if (status === 429 || status >= 500) return this.tryAgain("offline", response);
    if (code === OLDER_PAGE) return this.stop("older");
    if (entry.position !== this.position) {
      this.queue.removeItem(entry.position);
      this.report(code === STALE ? "superseded" : "lost");
      return true;
    }
    if (code === STALE && this.earlier.has(entry.key)) return this.overtaken();
    if (status === 409 || status === 410) {
      this.queue.removeItem(this.position);
      return this.stop(OVER.includes(code) ? "closed" : "conflict");
    }
    this.queue.remove(entry.key);
    this.report("refused");
    return false;
  }

  /** What an earlier page left was answered anew elsewhere; what was made here since still counts. */
  overtaken() {
    for (const key of this.earlier) this.queue.remove(key);
    if (!this.dirty) this.report("overtaken");
    return true;
  }

  stop(state) {
    this.stopped = true;
    clearTimeout(this.waiting);
    this.report(state);
    return false;
  }

  /* Twice the wait after each failure, spread so that a whole room does not return at once. */
  async tryAgain(state, response) {
    // "kept on this device" is said once it is true
    await this.queue.settled();
    this.report(state);
    const asked = Number(response?.headers.get("Retry-After")) * 1000 || 0;
    const spread = this.retryMs * (0.5 + Math.random());
    this.schedule(Math.max(asked, spread));
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
    return false;
  }
}
