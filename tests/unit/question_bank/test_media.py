"""What files are by their content, and drawings that are refused."""

from __future__ import annotations

import pytest

from question_bank.errors import OversizedFile, UnfitFile, UnsafeDrawing
from question_bank.media import (
    LARGEST_PICTURE,
    MEGABYTE,
    OPAQUE,
    check_upload,
    media_type_of,
)

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def drawing(inner: str, attributes: str = "", before: str = "") -> bytes:
    return f"{before}<svg {NAMESPACE} {attributes}>{inner}</svg>".encode()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"ID3\x03", "audio/mpeg"),
        (b"OggS\x00", "audio/ogg"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (drawing('<path d="M0 0"/>'), "image/svg+xml"),
        (b"<html><script>", OPAQUE),
        (b"MZ\x90", OPAQUE),
        (b"", OPAQUE),
    ],
)
def test_a_file_is_what_its_content_shows(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


def test_the_name_counts_for_nothing() -> None:
    with pytest.raises(UnfitFile):
        check_upload("picture.png", b"MZ\x90")
    assert check_upload("program.exe", PNG) == "image/png"


@pytest.mark.parametrize(
    "harmless",
    [
        drawing('<defs><linearGradient id="g"/></defs><rect fill="url(#g)"/>'),
        drawing("<style>.a{fill:#333}</style><text class='a'>转化率</text>"),
        drawing('<use xlink:href="#shape"/>', before='<?xml version="1.0"?>'),
        drawing("<rect fill=\"url('#g')\"/>"),
    ],
)
def test_a_plain_drawing_is_taken(harmless: bytes) -> None:
    assert check_upload("drawing.svg", harmless) == "image/svg+xml"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (drawing("<script>alert(1)</script>"), "<script>"),
        (drawing("", 'onload="alert(1)"'), "onload"),
        (drawing('<image href="http://elsewhere/x.png"/>'), "<image>"),
        (drawing('<use xlink:href="http://elsewhere/x.svg#a"/>'), "href"),
        (drawing('<rect fill="url(http://elsewhere/x)"/>'), "fill"),
        (drawing("<style>@import 'http://elsewhere'</style>"), "<style>"),
        (drawing("<style>a{b:\\75rl(x)}</style>"), "<style>"),
        (drawing("<foreignObject/>"), "<foreignObject>"),
        (drawing('<p xmlns="http://www.w3.org/1999/xhtml">x</p>'), "<p>"),
        (drawing("<set/>"), "<set>"),
        (drawing("", before="<!DOCTYPE svg>"), "<!DOCTYPE>"),
        (drawing("", before='<?xml-stylesheet href="x"?>'), "<?xml-stylesheet>"),
    ],
)
def test_a_drawing_that_runs_or_fetches_is_refused(content: bytes, part: str) -> None:
    with pytest.raises(UnsafeDrawing) as refused:
        check_upload("drawing.svg", content)
    assert refused.value.params["part"] == part
    assert media_type_of(content) == OPAQUE


def test_an_entity_bomb_is_refused() -> None:
    tenfold = ((level, f"&e{level - 1};" * 10) for level in range(1, 12))
    entities = "".join(f'<!ENTITY e{level} "{text}">' for level, text in tenfold)
    bomb = drawing("&e11;", before=f'<!DOCTYPE svg [<!ENTITY e0 "x">{entities}]>')
    with pytest.raises(UnsafeDrawing, match="DOCTYPE"):
        check_upload("drawing.svg", bomb)


def test_a_broken_drawing_is_no_picture() -> None:
    with pytest.raises(UnfitFile):
        check_upload("drawing.svg", drawing("<g>"))


def test_a_picture_that_is_too_large_is_refused() -> None:
    with pytest.raises(OversizedFile, match=f"larger than {LARGEST_PICTURE // MEGABYTE} MB"):
        check_upload("large.png", PNG + bytes(LARGEST_PICTURE))
    assert check_upload("long.pdf", b"%PDF-1.7" + bytes(LARGEST_PICTURE)) == "application/pdf"
