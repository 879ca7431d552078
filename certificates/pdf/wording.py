"""The words and number forms of the standard certificate, Chinese first, English below."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

# Certificates carry Chinese calendar days; the country has one zone and no summer time.
CERTIFICATE_ZONE = timezone(timedelta(hours=8))

TITLE = ("能力等级证书", "CERTIFICATE OF COMPETENCE")
CERTIFIES = ("兹证明", "This is to certify that")
REACHED = ("在下列认证项目中达到等级", "has attained, in the programme below, the level of")
PROFILE = ("能力剖面", "Ability profile")
PROFILE_NOTE = "能力估计值 ± 标准误 / ability estimate ± standard error"
NOT_ASSESSED = ("未测评", "Not assessed")
LIMITED = "证据有限 Limited evidence"
OVERALL = "综合 Overall"
PROBABILITY = "达到本等级的概率 Probability at or above this level"
ISSUED = ("签发日期", "Date of issue")
VALID_UNTIL = ("有效期至", "Valid until")
UNLIMITED = ("长期", "No expiry date")
NUMBER = ("证书编号", "Certificate ID")
VERSION = ("认证方案", "Programme")
ISSUER = ("签发机构", "Issued by")
SEAL = "数字签章 Digitally sealed"
SCAN = "扫码核验 Scan to verify"
VERIFY = (
    "核验：扫描二维码，或访问 {address} 输入证书编号；PDF 内含数字签名，可离线核验。",
    "To verify: scan the code, or enter the certificate ID at {address}; "
    "the PDF carries a digital signature and can be checked offline.",
)
TEST = "测试证书  TEST CERTIFICATE"
TEST_NOTE = "仅供测试，不证明任何能力 For testing only; certifies nothing"
PROVISIONAL = "题目参数为专家暂定值，结果为暂定 / Provisional result"


def certificate_date(instant: datetime) -> date:
    """The calendar day that the certificate shows for an instant."""
    return instant.astimezone(CERTIFICATE_ZONE).date()


def date_text(instant: datetime) -> str:
    """The day in Chinese; the numbers are read as they stand in English, too."""
    day = certificate_date(instant)
    return f"{day.year}年{day.month}月{day.day}日"


def signed_text(value: float) -> str:
    """Two decimals with a sign; U+2212 for minus, and no minus before a rounded zero."""
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text.replace("-", "\u2212")


def estimate_text(theta: float, se: float) -> str:
    return f"{signed_text(theta)} ± {se:.2f}"


def percent_text(probability: float) -> str:
    """Whole percent, but never a rounded certainty."""
    if probability > 0.99:
        return "> 99 %"
    if probability < 0.01:
        return "< 1 %"
    return f"{probability * 100:.0f} %"
