"""The phases of an exam day, as load on a server; each returns what it measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from exam_load.candidates import LEVEL, PROGRAMME, Candidate
from exam_load.http_client import Connection, ConnectionLost, Reply
from exam_load.measuring import Latencies

HOST = "127.0.0.1"
RUNNING = "running"
PATIENCE_SECONDS = 60


@dataclass
class Seat:
    """A candidate at a connection of its own."""

    candidate: Candidate
    connection: Connection

    async def start(self) -> Reply:
        """Begin the exam; the attempt is the candidate's from now on."""
        body = {"programme": PROGRAMME, "level": LEVEL}
        reply = await self._send("POST", "/api/v1/attempts", body)
        if reply.status in (200, 201):
            self.candidate.attempt_id = reply.json["id"]
        return reply

    async def answer(self, response: Any, *, is_final: bool, revision: int) -> Reply:
        """Send an answer to the current item; what was acknowledged is noted."""
        candidate = self.candidate
        position = candidate.position
        reply = await self._send(
            "PUT",
            f"/api/v1/attempts/{candidate.attempt_id}/responses/{position}",
            {
                "response": response,
                "final": is_final,
                "revision": revision,
                "client": candidate.client,
                "idempotency_key": f"load-{position:04d}-{revision:04d}",
            },
        )
        if reply.status == 200:
            candidate.acknowledged[position] = response
            candidate.position = reply.json["position"]
        return reply

    async def look(self) -> Reply:
        """The exam page as HTML."""
        candidate = self.candidate
        address = f"/attempts/{candidate.attempt_id}?page={candidate.client}"
        return await self._send("GET", address, None)

    async def read(self) -> Reply:
        """The attempt over the interface."""
        return await self._send("GET", f"/api/v1/attempts/{self.candidate.attempt_id}", None)

    async def hand_in(self) -> Reply:
        """End the exam."""
        return await self._send("POST", f"/api/v1/attempts/{self.candidate.attempt_id}/hand-in", {})

    async def _send(self, method: str, path: str, body: Any) -> Reply:
        reply = await self.connection.request(method, path, self.candidate.headers, body)
        if reply.session_cookie:
            self.candidate.cookie = reply.session_cookie
        return reply


def seats(candidates: Sequence[Candidate], port: int) -> list[Seat]:
    """A connection for each candidate, not opened yet."""
    return [Seat(candidate, Connection(HOST, port)) for candidate in candidates]


async def everybody(taken: Sequence[Seat], acts: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
    """Wait until all are through, and leave no connection behind."""
    try:
        return list(await asyncio.gather(*acts))
    finally:
        for seat in taken:
            seat.connection.close()


async def timed(latencies: Latencies, call: Callable[[], Awaitable[Reply]], *good: int) -> Reply:
    """Make a request and note how long it took, and what was not as expected."""
    start = time.perf_counter()
    try:
        reply = await asyncio.wait_for(call(), PATIENCE_SECONDS)
    except (ConnectionLost, OSError, TimeoutError) as error:
        latencies.faults[type(error).__name__] += 1
        return Reply(0, b"", b"")
    latencies.add(time.perf_counter() - start)
    if reply.status not in good:
        latencies.faults[str(reply.status)] += 1
    return reply


# --- answers per second -------------------------------------------------------------------


async def answer_in_a_row(taken: Sequence[Seat], seconds: float) -> tuple[float, Latencies]:
    """Final answers one after the other, as fast as they are acknowledged; answers a second."""
    latencies = Latencies()
    end_at = time.perf_counter() + seconds

    async def sit(seat: Seat) -> int:
        done = 0
        responses = iter(seat.candidate.responses)
        for response in responses:
            if time.perf_counter() >= end_at:
                break
            reply = await timed(
                latencies, lambda r=response: seat.answer(r, is_final=True, revision=1), 200
            )
            done += reply.status == 200
        return done

    start = time.perf_counter()
    done = sum(await everybody(taken, (sit(seat) for seat in taken)))
    return done / (time.perf_counter() - start), latencies


async def bare_in_a_row(port: int, connections: int, seconds: float) -> tuple[float, Latencies]:
    """The yardstick's requests in the same way; requests a second."""
    latencies = Latencies()
    end_at = time.perf_counter() + seconds

    async def sit(number: int) -> int:
        connection, done = Connection(HOST, port), 0
        body = {"response": '["a"]', "final": True, "revision": 1, "client": 0}
        while time.perf_counter() < end_at:
            path = f"/answers/attempt-{number}"
            reply = await timed(
                latencies, lambda p=path: connection.request("PUT", p, {}, body), 200
            )
            done += reply.status == 200
        connection.close()
        return done

    start = time.perf_counter()
    done = sum(await asyncio.gather(*(sit(number) for number in range(connections))))
    return done / (time.perf_counter() - start), latencies


# --- start --------------------------------------------------------------------------------


async def stampede(
    taken: Sequence[Seat], in_the_middle: Callable[[], Awaitable[None]]
) -> tuple[Latencies, float]:
    """All start at one barrier; something else happens once a third is in. Seconds in all."""
    latencies = Latencies()
    barrier = asyncio.Event()
    admitted = 0
    third_in = asyncio.Event()

    async def enter(seat: Seat) -> None:
        nonlocal admitted
        await barrier.wait()
        reply = await timed(latencies, seat.start, 201)
        admitted += reply.status == 201
        if admitted * 3 >= len(taken):
            third_in.set()

    async def edit() -> None:
        await third_in.wait()
        await in_the_middle()

    editing = asyncio.ensure_future(edit())
    asyncio.get_running_loop().call_soon(barrier.set)
    start = time.perf_counter()
    await everybody(taken, (enter(seat) for seat in taken))
    seconds = time.perf_counter() - start
    third_in.set()
    await editing
    return latencies, seconds


# --- running ------------------------------------------------------------------------------


async def run_exam(
    taken: Sequence[Seat], seconds: float, think: tuple[float, float], seed: int
) -> dict[str, Latencies]:
    """Everybody thinks, drafts, answers and looks at the next page, until the time is over."""
    found = {"draft": Latencies(), "answer": Latencies(), "page": Latencies()}
    end_at = time.perf_counter() + seconds

    async def sit(seat: Seat, source: Random) -> None:
        # everybody is somewhere in the middle of thinking when the measurement begins
        rest = source.uniform(0, think[1])
        for response in seat.candidate.responses:
            await asyncio.sleep(min(rest * 0.8, max(0.0, end_at - time.perf_counter())))
            if time.perf_counter() >= end_at:
                return
            await timed(
                found["draft"], lambda r=response: seat.answer(r, is_final=False, revision=1), 200
            )
            await asyncio.sleep(rest * 0.2)
            reply = await timed(
                found["answer"], lambda r=response: seat.answer(r, is_final=True, revision=2), 200
            )
            if reply.status != 200 or reply.json["state"] != RUNNING:
                return
            await timed(found["page"], seat.look, 200)
            rest = source.uniform(*think)

    await everybody(taken, (sit(seat, Random(seed + n)) for n, seat in enumerate(taken)))
    return found


# --- the deadline -------------------------------------------------------------------------


async def finish(
    taken: Sequence[Seat], deadline: float, spread: float, seed: int
) -> dict[str, Latencies]:
    """Within the last seconds before `deadline` (time.time()) all send an answer and hand in."""
    found = {"answer": Latencies(), "hand-in": Latencies()}
    source = Random(seed)

    async def sit(seat: Seat, at: float) -> None:
        await asyncio.sleep(max(0.0, at - time.time()))
        response = seat.candidate.responses[0]
        # refused as too late (409) is counted apart: it was not acknowledged
        await timed(found["answer"], lambda: seat.answer(response, is_final=False, revision=1), 200)
        await timed(found["hand-in"], seat.hand_in, 200)

    times = [deadline - source.uniform(0, spread) for _ in taken]
    pairs = zip(taken, times, strict=True)
    await everybody(taken, (sit(seat, at) for seat, at in pairs))
    return found
