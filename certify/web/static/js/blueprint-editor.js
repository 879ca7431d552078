/* The verdict beside a blueprint follows what is typed; without it, a button asks for it. */

const PAUSE_MS = 350;

const form = document.querySelector("[data-blueprint-form]");
const verdict = document.querySelector("[data-verdict]");
const failed = document.querySelector("[data-check-failed]");

let waiting = 0;
let asked = 0;

async function renew() {
  const number = ++asked;
  let answer = null;
  try {
    const response = await fetch(form.dataset.checkAddress, {
      method: "POST",
      body: new FormData(form),
      redirect: "error",
    });
    if (response.ok) answer = await response.text();
  } catch {
    // no connection, or signed out: the sentence below the verdict says so
  }
  if (number !== asked) return;
  failed.hidden = answer !== null;
  if (answer === null) return;
  // The server rendered and escaped it, as it does for the page.
  verdict.innerHTML = answer;
  showCounts();
}

/** How many items there are of each value, beside the numbers of its rule. */
function showCounts() {
  const counts = new Map();
  for (const one of verdict.querySelectorAll("[data-count]")) {
    counts.set(one.dataset.count, one.value);
  }
  if (counts.size === 0) return;
  for (const cell of document.querySelectorAll("[data-present]")) {
    cell.textContent = counts.get(cell.dataset.present) ?? "0";
  }
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(renew, PAUSE_MS);
});

form.querySelector("[data-check-button]").addEventListener("click", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  renew();
  document.getElementById("verdict").focus();
});
