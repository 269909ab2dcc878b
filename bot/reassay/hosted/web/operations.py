"""Probes and metrics for operators."""

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from reassay import __version__
from reassay.assessment.cell_status import State
from reassay.common.errors import ReassayError
from reassay.hosted.credentials import Credentials
from reassay.hosted.rules.overview import QueueFigures, RepositoryFigures, at_most
from reassay.hosted.web.access import AccessControl
from reassay.hosted.web.dependencies import WebDependencies
from reassay.hosted.web.web_errors import missing

JOB_STATES = ("todo", "doing", "succeeded", "failed", "cancelled", "aborting", "aborted")
DEAD_KINDS = ("delivery", "job")


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """One condition of readiness."""

    name: str
    ok: bool
    words: str


@dataclass(slots=True)
class Operations:
    """The routes of probes and metrics."""

    dependencies: WebDependencies
    access: AccessControl
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)

    def __post_init__(self) -> None:
        self.requests = Counter(
            "reassay_http_requests", "Requests by route and status", ("route", "status"), registry=self.registry
        )
        # Read from the tables at each scrape.
        self.registry.register(TableMetrics(self.dependencies, self.access))

    def routes(self) -> APIRouter:
        """Routes that are not part of the API."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/livez", self.live)
        router.add_api_route("/readyz", self.ready)
        router.add_api_route("/metrics", self.metrics)
        return router

    async def live(self) -> Response:
        """Liveness: the event loop runs."""
        return Response("alive\n", media_type="text/plain")

    def ready(self, request: Request) -> Response:
        """Readiness: 200 if all checks pass, otherwise 503, with the checks in words; reasons for operators only."""
        results = checks(self.dependencies, with_reasons=self._is_operator(request))
        ok = all(result.ok for result in results)
        listed = [{"name": result.name, "ok": result.ok, "words": result.words} for result in results]
        document = {"ready": ok, "ledger_key": self.dependencies.signs_with(), "checks": listed}
        return JSONResponse(document, 200 if ok else 503)

    def metrics(self, request: Request) -> Response:
        """Metrics, for Prometheus on this machine and for operators."""
        if not self._is_operator(request):
            raise missing()
        return Response(generate_latest(self.registry), headers={"content-type": CONTENT_TYPE_LATEST})

    def _is_operator(self, request: Request) -> bool:
        return self.access.is_local(request) or self.access.visitor(request).is_operator


def checks(dependencies: WebDependencies, *, with_reasons: bool = False) -> tuple[ReadinessCheck, ...]:
    """All readiness checks; a failed one states its problem and the next step. Reasons may quote a repository."""
    app = dependencies.current.app
    set_up = ReadinessCheck(
        "app",
        app is not None,
        f"App {app.id}" if app else "no App is set up: open the address that `reassay serve` printed",
    )
    try:
        absent = dependencies.overview.missing_migrations()
        stopped = dependencies.alarm.stopped(dependencies.now())
    except ReassayError as error:
        return (ReadinessCheck("database", ok=False, words=str(error)), set_up)
    migrated = ReadinessCheck(
        "migrations",
        not absent,
        f"missing: {', '.join(map(str, absent))}; start a newer server once" if absent else "all are applied",
    )
    tasks = [
        ReadinessCheck(
            task.task.name,
            ok=False,
            words=f"{task.words}: {task.reason}" if with_reasons and task.reason else task.words,
        )
        for task in stopped
    ]
    return (ReadinessCheck("database", ok=True, words="it answers"), migrated, set_up, *tasks)


@dataclass(frozen=True, slots=True, eq=False)
class TableMetrics:
    """A Prometheus collector that reads the tables, so that all servers report the same shared figures."""

    dependencies: WebDependencies
    access: AccessControl

    def collect(self) -> Iterator[Metric]:
        """All metrics; without the database only those of this process."""
        info = GaugeMetricFamily("reassay_build_info", "Version of this program", labels=("version", "python"))
        info.add_metric((__version__, platform.python_version()), 1)
        yield info
        yield _labelled(
            CounterMetricFamily("reassay_deliveries", "Deliveries to this process by outcome", labels=("outcome",)),
            self.dependencies.deliveries(),
        )
        yield _labelled(
            CounterMetricFamily(
                "reassay_messages", "Messages of monitoring tools to this process by outcome", labels=("outcome",)
            ),
            self.dependencies.messages(),
        )
        yield CounterMetricFamily(
            "reassay_limited", "Requests refused because of a request limit", value=self.access.limiter.refused
        )
        now = self.dependencies.now()
        try:
            figures = self.dependencies.overview.figures(now)
            last = self.dependencies.overview.last_successes()
            stopped = self.dependencies.alarm.stopped(now)
            repositories = self.dependencies.overview.each_repository()
        except ReassayError:
            yield GaugeMetricFamily("reassay_database_up", "Whether PostgreSQL answers", value=0)
            return
        yield GaugeMetricFamily("reassay_database_up", "Whether PostgreSQL answers", value=1)
        yield from _of_tables(figures, now)
        yield from _of_repositories(repositories, now)
        yield GaugeMetricFamily(
            "reassay_backup_seconds",
            "Unix time of the last backup of the data folder's secrets; 0 if none is stated",
            value=_stamp(Credentials(self.dependencies.settings.data).backed_up_at()),
        )
        yield _labelled(
            GaugeMetricFamily(
                "reassay_last_success_seconds", "Unix time of the last success of a background task", labels=("part",)
            ),
            {name: at.timestamp() for name, at in last.items() if at is not None},
        )
        yield _labelled(
            GaugeMetricFamily("reassay_silent", "Background tasks that have stopped", labels=("part",)),
            {task.task.name: 1 for task in stopped},
        )


def _of_tables(figures: QueueFigures, now: datetime) -> Iterator[Metric]:
    oldest = (now - figures.oldest_unread).total_seconds() if figures.oldest_unread else 0.0
    gauges = {
        "reassay_inbox_unread": ("Deliveries that were not processed yet", figures.unread),
        "reassay_inbox_oldest_seconds": ("Age of the oldest unprocessed delivery", max(0.0, oldest)),
        "reassay_last_delivery_seconds": ("Unix time of the last delivery", _stamp(figures.last_delivery)),
        "reassay_repositories": ("Repositories of all installations", figures.repositories),
        "reassay_repositories_unfinished": ("Repositories whose last sweep did not finish", figures.unfinished),
        "reassay_installations": ("Accounts that have the App installed", figures.installations),
        "reassay_installations_paused": ("Installations for which GitHub asked for a pause", figures.paused),
        "reassay_register_errors": ("Errors in the registers in which something cannot be read", figures.errors),
        "reassay_unreadable": (
            "Entries of registers, and configurations, that cannot be read any more",
            figures.unreadable,
        ),
        "reassay_failed_runs": ("Runs of jobs that failed since the last one that succeeded", figures.failed_runs),
        "reassay_last_sweep_seconds": (
            "Unix time of the end of the last sweep of any repository",
            _stamp(figures.last_sweep),
        ),
    }
    for name, (words, value) in gauges.items():
        yield GaugeMetricFamily(name, words, value=value)
    yield _labelled(
        GaugeMetricFamily(
            "reassay_cells", "Cells of all repositories by state, as of their last sweeps", labels=("state",)
        ),
        dict.fromkeys(map(str, State), 0) | dict(figures.cells),
    )
    yield _labelled(
        GaugeMetricFamily("reassay_jobs", "Jobs by state", labels=("state",)),
        dict.fromkeys(JOB_STATES, 0) | dict(figures.jobs),
    )
    yield _labelled(
        GaugeMetricFamily("reassay_dead_letters", "Dead letters that nobody has retried", labels=("kind",)),
        dict.fromkeys(DEAD_KINDS, 0) | dict(figures.dead),
    )


REPOSITORIES = 100
"""Most repositories with a label of their own; the others are added up, so the number of time series is bounded."""


def _of_repositories(repositories: Sequence[RepositoryFigures], now: datetime) -> Iterator[Metric]:
    """Figures by repository, as of the last sweep of each. For operators, who may see every repository's name."""
    today = now.date()
    yield GaugeMetricFamily(
        "reassay_oldest_overdue_days",
        "Days since the earliest due date that has passed, in all repositories; 0 if nothing is overdue",
        value=max((own.overdue_days(today) for own in repositories), default=0),
    )
    cells = GaugeMetricFamily(
        "reassay_repository_cells", "Cells by state, without states that have none", labels=("repository", "state")
    )
    gauges: Mapping[str, tuple[str, Callable[[RepositoryFigures], float]]] = {
        "oldest_overdue_days": (
            "Days since the earliest due date that has passed",
            lambda own: own.overdue_days(today),
        ),
        "register_errors": ("Errors in the register", lambda own: own.errors),
        "unfinished": ("Whether the last sweep did not finish", lambda own: own.unfinished),
        "last_sweep_seconds": (
            "Unix time of the end of the last sweep; 0 if never",
            lambda own: _stamp(own.last_sweep),
        ),
    }
    families = {
        name: GaugeMetricFamily(f"reassay_repository_{name}", words, labels=("repository",))
        for name, (words, _) in gauges.items()
    }
    for own in at_most(repositories, REPOSITORIES):
        for state, count in sorted(own.cells.items()):
            cells.add_metric((own.name, state), count)
        for name, (_, value) in gauges.items():
            families[name].add_metric((own.name,), value(own))
    yield cells
    yield from families.values()


def _stamp(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def _labelled(family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[str, float]) -> Metric:
    for label, value in sorted(values.items()):
        family.add_metric((label,), value)
    return family
