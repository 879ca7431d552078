/* The account menu is a <details>; this closes it on Escape and on a click elsewhere. */

export function menus() {
  for (const menu of document.querySelectorAll("[data-menu]")) {
    document.addEventListener("click", (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }
}
