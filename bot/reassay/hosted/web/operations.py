"""For whoever runs the server: does it live, is it ready, what do the figures say."""

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from reassay import __version__
from reassay.common.errors import ReassayError
from reassay.hosted.rules.overview import Numbers
from reassay.hosted.web.access import Door
from reassay.hosted.web.dependencies import Parts
from reassay.hosted.web.web_errors import missing

JOB_STATES = ("todo", "doing", "succeeded", "failed", "cancelled", "aborting", "aborted")
DEAD_KINDS = ("delivery", "job")


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that has to be so."""

    name: str
    ok: bool
    words: str


@dataclass(slots=True)
class Operations:
    """Probes and metrics."""

    parts: Parts
    door: Door
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)

    def __post_init__(self) -> None:
        self.requests = Counter(
            "reassay_http_requests", "Requests by route and status", ("route", "status"), registry=self.registry
        )
        # What is read at each scrape.
        self.registry.register(Figures(self.parts, self.door))

    def routes(self) -> APIRouter:
        """None of it is part of the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/livez", self.live)
        router.add_api_route("/readyz", self.ready)
        router.add_api_route("/metrics", self.metrics)
        return router

    async def live(self) -> Response:
        """The loop runs: nothing else is asked."""
        return Response("alive\n", media_type="text/plain")

    def ready(self) -> Response:
        """200 if it can do what it is for; else 503. In words either way."""
        found = checks(self.parts)
        ok = all(each.ok for each in found)
        listed = [{"name": each.name, "ok": each.ok, "words": each.words} for each in found]
        return JSONResponse({"ready": ok, "checks": listed}, 200 if ok else 503)

    def metrics(self, request: Request) -> Response:
        """For Prometheus on this machine, and for operators."""
        if not self.door.is_local(request) and not self.door.visitor(request).is_operator:
            raise missing()
        return Response(generate_latest(self.registry), headers={"content-type": CONTENT_TYPE_LATEST})


def checks(parts: Parts) -> tuple[Checked, ...]:
    """Each with words that say what is wrong and what to do."""
    app = parts.identities.current()
    set_up = Checked(
        "app",
        app is not None,
        f"App {app.id}" if app else "no App is set up: open the address that `reassay serve` printed",
    )
    try:
        absent = parts.directory.missing_migrations()
        silent = parts.watch.silent(parts.now())
    except ReassayError as error:
        return (Checked("database", ok=False, words=str(error)), set_up)
    migrated = Checked(
        "migrations",
        not absent,
        f"missing: {', '.join(map(str, absent))}; start a newer server once" if absent else "all are done",
    )
    quiet = [Checked(each.part.name, ok=False, words=each.words) for each in silent]
    return (Checked("database", ok=True, words="answers"), migrated, set_up, *quiet)


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Read from the tables at each scrape, so that every server tells the same of what is common."""

    parts: Parts
    door: Door

    def collect(self) -> Iterator[Metric]:
        """What can be known; without the database, that it is not there."""
        info = GaugeMetricFamily("reassay_build_info", "This program", labels=("version", "python"))
        info.add_metric((__version__, platform.python_version()), 1)
        yield info
        yield _labelled(
            CounterMetricFamily("reassay_deliveries", "Deliveries to this process by outcome", labels=("outcome",)),
            self.parts.deliveries(),
        )
        yield CounterMetricFamily(
            "reassay_limited", "Requests beyond a person's limit", value=self.door.limiter.refused
        )
        now = self.parts.now()
        try:
            numbers, last = self.parts.directory.numbers(now), self.parts.directory.last()
            silent = self.parts.watch.silent(now)
        except ReassayError:
            yield GaugeMetricFamily("reassay_database_up", "Whether PostgreSQL answers", value=0)
            return
        yield GaugeMetricFamily("reassay_database_up", "Whether PostgreSQL answers", value=1)
        yield from _of_tables(numbers, now)
        yield _labelled(
            GaugeMetricFamily(
                "reassay_last_success_seconds", "When a part was last done, since 1970", labels=("part",)
            ),
            {name: at.timestamp() for name, at in last.items() if at is not None},
        )
        yield _labelled(
            GaugeMetricFamily("reassay_silent", "Parts that are silent for too long", labels=("part",)),
            {each.part.name: 1 for each in silent},
        )


def _of_tables(numbers: Numbers, now: datetime) -> Iterator[Metric]:
    oldest = (now - numbers.oldest_unread).total_seconds() if numbers.oldest_unread else 0.0
    plain = {
        "reassay_inbox_unread": ("Deliveries that nobody has read yet", numbers.unread),
        "reassay_inbox_oldest_seconds": ("Age of the oldest of them", max(0.0, oldest)),
        "reassay_last_delivery_seconds": ("When the last delivery came, since 1970", _stamp(numbers.last_delivery)),
        "reassay_repositories": ("Repositories of all installations", numbers.repositories),
        "reassay_repositories_unfinished": ("Whose last sweep left something undone", numbers.unfinished),
        "reassay_installations": ("Accounts the App is installed on", numbers.installations),
        "reassay_installations_paused": ("For which GitHub asked for a pause", numbers.paused),
        "reassay_last_sweep_seconds": (
            "When the last sweep of any repository ended, since 1970",
            _stamp(numbers.last_sweep),
        ),
    }
    for name, (words, value) in plain.items():
        yield GaugeMetricFamily(name, words, value=value)
    yield _labelled(
        GaugeMetricFamily("reassay_jobs", "Jobs by state", labels=("state",)),
        dict.fromkeys(JOB_STATES, 0) | dict(numbers.jobs),
    )
    yield _labelled(
        GaugeMetricFamily("reassay_dead_letters", "Dead letters that wait for a person", labels=("kind",)),
        dict.fromkeys(DEAD_KINDS, 0) | dict(numbers.dead),
    )


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _labelled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[str, float]) -> Metric:
    for label, value in sorted(values.items()):
        family.add_metric((label,), value)
    return family
