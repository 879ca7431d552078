"""A person at the keyboard alone: Tab until there, and each place on the way is seen."""

from __future__ import annotations

from typing import Any

MOST_STEPS = 90
FOCUS = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  // a tick is small or hidden; its card shows the focus
  const shown = focused.closest("label.choice") ?? focused;
  const box = shown.getBoundingClientRect();
  const middle = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  const top = document.elementFromPoint(...middle);
  const isRinged = [focused, shown].some((one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  return {
    name: `${focused.id || focused.name || focused.className} ${focused.textContent.trim()}`,
    isRinged,
    isFree: Boolean(top) && (shown.contains(top) || top.contains(shown)),
  };
}"""


def press_tab(page: Any) -> dict[str, Any] | None:
    """One step on; what has the focus is ringed and not behind anything. None: past the end."""
    page.keyboard.press("Tab")
    focus: dict[str, Any] | None = page.evaluate(FOCUS)
    if focus is not None:
        assert focus["isRinged"], f"the focus is not to be seen: {focus}"
        assert focus["isFree"], f"the focus is behind something: {focus}"
    return focus


def tab_to(page: Any, selector: str) -> None:
    """Step on until an element has the focus."""
    for _ in range(MOST_STEPS):
        press_tab(page)
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def full_round(page: Any) -> list[str]:
    """The names of all places that Tab leads to, from the top of the page to its end."""
    names: list[str] = []
    while (focus := press_tab(page)) is not None:
        names.append(focus["name"])
        assert len(names) < MOST_STEPS, f"Tab does not leave the page: {names[-6:]}"
    return names
