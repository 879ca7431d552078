/* A paused exam or a break: asks how it stands and goes on by itself. */

import { showMessages } from "./exam-messages.js";

const ASK_EVERY_MS = 6000;
const page = document.querySelector("[data-waiting]");

async function ask() {
  try {
    const response = await fetch(page.dataset.waiting, {
      credentials: "same-origin",
      cache: "no-store",
    });
    if (!response.ok || response.redirected) return;
    const answer = await response.json();
    if (answer.state !== page.dataset.state) location.reload();
    showMessages(document.querySelector("[data-messages]"), answer.messages);
  } catch {
    // without a connection the page stays as it is and asks again
  }
}

ask();
setInterval(ask, ASK_EVERY_MS * (0.8 + 0.4 * Math.random()));
