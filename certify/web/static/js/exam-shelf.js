/*
 * The second-best place for unsent answers: the browser's plain storage, where a database is not to
 * be had. One line per attempt; those of other attempts leave at once, because exam machines are
 * shared.
 */

const PREFIX = "certify:answers:";

export class AnswerShelf {
  constructor(attempt) {
    this.own = PREFIX + attempt;
    guarded(() => {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(PREFIX) && name !== this.own) localStorage.removeItem(name);
      }
    });
  }

  async read() {
    return guarded(() => JSON.parse(localStorage.getItem(this.own))) ?? [];
  }

  async put(entry) {
    const others = (await this.read()).filter((one) => one.key !== entry.key);
    this.write([...others, entry]);
  }

  async remove(key) {
    this.write((await this.read()).filter((one) => one.key !== key));
  }

  write(entries) {
    guarded(() => {
      if (entries.length) localStorage.setItem(this.own, JSON.stringify(entries));
      else localStorage.removeItem(this.own);
    });
  }
}

/* Storage may be full, forbidden or damaged; the page then works without it. */
function guarded(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
