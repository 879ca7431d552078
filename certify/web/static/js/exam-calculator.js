/* A pocket calculator: four operations, percent, memory; by hand and by keyboard. */

const MEMORY = "certify:calculator:";
const MOST_DIGITS = 12;
const KEY_NAMES = { Enter: "=", Backspace: "back", Delete: "clear", "*": "×", "/": "÷", ",": ".", "-": "−" };
const OPERATIONS = {
  "+": (a, b) => a + b,
  "−": (a, b) => a - b,
  "×": (a, b) => a * b,
  "÷": (a, b) => a / b,
};

export class Calculator {
  constructor(memory = 0) {
    this.memory = memory;
    this.clear();
  }

  clear() {
    this.shown = "0";
    this.left = null;
    this.operation = null;
    this.fresh = true;
    this.given = false;
  }

  get value() {
    return Number(this.shown);
  }

  /** Press a key by its name; what is shown then. */
  press(name) {
    if (this.shown === "–" && name !== "clear") this.clear();
    if (/^[0-9.]$/.test(name)) this.type(name);
    else if (name in OPERATIONS) this.operate(name);
    else if (name === "=") this.equal();
    else if (name === "%") this.percent();
    else if (name === "back") this.erase();
    else if (name === "clear") this.clear();
    else if (name === "±") this.show(-this.value);
    else if (name === "M+" || name === "M−") this.remember(name === "M+" ? 1 : -1);
    else if (name === "MR") this.show(this.memory);
    else if (name === "MC") this.memory = 0;
    return this.shown;
  }

  type(sign) {
    if (this.fresh) this.shown = "0";
    this.fresh = false;
    this.given = true;
    if (sign === ".") {
      if (!this.shown.includes(".")) this.shown += ".";
    } else if (this.shown.replace(/\D/g, "").length < MOST_DIGITS) {
      this.shown = this.shown === "0" ? sign : this.shown + sign;
    }
  }

  erase() {
    const rest = this.fresh ? "" : this.shown.slice(0, -1);
    this.shown = ["", "-"].includes(rest) ? "0" : rest;
  }

  operate(name) {
    if (this.operation && this.given) this.equal();
    this.left = this.value;
    this.operation = name;
    this.fresh = true;
    this.given = false;
  }

  equal() {
    if (this.operation) this.show(OPERATIONS[this.operation](this.left, this.value));
    this.operation = null;
  }

  /** A hundredth; after plus or minus that share of the first number, as on a desk. */
  percent() {
    const share = this.value / 100;
    this.show(["+", "−"].includes(this.operation) ? this.left * share : share);
  }

  remember(sign) {
    this.memory += sign * this.value;
    this.fresh = true;
  }

  show(number) {
    // twelve digits hide what binary fractions add: 0.1 + 0.2 is 0.3 here
    this.shown = Number.isFinite(number) ? String(Number(number.toPrecision(MOST_DIGITS))) : "–";
    this.fresh = true;
    this.given = true;
  }
}

export function prepareCalculator(root, attempt) {
  const calculator = new Calculator(Number(session("getItem", MEMORY + attempt)) || 0);
  const [output, mark] = ["[data-calculator-shown]", "[data-calculator-memory]"].map((one) => root.querySelector(one));
  const press = (name) => {
    output.textContent = calculator.press(name);
    mark.hidden = calculator.memory === 0;
    session("setItem", MEMORY + attempt, String(calculator.memory));
  };
  mark.hidden = calculator.memory === 0;
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-calculator-key]");
    if (button) press(button.dataset.calculatorKey);
  });
  root.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const onButton = event.target.matches("[data-calculator-key]");
    if (event.key === "Enter" && onButton) return;
    const name = KEY_NAMES[event.key] ?? event.key;
    if (!/^[0-9.+−×÷%=]$|^back$|^clear$/.test(name)) return;
    event.preventDefault();
    press(name);
  });
}

/* Storage may be forbidden; the memory then lasts for one page. */
function session(action, ...values) {
  try {
    return sessionStorage[action](...values);
  } catch {
    return null;
  }
}
