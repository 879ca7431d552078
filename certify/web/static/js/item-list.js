/* The list of items by keyboard, and choosing many of them. Without it every box works alone.

   / goes to the search, j and k to the next and the former item, x chooses it, Enter opens it. */

import { t } from "./messages.js";

const form = document.querySelector("[data-item-list]");
if (form) choosing(form);
document.addEventListener("keydown", onKey);

function choosing(form) {
  const boxes = [...form.querySelectorAll("input[name=item]")];
  const all = form.querySelector("[data-check-all]");
  const found = form.querySelector("[data-all-found]");
  const count = form.querySelector("[data-chosen-count]");
  let last = null;
  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
    form.classList.toggle("is-choosing", chosen > 0 || Boolean(found?.checked));
    count.textContent = chosen ? t("{count} chosen", { count: chosen }) : count.dataset.none;
  };
  form.querySelector("[data-all-label]").hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last) range(boxes, last, box);
      last = box;
      show();
    });
  }
  found?.addEventListener("change", show);
  // A page taken back from the history keeps its boxes.
  window.addEventListener("pageshow", show);
}

function range(boxes, from, to) {
  const [start, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
  for (const box of boxes.slice(start, end + 1)) box.checked = to.checked;
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea, dialog")) return;
  if (event.key === "/") {
    event.preventDefault();
    const search = document.querySelector("[data-search]");
    search?.focus();
    search?.select();
    return;
  }
  const links = [...document.querySelectorAll(".item-table .row-link")];
  const row = document.activeElement.closest(".item-table tbody tr");
  const place = links.findIndex((link) => row?.contains(link));
  if (event.key === "j") links[Math.min(place + 1, links.length - 1)]?.focus();
  if (event.key === "k") links[Math.max(place - 1, 0)]?.focus();
  if (event.key === "x" && row) row.querySelector("input[name=item]").click();
}
