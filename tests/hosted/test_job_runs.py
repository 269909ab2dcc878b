"""Ready means that jobs can be done: whether all runs fail, of more repositories than one if there are more."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from reassay.common.errors import NotAllowedError
from reassay.github.app_types import AppInstallation, HostedRepository
from reassay.github.tokens import Tokens
from reassay.hosted.database.database import Database
from reassay.hosted.job_services import job_services
from reassay.hosted.jobs.job_runs import LEAST_RUNS, FailingJobs, JobRuns
from reassay.hosted.jobs.reconcile import JobDone, NothingToDo, RateLimited, RetryLater
from reassay.hosted.jobs.worker import failure_of
from reassay.hosted.repositories import RepositoryTables
from reassay.hosted.settings import AppIdentity
from reassay.hosted.web.composition import web_application
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay.sweep.report import Report
from reassay_sandbox.dispatcher import RequestDispatcher
from reassay_sandbox.traffic import SandboxResponse
from tests.gate_lab import KEY
from tests.hosted.hosted_lab import FIRST, PEM, SECOND, HostedLab
from tests.hosted.web.browsing import Browser
from tests.lab import START, BoxClock

pytestmark = pytest.mark.long

OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()


@pytest.fixture
def runs(database: Database) -> JobRuns:
    tables = RepositoryTables(database)
    tables.keep_installations([AppInstallation(1, "example-lab", 11)], START)
    tables.keep_repositories(1, [HostedRepository(number, 1, f"example-lab/{number}") for number in (1, 2, 3)], START)
    return JobRuns(database)


def is_the_server(runs: JobRuns) -> bool:
    failing = runs.failing()
    return failing is not None and failing.is_the_server


def test_one_broken_repository_is_not_the_server_while_others_work_or_did_not_run(runs: JobRuns) -> None:
    for _ in range(3 * LEAST_RUNS):
        runs.failed(1, "its register")
    assert not is_the_server(runs)
    for _ in range(LEAST_RUNS):
        runs.failed(1, "its register")
        runs.succeeded(2)
    assert runs.failing() is None


def test_several_repositories_that_fail_without_any_success_are_the_server(runs: JobRuns) -> None:
    runs.succeeded(3)
    for _ in range(LEAST_RUNS - 1):
        runs.failed(1, "the key")
    assert not is_the_server(runs)
    runs.failed(2, "the same key")
    assert runs.failing() == FailingJobs(LEAST_RUNS, 2, 3, "the same key")
    assert is_the_server(runs)
    runs.succeeded(2)
    assert runs.failing() is None


def test_the_only_repository_is_enough(runs: JobRuns, database: Database) -> None:
    for _ in range(LEAST_RUNS):
        runs.failed(1, "the key")
    assert not is_the_server(runs)
    RepositoryTables(database).keep_repositories(1, [HostedRepository(1, 1, "example-lab/1")], START)
    assert is_the_server(runs)
    RepositoryTables(database).keep_repositories(1, [], START)
    assert runs.failing() is None
    runs.failed(1, "a repository that the App has no more")
    assert runs.failing() is None


def test_the_one_that_was_not_tried_since_is_named(runs: JobRuns) -> None:
    runs.succeeded(2)
    runs.succeeded(1)
    runs.failed(1, "its register")
    assert runs.untried() == 3
    runs.failed(3, "too")
    assert runs.untried() == 2
    runs.failed(2, "too")
    assert runs.untried() is None


def test_what_counts_as_a_failed_run() -> None:
    assert failure_of(JobDone(Report("a/b"))) is None
    assert failure_of(RateLimited(START, "limit")) is None
    assert failure_of(RetryLater("another run", counts=False)) is None
    assert failure_of(NothingToDo("gone")) is None
    assert failure_of(RetryLater("a bug", counts=True)) == "a bug"
    assert failure_of(RetryLater("GitHub is away", counts=False, is_unavailable=True)) == "GitHub is away"


def words_of_readyz(hosted: HostedLab) -> dict[str, str]:
    settings = replace(hosted.settings, host="127.0.0.1")
    with web_application(settings, hosted.database, BoxClock(hosted.box), watched=()) as web:
        web.dependencies.current.app = AppIdentity(hosted.app_id, PEM, "secret")
        for client, host in (("127.0.0.1", "127.0.0.1"), ("203.0.113.7", "127.0.0.1")):
            answer = Browser(web.app, client, f"http://{host}:8321").get("/readyz")
            found = {each["name"]: each["words"] for each in answer.json()["checks"] if not each["ok"]}
            assert (answer.status_code == 503) == bool(found)
            if client == "127.0.0.1":
                local = found
        # A stranger sees that, and not why: the reason may quote a repository.
        assert set(found) == set(local)
        assert all("key" not in words for words in found.values())
        # The heartbeat asks the same.
        assert bool(web.dependencies.alarm.stopped(hosted.box.clock.now())) == bool(local)
        return local


@pytest.mark.parametrize("fault", ["key", "refused", "graphql"])
def test_it_is_not_ready_while_every_job_fails(hosted: HostedLab, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = replace(hosted.settings, keys=LedgerKeys(key=KEY))
    identity = AppIdentity(hosted.app_id, PEM, "secret")
    config: dict[str, bytes | None] = {".github/reassay.yml": b"mode: record\n"}
    for name in (FIRST, SECOND):
        hosted.box.repo(name).commit(config, "Record", "safety-lead")
    with job_services(first, identity, hosted.database, BoxClock(hosted.box)) as hosted.jobs:
        hosted.round()
        hosted.round()
        assert words_of_readyz(hosted) == {}
    second = replace(first, keys=LedgerKeys(key=OTHER_KEY)) if fault == "key" else first
    with job_services(second, identity, hosted.database, BoxClock(hosted.box)) as hosted.jobs:
        if fault == "graphql":
            gone = SandboxResponse(404, b'{"message": "Not Found"}', {"content-type": "application/json"})
            monkeypatch.setattr(RequestDispatcher, "_graphql", lambda *_arguments: gone)
        if fault == "refused":

            def refuse(*_arguments: object) -> None:
                raise NotAllowedError("GitHub refuses: the key of the App is not valid")

            monkeypatch.setattr(Tokens, "for_repository", refuse)
        for _ in range(4):
            hosted.jobs.queue.defer([hosted.subject(FIRST), hosted.subject(SECOND)])
            hosted.work()
            hosted.later()
        found = words_of_readyz(hosted)
        assert set(found) == {"jobs"}
        assert "2 of 2 repositories" in found["jobs"]
        expected = {"key": "another key|is configured", "refused": "not valid", "graphql": "GitHub"}[fault]
        assert any(part in found["jobs"] for part in expected.split("|"))
    monkeypatch.undo()
    hosted.hours(2)
    with job_services(first, identity, hosted.database, BoxClock(hosted.box)) as hosted.jobs:
        hosted.jobs.queue.defer([hosted.subject(FIRST), hosted.subject(SECOND)])
        hosted.work()
        assert words_of_readyz(hosted) == {}


def test_a_former_key_that_is_left_set_is_in_the_log_of_every_run(
    hosted: HostedLab, caplog: pytest.LogCaptureFixture
) -> None:
    config: dict[str, bytes | None] = {".github/reassay.yml": b"mode: record\n"}
    hosted.box.repo(FIRST).commit(config, "Record", "safety-lead")
    identity = AppIdentity(hosted.app_id, PEM, "secret")
    for keys, is_said in ((LedgerKeys(key=KEY), False), (LedgerKeys(key=KEY, previous_key=OTHER_KEY), True)):
        settings = replace(hosted.settings, keys=keys)
        with job_services(settings, identity, hosted.database, BoxClock(hosted.box)) as hosted.jobs:
            hosted.round()
            for _ in range(2):
                caplog.clear()
                hosted.jobs.queue.defer([hosted.subject(FIRST)])
                hosted.work()
                said = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
                assert any("remove REASSAY_LEDGER_PREVIOUS_KEY at once" in line for line in said) == is_said


def test_the_run_of_another_repository_shows_whether_it_is_the_server(hosted: HostedLab) -> None:
    hosted.round()
    runs = JobRuns(hosted.database)
    for _ in range(LEAST_RUNS):
        runs.failed(hosted.id_of(FIRST), "its register")
    hosted.box.clock.advance(timedelta(seconds=31))
    hosted.tick()
    assert f"{hosted.id_of(SECOND)}/repository" in hosted.waiting()
    hosted.work()
    assert runs.failing() is None
