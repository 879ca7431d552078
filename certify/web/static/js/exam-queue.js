/*
 * Answers that the server has not acknowledged, in the order they were made. They are kept in this
 * browser's database and leave it one by one as the server takes them; what is left is sent on the
 * next visit on this device. Entries of other attempts leave at once: exam machines are shared.
 *
 * An entry: {attempt, key, number, position, response, base, revision}. `key` is its idempotency
 * key. `revision` is null until it was sent for the first time; from then on it may have reached
 * the server, so it is sent again unchanged, and a newer answer comes after it.
 */

import { AnswerShelf } from "./exam-shelf.js";

const DATABASE = "certify-exam";
const STORE = "answers";
const OPEN_WITHIN_MS = 2000;
const WRITTEN_WITHIN_MS = 3000;

export class AnswerQueue {
  constructor(attempt) {
    this.attempt = attempt;
    this.entries = [];
    this.place = openPlace(attempt);
  }

  /** What an earlier page left, in order. */
  async restore() {
    const kept = await (await this.place).read();
    const present = new Set(this.entries.map((entry) => entry.key));
    const earlier = kept.filter((entry) => !present.has(entry.key)).sort((a, b) => a.number - b.number);
    this.entries = [...earlier, ...this.entries];
    return earlier;
  }

  /** Add an answer; one to the same item that was never sent gives way to it. */
  add(entry) {
    const last = this.entries.at(-1);
    if (last && last.position === entry.position && last.revision === null) this.remove(last.key);
    // the number must grow from page to page, and only orders entries of this device
    const number = Math.max(Date.now(), (this.entries.at(-1)?.number ?? 0) + 1);
    const added = { ...entry, attempt: this.attempt, number, revision: null };
    this.entries.push(added);
    this.keep(added);
    return added;
  }

  /** Note that an entry is being sent with a revision. */
  sending(entry, revision) {
    entry.revision = revision;
    this.keep(entry);
  }

  first() {
    return this.entries[0] ?? null;
  }

  remove(key) {
    this.entries = this.entries.filter((entry) => entry.key !== key);
    this.later((place) => place.remove(key));
  }

  removeItem(position) {
    for (const entry of this.entries.filter((one) => one.position === position)) this.remove(entry.key);
  }

  keep(entry) {
    this.later((place) => place.put({ ...entry }));
  }

  /** Once everything is written down, or after a while where the browser does not get to it. */
  async settled() {
    const limit = new Promise((resolve) => setTimeout(resolve, WRITTEN_WITHIN_MS));
    await Promise.race([this.place, limit]);
  }

  later(action) {
    // a chain: what is written first must not overtake what is removed later
    this.place = this.place.then(async (place) => {
      await action(place);
      return place;
    });
  }
}

async function openPlace(attempt) {
  try {
    const place = new AnswerDatabase(await opened(), attempt);
    await place.forgetOthers();
    return place;
  } catch {
    return new AnswerShelf(attempt);
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("the browser's database does not open")), OPEN_WITHIN_MS);
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

class AnswerDatabase {
  constructor(database, attempt) {
    this.database = database;
    this.attempt = attempt;
    this.shelf = new AnswerShelf(attempt);
  }

  async read() {
    const kept = await this.ask("readonly", (store) => store.getAll());
    return [...(await this.shelf.read()), ...kept.filter((entry) => entry.attempt === this.attempt)];
  }

  async put(entry) {
    try {
      await this.ask("readwrite", (store) => store.put(entry));
    } catch {
      // the disk may be full for one and not for the other
      await this.shelf.put(entry);
    }
  }

  async remove(key) {
    await this.shelf.remove(key);
    try {
      await this.ask("readwrite", (store) => store.delete(key));
    } catch {
      // it will be sent once more, which changes nothing
    }
  }

  async forgetOthers() {
    const kept = await this.ask("readonly", (store) => store.getAll());
    for (const entry of kept) {
      if (entry.attempt !== this.attempt) await this.ask("readwrite", (store) => store.delete(entry.key));
    }
  }

  ask(mode, what) {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(STORE, mode);
      const request = what(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? request.error);
    });
  }
}
