"""axe-core on a page: what breaks the WCAG at levels A and AA, and what is only poor practice."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import pytest

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (tags) => {
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: tags},
    resultTypes: ["violations"],
  });
  return found.violations.map(({id, help, tags, nodes}) => ({
    id, help, tags,
    nodes: nodes.map((node) => `${node.target.join(" ")}: ${node.any[0]?.message ?? node.html}`),
  }));
}"""


@cache
def axe_script() -> str:
    """The script that the package of the extra `e2e` carries."""
    pytest.importorskip("axe_playwright_python", reason="axe-core absent: [e2e]")
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def find_violations(page: Any, *, best_practice: bool = False) -> list[str]:
    """One line for each rule that the page breaks, with the places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_script())
    found = page.evaluate(RUN, [*WCAG, "best-practice"] if best_practice else WCAG)
    return [f"{rule['id']} ({rule['help']}): {'; '.join(rule['nodes'])}" for rule in found]
