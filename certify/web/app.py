"""Build the web application from a service context and settings.

Wires the shared parts in one order: settings, logs, languages, protection, pages.
It decides nothing about exams or certificates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from certify.services.context import ServiceContext
from certify.web import (
    assets,
    auth,
    display,
    exam_place,
    i18n,
    navigation,
    problems,
    request_log,
    security_headers,
)
from certify.web.answer_lane import AnswerLane
from certify.web.api import registration
from certify.web.extensions import csrf, limiter
from certify.web.pages import (
    attempts,
    auditing,
    exams,
    grading,
    home,
    integrity,
    items,
    language,
    lobby,
    page_log,
    people,
    practice,
    rescoring,
    results,
    sessions,
    style_guide,
    verifying,
)
from certify.web.pages import auth as auth_pages
from certify.web.settings import WebSettings


class Website(Flask):
    """Flask without asynchronous views: none of ours is, and asking each one costs time."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(context: ServiceContext, settings: WebSettings) -> Flask:
    """Return a ready application; `context` is reachable as `app.extensions["certify"]`."""
    app = Website("certify.web")
    app.config.from_mapping(flask_configuration(settings))
    app.extensions["certify"] = context
    app.extensions["certify_web_settings"] = settings
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    request_log.init_app(app)
    i18n.init_app(app, settings)
    auth.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    exam_place.init_app(app)
    assets.init_app(app)
    display.init_app(app)
    navigation.init_app(app)
    security_headers.init_app(app)
    problems.init_app(app)
    registration.init_app(app)
    register_pages(app, settings)
    app.wsgi_app = AnswerLane(app, app.wsgi_app, context)  # type: ignore[method-assign]
    if settings.trusted_proxy_count:
        hops = settings.trusted_proxy_count
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    return app


def flask_configuration(settings: WebSettings) -> dict[str, object]:
    """Settings in the words of Flask and its extensions."""
    production = settings.environment == "production"
    return {
        "SECRET_KEY": settings.secret_key,
        "TESTING": settings.environment == "test",
        # Error pages are shown in every environment; a traceback goes to the log only.
        "PROPAGATE_EXCEPTIONS": False,
        "TRAP_HTTP_EXCEPTIONS": False,
        "MAX_CONTENT_LENGTH": settings.max_upload_bytes,
        "SESSION_COOKIE_NAME": "certify_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": production,
        # A token lives as long as its session: an exam outlasts the usual hour.
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_STORAGE_URI": settings.rate_limit_storage_url,
        "RATELIMIT_ENABLED": settings.environment != "test",
    }


def register_pages(app: Flask, settings: WebSettings) -> None:
    """Attach every page blueprint; the style guide never in production."""
    app.register_blueprint(language.bp)
    app.register_blueprint(auth_pages.bp)
    for room in (home, exams, attempts, results, verifying, items, grading, auditing, people):
        app.register_blueprint(room.bp)
    for room in (practice, lobby, sessions, rescoring, integrity, page_log):
        app.register_blueprint(room.bp)
    if settings.environment != "production":
        app.register_blueprint(style_guide.bp)
