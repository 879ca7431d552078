"""The interface's blueprint and its OpenAPI document, with what holds for every endpoint.

From the access mark, the method and the address of an endpoint follow the CSRF header, the
security scheme and the refusals that its description lists; endpoints describe only their own.
"""

from __future__ import annotations

import http
from collections.abc import Callable, Mapping
from typing import Any

import flask_smorest
from flask import Flask, Response
from flask_smorest.spec import prepare_response

from certify.web.api import problems
from certify.web.api.reading import StrictParser
from certify.web.auth import PUBLIC, View, declared_access, public
from certify.web.schemas.problem import ProblemDetails

VERSION_PREFIX = "/api/v1"
CSRF_PARAMETER = {
    "in": "header",
    "name": "X-CSRFToken",
    "required": True,
    "schema": {"type": "string"},
    "description": "The token of GET /api/v1/csrf-token.",
}
NOT_FOR_SEARCH = ("X-Robots-Tag", "noindex")
SAFE_METHODS = ("get", "head", "options")


class ApiBlueprint(flask_smorest.Blueprint):
    """A group of endpoints: problem details for errors, strict reading, tag by group."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, group: str, description: str) -> None:
        # pages have blueprints of the same names
        super().__init__(
            f"api_{group}", __name__, url_prefix=VERSION_PREFIX, description=description
        )
        self.group = group
        self._prepare_doc_cbks.append(describe_common)
        problems.attach(self)

    def arguments(self, schema: Any, **options: Any) -> Callable[[View], View]:
        """As the library's, with the schema made once and not for each request."""
        made = schema() if isinstance(schema, type) else schema
        decorate: Callable[[View], View] = super().arguments(made, **options)
        return decorate

    def refuses(self, *statuses: int) -> Callable[[View], View]:
        """Describe refusals of an endpoint beyond those that all of its kind share."""

        def decorate(view: View) -> View:
            for status in statuses:
                view = self.alt_response(status, http.HTTPStatus(status).name)(view)
            return view

        return decorate

    def _store_endpoint_docs(
        self,
        endpoint: str,
        obj: Callable[..., Any],
        parameters: list[Any] | None,
        tags: list[str] | None,
        **options: Any,
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags or [self.group], **options)
        for name, info in self._docs[endpoint].items():
            if name != "parameters":
                info["access"] = declared_access(obj)


class Interface(flask_smorest.Api):
    """The document at /api/openapi.json and the registration of blueprints."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = ProblemDetails

    def register_group(self, bp: ApiBlueprint) -> None:
        """Like `register_blueprint`, with the tag named after the group."""
        app: Flask = self._app
        app.extensions["flask-smorest"]["blp_name_to_api"][bp.name] = self
        app.register_blueprint(bp)
        bp.register_views_in_doc(self, app, self.spec, name=bp.name, parameters=None)
        self.spec.tag({"name": bp.group, "description": bp.description})

    def _register_responses(self) -> None:
        for status in problems.CODES:
            phrase = http.HTTPStatus(status)
            response = {"description": phrase.phrase, "schema": self.ERROR_SCHEMA}
            prepare_response(response, self.spec, problems.CONTENT_TYPE)
            self.spec.components.response(phrase.name, response, lazy=True)

    def _register_error_handlers(self) -> None:
        """`certify.web.api.problems` answers errors."""

    @public
    def _openapi_json(self) -> Response:
        return super()._openapi_json()


def describe_common(
    operation: dict[str, Any], info: Mapping[str, Any], *, method: str, **context: Any
) -> dict[str, Any]:
    """Add to a description what follows from mark, method and input of the endpoint."""
    responses = operation.setdefault("responses", {})
    refusals = {429}
    if info["access"] != PUBLIC:
        refusals |= {401, 403}
        operation["security"] = [{"login": []}]
        operation["x-roles"] = sorted(info["access"] or ())
    if method not in SAFE_METHODS:
        refusals |= {400}
        operation.setdefault("parameters", []).append(CSRF_PARAMETER)
    if "requestBody" in operation:
        refusals |= {400, 413, 415, 422}
    for status in refusals:
        responses[status] = http.HTTPStatus(status).name
    return operation
