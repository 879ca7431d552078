"""The shipped template: what reportlab draws, only paths, the same bytes in every file."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.pdf.design import HEIGHT, WIDTH
from certificates.pdf.template_standard import TEMPLATE_FILE, template_content

# State, colour, path construction and path painting (ISO 32000-2, tables 56, 58, 59 and 73),
# with the number of operands of each.
STATE = {"q": 0, "Q": 0, "w": 1, "RG": 3, "rg": 3}
PATHS = {"m": 2, "l": 2, "c": 6, "re": 4, "h": 0, "S": 0, "f*": 0, "B*": 0}
OPERANDS = STATE | PATHS
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)")


@pytest.fixture(scope="module")
def operations() -> list[tuple[str, list[float]]]:
    """The shipped file as operators with their operands."""
    found: list[tuple[str, list[float]]] = []
    operands: list[float] = []
    for token in TEMPLATE_FILE.read_bytes().decode("ascii").split():
        if NUMBER.fullmatch(token):
            operands.append(float(token))
        else:
            found.append((token, operands))
            operands = []
    assert not operands
    return found


def test_reportlab_still_draws_the_shipped_file() -> None:
    # Where a new reportlab writes other bytes, the shipped file stays: issued certificates
    # carry it. Where the drawing was changed, it needs a new design name.
    assert template_content() == TEMPLATE_FILE.read_bytes()


def test_template_holds_only_paths_and_their_graphics_state(
    operations: list[tuple[str, list[float]]],
) -> None:
    assert {name for name, _ in operations} <= OPERANDS.keys()
    assert all(len(operands) == OPERANDS[name] for name, operands in operations)


def test_template_leaves_the_graphics_state_as_it_was(
    operations: list[tuple[str, list[float]]],
) -> None:
    names = [name for name, _ in operations]
    assert names[0] == "q"
    assert names[-1] == "Q"
    assert names.count("q") == names.count("Q") == 1


def test_template_stays_on_the_page(operations: list[tuple[str, list[float]]]) -> None:
    for name, operands in operations:
        if name in ("m", "l", "c"):
            assert all(0 <= x <= WIDTH for x in operands[::2])
            assert all(0 <= y <= HEIGHT for y in operands[1::2])


def test_issued_certificate_carries_the_shipped_bytes(pdf: bytes) -> None:
    page = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Kids"][0]
    assert page["/Contents"][0].data == TEMPLATE_FILE.read_bytes()


def test_issuing_and_verifying_never_load_reportlab() -> None:
    code = (
        "import sys, certificates.signing, certificates.verification;"
        "sys.exit('reportlab' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
