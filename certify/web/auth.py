"""Who is signed in, and who may enter: the login session and the access mark on every endpoint.

Every endpoint, page or interface, carries `@public` or `@require_roles(...)`; one guard before
each request reads the mark, so the order of decorators does not matter, and an endpoint without
a mark stays closed. Passwords are checked by `services.administering`; no page is drawn here.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlsplit

import structlog
from flask import Flask, abort, current_app, g, redirect, request, session
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from certify.errors import NotPermitted, WrongCredentials
from certify.services.administering import authenticate, find_login
from certify.services.context import ServiceContext
from certify.services.ports import ROLES, Person
from certify.web.exam_pass import enter_by_pass
from certify.web.extensions import limiter
from certify.web.viewer import Viewer

View = TypeVar("View", bound=Callable[..., Any])

ACCESS_MARK = "certify_access"
PUBLIC: frozenset[str] = frozenset({"*"})
UNGUARDED_ENDPOINTS = frozenset({"static"})

API_PREFIX = "/api/"
LOGIN_PATH = "/login"
LOGIN_LIFETIME = timedelta(hours=12)
RENEWAL_INTERVAL = timedelta(minutes=10)
RENEWED_AT = "renewed_at"
LOGIN_STAMP = "login_stamp"
LOGIN_LIMIT = "10 per minute; 100 per hour"
LONGEST_USERNAME = 64
LONGEST_PASSWORD = 1024

log = structlog.get_logger("certify.web")


class Account(UserMixin):
    """A person in the shape that Flask-Login asks for."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @property
    def is_active(self) -> bool:
        return self.person.is_active

    def get_id(self) -> str:
        return self.person.id


# --- marks on endpoints --------------------------------------------------------------------


def public(view: View) -> View:
    """Mark an endpoint as open to everybody."""
    setattr(view, ACCESS_MARK, PUBLIC)
    return view


def require_roles(*roles: str) -> Callable[[View], View]:
    """Mark an endpoint as open to signed-in people with at least one of the roles."""
    unknown = set(roles) - set(ROLES)
    if unknown or not roles:
        raise ValueError(f"expected roles out of {ROLES}, found {roles}")

    def mark(view: View) -> View:
        setattr(view, ACCESS_MARK, frozenset(roles))
        return view

    return mark


def require_login(view: View) -> View:
    """Mark an endpoint as open to everybody who is signed in, whatever the role."""
    return require_roles(*ROLES)(view)


def declared_access(view: Callable[..., Any]) -> frozenset[str] | None:
    """The roles that may enter, PUBLIC, or None where nothing was declared."""
    return cast("frozenset[str] | None", getattr(view, ACCESS_MARK, None))


# --- one request ---------------------------------------------------------------------------


def init_app(app: Flask) -> None:
    """Attach the guard. Must precede CSRF protection and rate limits.

    An expired login then answers 401 and not "token missing", and limits count by person.
    """
    app.config.update(
        PERMANENT_SESSION_LIFETIME=LOGIN_LIFETIME,
        # The cookie is renewed by `renew_session` instead: seldom, and never with a static file.
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    manager = LoginManager()
    # A candidate may change the network in mid-exam; the address is no part of the login.
    manager.session_protection = None
    manager.user_loader(load_account)
    manager.init_app(app)
    app.before_request(guard)
    app.before_request(refuse_nameless_fields)


def load_account(person_id: str) -> Account | None:
    """The account of a login session; None ends it.

    So it ends for people who became inactive, and when the password is another one than at login.
    """
    found = find_login(service_context(), person_id)
    if found is None:
        return None
    person, stamp = found
    unchanged = hmac.compare_digest(stamp, str(session.get(LOGIN_STAMP, "")))
    return Account(person) if person.is_active and unchanged else None


def guard() -> Response | None:
    """Set `g.viewer`, then refuse whoever the endpoint is not open to."""
    g.viewer = None
    if request.endpoint in UNGUARDED_ENDPOINTS:
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and enter_by_pass(view):
        renew_session()
        return None
    if current_user.is_authenticated:
        g.viewer = viewer_of(current_person())
        renew_session()
    if request.endpoint is None:
        return None
    allowed = declared_access(current_app.view_functions[request.endpoint])
    if allowed is None:
        log.error("endpoint declares neither public nor require_roles", endpoint=request.endpoint)
        abort(403)
    if allowed == PUBLIC:
        return None
    if g.viewer is None:
        return refuse_stranger()
    if not allowed & g.viewer.roles:
        refuse_role(allowed)
    return None


def refuse_nameless_fields() -> None:
    """400 for a form whose parts have no name: CSRF protection takes for granted that they do."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and None in request.form:
        abort(400)


def refuse_stranger() -> Response:
    """401 for programs, the login page for people."""
    if request.path.startswith(API_PREFIX):
        abort(401)
    if request.method not in ("GET", "HEAD"):
        return redirect(LOGIN_PATH, code=303)
    wanted = request.full_path.removesuffix("?")
    return redirect(f"{LOGIN_PATH}?next={quote(wanted, safe='/')}", code=303)


def refuse_role(allowed: frozenset[str]) -> None:
    if request.path.startswith(API_PREFIX):
        raise NotPermitted(role=" / ".join(sorted(allowed)))
    abort(403)


def renew_session() -> None:
    """Send the cookie again when it is older than RENEWAL_INTERVAL: its lifetime rolls on."""
    now = datetime.now(UTC).timestamp()
    if not is_fresh(session, now):
        session[RENEWED_AT] = now


def is_fresh(session: Mapping[str, Any], now: float) -> bool:
    """Whether the cookie need not be renewed yet; `now` in seconds since 1970."""
    return now - float(session.get(RENEWED_AT, 0.0)) < RENEWAL_INTERVAL.total_seconds()


# --- signing in and out --------------------------------------------------------------------


def log_in(username: str, password: str) -> Person:
    """Check the password and open a fresh login session.

    Raises WrongCredentials, or 429 after too many failures for one user name from one address.
    """
    name = unicodedata.normalize("NFKC", username.strip()).casefold()
    g.login_identity = f"{name[:LONGEST_USERNAME]} {get_remote_address()}"
    g.login_failed = True
    person = check_password(username, password)
    g.login_failed = False
    clear_session()
    login_user(Account(person))
    keep_login(person.id)
    session.permanent = True
    renew_session()
    g.viewer = viewer_of(person)
    return person


@limiter.shared_limit(
    LOGIN_LIMIT,
    scope="login",
    # Not by address alone: the computers of a whole exam room share one.
    key_func=lambda: str(g.login_identity),
    deduct_when=lambda response: bool(g.login_failed),
)
def check_password(username: str, password: str) -> Person:
    """The person of these credentials; failures are counted. Raises WrongCredentials."""
    if not is_plausible(username, password):
        raise WrongCredentials()
    return authenticate(service_context(), username, password)


def keep_login(person_id: str) -> None:
    """Let this browser's login session rest on the person's present password."""
    found = find_login(service_context(), person_id)
    session[LOGIN_STAMP] = found[1] if found else ""


def log_out() -> None:
    """End the login session of this browser."""
    logout_user()
    clear_session()
    g.viewer = None


def is_plausible(username: str, password: str) -> bool:
    """Whether to ask at all: bounds the cost of hashing and keeps odd text from the storage."""
    return (
        0 < len(username.strip()) <= LONGEST_USERNAME
        and len(password) <= LONGEST_PASSWORD
        and username.strip().isprintable()
    )


def clear_session() -> None:
    """Forget everything of the session, so that nothing set before a login outlives it."""
    session.clear()
    # the token of the old session is remembered for the rest of the request
    g.pop("csrf_token", None)


def csrf_token() -> str:
    """The token that unsafe requests of this session must carry."""
    return cast(str, generate_csrf())


# --- what endpoints ask --------------------------------------------------------------------


def service_context() -> ServiceContext:
    """The use cases' context of this application."""
    return cast(ServiceContext, current_app.extensions["certify"])


def current_person() -> Person:
    """The signed-in person; only for endpoints that are not public."""
    return cast(Person, current_user.person)


def current_candidate_id() -> str:
    """Who sits the attempt: by the exam pass, else the signed-in person."""
    return cast(str, g.get("candidate_id") or current_person().id)


def viewer_of(person: Person) -> Viewer:
    return Viewer(identity=person.id, display_name=person.display_name, roles=person.roles)


def local_address(offered: str) -> str:
    """The offered address when it stays on this site, else the home page.

    Browsers read a backslash as a slash, and drop control characters, so both are refused.
    """
    try:
        parts = urlsplit(offered)
    except ValueError:
        return "/"
    stays_here = not parts.scheme and not parts.netloc and offered.startswith("/")
    if not stays_here or offered.startswith("//") or "\\" in offered or not offered.isprintable():
        return "/"
    return offered
