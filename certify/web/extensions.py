"""The Flask extensions of which one object is shared by pages and interface.

Blueprints decorate with `limiter.limit(...)` and `csrf.exempt(...)`; `create_app` binds
the objects to an application. There is no default limit per address: a whole exam room
usually shares one.
"""

from __future__ import annotations

from flask_limiter import Limiter
from flask_wtf.csrf import CSRFProtect

from certify.web.viewer import rate_limit_identity

csrf = CSRFProtect()
limiter = Limiter(key_func=rate_limit_identity, headers_enabled=True)
