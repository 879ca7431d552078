/*
 * Entries to be put in order: moved by buttons, by Alt and an arrow key, or dragged. The selection
 * fields that the page has for browsers without scripts stay in the form and follow the order.
 */

import { t } from "./messages.js";

export class OrderList {
  constructor(list) {
    this.list = list;
    this.keep = list.parentElement.querySelector("[data-order-keep]");
    this.said = list.parentElement.querySelector("[data-order-said]");
    this.touched = this.entries().every((entry) => this.field(entry).value !== "");
    list.classList.add("is-scripted");
    for (const part of list.querySelectorAll("[data-order-grip], [data-order-number], [data-order-moves]")) {
      part.hidden = false;
    }
    for (const place of list.querySelectorAll("[data-order-place]")) place.hidden = true;
    list.addEventListener("click", (event) => this.clicked(event));
    list.addEventListener("keydown", (event) => this.pressed(event));
    list.addEventListener("pointerdown", (event) => this.grabbed(event));
    this.keep.querySelector("button").addEventListener("click", () => this.changed());
    this.show();
  }

  entries() {
    return [...this.list.querySelectorAll("[data-order-entry]")];
  }

  /** The response that the list is, in an item of several. */
  get identifier() {
    return this.list.querySelector("select")?.dataset.identifier;
  }

  field(entry) {
    return entry.querySelector("select");
  }

  /** Option ids in order; [] while nobody has touched the list. */
  read() {
    return this.touched ? this.entries().map((entry) => entry.dataset.orderEntry) : [];
  }

  fill(sequence) {
    const byId = new Map(this.entries().map((entry) => [entry.dataset.orderEntry, entry]));
    this.touched = sequence.length > 0;
    this.list.append(...sequence.map((id) => byId.get(id)).filter(Boolean));
    this.show();
  }

  clicked(event) {
    const button = event.target.closest("[data-order-move]");
    if (!button) return;
    const entry = button.closest("[data-order-entry]");
    this.move(entry, Number(button.dataset.orderMove));
    button.focus();
  }

  pressed(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const entry = event.target.closest("[data-order-entry]");
    if (!step || !entry || !event.altKey) return;
    event.preventDefault();
    const focused = document.activeElement;
    this.move(entry, step);
    focused.focus();
  }

  move(entry, step) {
    const entries = this.entries();
    const neighbour = entries[entries.indexOf(entry) + step];
    if (!neighbour) return;
    this.list.insertBefore(entry, step < 0 ? neighbour : neighbour.nextElementSibling);
    this.changed(entry);
  }

  /* Pointer events: the drag and drop of HTML does not know fingers. */
  grabbed(event) {
    if (!event.target.closest("[data-order-grip]") || event.button > 0) return;
    const entry = event.target.closest("[data-order-entry]");
    const before = this.entries().indexOf(entry);
    event.preventDefault();
    this.list.setPointerCapture(event.pointerId);
    entry.classList.add("is-dragged");
    const follow = (moved) => this.dragTo(entry, moved.clientY);
    const drop = () => {
      this.list.removeEventListener("pointermove", follow);
      this.list.removeEventListener("pointerup", drop);
      this.list.removeEventListener("pointercancel", drop);
      entry.classList.remove("is-dragged");
      if (this.entries().indexOf(entry) !== before) this.changed(entry);
    };
    this.list.addEventListener("pointermove", follow);
    this.list.addEventListener("pointerup", drop);
    this.list.addEventListener("pointercancel", drop);
  }

  dragTo(entry, y) {
    const others = this.entries().filter((other) => other !== entry);
    const next = others.find((other) => {
      const { top, height } = other.getBoundingClientRect();
      return y < top + height / 2;
    });
    if ((next ?? null) !== entry.nextElementSibling) this.list.insertBefore(entry, next ?? null);
  }

  changed(entry) {
    this.touched = true;
    this.show();
    if (entry) this.say(entry);
    this.list.dispatchEvent(new CustomEvent("response", { bubbles: true }));
  }

  show() {
    const entries = this.entries();
    entries.forEach((entry, index) => {
      this.field(entry).value = this.touched ? String(index + 1) : "";
      entry.querySelector("[data-order-number]").textContent = index + 1;
      const [up, down] = entry.querySelectorAll("[data-order-move]");
      up.setAttribute("aria-disabled", String(index === 0));
      down.setAttribute("aria-disabled", String(index === entries.length - 1));
    });
    this.keep.hidden = this.touched;
  }

  say(entry) {
    const entries = this.entries();
    this.said.textContent = t("{entry}: now in place {place} of {count}", {
      entry: entry.dataset.words,
      place: entries.indexOf(entry) + 1,
      count: entries.length,
    });
  }
}
