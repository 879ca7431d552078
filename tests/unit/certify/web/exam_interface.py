"""A made-up interface for the scripts of the exam page: answers as told, remembers what it got."""

from __future__ import annotations

import json
from typing import Any


class Interface:
    """Stands in for /api/v1/attempts: answers as told, and remembers what it was sent."""

    def __init__(self) -> None:
        self.drafts: list[dict[str, Any]] = []
        self.status = 200
        self.code = ""
        self.takes_without_a_reply = False
        self.remaining_seconds: float | None = None
        self.state = "running"
        self.offline = False

    def answer(self, route: Any) -> None:
        if self.offline:
            route.abort("internetdisconnected")
            return
        body: dict[str, Any] = {"state": self.state, "saved": True}
        if self.remaining_seconds is not None:
            body["remaining_seconds"] = self.remaining_seconds
        if route.request.method == "PUT":
            draft = json.loads(route.request.post_data)
            self.drafts.append(draft | {"token": route.request.headers.get("x-csrftoken")})
            body["revision"] = draft["revision"]
            if self.takes_without_a_reply:
                route.abort("connectionreset")
                return
        if self.code:
            body["code"] = self.code
        route.fulfill(status=self.status, content_type="application/json", body=json.dumps(body))
