"""The standard certificate: A4 landscape, filled in from a credential and its QR content.

Gives three content streams (ground, page, QR) and the fonts they use; the file around them is
made in document.py. The ground is the template that template_standard.py drew once; the rest
follows from the arguments. A change of either is a new design name, so that older certificates
can still be drawn again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from certificates.credential import Credential
from certificates.credential_id import format_credential_id
from certificates.errors import LayoutError
from certificates.fonts import FontChain
from certificates.pdf import wording
from certificates.pdf.canvas import Canvas, FontUse
from certificates.pdf.palette import AMBER, AMBER_PALE, BLACK, INK, INK_SOFT, SEA
from certificates.pdf.profile import draw_profile
from certificates.qr import SIZE, qr_rectangles

DESIGN = "standard-1"
WIDTH, HEIGHT = 841.89, 595.276
CENTRE = WIDTH / 2
LEFT, RIGHT = 66.0, WIDTH - 66.0
PROFILE_RIGHT = LEFT + 290
QR_SIDE = 35 / 25.4 * 72
QR_LEFT, QR_BOTTOM = RIGHT - QR_SIDE, 86.0
SEAL_CENTRE, SEAL_RADIUS = (614.0, 138.0), 43.0
# Where a reader shows the signature: the seal.
SEAL_BOX = (571, 95, 657, 181)
QR_BOX = (QR_LEFT, QR_BOTTOM, QR_LEFT + QR_SIDE, QR_BOTTOM + QR_SIDE)


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """Content streams in drawing order, and which characters they print."""

    ground: bytes
    page: bytes
    qr: bytes
    fonts: FontUse


def draw_certificate(
    credential: Credential, qr_content: str, address: str, chain: FontChain
) -> DrawnPage:
    """Raises GlyphMissingError or LayoutError where a text cannot be printed."""
    fonts = FontUse(chain)
    page, qr = Canvas(fonts), Canvas(fonts)
    _draw_heading(page, credential)
    _draw_holder(page, credential)
    _draw_level(page, credential)
    _draw_measurement(page, credential)
    _draw_facts(page, credential)
    _draw_seal(page, credential)
    _draw_foot(page, credential, address)
    _draw_qr(qr, qr_content)
    return DrawnPage(_ground(), page.content(), qr.content(), fonts)


@lru_cache(maxsize=1)
def _ground() -> bytes:
    """The template's content stream, the same bytes in every version of every library."""
    return (files("certificates.pdf") / "designs" / f"{DESIGN}.content").read_bytes()


def _centred_within(
    canvas: Canvas, y: float, text: str, size: float, *, limit: float, least: float
) -> None:
    fitted = canvas.fitting(text, size, limit=limit, least=least)
    if fitted is None:
        raise LayoutError(text=text)
    canvas.centred(CENTRE, y, text, fitted)


def _draw_heading(canvas: Canvas, credential: Credential) -> None:
    canvas.ink(INK)
    _centred_within(canvas, 530, credential.issuer_name_zh, 12, limit=600, least=6)
    canvas.ink(INK_SOFT)
    _centred_within(canvas, 517, credential.issuer_name_en, 7.5, limit=600, least=5)
    canvas.ink(SEA)
    canvas.centred(CENTRE, 467, wording.TITLE[0], 36, spacing=9)
    canvas.centred(CENTRE, 448, wording.TITLE[1], 9.5, spacing=3.2)
    if credential.is_test:
        width, height, y = 172.0, 17.0, 423.0
        canvas.ink(AMBER_PALE)
        canvas.pen(AMBER, 0.6)
        canvas.rounded(CENTRE - width / 2, y, width, height, height / 2)
        canvas.ink(AMBER)
        canvas.centred(CENTRE, y + 5.2, wording.TEST, 9)


def _draw_holder(canvas: Canvas, credential: Credential) -> None:
    canvas.ink(INK_SOFT)
    canvas.centred(CENTRE, 399, f"{wording.CERTIFIES[0]}  {wording.CERTIFIES[1]}", 9)
    canvas.ink(INK)
    _centred_within(canvas, 351, credential.holder_name, 40, limit=620, least=12)
    name_size = canvas.fitting(credential.holder_name, 40, limit=620, least=12) or 12
    half = max(110.0, canvas.width(credential.holder_name, name_size) / 2 + 24)
    canvas.pen(SEA, 0.6)
    canvas.line((CENTRE - half, 336), (CENTRE + half, 336))


def _draw_level(canvas: Canvas, credential: Credential) -> None:
    canvas.ink(INK_SOFT)
    canvas.centred(CENTRE, 318, f"{wording.REACHED[0]}  {wording.REACHED[1]}", 9)
    canvas.ink(SEA)
    level = f"{credential.level_title_zh}  {credential.level_title_en}"
    _centred_within(canvas, 287, level, 24, limit=560, least=8)
    canvas.ink(INK)
    _centred_within(canvas, 265, credential.programme_title_zh, 13, limit=600, least=6)
    canvas.ink(INK_SOFT)
    _centred_within(canvas, 252, credential.programme_title_en, 8.5, limit=600, least=5)


def _draw_measurement(canvas: Canvas, credential: Credential) -> None:
    canvas.ink(SEA)
    canvas.text(LEFT, 222, wording.PROFILE[0], 9.5)
    canvas.ink(INK_SOFT)
    canvas.text(LEFT + 44, 222, wording.PROFILE[1], 7)
    canvas.right(PROFILE_RIGHT, 222, wording.PROFILE_NOTE, 5.2)
    row = min(18.0, 108 / len(credential.dimensions))
    draw_profile(canvas, credential.dimensions, left=LEFT, top=213, row_height=row)
    canvas.ink(INK)
    overall = wording.estimate_text(credential.theta, credential.se)
    canvas.text(LEFT, 84.5, f"{wording.OVERALL}  {overall}", 7)
    probability = wording.percent_text(credential.level_probability)
    canvas.right(PROFILE_RIGHT, 84.5, f"{wording.PROBABILITY}  {probability}", 6)
    if credential.parameter_status == "provisional":
        canvas.ink(AMBER)
        canvas.text(LEFT, 73.5, wording.PROVISIONAL, 6.5)


def _draw_facts(canvas: Canvas, credential: Credential) -> None:
    left = 392.0
    until = credential.valid_until
    facts = (
        (wording.NUMBER, format_credential_id(credential.credential_id)),
        (wording.ISSUED, wording.date_text(credential.issued_at)),
        (
            wording.VALID_UNTIL,
            wording.date_text(until) if until else "  ".join(wording.UNLIMITED),
        ),
        (wording.VERSION, f"{credential.programme_code}  v{credential.programme_version}"),
    )
    for index, (label, value) in enumerate(facts):
        y = 222 - 36 * index
        canvas.ink(INK_SOFT)
        canvas.text(left, y, f"{label[0]}  {label[1]}", 6.5)
        canvas.ink(INK)
        size = canvas.fitting(value, 11.5, limit=166, least=4)
        if size is None:
            raise LayoutError(text=value)
        canvas.text(left, y - 15.5, value, size)


def _draw_seal(canvas: Canvas, credential: Credential) -> None:
    x, y = SEAL_CENTRE
    canvas.ink(SEA)
    size = canvas.fitting(credential.level_title_zh, 17, limit=50, least=3) or 3
    canvas.centred(x, y - 1, credential.level_title_zh, size)
    size = canvas.fitting(credential.level_title_en, 7, limit=44, least=2.5) or 2.5
    canvas.centred(x, y - 14, credential.level_title_en, size)
    canvas.ink(INK_SOFT)
    canvas.centred(x, QR_BOTTOM - 8, wording.SEAL, 6.5)


def _draw_foot(canvas: Canvas, credential: Credential, address: str) -> None:
    canvas.ink(INK_SOFT)
    shown = address.lower()
    for y, line in zip((57.5, 48.5), wording.VERIFY, strict=True):
        text = line.format(address=shown)
        size = canvas.fitting(text, 6.2, limit=RIGHT - LEFT, least=4)
        if size is None:
            raise LayoutError(text=text)
        canvas.text(LEFT, y, text, size)
    if credential.is_test:
        canvas.ink(AMBER)
        canvas.right(RIGHT, 53, wording.TEST_NOTE, 6.2)


def _draw_qr(canvas: Canvas, qr_content: str) -> None:
    module = QR_SIDE / SIZE
    canvas.ink(BLACK)
    canvas.rectangles(
        (QR_LEFT + column * module, QR_BOTTOM + row * module, length * module, module)
        for column, row, length in qr_rectangles(qr_content)
    )
    canvas.ink(INK_SOFT)
    canvas.centred(QR_LEFT + QR_SIDE / 2, QR_BOTTOM - 8, wording.SCAN, 6.5)
