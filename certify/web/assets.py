"""Static files with a content hash in the address, so that they may be kept for a year.

`asset_url("css/base.css")` is available in every template. A file asked for without its
present hash is revalidated instead, which keeps module imports between scripts fresh. Styles and
scripts are sent compressed to browsers that take it; pages are not, as they hold secrets.
"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

ONE_YEAR_SECONDS = 365 * 24 * 3600
COMPRESSED = "gzip"
COMPRESSIBLE = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})


def init_app(app: Flask) -> None:
    app.extensions["certify_asset_hashes"] = {}
    app.extensions["certify_compressed_assets"] = {}
    app.add_template_global(asset_url, "asset_url")
    app.after_request(compress)
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


def compress(response: Response) -> Response:
    """Make a whole style or script smaller for those who accept it."""
    if request.endpoint != "static" or response.mimetype not in COMPRESSIBLE:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not request.accept_encodings[COMPRESSED]:
        return response
    filename = str((request.view_args or {}).get("filename", ""))
    kept: dict[str, bytes] = current_app.extensions["certify_compressed_assets"]
    digest = asset_hash(filename)
    if digest not in kept:
        path = Path(current_app.static_folder or "") / filename
        kept[digest] = gzip.compress(path.read_bytes(), mtime=0)
    etag, _ = response.get_etag()
    response.direct_passthrough = False
    # the opened file
    response.close()
    response.set_data(kept[digest])
    response.content_encoding = COMPRESSED
    if etag:
        # weak: the same file in other bytes
        response.set_etag(etag, weak=True)
    return response


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
