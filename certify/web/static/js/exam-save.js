/*
 * Drafts: 800 ms after a change the answer goes to the server, one request at a time, the
 * newest always last. A request that fails is sent again with the same idempotency key, so
 * that nothing is stored twice. Only the server's answer counts as "saved".
 */

const AFTER_CHANGE_MS = 800;
const FIRST_RETRY_MS = 1000;
const TOKEN_ADDRESS = "/api/v1/csrf-token";
const LONGEST_RETRY_MS = 30000;
const REQUEST_LIMIT_MS = 15000;

export class DraftSaver {
  /**
   * `read` gives the present response; `report(state)` is told: dirty, saving, saved, offline,
   * signed-out, conflict, refused; `onServerState(answer)` gets each answer of the server.
   */
  constructor({ address, position, revision, shelf, read, report, onServerState }) {
    Object.assign(this, { address, position, revision, shelf, read, report, onServerState });
    this.waiting = null;
    this.entry = null;
    this.sending = null;
    this.retryMs = FIRST_RETRY_MS;
    this.stopped = false;
    window.addEventListener("online", () => this.hurry());
  }

  get dirty() {
    return this.entry !== null;
  }

  changed() {
    if (this.stopped) return;
    this.entry = {
      response: this.read(),
      base_revision: this.revision,
      idempotency_key: newKey(),
    };
    this.shelf.put(this.position, this.entry);
    this.report("dirty");
    this.schedule(AFTER_CHANGE_MS);
  }

  /** Send an entry that an earlier page left on the shelf. */
  resume(entry) {
    this.entry = entry;
    this.schedule(0);
  }

  hurry() {
    if (this.dirty && !this.stopped) this.schedule(0);
  }

  /** Send what is unsent now; true when the server has everything. */
  async flush() {
    clearTimeout(this.waiting);
    if (this.sending) await this.sending;
    if (this.dirty && !this.stopped) await this.send();
    return !this.dirty;
  }

  schedule(delay) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.send(), delay);
  }

  async send() {
    if (this.sending) return this.sending;
    if (!this.entry || this.stopped) return undefined;
    this.sending = this.sendOnce(this.entry);
    try {
      await this.sending;
    } finally {
      this.sending = null;
    }
    return undefined;
  }

  async sendOnce(entry) {
    this.report("saving");
    const revision = this.revision + 1;
    let response;
    try {
      response = await fetch(this.address, {
        method: "PUT",
        credentials: "same-origin",
        keepalive: true,
        signal: timeLimit(),
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify({
          response: entry.response,
          final: false,
          revision,
          idempotency_key: entry.idempotency_key,
        }),
      });
    } catch {
      this.tryAgain("offline");
      return;
    }
    if (response.ok) this.accepted(entry, revision, await readJson(response));
    else await this.rejected(response);
  }

  accepted(entry, revision, answer) {
    this.revision = Number.isInteger(answer?.revision) ? answer.revision : revision;
    this.retryMs = FIRST_RETRY_MS;
    this.shelf.remove(this.position, entry.idempotency_key);
    if (answer) this.onServerState(answer);
    if (this.entry === entry) {
      this.entry = null;
      this.report("saved");
    } else {
      this.schedule(AFTER_CHANGE_MS);
    }
  }

  async rejected(response) {
    if (await isStaleToken(response)) {
      // after a new sign-in elsewhere the page's token is an old one; the answer is not lost
      if (await renewToken()) this.schedule(0);
      else this.tryAgain("offline");
    } else if (response.status === 401) this.tryAgain("signed-out");
    else if (response.status === 429 || response.status >= 500) this.tryAgain("offline", response);
    else if (response.status === 409 || response.status === 410) {
      this.stopped = true;
      this.shelf.remove(this.position);
      this.report("conflict");
    } else {
      this.entry = null;
      this.shelf.remove(this.position);
      this.report("refused");
    }
  }

  /* Twice the wait after each failure, spread so that a whole room does not return at once. */
  tryAgain(state, response) {
    this.report(state);
    const asked = Number(response?.headers.get("Retry-After")) * 1000 || 0;
    const spread = this.retryMs * (0.5 + Math.random());
    this.schedule(Math.max(asked, spread));
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
  }
}

function newKey() {
  // randomUUID needs a secure context; an exam room on plain http has only getRandomValues.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function timeLimit() {
  return AbortSignal.timeout ? AbortSignal.timeout(REQUEST_LIMIT_MS) : undefined;
}

function csrfToken() {
  return document.querySelector("meta[name=csrf-token]").content;
}

async function isStaleToken(response) {
  return response.status === 400 && (await readJson(response.clone()))?.code === "csrf-token";
}

async function renewToken() {
  try {
    const response = await fetch(TOKEN_ADDRESS, { credentials: "same-origin", signal: timeLimit() });
    const token = response.ok ? (await readJson(response))?.csrf_token : null;
    if (!token) return false;
    document.querySelector("meta[name=csrf-token]").content = token;
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
    return true;
  } catch {
    return false;
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}
