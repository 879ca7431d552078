"""The Open Badges 3.0 / Verifiable Credentials 2.0 dress of a credential record.

Works on plain JSON values. Makes no proofs and no credentialStatus; both are added beside
these members later. The record itself travels as one member `certifyRecord` of JSON-LD type
@json, so that a linked-data processor keeps it unchanged.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from certificates.errors import CredentialDocumentError

VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
OB_CONTEXT = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
RECORD = "certifyRecord"
_RECORD_CONTEXT = {RECORD: {"@id": "urn:certify:vocabulary:1#record", "@type": "@json"}}


def instant_text(instant: datetime) -> str:
    """XML Schema dateTimeStamp in UTC, as VC 2.0 section 4.9 asks for validFrom."""
    return instant.isoformat().replace("+00:00", "Z")


def parse_instant(where: str, text: object) -> datetime:
    """Read back exactly what instant_text writes."""
    if isinstance(text, str) and text.endswith("Z"):
        try:
            instant = datetime.fromisoformat(text[:-1] + "+00:00").astimezone(UTC)
        except ValueError:
            instant = None
        if instant is not None and instant_text(instant) == text:
            return instant
    raise CredentialDocumentError(
        where=where, expected="a UTC time such as 2026-11-20T06:30:00Z", found=repr(text)
    )


def _result_identifier(achievement: str, code: str) -> str:
    return f"{achievement}#result-{code}"


def _results(record: dict[str, Any], achievement: str) -> tuple[list[Any], list[Any]]:
    """OB 3.0 ResultDescription and Result pairs: the level, then each assessed dimension."""
    descriptions: list[Any] = [
        {
            "id": _result_identifier(achievement, "level"),
            "type": ["ResultDescription"],
            "name": "认证等级 Level",
            "resultType": "PerformanceLevel",
        }
    ]
    results: list[Any] = [
        {
            "type": ["Result"],
            "resultDescription": _result_identifier(achievement, "level"),
            "value": record["level_code"],
        }
    ]
    for row in record["dimensions"]:
        if row["evidence"] == "not_assessed":
            continue
        identifier = _result_identifier(achievement, row["code"])
        descriptions.append(
            {
                "id": identifier,
                "type": ["ResultDescription"],
                "name": f"{row['title_zh']} {row['title_en']} (theta)",
                "resultType": "RawScore",
            }
        )
        results.append(
            {
                "type": ["Result"],
                "resultDescription": identifier,
                # + 0.0: a negative zero would be "-0.0000", but RFC 8785 keeps no sign of it.
                "value": f"{row['theta'] + 0.0:.4f}",
            }
        )
    return descriptions, results


def _achievement(record: dict[str, Any], base: str) -> tuple[dict[str, Any], list[Any]]:
    identifier = "/".join((base, "achievements", record["programme_code"], record["level_code"]))
    descriptions, results = _results(record, identifier)
    title_zh = f"{record['programme_title_zh']} {record['level_title_zh']}"
    title_en = f"{record['programme_title_en']}, {record['level_title_en']}"
    achievement = {
        "id": identifier,
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": title_zh,
        "description": title_en,
        "version": record["programme_version"],
        "criteria": {
            "narrative": (
                f"Ability estimated by the examination of {record['programme_code']}, "
                f"version {record['programme_version']}."
            )
        },
        "resultDescription": descriptions,
    }
    return achievement, results


def credential_document(record: dict[str, Any]) -> dict[str, Any]:
    """The OB 3.0 AchievementCredential (section B.1.2 of the specification) of a record."""
    base = record["issuer_url"].rstrip("/")
    achievement, results = _achievement(record, base)
    document: dict[str, Any] = {
        "@context": [VC_CONTEXT, OB_CONTEXT, _RECORD_CONTEXT],
        "id": f"{base}/credentials/{record['credential_id']}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement["name"],
        "issuer": {
            "id": record["issuer_url"],
            "type": ["Profile"],
            "name": f"{record['issuer_name_zh']} {record['issuer_name_en']}",
            "url": record["issuer_url"],
        },
        "validFrom": record["issued_at"],
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": record["holder_name"],
                    "identityType": "name",
                }
            ],
            "achievement": achievement,
            "result": results,
        },
        RECORD: record,
    }
    if record["valid_until"] is not None:
        document["validUntil"] = record["valid_until"]
    return document


def document_record(document: object) -> dict[str, Any]:
    """The record inside a document; raises CredentialDocumentError where there is none."""
    if not isinstance(document, dict):
        raise CredentialDocumentError(
            where="$", expected="a JSON object", found=type(document).__name__
        )
    record = document.get(RECORD)
    if not isinstance(record, dict):
        raise CredentialDocumentError(where=RECORD, expected="a JSON object", found=repr(record))
    return record
