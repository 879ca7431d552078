"""The certificate's file before its signature: page, credential, metadata, signature field.

Written in one piece with room for the signature, so that the signed file has one revision.
The same credential, QR content and signing time always give the same bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from xml.sax.saxutils import escape

from certificates.canonical import canonical_bytes
from certificates.credential import Credential
from certificates.fonts import FontChain
from certificates.pdf.design import (
    DESIGN,
    HEIGHT,
    QR_BOX,
    SEAL_BOX,
    WIDTH,
    draw_certificate,
)
from certificates.pdf.embedding import embed_fonts
from certificates.pdf.file_writer import (
    FileWriter,
    compressed_stream,
    date_string,
    plain_stream,
    text_string,
)
from certificates.pdf.structure import SignatureGap, signed_digest
from certificates.pdf.wording import TITLE
from certificates.qr import parse_qr_content

ATTACHMENT = "credential.json"
FIELD_NAME = "Seal"
# CMS with the seal and the root certificate is about 1.7 kB; room for an RFC 3161 timestamp.
SIGNATURE_BYTES = 8192
_RANGE = "[%d %d %d %d]"
_RANGE_WIDTH = 40


@dataclass(frozen=True, slots=True)
class UnsignedDocument:
    """The file with an empty /Contents."""

    data: bytes
    gap: SignatureGap

    def digest(self) -> bytes:
        return signed_digest(self.data, self.gap)

    def with_signature(self, cms: bytes) -> bytes:
        """The final file: lower-case hex, padded with zeros to the fixed size."""
        contents = f"<{cms.hex().ljust(2 * SIGNATURE_BYTES, '0')}>".encode("ascii")
        if len(contents) != self.gap.end - self.gap.start:
            raise ValueError(f"a signature of {len(cms)} bytes has no room")
        return self.data[: self.gap.start] + contents + self.data[self.gap.end :]


def build_document(
    credential: Credential, qr_content: str, signed_at: datetime, chain: FontChain
) -> UnsignedDocument:
    """Raises GlyphMissingError or LayoutError where the page cannot be printed."""
    drawn = draw_certificate(credential, qr_content, parse_qr_content(qr_content).base, chain)
    writer = FileWriter()
    catalog, pages, page = writer.reserve(), writer.reserve(), writer.reserve()
    fonts = embed_fonts(writer, drawn.fonts)
    contents = " ".join(
        f"{writer.add(stream)} 0 R"
        for stream in (
            _ground_stream(drawn.ground),
            compressed_stream("", drawn.page),
            compressed_stream("", drawn.qr),
        )
    )
    signature = writer.reserve()
    annotations = f"{_add_link(writer, qr_content)} 0 R {_add_field(writer, page, signature)} 0 R"
    field = annotations.rsplit(" ", 3)[1]
    writer.fill(pages, f"<</Type/Pages/Kids[{page} 0 R]/Count 1>>")
    writer.fill(
        page,
        f"<</Type/Page/Parent {pages} 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]"
        f"/Resources<</Font{fonts}>>/Contents[{contents}]/Annots[{annotations}]>>",
    )
    attachment = _add_attachment(writer, credential)
    metadata = writer.add(plain_stream("/Type/Metadata/Subtype/XML", _xmp(credential)))
    writer.fill(
        catalog,
        f"<</Type/Catalog/Pages {pages} 0 R/Lang(zh-CN)"
        f"/ViewerPreferences<</DisplayDocTitle true>>/Metadata {metadata} 0 R"
        f"/AF[{attachment} 0 R]"
        f"/Names<</EmbeddedFiles<</Names[({ATTACHMENT}) {attachment} 0 R]>>>>"
        f"/AcroForm<</Fields[{field} 0 R]/SigFlags 3>>"
        f"/Perms<</DocMDP {signature} 0 R>>>>",
    )
    writer.fill(signature, _signature_dictionary(credential, signed_at))
    identifier = hashlib.sha256(credential.canonical_sha256().encode()).digest()[:16]
    return _with_range(writer.serialise(catalog, writer.add(_info(credential)), identifier))


@lru_cache(maxsize=1)
def _ground_stream(ground: bytes) -> bytes:
    return compressed_stream("", ground)


def _add_link(writer: FileWriter, qr_content: str) -> int:
    """A click on the code opens what a scan opens; the verifier reads the content here."""
    box = " ".join(f"{side:.3f}" for side in QR_BOX)
    return writer.add(
        f"<</Type/Annot/Subtype/Link/Rect[{box}]/Border[0 0 0]/F 4/A<</S/URI/URI({qr_content})>>>>"
    )


def _add_field(writer: FileWriter, page: int, signature: int) -> int:
    """The signature field lies over the drawn seal and draws nothing itself."""
    left, bottom, right, top = SEAL_BOX
    nothing = writer.add(
        plain_stream(f"/Type/XObject/Subtype/Form/BBox[0 0 {right - left} {top - bottom}]", b"")
    )
    # F 132: printed and locked (section 12.5.3).
    return writer.add(
        f"<</Type/Annot/Subtype/Widget/FT/Sig/T({FIELD_NAME})/F 132"
        f"/Rect[{left} {bottom} {right} {top}]/P {page} 0 R/V {signature} 0 R"
        f"/AP<</N {nothing} 0 R>>>>"
    )


def _add_attachment(writer: FileWriter, credential: Credential) -> int:
    """The credential as an associated file (ISO 32000-2, section 14.13)."""
    data = canonical_bytes(credential.to_document())
    stream = writer.add(
        compressed_stream(
            "/Type/EmbeddedFile/Subtype/application#2Fld+json"
            f"/Params<</Size {len(data)}/ModDate{date_string(credential.issued_at)}>>",
            data,
        )
    )
    return writer.add(
        f"<</Type/Filespec/F({ATTACHMENT})/UF({ATTACHMENT})/AFRelationship/Data"
        f"/Desc{text_string('Open Badges 3.0 credential')}/EF<</F {stream} 0 R/UF {stream} 0 R>>>>"
    )


def _signature_dictionary(credential: Credential, signed_at: datetime) -> str:
    """PAdES (ETSI EN 319 142-1, section 6.3); DocMDP level 1 allows no change afterwards."""
    return (
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
        f"/Name{text_string(credential.issuer_name_zh)}/M{date_string(signed_at)}"
        "/Reference[<</Type/SigRef/TransformMethod/DocMDP"
        "/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
        f"/ByteRange {' ' * _RANGE_WIDTH}/Contents <{'0' * (2 * SIGNATURE_BYTES)}>>>"
    )


def _title(credential: Credential) -> str:
    return f"{TITLE[0]} {credential.holder_name}"


def _info(credential: Credential) -> str:
    made = date_string(credential.issued_at)
    return (
        f"<</Title{text_string(_title(credential))}"
        f"/Author{text_string(credential.issuer_name_zh)}"
        f"/Subject{text_string(credential.programme_title_zh)}"
        f"/CreationDate{made}/ModDate{made}/Design({DESIGN})>>"
    )


def _xmp(credential: Credential) -> bytes:
    made = credential.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def alternative(text: str) -> str:
        item = f'<rdf:li xml:lang="x-default">{escape(text)}</rdf:li>'
        return f"<rdf:Alt>{item}</rdf:Alt>"

    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title>{alternative(_title(credential))}</dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(credential.issuer_name_zh)}</rdf:li></rdf:Seq></dc:creator>
<dc:description>{alternative(credential.programme_title_zh)}</dc:description>
<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li><rdf:li>en</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{made}</xmp:CreateDate><xmp:ModifyDate>{made}</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>""".encode()


def _with_range(data: bytes) -> UnsignedDocument:
    """Find the gap of /Contents and write the byte range around it."""
    placeholder = b"<" + b"0" * (2 * SIGNATURE_BYTES) + b">"
    gap_start = data.index(placeholder)
    gap_end = gap_start + len(placeholder)
    marker = b"/ByteRange "
    at = data.rindex(marker, 0, gap_start) + len(marker)
    text = (_RANGE % (0, gap_start, gap_end, len(data) - gap_end)).ljust(_RANGE_WIDTH)
    filled = data[:at] + text.encode("ascii") + data[at + _RANGE_WIDTH :]
    return UnsignedDocument(filled, SignatureGap(gap_start, gap_end))
