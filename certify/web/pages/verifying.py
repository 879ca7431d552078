"""Anybody checks a certificate here: by its ID, by its QR code, or by its file.

By ID only public facts are shown; an unknown ID gets an answer of the same shape. A file is
compared by its hash first and travels only when the visitor agrees. Nothing is kept.
"""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from certificates.errors import CredentialIdError, UnreadableCertificate
from certify.services.verifying import (
    check_qr,
    confirm_name,
    find_by_hash,
    find_public,
    read_id,
    verify_file,
)
from certify.web.auth import public, service_context
from certify.web.check_words import STATUS_NEWS, VERDICT_NEWS, check_lines
from certify.web.extensions import limiter
from certify.web.i18n import translate_problem
from certify.web.viewer import rate_limit_identity

bp = Blueprint("verifying", __name__)

LOOK_UPS = "60 per minute; 1000 per hour"
FILES = "20 per minute; 200 per hour"
# A masked name leaves few possibilities: guessing them must stay slow.
NAMES = "5 per minute; 20 per hour"
NAME_ANSWER = "name_answer"
LONGEST_ID = 100
LONGEST_NAME = 100
LARGEST_FILE = 10 * 1024 * 1024

Answer = str | Response | tuple[str, int]


@bp.after_request
def keep_out_of_search_engines(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@bp.get("/verify")
@public
@limiter.limit(LOOK_UPS)
def index() -> Answer:
    """Both ways to check; a typed ID leads on to its result."""
    text = request.args.get("id", "")[:LONGEST_ID]
    if not text.strip():
        return show_entrance()
    try:
        return redirect(url_for("verifying.show", text=read_id(text)), code=303)
    except CredentialIdError as problem:
        return show_entrance(text, [("id", translate_problem(problem))]), 422


@bp.get("/v")
@bp.get("/V")
@public
def entrance() -> Response:
    """The printed address without an ID."""
    return redirect(url_for("verifying.index"), code=303)


@bp.get("/V/<text>/<proof>")
@bp.get("/V/<text>")
@bp.get("/v/<text>/<proof>")
@bp.get("/v/<text>")
@public
@limiter.limit(LOOK_UPS)
def show(text: str, proof: str = "") -> Answer:
    """What is publicly known of one ID; with a proof also whether the QR code is genuine."""
    text = text[:LONGEST_ID]
    try:
        credential_id = read_id(text)
    except CredentialIdError as problem:
        return show_entrance(text, [("id", translate_problem(problem))]), 422
    context = service_context()
    found = find_public(context, credential_id)
    scanned = request.url_root + "v"
    asked, agrees = session.pop(NAME_ANSWER, (None, None))
    return render_template(
        "verifying/certificate.html",
        credential_id=credential_id,
        found=found,
        news=STATUS_NEWS[found.status if found else "unknown"],
        qr=check_qr(context, credential_id, proof, scanned_address=scanned) if proof else None,
        name_address=place_of("check_name", credential_id, proof),
        name_agrees=agrees if asked == credential_id else None,
    )


def names_of_one_certificate() -> str:
    return f"{rate_limit_identity()} {(request.view_args or {}).get('text', '')[:LONGEST_ID]}"


@bp.post("/v/<text>/<proof>")
@bp.post("/v/<text>")
@public
@limiter.limit(LOOK_UPS)
@limiter.limit(NAMES, key_func=names_of_one_certificate)
def check_name(text: str, proof: str = "") -> Answer:
    """Say yes or no to a typed name, and nothing else."""
    try:
        credential_id = read_id(text[:LONGEST_ID])
    except CredentialIdError as problem:
        return show_entrance(text[:LONGEST_ID], [("id", translate_problem(problem))]), 422
    name = request.form.get("name", "")[:LONGEST_NAME]
    agrees = confirm_name(service_context(), credential_id, name)
    session[NAME_ANSWER] = (credential_id, agrees)
    return redirect(f"{place_of('show', credential_id, proof)}#name-check", code=303)


def place_of(endpoint: str, credential_id: str, proof: str) -> str:
    """The address of a result; an empty proof must not become an empty segment."""
    if proof:
        return url_for(f"verifying.{endpoint}", text=credential_id, proof=proof)
    return url_for(f"verifying.{endpoint}", text=credential_id)


@bp.get("/verify/file")
@public
def file_entrance() -> Response:
    """A reload of the report, whose file is gone."""
    return redirect(url_for("verifying.index", _anchor="by-file"), code=303)


@bp.post("/verify/file")
@public
@limiter.limit(FILES)
def check_file() -> Answer:
    """All checks of an uploaded file, which is forgotten afterwards."""
    uploaded = request.files.get("certificate")
    data = uploaded.read(LARGEST_FILE + 1) if uploaded else b""
    message = ""
    if not data:
        message = gettext("Choose the certificate's PDF file. An empty file cannot be checked.")
    elif len(data) > LARGEST_FILE:
        message = gettext("This file is larger than 10 MB. No certificate is: choose another file.")
    if not message:
        try:
            report = verify_file(service_context(), data)
        except UnreadableCertificate:
            message = gettext(
                "This is not a PDF file. Choose the PDF that you were given; "
                "a photograph or a scan cannot be checked, but its ID can."
            )
    if message:
        return show_entrance(errors=[("certificate", message)]), 422
    return render_template(
        "verifying/report.html",
        report=report,
        filename=uploaded.filename if uploaded else "",
        news=VERDICT_NEWS[report.status],
        lines=check_lines(report.checks),
    )


@bp.post("/verify/hash")
@public
@limiter.limit(LOOK_UPS)
def check_hash() -> Response:
    """Whether a file of this SHA-256 was issued here and is in force; for scripts."""
    body = request.get_json(silent=True)
    offered = body.get("sha256") if isinstance(body, dict) else None
    found = find_by_hash(service_context(), offered) if isinstance(offered, str) else None
    if found is None:
        return jsonify(known=False)
    address = url_for("verifying.show", text=found.credential_id)
    return jsonify(known=True, status=found.status, address=address)


def show_entrance(text: str = "", errors: list[tuple[str, str]] | None = None) -> str:
    return render_template("verifying/index.html", text=text, errors=errors or [])
