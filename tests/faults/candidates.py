"""A candidate whose browser and network do what they should not, and who goes on regardless.

Replies are dropped, requests sent twice, at once or later, older answers after newer ones, pages
opened anew; whatever was sent in vain is sent again with the same key, as the exam page does.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tests.faults.ledger import Acknowledged, Ledger

PROGRAMME, LEVEL = "estorm-comprehensive", "novice"
RETRY_SECONDS = 0.1
TIMEOUT_SECONDS = 20
ATTEMPTS_EACH = 3
"""A bank has not enough items for more retakes."""
NETWORK_FAULTS = (OSError, http.client.HTTPException)


class RoundOver(Exception):
    """The server did not come back within the round; the candidate goes on in the next."""


@dataclass
class Reply:
    """Status and body of an answer of the server."""

    status: int
    body: Any


@dataclass
class Browser:
    """Sends requests with the login of one person; knows when to stop trying."""

    base: str
    cookie: str = ""
    token: str = ""
    stop: threading.Event = field(default_factory=threading.Event)

    def send(self, method: str, path: str, body: Any = None, *, drop: bool = False) -> Reply:
        """One request on a connection of its own; a dropped one is not waited for."""
        address = urlsplit(self.base)
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=TIMEOUT_SECONDS
        )
        try:
            headers = {"Cookie": self.cookie, "X-CSRFToken": self.token}
            content = None if body is None else json.dumps(body)
            if content is not None:
                headers["Content-Type"] = "application/json"
            connection.request(method, f"/api/v1{path}", content, headers)
            if drop:
                return Reply(0, None)
            reply = connection.getresponse()
            text = reply.read()
            cookie = reply.getheader("Set-Cookie") or ""
            if cookie.startswith("certify_session="):
                self.cookie = cookie.split(";")[0]
            return Reply(reply.status, json.loads(text) if text else None)
        finally:
            connection.close()

    def insist(self, method: str, path: str, body: Any = None) -> Reply:
        """Send again until there is an answer that is not the server's failure."""
        while True:
            try:
                reply = self.send(method, path, body)
                if reply.status < 500:
                    return reply
            except (*NETWORK_FAULTS, ValueError):
                pass
            if self.stop.is_set():
                raise RoundOver
            time.sleep(RETRY_SECONDS)

    def log_in(self, username: str, password: str) -> None:
        """Open a login session."""
        self.token = self.insist("GET", "/csrf-token").body["csrf_token"]
        reply = self.insist("POST", "/login", {"username": username, "password": password})
        assert reply.status == 200, reply
        self.token = reply.body["csrf_token"]


@dataclass
class UnluckyCandidate:
    """Sits one exam after the other. `pending` is what the server has not acknowledged yet."""

    person_id: str
    browser: Browser
    ledger: Ledger
    source: Random
    attempt_id: str = ""
    begun: int = 0
    pending: tuple[str, dict[str, Any]] | None = None
    is_wishing: bool = False

    @property
    def is_through(self) -> bool:
        """Whether the candidate has sat enough."""
        return self.begun >= ATTEMPTS_EACH and not self.attempt_id and not self.is_wishing

    def act(self) -> None:
        """One step of an exam, with something wrong about it now and then."""
        if self.pending is not None:
            self._settle()
        elif not self.attempt_id:
            self._start()
        else:
            self._go_on()

    def _start(self) -> None:
        if not self.is_wishing:
            self.ledger.wish_attempt(self.person_id)
            self.is_wishing = True
            self.begun += 1
        body = {"programme": PROGRAMME, "level": LEVEL}
        if self.source.random() < 0.3:
            self._throw("POST", "/attempts", body)
        if self.source.random() < 0.3:
            thread = threading.Thread(target=self._throw, args=("POST", "/attempts", body))
            thread.start()
        reply = self.browser.insist("POST", "/attempts", body)
        if reply.status not in (200, 201):
            self.ledger.wonder(f"start: {reply}")
            return
        self.attempt_id, self.is_wishing = reply.body["id"], False

    def _go_on(self) -> None:
        place = f"/attempts/{self.attempt_id}"
        opens = self.source.random() < 0.2
        view = self.browser.insist("POST", f"{place}/pages") if opens else None
        view = view or self.browser.insist("GET", place)
        if view.status != 200:
            self.ledger.wonder(f"view: {view}")
            return
        if view.body["state"] != "running":
            self._leave(view.body)
            return
        if self.source.random() < 0.01:
            self._hand_in(place)
            return
        item, revision = view.body["item"], view.body["revision"] + 1
        body = {
            "response": some_response(item, self.source),
            "final": self.source.random() < 0.7,
            "revision": revision + self.source.randrange(3),
            "client": view.body["client"],
            "idempotency_key": f"key-{self.source.getrandbits(64):016x}",
        }
        self.pending = f"{place}/responses/{item['position']}", body
        self._settle()

    def _settle(self) -> None:
        """Send what is pending, at least once, until the server says what became of it."""
        assert self.pending is not None
        path, body = self.pending
        if self.source.random() < 0.15:
            self._throw("PUT", path, body)
        thread = None
        if self.source.random() < 0.15:
            thread = threading.Thread(target=self._throw, args=("PUT", path, body, False))
            thread.start()
        reply = self.browser.insist("PUT", path, body)
        if thread is not None:
            thread.join()
        position = int(path.rsplit("/", 1)[1])
        self.pending = None
        if reply.status == 200:
            answer = Acknowledged(
                position, body["revision"], body["response"], body["idempotency_key"]
            )
            self.ledger.acknowledge(self.attempt_id, answer)
            self._send_an_older_one(path, body)
        elif reply.status != 409:
            self.ledger.wonder(f"answer {body}: {reply}")

    def _send_an_older_one(self, path: str, body: dict[str, Any]) -> None:
        """What overtook its successor on the way: it must change nothing."""
        if self.source.random() < 0.1 and body["revision"] > 1:
            key = f"old-{self.source.getrandbits(64):016x}"
            older = {**body, "revision": body["revision"] - 1, "idempotency_key": key}
            reply = self.browser.insist("PUT", path, older)
            if reply.status != 409:
                self.ledger.wonder(f"an older answer was taken: {reply}")

    def _hand_in(self, place: str) -> None:
        if self.source.random() < 0.3:
            self._throw("POST", f"{place}/hand-in", {})
        reply = self.browser.insist("POST", f"{place}/hand-in", {})
        if reply.status != 200 or reply.body["state"] not in ("handed_in", "closed"):
            self.ledger.wonder(f"hand-in: {reply}")
            return
        self._leave(reply.body)

    def _leave(self, body: dict[str, Any]) -> None:
        if body["state"] not in ("handed_in", "closed"):
            self.ledger.wonder(f"state: {body['state']}")
        if body["state"] == "handed_in":
            self.ledger.end(self.attempt_id)
        self.attempt_id = ""

    def _throw(self, method: str, path: str, body: Any, drop: bool = True) -> None:
        """Send and do not care."""
        try:
            self.browser.send(method, path, body, drop=drop)
        except (*NETWORK_FAULTS, ValueError):
            return


def some_response(item: dict[str, Any], source: Random) -> Any:
    """A well-formed response to an item as it is shown."""
    ids = [option["id"] for option in item["options"]]
    targets = [target["id"] for target in item["targets"]]
    match item["type"]:
        case "numeric":
            return {"value": str(source.randrange(1000))}
        case "fill_in":
            return {"blanks": {blank: str(source.randrange(1000)) for blank in item["blanks"]}}
        case "order":
            return source.sample(ids, len(ids))
        case "match":
            return {"pairs": {ids[0]: source.choice(targets)}}
        case "multiple":
            return sorted(source.sample(ids, source.randrange(1, len(ids) + 1)))
        case _:
            return [source.choice(ids)]
