"""Papers made of every type of item, and the text that their PDF pages hold."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from fractions import Fraction

from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.fonts import default_font_path
from certify.exams.fixed_forms.blueprint import BlockRule
from certify.exams.fixed_forms.laying_out import lay_out
from certify.papers.contents import Paper
from question_bank.item import ItemVersion
from tests.unit.certify.exams.fixed_forms.bank import in_order, make_bank, make_blueprint

FONTS = (default_font_path(),)


def make_paper(versions: Sequence[ItemVersion] = (), **points: str) -> Paper:
    """All these items on one paper, by default a bank of every type with two blocks."""
    chosen = versions or make_bank(blocks=2)
    blueprint = make_blueprint(
        points={
            **make_blueprint().points,
            "essay": Fraction(10),
            **{name: Fraction(worth) for name, worth in points.items()},
        },
        blocks=BlockRule(0, 9, 1, 9),
    )
    form = lay_out(
        blueprint,
        chosen,
        letter="A",
        blueprint_id="b",
        blueprint_version=1,
        release_digest="r",
        seed="s",
    )
    return Paper(form, in_order(chosen, [entry.item_id for entry in form.items]), "明德考点")


def page_texts(pdf: bytes) -> list[str]:
    """The characters of each page in drawing order, by the ToUnicode maps of its fonts."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return [_page_text(page) for page in _pages(reader.root["/Pages"])]


def _pages(node):  # type: ignore[no-untyped-def]
    if node["/Type"] == "/Pages":
        return [page for kid in node["/Kids"] for page in _pages(kid.get_object())]
    return [node]


def _page_text(page) -> str:  # type: ignore[no-untyped-def]
    fonts = {
        name[1:]: _unicode_of(font.get_object())
        for name, font in page["/Resources"]["/Font"].items()
    }
    content = page["/Contents"].get_object().data.decode("latin-1")
    written = re.compile(r"/(\S+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
    text, known = [], {}
    for found in written.finditer(content):
        if found[1]:
            known = fonts[found[1]]
        else:
            text += [known.get(code, "") for code in _bytes_of(found[2])]
    return "".join(text)


def _bytes_of(written: str) -> bytes:
    def plain(found: re.Match[str]) -> str:
        return chr(int(found[1], 8)) if found[1][0].isdigit() else _ESCAPES.get(found[1], found[1])

    return re.sub(r"\\(\d{3}|.)", plain, written, flags=re.DOTALL).encode("latin-1")


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def _unicode_of(font) -> dict[int, str]:  # type: ignore[no-untyped-def]
    if "/ToUnicode" not in font:
        return {}
    table = font["/ToUnicode"].get_object().data.decode("ascii")
    found = {}
    for section in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for low, _, codes in re.findall(r"<(\w+)>\s*<(\w+)>\s*\[(.*?)\]", section, re.DOTALL):
            for at, code in enumerate(re.findall(r"<(\w+)>", codes)):
                found[int(low, 16) + at] = bytes.fromhex(code).decode("utf-16-be")
    for section in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, character in re.findall(r"<(\w+)>\s*<(\w+)>", section):
            found[int(code, 16)] = bytes.fromhex(character).decode("utf-16-be")
    return found
