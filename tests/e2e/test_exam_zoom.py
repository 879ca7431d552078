"""The exam room at 200 % and 400 %: nothing cut off, nothing on top of another, no way sideways.

A window of 1280 x 1024 shows 640 x 512 pixels of the page at 200 %, and 320 x 256 at 400 %.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from certify.services.context import ServiceContext
from tests.e2e.furnished_rooms import Furnished, furnish

pytestmark = pytest.mark.e2e

EXAM = [f"exam-{number}" for number in (2, 3, 6, 7, 8, 9, 10)]
"""Formula and table, picture, number, blanks, order, pairs, case."""
BESIDE = ["exams", "rules", "lobby", "review", "result", "practice", "practice-task"]
ZOOMED = {"200 %": (640, 512), "400 %": (320, 256), "small phone": (320, 568)}
LARGE_TEXT = "document.documentElement.dataset.text = 'large'"
FAULTS = """() => {
  const root = document.documentElement, found = [];
  const shown = (one) => one.checkVisibility() && one.getClientRects().length > 0
    && !one.closest(".visually-hidden, .skip-link");
  if (root.scrollWidth > root.clientWidth) found.push(`page ${root.scrollWidth} wide`);
  const scrolls = (one) => one.closest(".table-scroll, .table-frame, .radar, svg, math");
  for (const one of document.querySelectorAll("main *, header *, footer *")) {
    if (!shown(one) || scrolls(one)) continue;
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (style.position === "absolute" && style.clipPath !== "none") continue;
    const name = one.id || one.className || one.tagName;
    if (box.right > root.clientWidth + 1 || box.left < -1) found.push(`${name} beyond the edge`);
    const isWord = one.matches("button, a, label, .choice-label, .order-words, .timer-value");
    if (isWord && one.scrollWidth > one.clientWidth + 1 && style.display !== "inline")
      found.push(`${name} cut off`);
  }
  const places = [...document.querySelectorAll("header, main, footer")].filter(shown)
    .filter((one) => getComputedStyle(one).position !== "sticky")
    .map((one) => one.getBoundingClientRect());
  places.forEach((box, index) => {
    const next = places[index + 1];
    if (next && next.top < box.bottom - 1) found.push(`part ${index + 1} on top of the next`);
  });
  return found;
}"""
ROOM_FOR_THE_ITEM = """() => {
  const bars = [...document.querySelectorAll(".exam-header, .exam-footer")]
    .filter((bar) => getComputedStyle(bar).position === "sticky");
  const taken = bars.reduce((sum, bar) => sum + bar.getBoundingClientRect().height, 0);
  return 1 - taken / window.innerHeight;
}"""


@pytest.fixture(scope="module")
def furnished(context: ServiceContext) -> Furnished:
    return furnish(context)


@pytest.fixture
def room(page: Any, log_in: Callable[[str], None], furnished: Furnished) -> Any:
    page.on("dialog", lambda dialog: dialog.accept())
    log_in("student")
    return page


@pytest.mark.parametrize(
    ("zoom", "language"),
    [("200 %", "en"), ("400 %", "zh"), ("400 %", "en"), ("small phone", "en")],
)
def test_zoomed_pages_are_whole(room: Any, furnished: Furnished, zoom: str, language: str) -> None:
    width, height = ZOOMED[zoom]
    room.set_viewport_size({"width": width, "height": height})
    faults = {}
    for name in [*EXAM, *BESIDE]:
        address = furnished.pages[name]
        room.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
        faults[name] = room.evaluate(FAULTS)
        if name in EXAM:
            assert room.evaluate(ROOM_FOR_THE_ITEM) >= 0.5, name
            room.evaluate(LARGE_TEXT)
            faults[f"{name}, large text"] = room.evaluate(FAULTS)
            assert room.evaluate(ROOM_FOR_THE_ITEM) >= 0.5, name
    assert {name: those for name, those in faults.items() if those} == {}
