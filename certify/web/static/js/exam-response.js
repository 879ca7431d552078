/* The response area: read it and fill it, in the shapes that the interface takes. */

import { prepareEssay } from "./exam-essay.js";
import { OrderList } from "./exam-order.js";

const CHOICES = {
  read: (area) => area.inputs.filter((input) => input.checked).map((input) => input.value),
  fill(area, response) {
    for (const input of area.inputs) input.checked = response?.includes?.(input.value) ?? false;
  },
};

/** One field: {"value": "12.5"} or {"text": "…"}. */
const oneField = (name, trimmed) => ({
  read: ({ inputs: [input] }) => ({ [name]: trimmed ? input.value.trim() : input.value }),
  fill: ({ inputs: [input] }, response) => (input.value = response?.[name] ?? ""),
});

/** Several fields by part: {"blanks": {"1": "FOB"}}; `sparse` leaves empty ones out. */
const fieldsByPart = (name, sparse) => ({
  read(area) {
    const given = area.inputs.filter((input) => !sparse || input.value);
    return { [name]: Object.fromEntries(given.map((input) => [input.dataset.part, input.value])) };
  },
  fill(area, response) {
    for (const input of area.inputs) input.value = response?.[name]?.[input.dataset.part] ?? "";
  },
});

const ORDER = {
  read: (area) => area.orders[0].read(),
  fill: (area, response) => area.orders[0].fill(Array.isArray(response) ? response : []),
};

/** Fields of QTI markup: values by response identifier; an order counts once it was touched. */
const MARKUP = {
  read(area) {
    const responses = {};
    for (const input of area.inputs) {
      if (input.dataset.part !== undefined) continue;
      const isTick = input.type === "radio" || input.type === "checkbox";
      if (isTick ? input.checked : input.value.trim()) (responses[input.dataset.identifier] ??= []).push(input.value);
    }
    for (const order of area.orders) {
      const sequence = order.read();
      if (sequence.length) responses[order.identifier] = sequence;
    }
    return { responses };
  },
  fill(area, response) {
    const left = structuredClone(response?.responses ?? {});
    for (const order of area.orders) order.fill(left[order.identifier] ?? []);
    for (const input of area.inputs) {
      if (input.dataset.part !== undefined) continue;
      const values = left[input.dataset.identifier] ?? [];
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else if (input.tagName !== "SELECT") input.value = values[0] ?? "";
      else {
        // several selections may hold one response: each takes the first value that it offers
        const offered = [...input.options].map((option) => option.value);
        const index = values.findIndex((value) => offered.includes(value));
        input.value = index < 0 ? "" : values.splice(index, 1)[0];
      }
    }
  },
};

const KINDS = {
  numeric: oneField("value", true),
  essay: oneField("text", false),
  fill_in: fieldsByPart("blanks", false),
  match: fieldsByPart("pairs", true),
  order: ORDER,
  composite: MARKUP,
};

/** Whether a response says nothing. */
function saysNothing(value) {
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value)) return value.length === 0;
  return value === null || value === undefined || Object.values(value).every(saysNothing);
}

export class ResponseArea {
  /** `root` holds one task; the exam has one, the preview of items another. */
  constructor(root) {
    const task = root.querySelector("[data-task]");
    this.type = task.dataset.itemType;
    this.kind = KINDS[this.type] ?? CHOICES;
    this.inputs = [...task.querySelectorAll("[data-response]")];
    this.orders = [...task.querySelectorAll("[data-order-list]")].map((list) => new OrderList(list));
    for (const essay of task.querySelectorAll("[data-essay]")) prepareEssay(essay);
    this.markChosen();
  }

  read() {
    return this.kind.read(this);
  }

  fill(response) {
    this.kind.fill(this, response);
    this.markChosen();
  }

  isBlank() {
    return saysNothing(this.read());
  }

  /** Mark the cards, for browsers whose style sheets cannot see it themselves. */
  markChosen() {
    for (const input of this.inputs) {
      input.closest(".choice")?.classList.toggle("is-chosen", input.checked);
    }
  }

  /** Choose by "1", "2", ... or "a", "b", ...; true when the sign stood for an option. */
  choose(sign) {
    if (this.kind !== CHOICES) return false;
    const index = /^[1-9]$/.test(sign)
      ? Number(sign) - 1
      : this.inputs.findIndex((input) => input.dataset.letter?.toLowerCase() === sign.toLowerCase());
    const input = this.inputs[index];
    if (!input) return false;
    input.focus();
    if (input.type === "checkbox" || !input.checked) input.click();
    return true;
  }
}
