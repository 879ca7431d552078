/* The response area: read it, fill it, and choose by digit or letter. */

export class ResponseArea {
  constructor(form) {
    this.form = form;
    this.type = form.dataset.itemType;
    this.inputs = [...form.querySelectorAll("[name=answer]")];
    this.markChosen();
  }

  /** In the shape the interface takes: option ids, or {"value": text}. */
  read() {
    if (this.type === "numeric") return { value: this.inputs[0].value.trim() };
    return this.inputs.filter((input) => input.checked).map((input) => input.value);
  }

  fill(response) {
    if (this.type === "numeric") this.inputs[0].value = response?.value ?? "";
    else for (const input of this.inputs) input.checked = response?.includes?.(input.value) ?? false;
    this.markChosen();
  }

  isBlank() {
    const response = this.read();
    return this.type === "numeric" ? response.value === "" : response.length === 0;
  }

  /** Mark the cards, for browsers whose style sheets cannot see it themselves. */
  markChosen() {
    for (const input of this.inputs) {
      input.closest(".choice")?.classList.toggle("is-chosen", input.checked);
    }
  }

  /** Choose by "1", "2", ... or "a", "b", ...; true when the sign stood for an option. */
  choose(sign) {
    if (this.type === "numeric") return false;
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
