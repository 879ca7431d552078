"""Auditors follow a certificate back to the answers and have it computed again.

Administrators enter too: they revoke. Nothing else is changed here.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certificates.errors import CredentialIdError
from certify.errors import InvalidField
from certify.services.administering import list_audit_events
from certify.services.auditing import (
    get_transcript,
    recompute_certificate,
    search_credentials,
    view_chain,
)
from certify.services.issuing import LONGEST_REASON, revoke_credential
from certify.services.ports import CredentialFilter
from certify.services.problems import PROBLEM_BASES
from certify.web.auth import current_person, require_roles, service_context
from certify.web.i18n import translate_problem
from certify.web.list_address import page_number, pages_of
from certify.web.trail_words import (
    KIND_NAMES,
    LINK_WORDS,
    action_name,
    actor_name,
    audit_reason,
    event_detail,
)

bp = Blueprint("auditing", __name__, url_prefix="/audit")
bp.add_app_template_filter(action_name)
bp.add_app_template_filter(actor_name)
bp.add_app_template_filter(event_detail)

LONGEST_SEARCH = 100
STATUSES = ("standing", "revoked")
Errors = list[tuple[str, str]]


@bp.get("")
@require_roles("auditor", "administrator")
def index() -> str | tuple[str, int]:
    """Issued certificates by ID, holder, date and state."""
    text = request.args.get("text", "")[:LONGEST_SEARCH].strip()
    status = request.args.get("status", "")
    first, last = request.args.get("from", ""), request.args.get("to", "")
    errors: Errors = []
    issued_from = start_of(first, "from", errors)
    issued_before = start_of(last, "to", errors)
    conditions = CredentialFilter(
        text=plain(text),
        issued_from=issued_from,
        issued_before=issued_before + dt.timedelta(days=1) if issued_before else None,
        status=status if status in STATUSES else "",
    )
    found = search_credentials(service_context(), conditions, number=page_number(), size=30)
    page = render_template(
        "auditing/index.html",
        found=found,
        pages=pages_of(),
        text=text,
        status=conditions.status,
        first=first,
        last=last,
        errors=errors,
        now=service_context().clock(),
    )
    return (page, 422) if errors else page


@bp.get("/certificates/<credential_id>")
@require_roles("auditor", "administrator")
def show(credential_id: str) -> str:
    """The chain of one certificate; with `?recompute=yes` also its second computation."""
    return show_chain(credential_id, "", [], recompute=request.args.get("recompute") == "yes")


@bp.get("/certificates/<credential_id>/transcript.json")
@require_roles("auditor", "administrator")
def transcript(credential_id: str) -> Response:
    """The canonical transcript, whose SHA-256 the certificate carries."""
    content = get_transcript(service_context(), credential_id)
    response = current_app.response_class(content, mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename="transcript.json")
    return response


@bp.post("/certificates/<credential_id>/revoke")
@require_roles("administrator")
def revoke(credential_id: str) -> Response | tuple[str, int]:
    """Revoke for good, after a reason was given and the consequence confirmed."""
    reason = request.form.get("reason", "")
    errors: Errors = []
    if request.form.get("confirm") != "yes":
        errors.append(("confirm", gettext("Confirm that the certificate shall lose its validity")))
    if not errors:
        try:
            revoke_credential(
                service_context(), credential_id, reason=reason, actor=current_person().username
            )
        except CredentialIdError:
            abort(404)
        except InvalidField:
            message = gettext("Enter a reason of 1 to %(num)s characters", num=LONGEST_REASON)
            errors.append(("reason", message))
    if errors:
        return show_chain(credential_id, reason, errors), 422
    flash(gettext("The certificate was revoked. Everybody who verifies it is told so."))
    return redirect(url_for("auditing.show", credential_id=credential_id), code=303)


@bp.get("/trail")
@require_roles("auditor", "administrator")
def trail() -> str:
    """Who did what to what, the newest first."""
    about = request.args.get("about", "")[:LONGEST_SEARCH].strip()
    kind = request.args.get("kind", "")
    kind = kind if kind in KIND_NAMES else ""
    found = list_audit_events(
        service_context(), about=about, kind=kind, number=page_number(), size=50
    )
    return render_template(
        "auditing/trail.html",
        found=found,
        pages=pages_of(),
        about=about,
        kind=kind,
        kinds=KIND_NAMES,
    )


def show_chain(credential_id: str, reason: str, errors: Errors, *, recompute: bool = False) -> str:
    context = service_context()
    chain = view_chain(context, credential_id)
    recomputed, obstacle = None, ""
    if recompute:
        try:
            recomputed = recompute_certificate(context, credential_id)
        except PROBLEM_BASES as problem:
            # a programme or release that is gone must not hide the chain itself
            obstacle = translate_problem(problem)  # type: ignore[arg-type]
    return render_template(
        "auditing/chain.html",
        chain=chain,
        link_words=LINK_WORDS,
        reasons=[audit_reason(reason) for reason in chain.decision.reasons],
        recomputed=recomputed,
        obstacle=obstacle,
        may_revoke="administrator" in current_person().roles,
        longest_reason=LONGEST_REASON,
        reason=reason,
        errors=errors,
    )


def start_of(text: str, field: str, errors: Errors) -> dt.datetime | None:
    """The beginning of a typed day in the exam's zone; None for no day or an unfit one."""
    if not text.strip():
        return None
    zone = ZoneInfo(current_app.extensions["certify_web_settings"].time_zone)
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text.strip()), dt.time(), tzinfo=zone)
    except ValueError:
        errors.append((field, gettext("Enter the day as year-month-day, for example 2026-11-20")))
        return None


def plain(text: str) -> str:
    """An ID is stored without the dashes that people copy along; names rarely hold a dash."""
    bare = "".join(text.replace("-", "").split())
    looks_like_id = bare.isascii() and bare.isalnum() and any(c.isdigit() for c in bare)
    return bare if looks_like_id else text
