"""Static files with a content hash in the address, so that they may be kept for a year.

`asset_url("css/base.css")` is available in every template. A file asked for without its
present hash is revalidated instead, which keeps module imports between scripts fresh.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

ONE_YEAR_SECONDS = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    app.extensions["certify_asset_hashes"] = {}
    app.add_template_global(asset_url, "asset_url")
    app.after_request(set_cache_lifetime)


def asset_hash(filename: str) -> str:
    """First 12 hex digits of the file's SHA-256; remembered outside development."""
    hashes: dict[str, str] = current_app.extensions["certify_asset_hashes"]
    settings = current_app.extensions["certify_web_settings"]
    if filename in hashes and settings.environment != "development":
        return hashes[filename]
    static_folder = Path(current_app.static_folder or "")
    digest = hashlib.sha256((static_folder / filename).read_bytes()).hexdigest()[:12]
    hashes[filename] = digest
    return digest


def asset_url(filename: str) -> str:
    """Address of a static file with its content hash."""
    return url_for("static", filename=filename, v=asset_hash(filename))


def set_cache_lifetime(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code not in (200, 304):
        return response
    filename = str((request.view_args or {}).get("filename", ""))
    response.headers.pop("Cache-Control", None)
    if request.args.get("v") == asset_hash(filename):
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response
