"""Certification programmes that candidates may apply to."""

from __future__ import annotations

from typing import Any

from certify.services.delivering import list_open_programmes
from certify.web.api.interface import ApiBlueprint
from certify.web.auth import public, service_context
from certify.web.schemas.exams import ProgrammesAnswer, programme_body

bp = ApiBlueprint("programmes", "Certification programmes")


@bp.get("/programmes")
@public
@bp.response(200, ProgrammesAnswer)
def get_programmes() -> dict[str, Any]:
    """Programmes and the exams of their levels."""
    return {"programmes": [programme_body(p) for p in list_open_programmes(service_context())]}
