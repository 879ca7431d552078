/*
 * Answers that the server has not acknowledged, kept on this device. One entry per item;
 * an entry leaves as soon as the server has it, and entries of other attempts leave at once,
 * because exam machines are shared.
 */

const PREFIX = "certify:answer:";

export class AnswerShelf {
  constructor(attempt) {
    this.own = `${PREFIX}${attempt}:`;
    this.forgetOthers();
  }

  put(position, entry) {
    this.guarded(() => localStorage.setItem(this.own + position, JSON.stringify(entry)));
  }

  get(position) {
    return this.guarded(() => JSON.parse(localStorage.getItem(this.own + position)));
  }

  /** Remove the entry, unless a newer one has taken its place meanwhile. */
  remove(position, idempotencyKey) {
    const entry = this.get(position);
    if (!entry || (idempotencyKey && entry.idempotency_key !== idempotencyKey)) return;
    this.guarded(() => localStorage.removeItem(this.own + position));
  }

  forgetOthers() {
    this.guarded(() => {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(PREFIX) && !name.startsWith(this.own)) localStorage.removeItem(name);
      }
    });
  }

  /* Storage may be full, forbidden or damaged; the page then works without the shelf. */
  guarded(action) {
    try {
      return action();
    } catch {
      return null;
    }
  }
}
