/*
 * Remaining time. The server says how many seconds are left; between its answers they are
 * counted with the monotonic clock of the page. The clock of the device is never read.
 */

import { t } from "./messages.js";

const LOW_SECONDS = 600;
const CRITICAL_SECONDS = 300;
const ANNOUNCED = [
  [600, () => t("10 minutes left")],
  [300, () => t("5 minutes left")],
  [60, () => t("1 minute left")],
];
const HIDDEN_SETTING = "certify:time-hidden";

export class ExamTimer {
  /** `onZero` is called once each time the count reaches zero. */
  constructor(element, announce, onZero) {
    this.element = element;
    this.value = element.querySelector("[data-timer-value]");
    this.toggle = element.querySelector("[data-timer-toggle]");
    this.announce = announce;
    this.onZero = onZero;
    this.zeroReported = false;
    this.hidden = readSetting() === "yes";
    // The page was rendered before its first byte arrived, so time has passed since then.
    const [navigation] = performance.getEntriesByType("navigation");
    this.set(Number(element.dataset.remainingSeconds), navigation?.responseStart ?? performance.now());
    this.prepareToggle();
    setInterval(() => this.tick(), 250);
  }

  /** Take the server's word for the remaining seconds at the moment `at` (performance.now()). */
  set(seconds, at = performance.now()) {
    if (!Number.isFinite(seconds)) return;
    this.zeroAt = at + seconds * 1000;
    if (seconds > 0) this.zeroReported = false;
    // A threshold ahead is to be announced, even again after added time; one that a sleeping
    // device skipped is still due.
    const before = this.pending ?? [];
    this.pending = ANNOUNCED.filter(
      (entry) => entry[0] < this.remaining() || before.includes(entry),
    );
    this.tick();
  }

  remaining() {
    return Math.max(0, (this.zeroAt - performance.now()) / 1000);
  }

  tick() {
    const seconds = this.remaining();
    this.show(seconds);
    const due = this.pending.filter(([threshold]) => seconds <= threshold);
    if (due.length) {
      this.pending = this.pending.filter(([threshold]) => seconds > threshold);
      this.announce(due[due.length - 1][1]());
    }
    if (seconds === 0 && !this.zeroReported) {
      this.zeroReported = true;
      this.onZero();
    }
  }

  show(seconds) {
    const text = this.hidden ? "––:––" : clockText(seconds);
    if (this.value.textContent !== text) this.value.textContent = text;
    const state = seconds <= CRITICAL_SECONDS ? "critical" : seconds <= LOW_SECONDS ? "low" : "calm";
    this.element.className = `timer timer-${state}`;
  }

  prepareToggle() {
    this.toggle.hidden = false;
    this.showToggle();
    this.toggle.addEventListener("click", () => {
      this.hidden = !this.hidden;
      writeSetting(this.hidden ? "yes" : "no");
      this.showToggle();
    });
  }

  showToggle() {
    this.toggle.textContent = this.hidden ? t("Show time") : t("Hide time");
    this.value.classList.toggle("is-hidden", this.hidden);
    if (this.hidden) this.value.setAttribute("aria-label", t("Time hidden"));
    else this.value.removeAttribute("aria-label");
    this.tick();
  }
}

export function clockText(seconds) {
  const whole = Math.ceil(seconds);
  const pad = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/* Storage may be forbidden on a locked-down machine; then the setting lasts for one page. */
function readSetting() {
  try {
    return localStorage.getItem(HIDDEN_SETTING);
  } catch {
    return null;
  }
}

function writeSetting(value) {
  try {
    localStorage.setItem(HIDDEN_SETTING, value);
  } catch {
    // nothing to do: see above
  }
}
