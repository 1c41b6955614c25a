"""Counts and times every request for `/metrics`, and tells the log of those that failed. Knows routes, never paths."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest

from kiosk.web.logs import Log

BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Watch:
    """One hall process's eyes on its own requests."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._count = Counter(
            "hall_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self._time = Histogram(
            "hall_request_seconds", "Seconds to an answer", ("method", "route"), buckets=BUCKETS_S,
            registry=self.registry,
        )  # fmt: skip
        # `labels` looks its child up under a lock; on the hot path a plain dict is enough.
        self._counts: dict[tuple[str, str, int], Counter] = {}
        self._times: dict[tuple[str, str], Histogram] = {}

    def answered(self, method: str, route: str, status: int, seconds: float, who: str) -> None:
        """One request is answered."""
        if route == "-" or method not in {"GET", "POST", "HEAD"}:
            method = "other"  # names from outside must not become series without end
        count = self._counts.get((method, route, status))
        if count is None:
            count = self._counts[method, route, status] = self._count.labels(method, route, str(status))
        count.inc()
        timer = self._times.get((method, route))
        if timer is None:
            timer = self._times[method, route] = self._time.labels(method, route)
        timer.observe(seconds)
        if status >= 500 or status in {401, 403, 413, 429}:
            self._log.warning("request", method=method, route=route, status=status, who=who, ms=round(seconds * 1000))

    def broke(self, route: str, error: BaseException) -> None:
        """A handler raised what it should not have. The trace goes to the log, without the values."""
        self._log.error("broke", route=route, exc_info=error)

    def told(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
