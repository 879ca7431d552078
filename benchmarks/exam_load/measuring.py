"""Latencies and shares of the processors, and how both are told."""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from exam_load.sites import Server, cpu_seconds, database_cpu_seconds, machine_seconds


@dataclass
class Latencies:
    """Milliseconds of requests, and what was refused or failed, by status."""

    values: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, seconds: float) -> None:
        """One more request."""
        self.values.append(seconds * 1000)

    def quantile(self, share: float) -> float:
        """The value that this share does not exceed; nan without any."""
        ordered = sorted(self.values)
        return (
            ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
        )

    def told(self) -> dict[str, Any]:
        """Count, quantiles and faults."""
        return {
            "requests": len(self.values),
            **{
                name: round(self.quantile(share), 1)
                for name, share in (("p50 ms", 0.5), ("p95 ms", 0.95), ("p99 ms", 0.99))
            },
            "max ms": round(max(self.values, default=float("nan")), 1),
            "faults": dict(self.faults),
        }


class Usage:
    """Processor seconds of server, database and load between two moments; of all cores the rest."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._before = self._now()

    def told(self) -> dict[str, float]:
        """Cores in use on average, by whom; `other` work is no part of what is measured."""
        now = self._now()
        spent = {name: now[name] - self._before[name] for name in now}
        seconds = spent.pop("clock")
        busy = spent.pop("busy")
        idle = spent.pop("idle")
        shares = {f"{name} cores": round(value / seconds, 2) for name, value in spent.items()}
        shares["other cores"] = round(max(0.0, busy - sum(spent.values())) / seconds, 2)
        shares["headroom"] = round(idle / (busy + idle), 3) if busy + idle else 0.0
        return shares

    def _now(self) -> dict[str, float]:
        return {
            "clock": time.monotonic(),
            "server": self._server.cpu_seconds,
            "database": database_cpu_seconds(),
            "load": cpu_seconds(os.getpid()),
            **machine_seconds(),
        }
