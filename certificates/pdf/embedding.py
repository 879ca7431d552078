"""The fonts of a page as PDF objects: subset, widths and the way back to Unicode.

Composite fonts with Identity-H (ISO 32000-2, section 9.7): code = glyph number in the subset.
ToUnicode is written in UTF-16BE, so characters beyond the BMP extract as they were written.
"""

from __future__ import annotations

from certificates.fonts import FontFace
from certificates.pdf.canvas import FontUse
from certificates.pdf.file_writer import FileWriter, compressed_stream

_CMAP_BLOCK = 100  # most entries of one bfchar block
_CMAP_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
"""
_CMAP_TAIL = """endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def to_unicode(characters: dict[str, int]) -> bytes:
    """The ToUnicode CMap of character codes (section 9.10.3)."""
    lines = [
        f"<{code:04x}> <{character.encode('utf-16-be').hex()}>"
        for character, code in characters.items()
    ]
    blocks = []
    for start in range(0, len(lines), _CMAP_BLOCK):
        block = lines[start : start + _CMAP_BLOCK]
        blocks += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return (_CMAP_HEAD + "\n".join(blocks) + "\n" + _CMAP_TAIL).encode("ascii")


def embed_fonts(writer: FileWriter, fonts: FontUse) -> str:
    """Add every used face and return the page's font resource dictionary."""
    names = [
        f"/F{index} {_embed(writer, fonts.chain.faces[index], characters)} 0 R"
        for index, characters in sorted(fonts.characters.items())
    ]
    return f"<<{''.join(names)}>>"


def _embed(writer: FileWriter, face: FontFace, characters: dict[str, int]) -> int:
    glyphs = [0, *(face.glyph(character) for character in characters)]
    program = face.tables.subset(glyphs)
    name = f"/{face.edition}+{face.name}"
    metrics = face.tables.metrics()
    box = " ".join(str(side) for side in metrics.box)
    program_ref = writer.add(compressed_stream(f"/Length1 {len(program)}", program))
    descriptor = writer.add(
        f"<</Type/FontDescriptor/FontName{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0"
        f"/Ascent {metrics.ascent}/Descent {metrics.descent}/CapHeight 733/StemV 80"
        f"/FontFile2 {program_ref} 0 R>>"
    )
    widths = " ".join(str(face.advance(character)) for character in characters)
    descendant = writer.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont{name}/CIDToGIDMap/Identity"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {descriptor} 0 R/DW 1000/W[1[{widths}]]>>"
    )
    cmap = writer.add(compressed_stream("", to_unicode(characters)))
    return writer.add(
        f"<</Type/Font/Subtype/Type0/BaseFont{name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {cmap} 0 R>>"
    )
