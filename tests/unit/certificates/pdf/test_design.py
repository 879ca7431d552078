"""The drawing: deterministic, complete, and honest about what does not fit."""

from __future__ import annotations

import re

import pytest

from certificates.credential import Credential, DimensionResult
from certificates.errors import LayoutError
from certificates.fonts import default_font_chain
from certificates.pdf.canvas import number_text
from certificates.pdf.design import HEIGHT, WIDTH, DrawnPage, draw_certificate
from certificates.pdf.wording import percent_text, signed_text
from tests.unit.certificates.conftest import BASE, MakeCredential

CONTENT = f"{BASE}/00000000000000000000/A"


def drawn(credential: Credential) -> DrawnPage:
    return draw_certificate(credential, CONTENT, BASE, default_font_chain())


def texts(page: DrawnPage) -> str:
    """What the content stream prints, by way of its character codes."""
    (characters,) = page.fonts.characters.values()
    by_code = {f"{code:04x}": character for character, code in characters.items()}
    runs = re.findall(rb"<([0-9a-f]+)> Tj", page.page + page.qr)
    return "\n".join(
        "".join(by_code[run[i : i + 4].decode()] for i in range(0, len(run), 4)) for run in runs
    )


def test_same_credential_is_drawn_with_the_same_bytes(credential: Credential) -> None:
    one, two = drawn(credential), drawn(credential)
    assert (one.ground, one.page, one.qr) == (two.ground, two.page, two.qr)


def test_everything_stays_on_the_page(credential: Credential) -> None:
    page = drawn(credential)
    for stream in (page.ground, page.page, page.qr):
        for x, y in re.findall(rb"(-?[\d.]+) (-?[\d.]+) (?:m|l|Td)\b", stream):
            assert 0 <= float(x) <= WIDTH
            assert 0 <= float(y) <= HEIGHT


def test_real_calibrated_certificate_carries_no_warning(make_credential: MakeCredential) -> None:
    said = texts(drawn(make_credential(is_test=False, parameter_status="calibrated")))
    assert "TEST" not in said
    assert "Provisional" not in said
    assert "欧阳明月" in said
    assert "成熟  Proficient" in said


def test_not_assessed_is_said_and_never_zero(make_credential: MakeCredential) -> None:
    row = DimensionResult("R", "客户关系", "Relationship", None, None, 0, "not_assessed")
    said = texts(drawn(make_credential(dimensions=(row,))))
    assert "未测评" in said
    assert "0.00" not in said


def test_certificate_without_end_says_so(make_credential: MakeCredential) -> None:
    assert "长期" in texts(drawn(make_credential(valid_until=None)))


def test_estimates_beyond_the_scale_stay_inside_it(make_credential: MakeCredential) -> None:
    row = DimensionResult("e", "电商数据", "E-commerce data", 9.0, 4.0, 2, "limited")
    assert "+9.00 ± 4.00" in texts(drawn(make_credential(dimensions=(row,))))


@pytest.mark.parametrize("field", ["holder_name", "programme_title_zh", "issuer_name_zh"])
def test_text_that_cannot_fit_is_refused(make_credential: MakeCredential, field: str) -> None:
    with pytest.raises(LayoutError, match="does not fit"):
        drawn(make_credential(**{field: "长" * 200}))


@pytest.mark.parametrize(
    ("value", "text"), [(1.234, "+1.23"), (-0.5, "−0.50"), (0.001, "0.00"), (-0.001, "0.00")]
)
def test_estimates_carry_a_sign_but_no_signed_zero(value: float, text: str) -> None:
    assert signed_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "> 99 %"), (0.964, "96 %"), (0.0, "< 1 %"), (0.995, "> 99 %")]
)
def test_probability_is_never_rounded_to_certainty(value: float, text: str) -> None:
    assert percent_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (-0.0001, "0"), (1e-9, "0"), (12.5, "12.5"), (-2.25, "-2.25")]
)
def test_numbers_are_written_plainly(value: float, text: str) -> None:
    assert number_text(value) == text
