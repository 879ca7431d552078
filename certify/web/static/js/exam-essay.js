/* A long answer: how many characters there are, and how many there may be. */

import { t } from "./messages.js";

const SPOKEN_WHEN_LEFT = 50;

export function prepareEssay(area) {
  const counter = area.parentElement.querySelector("[data-counter]");
  const most = Number(area.getAttribute("maxlength"));
  const count = () => {
    const written = area.value.length;
    counter.textContent = t("{written} of {most} characters", { written, most });
    // A count that is spoken at every key would drown what is typed.
    counter.setAttribute("aria-live", most - written <= SPOKEN_WHEN_LEFT ? "polite" : "off");
    counter.classList.toggle("is-full", written >= most);
  };
  counter.hidden = false;
  area.addEventListener("input", count);
  count();
}
