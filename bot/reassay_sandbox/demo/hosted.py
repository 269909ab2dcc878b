"""The server of `reassay serve` for the demo: in a thread of this process, with the sandbox's clock."""

import asyncio
import contextlib
import html
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx

from reassay.common.clock import Clock
from reassay.common.errors import UpstreamError
from reassay.hosted.credentials import Credentials
from reassay.hosted.engine import hosted_database
from reassay.hosted.jobs.reconcile import JobDone, JobOutcome, RetryLater
from reassay.hosted.rules.subject import Job, JobSubject
from reassay.hosted.settings import HostingSettings
from reassay.hosted.web.process import HostedServer, listen
from reassay.sweep.report import Report, SweepFailure
from reassay_sandbox import Sandbox

PATIENCE_SECONDS = 120.0
ANSWER_SECONDS = 5.0
"""How long a page waits for the App's answer to what a visitor did by hand."""
POLL_SECONDS = 0.1
"""How often the worker looks for a job that waited for another one: nobody waits seconds for a comment's answer."""
_FORM = re.compile(r'<form[^>]*method="post"[^>]*action="(?P<to>[^"]+)"[^>]*>(?P<inside>.*?)</form>', re.DOTALL)
_INPUT = re.compile(r'<input type="hidden" name="(?P<name>[^"]+)" value="(?P<value>[^"]*)"')


@dataclass(slots=True)
class HostedApp:
    """The running server and the reports of its jobs, by subject (a repository or an issue)."""

    serving: HostedServer
    url: str
    printed_lines: list[str] = field(default_factory=list)
    reports: dict[JobSubject, list[Report]] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)
    listeners: list[Callable[[Report], None]] = field(default_factory=list)
    latest: Report | None = None
    """The last report that has the state of cells; a run that was refused has none."""

    def note(self, job: Job, outcome: JobOutcome, _fault: Exception | None) -> None:
        """Keeps the report of a job, and passes it to listeners. A run that failed has a report with its problem alone."""
        match outcome:
            case JobDone(report=report):
                self._keep(job.subject, report)
            case RetryLater(why=why, counts=True):
                name = str(job.subject.repository)
                self._keep(job.subject, Report(name, problems=(SweepFailure(job.subject.text, why),)))
            case _:
                # The job runs again in a moment.
                pass

    def _keep(self, subject: JobSubject, report: Report) -> None:
        with self.changed:
            self.reports.setdefault(subject, []).append(report)
            if report.assessment_input is not None and report.cells:
                self.latest = report
            self.changed.notify_all()
        for listener in self.listeners:
            listener(report)

    def wait_for(self, subject: JobSubject, before: int) -> Report:
        """Waits for the report after the first `before` ones. Raises UpstreamError after PATIENCE_SECONDS."""
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.reports.get(subject, ())) > before, PATIENCE_SECONDS):
                raise UpstreamError(f"no job about {subject.text} ended in {PATIENCE_SECONDS:.0f} s.", where=self.url)
            return self.reports[subject][-1]

    def wait_for_pull(self, repository: int, number: int) -> Report:
        """Waits for the first report about a pull request."""
        return self.wait_for(JobSubject(repository, "pull", number), 0)

    def answered(self) -> Callable[[], None]:
        """What waits until the App has handled something that happens from now on; not for long, as it may have no reason to."""
        before = sum(map(len, self.reports.values()))

        def wait() -> None:
            with self.changed:
                self.changed.wait_for(lambda: sum(map(len, self.reports.values())) > before, ANSWER_SECONDS)

        return wait

    def count(self, subject: JobSubject) -> int:
        """Number of reports about a subject."""
        with self.changed:
            return len(self.reports.get(subject, ()))

    def sweep(self, repository: int) -> Report:
        """Queues a job for a repository and waits for its report."""
        subject = JobSubject(repository)
        before = self.count(subject)
        engine = self.serving.engine
        if engine is None or engine.jobs is None:
            raise UpstreamError("there is no App yet.", where=self.url, remedy="Set it up first.")
        engine.jobs.queue.defer([subject])
        return self.wait_for(subject, before)


@contextmanager
def host(box: Sandbox, clock: Clock) -> Iterator[HostedApp]:
    """Starts the server; stops it and deletes its data at the end of the block."""
    with TemporaryDirectory(prefix="reassay-demo-", ignore_cleanup_errors=True) as folder:
        settings = HostingSettings(
            Path(folder) / "data", server_url=box.url, api_url=box.api_url, port=_free_port(), write_pause=0.0,
            poll_seconds=POLL_SECONDS, framed_by=box.url,
        )  # fmt: skip
        Credentials(settings.data).prepare()
        with listen(settings) as listening, hosted_database(settings) as database:
            serving = HostedServer(settings, database, clock, lambda _line: None)
            app = HostedApp(serving, settings.base_url)
            serving.say, serving.note = app.printed_lines.append, app.note
            with _running(app, listening):
                yield app


@contextmanager
def _running(app: HostedApp, listening: socket.socket) -> Iterator[None]:
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(
        target=loop.run_until_complete, args=(app.serving.run(stop, listening),), name="serve", daemon=True
    )
    thread.start()
    try:
        _until(lambda: len(app.printed_lines) > 1, thread)
        yield
    finally:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE_SECONDS)
        loop.close()


def _until(holds: Callable[[], bool], thread: threading.Thread) -> None:
    waiting = threading.Event()
    for _ in range(int(PATIENCE_SECONDS * 20)):
        if holds():
            return
        if not thread.is_alive():
            break
        waiting.wait(0.05)
    raise UpstreamError("the server did not start.", remedy="Run `reassay serve` and read its messages.")


def set_up(hosted: HostedApp, box: Sandbox, repository: str) -> str:
    """Sets up the App as in a browser: opens the printed address and presses the buttons. Returns the App's slug."""
    address = next(word for word in " ".join(hosted.printed_lines).split() if "/setup?code=" in word)
    with httpx.Client(follow_redirects=True, timeout=30.0) as browser:
        page = browser.get(address)
        created = _press(browser, _press(browser, page))
        if created.status_code >= httpx.codes.BAD_REQUEST:
            raise UpstreamError(f"set-up ended with {created.status_code}.", where=str(created.url.path))
        app = next(iter(box.dispatcher.apps.values()))
        where = f"{box.url}/apps/{app.slug}/installations/new"
        browser.get(where)
        browser.post(where, data={"repository": repository})
    return app.slug


def _press(browser: httpx.Client, page: httpx.Response) -> httpx.Response:
    """Submits the first form that is not in the banner."""
    forms = [form for form in _FORM.finditer(page.text) if form["to"] != "/_action"]
    if not forms:
        raise UpstreamError("the page has no button.", where=str(page.url.path))
    to = html.unescape(forms[0]["to"])
    target = to if urlsplit(to).netloc else str(page.url.join(to))
    fields = {hidden["name"]: html.unescape(hidden["value"]) for hidden in _INPUT.finditer(forms[0]["inside"])}
    return browser.post(target, data=fields)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
