"""The quality of the bank for teachers: coverage of nodes and levels, and what the audit finds."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from certify.services.inspecting import inspect_bank
from certify.services.ports import Page
from certify.web import item_words, quality_words
from certify.web.auth import require_roles, service_context
from certify.web.coverage_map import coverage_map
from question_bank.quality.report import AuditFinding, AuditSeverity

bp = Blueprint("quality", __name__, url_prefix="/items/quality")

PAGE_SIZE = 50
for word_filter in (
    quality_words.severity_name,
    quality_words.audit_words,
    quality_words.place_words,
):
    bp.add_app_template_filter(word_filter)


@bp.get("")
@require_roles("teacher")
def index() -> str:
    """The coverage map and the findings, the worst first; `?severity=` and `?rule=` narrow them."""
    report = inspect_bank(service_context())
    severity, rule = request.args.get("severity", ""), request.args.get("rule", "")
    chosen = [found for found in report.findings if _meets(found, severity, rule)]
    last = max(1, -(-len(chosen) // PAGE_SIZE))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    model = service_context().skill_model
    return render_template(
        "items/quality.html",
        report=report,
        counts={each: len(report.of_severity(each)) for each in AuditSeverity},
        findings=chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
        page=Page((), len(chosen), number, PAGE_SIZE),
        severity=severity,
        rule=rule,
        rules=sorted({found.rule for found in report.findings}),
        coverage=coverage_map(report.cells, model),
        type_names=item_words.TYPE_NAMES,
        severities=quality_words.SEVERITY_NAMES,
        address=lambda wanted: url_for(
            ".index", severity=severity or None, rule=rule or None, page=wanted
        ),
    )


def _meets(found: AuditFinding, severity: str, rule: str) -> bool:
    return severity in ("", found.severity) and rule in ("", found.rule)
