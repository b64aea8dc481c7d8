"""Counts and times of interactions in the Prometheus text format, for one process.

Labels are the interaction and the status class only: no path, no id, no query, nothing that identifies a person.
Under several worker processes each counts for itself; the process id is a label, so that sums come out right.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one mounted server; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        self._times: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS) + 1))
        self._sums: dict[str, float] = defaultdict(float)

    def observe(self, interaction: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        place = next((index for index, bound in enumerate(BUCKETS) if seconds <= bound), len(BUCKETS))
        with self._lock:
            self._counts[interaction, status] += 1
            self._times[interaction][place] += 1
            self._sums[interaction] += seconds

    def text(self) -> str:
        """Everything counted so far."""
        process = os.getpid()
        lines = [
            "# HELP cart_fhir_requests_total Requests answered, by interaction and status.",
            "# TYPE cart_fhir_requests_total counter",
        ]
        with self._lock:
            for (interaction, status), number in sorted(self._counts.items()):
                labels = f'interaction="{interaction}",status="{status}",process="{process}"'
                lines.append(f"cart_fhir_requests_total{{{labels}}} {number}")
            lines += [
                "# HELP cart_fhir_request_seconds Time from request to answer.",
                "# TYPE cart_fhir_request_seconds histogram",
            ]
            for interaction, counts in sorted(self._times.items()):
                lines += self._histogram(interaction, counts, process)
        return "\n".join(lines) + "\n"

    def _histogram(self, interaction: str, counts: list[int], process: int) -> list[str]:
        labels = f'interaction="{interaction}",process="{process}"'
        lines, running = [], 0
        for bound, number in zip((*BUCKETS, "+Inf"), counts, strict=True):
            running += number
            lines.append(f'cart_fhir_request_seconds_bucket{{{labels},le="{bound}"}} {running}')
        lines.append(f"cart_fhir_request_seconds_sum{{{labels}}} {self._sums[interaction]:.6f}")
        lines.append(f"cart_fhir_request_seconds_count{{{labels}}} {running}")
        return lines
