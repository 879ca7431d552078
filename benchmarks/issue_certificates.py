"""How long a certificate takes to issue and to verify, beside what the usual libraries take.

The yardstick issues a comparable certificate: reportlab draws the page with the same embedded
font, the same words and the same QR code, and pyHanko signs it (PAdES B-B, ECDSA P-256) with the
same certificates. It is measured as the manuals show it ("stock") and with the key object kept
and the signature's size fixed ("tuned"). In both forms it does less than we do: no fine-line
template, no embedded credential. pyHanko's validation, too, checks the signature alone, while
ours draws the page again. Everything runs in one process, in turn; times are CPU milliseconds.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates.credential import Credential, DimensionResult
from certificates.credential_id import format_credential_id, new_credential_id
from certificates.fonts import default_font_path
from certificates.keys import KeyStore, create_key_store
from certificates.pdf import wording
from certificates.pdf.design import CENTRE, HEIGHT, LEFT, QR_BOTTOM, QR_LEFT, QR_SIDE, WIDTH
from certificates.pdf.document import SIGNATURE_BYTES
from certificates.qr import SIZE, build_qr_content, qr_rectangles
from certificates.signing import issue_pdf
from certificates.trust import TrustStore
from certificates.verification import verify_certificate

Made = TypeVar("Made")
AnySigner = TypeVar("AnySigner", bound=signers.SimpleSigner)

ADDRESS = "HTTPS://CERTIFY.EXAMPLE.COM/V"
NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
FONT = "NotoSansSC"
SURNAMES, GIVEN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗",
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂",
)
DIMENSIONS = (
    ("e", "电商数据", "E-commerce data"),
    ("S", "店铺和商品", "Store & Good"),
    ("T", "贸易交易", "Trade management"),
    ("O", "海外市场分析", "Oversea market analysis"),
    ("R", "客户关系", "Relationship with customer"),
    ("M", "营销推广", "Marketing"),
)
WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the result; ratio is to the first way of the same task."""

    task: str
    way: str
    median_ms: float
    ratio: float


class Series:
    """The CPU times of one task, in each way that it was done."""

    def __init__(self, task: str) -> None:
        self.task = task
        self.times: dict[str, list[float]] = {}

    def timed(self, way: str, work: Callable[[], Made]) -> Made:
        start = time.process_time()
        made = work()
        self.times.setdefault(way, []).append((time.process_time() - start) * 1000)
        return made

    def figures(self) -> list[Figure]:
        medians = {way: statistics.median(times[WARM_UP:]) for way, times in self.times.items()}
        first = next(iter(medians.values()))
        return [
            Figure(self.task, way, round(median, 3), round(median / first, 3))
            for way, median in medians.items()
        ]


class KeptKeySigner(signers.SimpleSigner):
    """pyHanko's signer loads the key from DER for every signature; this one keeps the object."""

    kept_key: ec.EllipticCurvePrivateKey

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        return self.kept_key.sign(data, ec.ECDSA(hashes.SHA256()))


def credentials(count: int) -> Iterator[Credential]:
    """Made-up holders with different names, IDs and profiles; the same in every run."""
    source = random.Random(9)
    for _ in range(count):
        given = "".join(source.choices(GIVEN, k=source.randint(1, 2)))
        yield Credential(
            credential_id=new_credential_id(source.randbytes),
            holder_name=source.choice(SURNAMES) + given,
            programme_code="estorm-proficient",
            programme_version="1.0",
            programme_title_zh="e-STORM 跨境电子商务能力认证",
            programme_title_en="e-STORM Cross-border E-commerce Certification",
            level_code="proficient",
            level_title_zh="成熟",
            level_title_en="Proficient",
            level_probability=0.964,
            theta=0.84,
            se=0.18,
            dimensions=tuple(
                DimensionResult(*names, round(source.gauss(0.8, 0.6), 2), 0.31, 14, "sufficient")
                for names in DIMENSIONS
            ),
            issuer_name_zh="电子商务能力认证中心",
            issuer_name_en="Centre for E-commerce Certification",
            issuer_url="https://certify.example.com",
            issued_at=NOW,
            valid_until=NOW + timedelta(days=1096),
            transcript_sha256=source.randbytes(32).hex(),
            release_digest=source.randbytes(32).hex(),
            parameter_status="calibrated",
            is_test=True,
            salt=source.randbytes(16).hex(),
        )


def yardstick_page(credential: Credential, qr_content: str) -> bytes:
    """The page as reportlab draws it, the font registered once per process."""
    canvas = Canvas(io.BytesIO(), pagesize=(WIDTH, HEIGHT), pageCompression=1)
    canvas.setTitle(f"{wording.TITLE[0]} {credential.holder_name}")
    canvas.rect(24, 24, WIDTH - 48, HEIGHT - 48)
    canvas.rect(38, 38, WIDTH - 76, HEIGHT - 76)
    for y, size, text in (
        (530, 12, credential.issuer_name_zh),
        (517, 7.5, credential.issuer_name_en),
        (467, 36, wording.TITLE[0]),
        (448, 9.5, wording.TITLE[1]),
        (428, 9, wording.TEST),
        (399, 9, "  ".join(wording.CERTIFIES)),
        (351, 40, credential.holder_name),
        (318, 9, "  ".join(wording.REACHED)),
        (287, 24, f"{credential.level_title_zh}  {credential.level_title_en}"),
        (265, 13, credential.programme_title_zh),
        (252, 8.5, credential.programme_title_en),
        (57.5, 6.2, wording.VERIFY[0].format(address=ADDRESS.lower())),
        (48.5, 6.2, wording.VERIFY[1].format(address=ADDRESS.lower())),
    ):
        canvas.setFont(FONT, size)
        canvas.drawCentredString(CENTRE, y, text)
    _yardstick_profile(canvas, credential)
    _yardstick_facts(canvas, credential)
    module = QR_SIDE / SIZE
    path = canvas.beginPath()
    for column, row, length in qr_rectangles(qr_content):
        left, bottom = QR_LEFT + column * module, QR_BOTTOM + row * module
        path.rect(left, bottom, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)
    page: bytes = canvas.getpdfdata()
    return page


def _yardstick_profile(canvas: Canvas, credential: Credential) -> None:
    for index, dimension in enumerate(credential.dimensions):
        y = 204 - 18 * index
        for x, size, text in (
            (LEFT + 4, 7.5, dimension.code),
            (LEFT + 18, 8, dimension.title_zh),
            (LEFT + 66, 5.6, dimension.title_en),
            (LEFT + 228, 7.2, wording.estimate_text(dimension.theta or 0, dimension.se or 0)),
        ):
            canvas.setFont(FONT, size)
            canvas.drawString(x, y, text)
        canvas.line(LEFT + 122, y, LEFT + 218, y)
        canvas.circle(LEFT + 170 + 16 * (dimension.theta or 0), y, 2.1, fill=1)


def _yardstick_facts(canvas: Canvas, credential: Credential) -> None:
    until = credential.valid_until or NOW
    for index, (label, value) in enumerate(
        (
            (wording.NUMBER, format_credential_id(credential.credential_id)),
            (wording.ISSUED, wording.date_text(credential.issued_at)),
            (wording.VALID_UNTIL, wording.date_text(until)),
            (wording.VERSION, f"{credential.programme_code}  v{credential.programme_version}"),
        )
    ):
        canvas.setFont(FONT, 6.5)
        canvas.drawString(392, 222 - 36 * index, "  ".join(label))
        canvas.setFont(FONT, 11.5)
        canvas.drawString(392, 206.5 - 36 * index, value)


def yardstick_issue(
    credential: Credential, keys: KeyStore, signer: signers.Signer, reserved: int | None
) -> bytes:
    """The yardstick's certificate; its page needs the same signed QR content as ours."""
    qr_content = build_qr_content(
        ADDRESS,
        credential.credential_id,
        credential.canonical_sha256(),
        wording.certificate_date(credential.issued_at),
        keys.qr_key,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(yardstick_page(credential, qr_content)))
    metadata = signers.PdfSignatureMetadata(
        field_name="Seal", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True
    )
    signed = signers.sign_pdf(writer, metadata, signer, bytes_reserved=reserved)
    data: bytes = signed.getvalue()
    return data


def asn1_certificate(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def make_signer(kind: type[AnySigner], keys: KeyStore) -> AnySigner:
    root = asn1_certificate(keys.root_certificate)
    registry = SimpleCertificateStore.from_certs([root])  # type: ignore[no-untyped-call]
    der = keys.seal_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return kind(
        signing_cert=asn1_certificate(keys.seal_certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(der),
        cert_registry=registry,
    )


def pyhanko_accepts(data: bytes, root: asn1_x509.Certificate) -> bool:
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=NOW)
    (signature,) = PdfFileReader(io.BytesIO(data)).embedded_signatures
    return bool(validate_pdf_signature(signature, context).bottom_line)


def measure(count: int, directory: Path) -> list[Figure]:
    """Issue and verify `count` certificates in each way; raises where one is not accepted."""
    keys = create_key_store(directory / "keys", "benchmark", NOW)
    trust, root = TrustStore.of_key_store(keys), asn1_certificate(keys.root_certificate)
    stock, tuned = make_signer(signers.SimpleSigner, keys), make_signer(KeptKeySigner, keys)
    tuned.kept_key = keys.seal_key
    pdfmetrics.registerFont(TTFont(FONT, str(default_font_path())))
    issuing, verifying = Series("issue"), Series("verify")
    for credential in credentials(count + WARM_UP):
        data = issuing.timed("ours", partial(issue_pdf, credential, keys, ADDRESS, NOW))
        issuing.timed(
            "reportlab + pyHanko, stock", partial(yardstick_issue, credential, keys, stock, None)
        )
        other = issuing.timed(
            "reportlab + pyHanko, tuned",
            partial(yardstick_issue, credential, keys, tuned, 2 * SIGNATURE_BYTES),
        )
        report = verifying.timed("ours", partial(verify_certificate, data, trust, now=NOW))
        accepted = verifying.timed("pyHanko's validation", partial(pyhanko_accepts, data, root))
        if not (report.status == "valid" and accepted and pyhanko_accepts(other, root)):
            raise SystemExit(f"a certificate was not accepted: {report}")
    return [*issuing.figures(), *verifying.figures()]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time certificates, beside the usual libraries")
    parser.add_argument("--count", type=int, default=200, help="certificates in each way")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    if arguments.count < 1:
        parser.error("--count must be at least 1")
    with tempfile.TemporaryDirectory() as directory:
        figures = measure(arguments.count, Path(directory))
    libraries = {name: version(name) for name in ("reportlab", "pyhanko", "cryptography")}
    if arguments.json:
        rows = [asdict(figure) for figure in figures]
        print(json.dumps({"count": arguments.count, "libraries": libraries, "figures": rows}))
        return
    print(f"{arguments.count} certificates; " + ", ".join(" ".join(i) for i in libraries.items()))
    print(f"{'':36}{'median CPU ms':>14}{'ratio':>8}")
    for one in figures:
        name = f"{one.task:8}{one.way}"
        print(f"{name:36}{one.median_ms:14.2f}{one.ratio:8.2f}")


if __name__ == "__main__":
    main()
