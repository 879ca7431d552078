"""The decision on an attempt with the numbers behind it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, fields

from certify.services.deciding import ResultView
from certify.web.schemas.fields import described

PROVISIONAL = "provisional"
PROVISIONAL_NOTICE = lazy_gettext(
    "The item parameters are provisional: experts set them, and no answers of candidates have "
    "confirmed them yet. The uncertainty stated here is widened for that reason."
)


class DimensionAnswer(Schema):
    code = fields.String(required=True)
    theta = fields.Float(required=True, allow_none=True)
    se = fields.Float(required=True, allow_none=True)
    items = fields.Integer(required=True)
    share = fields.Float(required=True)
    evidence = fields.String(required=True)


class ReasonAnswer(Schema):
    code = fields.String(required=True)
    level = fields.String(required=True)
    value = fields.Float(required=True, allow_none=True)
    required_ = fields.Float(
        required=True, allow_none=True, data_key="required", attribute="required"
    )
    dimension = fields.String(required=True, allow_none=True)


class PointsAnswer(Schema):
    code = fields.String(required=True)
    points = fields.String(required=True, metadata=described("An exact fraction"))
    possible = fields.String(required=True)
    items = fields.Integer(required=True)
    answered = fields.Integer(required=True)


class FormAnswer(Schema):
    part = fields.String(required=True)
    form_digest = fields.String(required=True)
    title = fields.String(required=True)
    letter = fields.String(required=True)
    points = fields.String(
        required=True,
        metadata=described("The raw score as an exact fraction, partial credit included"),
    )
    possible = fields.String(required=True)
    sections = fields.List(fields.Nested(PointsAnswer), required=True)
    dimensions = fields.List(fields.Nested(PointsAnswer), required=True)


class StepAnswer(Schema):
    dimension = fields.String(required=True)
    text_zh = fields.String(required=True)
    text_en = fields.String(required=True)
    course_zh = fields.String(required=True)
    course_en = fields.String(required=True)


class ResultAnswer(Schema):
    attempt_id = fields.String(required=True)
    programme = fields.String(required=True)
    applied_level = fields.String(required=True)
    placed_level = fields.String(required=True)
    awarded_level = fields.String(required=True)
    probability = fields.Float(required=True)
    posterior = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    threshold = fields.Float(required=True)
    distance_to_cut = fields.Float(required=True)
    theta = fields.Float(required=True)
    se = fields.Float(required=True)
    items = fields.Integer(required=True)
    dimensions = fields.List(fields.Nested(DimensionAnswer), required=True)
    reasons = fields.List(fields.Nested(ReasonAnswer), required=True)
    parameter_status = fields.String(required=True)
    provisional_notice = fields.String(required=True, allow_none=True)
    end_reason = fields.String(required=True, allow_none=True)
    credential_id = fields.String(required=True, allow_none=True)
    transcript_sha256 = fields.String(
        required=True, metadata=described("Hash of the record that the decision replays from")
    )
    learning_steps = fields.List(fields.Nested(StepAnswer), required=True)
    forms = fields.List(
        fields.Nested(FormAnswer),
        required=True,
        metadata=described("Raw scores of fixed forms; empty for an adaptive exam"),
    )


class CredentialIdAnswer(Schema):
    credential_id = fields.String(required=True)


def result_body(result: ResultView) -> dict[str, Any]:
    """A result without the course of the estimate, which names items."""
    decision, report, end_reason = result.decision, result.report, result.attempt.end_reason
    is_provisional = report.parameter_status == PROVISIONAL
    return {
        "attempt_id": result.attempt_id,
        "programme": result.programme.code,
        "applied_level": decision.applied_level,
        "placed_level": decision.placed_level,
        "awarded_level": decision.awarded_level,
        "probability": decision.probability,
        "posterior": decision.posterior,
        "threshold": decision.threshold,
        "distance_to_cut": decision.distance_to_cut,
        "theta": report.theta,
        "se": report.se,
        "items": report.items,
        "dimensions": [asdict(dimension) for dimension in report.dimensions],
        "reasons": [asdict(reason) for reason in decision.reasons],
        "parameter_status": report.parameter_status,
        "provisional_notice": str(PROVISIONAL_NOTICE) if is_provisional else None,
        "end_reason": end_reason.value if end_reason else None,
        "credential_id": result.credential_id,
        "transcript_sha256": result.transcript_sha256,
        "learning_steps": [asdict(step) for step in result.learning_steps],
        "forms": [asdict(score) for score in report.forms],
    }
