"""The hosted App's jobs on the sandbox: from a tick to issues on GitHub, and whatever gets in between."""

import asyncio
import copy
import threading
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest

from reassay.hosted.database.database import Database, migrate
from reassay.hosted.job_services import REAPER, SWEEPS, JobServices
from reassay.hosted.jobs.queue import prepare
from reassay.hosted.rate_limits import POINTS_PER_MINUTE, Cost
from reassay.hosted.repositories import INSTALLATIONS
from reassay.hosted.rules.subject import JobSubject
from reassay.register.files import reader
from reassay.register.files.contents import read_contents
from reassay_sandbox.faults import Fault
from reassay_sandbox.gitstore import GitStore
from reassay_sandbox.traffic import Exchange
from tests.hosted.hosted_lab import FIRST, SECOND, HostedLab

ISSUES = 2
MORE = b"mitigations: [{id: mine, title: One more, owner: safety-lead}]\n"
LISTING = ("access_tokens", "/installations", "/installation/repositories", "/app/hook/deliveries")


def looks(traffic: list[Exchange]) -> list[str]:
    return [each.operation for each in traffic if not each.operation.endswith(LISTING)]


def settled(hosted: HostedLab) -> None:
    """Swept, and once more because its own writes look like a change."""
    for _ in range(2):
        hosted.round()
        hosted.hours(1)


@pytest.mark.long
def test_what_is_installed_is_swept_and_then_left_alone(hosted: HostedLab) -> None:
    hosted.round()
    assert len(hosted.titles(FIRST)) == ISSUES
    assert hosted.titles(FIRST) == hosted.titles(SECOND)
    assert hosted.fine() == {FIRST: True, SECOND: True}
    hosted.hours(1)
    hosted.round()
    for _ in range(2):
        with hosted.box.readonly():
            hosted.hours(1)
            before = len(hosted.box.traffic)
            hosted.round()
    assert looks(hosted.box.traffic[before:]) == ["QUERY RepositoryActivity", "QUERY RepositoryActivity"]
    row = hosted.database.rows(
        "select timezone, status->>'schema', (select count(*) > 3 from reassay_due d where d.repository_id = r.id), problems from reassay_repositories r"
    )
    assert row == [("Europe/Berlin", "reassay/status/v1", True, [])] * 2


@pytest.mark.long
def test_what_cannot_be_read_is_stored_logged_and_no_failure_of_the_job(
    hosted: HostedLab, caplog: pytest.LogCaptureFixture
) -> None:
    settled(hosted)
    repo = hosted.box.repo(FIRST)
    text = repo.read("main", "framework/mitigations.yml") or b""
    repo.commit({"framework/mitigations.yml": text.replace(b"every: 6", b"evry: 6")}, message="x", author="auditor")
    caplog.clear()
    hosted.round()
    (row,) = hosted.database.rows(
        "select fine, status -> 'errors', jsonb_array_length(status -> 'unreadable'), status -> 'summary' ->> 'unreadable'"
        " from reassay_repositories where full_name = %s",
        (FIRST,),
    )
    assert row == (True, 1, 1, "1")
    lines = [record.getMessage() for record in caplog.records if "unreadable" in record.getMessage()]
    assert any("jailbreak-filter cannot be read" in line for line in lines)
    assert any(title.startswith("The register has 1 error: jailbreak-filter") for title in hosted.titles(FIRST))
    hosted.hours(1)
    hosted.round()
    with hosted.box.readonly():
        hosted.hours(1)
        hosted.round()


@pytest.mark.long
def test_a_change_without_its_event_is_found_by_the_next_sweep(hosted: HostedLab) -> None:
    settled(hosted)
    hosted.box.repo(FIRST).commit(
        {"framework/more.yml": b"mitigations: [{id: more, title: One more, owner: safety-lead}]\n"},
        message="more",
        author="safety-lead",
    )
    hosted.round()
    assert (len(hosted.titles(FIRST)), len(hosted.titles(SECOND))) == (ISSUES + 1, ISSUES)


@pytest.mark.long
def test_a_command_is_answered_by_the_job_of_its_issue(hosted: HostedLab) -> None:
    settled(hosted)
    number = hosted.box.repo(FIRST).issues()[0].number
    hosted.box.repo(FIRST).comment_as("safety-lead", number, "/reassay explain")
    hosted.jobs.queue.defer([JobSubject(hosted.id_of(FIRST), "issue", number)])
    hosted.work()
    comments = hosted.box.repo(FIRST).thread(number).comments
    assert any(each.author == "reassay[bot]" for each in comments[1:])


@pytest.mark.long
def test_a_day_of_missed_ticks_is_made_up_for_once(hosted: HostedLab) -> None:
    settled(hosted)
    hosted.hours(24 * 9)
    hosted.tick()
    assert len(hosted.waiting()) == 2
    hosted.tick()
    hosted.jobs.claims.release(SWEEPS)
    hosted.tick()
    assert len(hosted.waiting()) == 2
    before = len(hosted.box.traffic)
    hosted.work()
    assert [each for each in looks(hosted.box.traffic[before:]) if each == "QUERY Look"] != []
    # Nine days later one mitigation is close enough to be reminded of, which is said once.
    said = [len(each.comments) for each in hosted.box.repo(FIRST).issues()]
    hosted.round()
    assert [len(each.comments) for each in hosted.box.repo(FIRST).issues()] == said


@pytest.mark.long
def test_a_limit_delays_the_whole_installation_and_nobody_else(hosted: HostedLab) -> None:
    limited = r"POST /api/v3/repos/example-lab/framework/issues$"
    hosted.box.faults.add(Fault("403-secondary", limited, times=1, retry_after=1800))
    hosted.tick()
    hosted.work()
    assert (len(hosted.titles(FIRST)), len(hosted.titles(SECOND))) == (0, ISSUES)
    now = hosted.box.clock.now()
    installation = hosted.jobs.repositories.find(hosted.id_of(FIRST))
    assert installation is not None
    until = hosted.jobs.limits.limited_until(installation.installation, now)
    assert until is not None
    assert timedelta(minutes=29) < until - now <= timedelta(minutes=30)
    # Another job of it waits as well, without asking GitHub anything.
    before = len(hosted.box.traffic)
    hosted.jobs.queue.defer([JobSubject(hosted.id_of(FIRST), "issue", 1)])
    hosted.work()
    assert hosted.box.traffic[before:] == []
    assert len(hosted.waiting()) == 2
    hosted.hours(0.6)
    hosted.later()
    hosted.work()
    assert len(hosted.titles(FIRST)) == ISSUES
    assert hosted.jobs.dead_letters.listed() == ()


@pytest.mark.long
def test_a_spent_budget_of_our_own_asks_github_nothing_and_goes_on_later(hosted: HostedLab) -> None:
    hosted.tick()
    first = hosted.jobs.repositories.find(hosted.id_of(FIRST))
    assert first is not None
    hosted.jobs.limits.spend(first.installation, Cost(points=POINTS_PER_MINUTE - 5), hosted.box.clock.now())
    hosted.work()
    assert (len(hosted.titles(FIRST)), len(hosted.titles(SECOND))) == (0, ISSUES)
    assert hosted.jobs.limits.limited_until(first.installation, hosted.box.clock.now()) is None
    hosted.hours(0.1)
    hosted.later()
    hosted.work()
    assert len(hosted.titles(FIRST)) == ISSUES


@pytest.mark.long
@pytest.mark.parametrize("kind", ["502-after-commit", "drop"])
def test_an_outage_backs_off_and_ends_in_the_same_state(hosted: HostedLab, kind: str) -> None:
    hosted.tick()
    hosted.box.faults.add(Fault(kind, "any", times=400))  # type: ignore[arg-type] # one of them
    for _ in range(3):
        hosted.work()
        hosted.later()
    hosted.box.faults.clear()
    assert hosted.jobs.dead_letters.listed() == ()
    assert len(hosted.waiting()) == 2
    for _ in range(4):
        hosted.work()
        hosted.later()
        hosted.hours(0.1)
    hosted.round()
    assert len(hosted.titles(FIRST)) == len(hosted.titles(SECOND)) == ISSUES
    assert all(hosted.fine().values())


@pytest.mark.long
def test_an_outage_of_git_backs_off_too(hosted: HostedLab) -> None:
    hosted.tick()
    hosted.box.faults.add(Fault("500", r"GIT upload-pack", times=400))
    for _ in range(12):
        hosted.work()
        hosted.later()
    assert hosted.jobs.dead_letters.listed() == ()
    hosted.box.faults.clear()
    hosted.work()
    assert len(hosted.titles(FIRST)) == ISSUES


def test_one_part_that_fails_stops_no_other_one(hosted: HostedLab) -> None:
    hosted.box.faults.add(Fault("500", r"GET /api/v3/app/installations", times=3))
    done = hosted.tick()
    assert INSTALLATIONS not in done
    assert {SWEEPS, REAPER} <= set(done)
    assert hosted.jobs.claims.last_success(INSTALLATIONS) is None
    assert hosted.jobs.claims.last_success(SWEEPS) == hosted.box.clock.now()
    hosted.hours(1)
    assert INSTALLATIONS in hosted.tick()
    assert hosted.jobs.claims.last_success(INSTALLATIONS) == hosted.box.clock.now()


@pytest.mark.long
def test_two_workers_on_two_machines_double_nothing(hosted: HostedLab, url: str, tmp_path: Path) -> None:
    for number in range(3):
        hosted.box.install(hosted.app_id, hosted.add(f"example-lab/more-{number}").full_name)
    with ExitStack() as stack:
        database = stack.enter_context(Database.connect(url))
        other = stack.enter_context(hosted.process(database, tmp_path / "other"))
        for _ in range(3):
            threads = [
                threading.Thread(target=lambda jobs=jobs: run_once(hosted, jobs)) for jobs in (hosted.jobs, other)
            ]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
            hosted.later()
            hosted.hours(1)
    for name in (FIRST, SECOND, *(f"example-lab/more-{number}" for number in range(3))):
        assert len(hosted.titles(name)) == ISSUES
    assert all(hosted.fine().values())


def run_once(hosted: HostedLab, jobs: JobServices) -> None:
    jobs.scheduler.tick(hosted.box.clock.now())
    asyncio.run(jobs.worker.run_waiting())


@pytest.mark.long
def test_a_database_that_is_lost_costs_nothing_but_a_look(hosted: HostedLab, server: str, tmp_path: Path) -> None:
    settled(hosted)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create database lost")
    fresh = server.replace("/postgres?", "/lost?")
    assert migrate(fresh)
    with Database.connect(fresh) as database, hosted.box.readonly():
        prepare(database)
        with hosted.process(database, tmp_path / "anew") as jobs:
            run_once(hosted, jobs)
        rows = database.rows("select full_name, fine, timezone from reassay_repositories order by 1")
        assert rows == [(FIRST, True, "Europe/Berlin"), (SECOND, True, "Europe/Berlin")]
        assert database.rows("select count(*) from reassay_due") == hosted.database.rows(
            "select count(*) from reassay_due"
        )
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("drop database lost with (force)")


@pytest.mark.long
def test_a_broken_copy_is_made_anew_and_a_good_one_is_used_again(hosted: HostedLab) -> None:
    hosted.round()
    fetched = sum(each.operation == "GIT upload-pack" and each.method == "POST" for each in hosted.box.traffic)
    subject = hosted.subject(FIRST)
    hosted.jobs.queue.defer([subject])
    hosted.work()
    folder = hosted.data / "git" / f"{subject.repository}.git"
    assert folder.stat().st_mode & 0o077 == 0 or folder.parent.stat().st_mode & 0o077 == 0
    for pack in folder.glob("objects/pack/*.pack"):
        pack.chmod(0o600)
        pack.write_bytes(b"broken")
    hosted.jobs.queue.defer([subject])
    for _ in range(3):
        hosted.work()
        hosted.later()
    assert hosted.fine()[FIRST]
    assert hosted.jobs.dead_letters.listed() == ()
    assert fetched > 0


def test_what_kills_the_scheduler_between_two_steps_is_made_up_for(hosted: HostedLab) -> None:
    hosted.tick()
    hosted.database.run("delete from procrastinate_jobs")
    hosted.database.run(
        "update reassay_repositories set next_sweep_at = %s", (hosted.box.clock.now() + timedelta(minutes=5),)
    )
    hosted.hours(0.1)
    hosted.tick()
    assert len(hosted.waiting()) == 2


@pytest.fixture
def thousand(hosted: HostedLab, monkeypatch: pytest.MonkeyPatch) -> HostedLab:
    """A thousand repositories of one account, swept and fine; they jitter one git repository."""
    # What takes the time is asking git two thousand times for the same two heads.
    heads: dict[str, str | None] = {}
    ask = GitStore.head
    monkeypatch.setattr(
        GitStore,
        "head",
        lambda git, branch: heads[branch] if branch in heads else heads.setdefault(branch, ask(git, branch)),
    )
    store, app = hosted.box.dispatcher.store, hosted.app
    model = store.find(FIRST)
    assert model is not None
    installation = app.on(model)
    assert installation is not None
    for number in range(999):
        made = copy.copy(model)
        made.id, made.name = store.next_id(), f"framework-{number}"
        store.repos[made.full_name.lower()] = made
        installation.repositories.add(made.id)
    hosted.tick()
    hosted.database.run("delete from procrastinate_jobs")
    hosted.database.run(
        "update reassay_repositories set swept_at = %s, fine = true, fingerprint = looked", (hosted.box.clock.now(),)
    )
    return hosted


@pytest.mark.long
def test_a_thousand_unchanged_repositories_cost_ten_requests(thousand: HostedLab) -> None:
    thousand.hours(1)
    before = len(thousand.box.traffic)
    thousand.tick()
    asked = [each.operation for each in thousand.box.traffic[before:] if not each.operation.endswith("access_tokens")]
    assert thousand.waiting() == []
    # One is the other account's; the hourly listing and the deliveries are parts of their own.
    assert asked.count("QUERY RepositoryActivity") == 11
    assert asked.count("GET /installation/repositories") == 12
    assert len(asked) == 11 + 12 + 2
    looked = thousand.database.rows(
        "select count(*) from reassay_repositories where looked_at = %s", (thousand.box.clock.now(),)
    )
    assert looked == [(1001,)]


@pytest.mark.long
def test_an_hour_of_ticks_costs_no_more_than_twenty_however_they_are_spread(thousand: HostedLab) -> None:
    thousand.hours(1)
    thousand.tick()
    minutes = {
        row[0] for row in thousand.database.rows("select extract(minute from next_sweep_at) from reassay_repositories")
    }
    assert len(minutes) == 60
    before = len(thousand.box.traffic)
    for _ in range(60):
        thousand.hours(1 / 60)
        thousand.jobs.claims.succeeded("claim/installations", thousand.box.clock.now())
        thousand.tick()
    asked = [
        each.operation
        for each in thousand.box.traffic[before:]
        if not each.operation.endswith(("access_tokens", "/app/hook/deliveries"))
    ]
    assert thousand.waiting() == []
    # One or two of them are the other account's.
    assert set(asked) == {"QUERY RepositoryActivity"}
    assert len(asked) <= 20
    (oldest,) = thousand.database.rows("select min(looked_at) from reassay_repositories")
    assert thousand.box.clock.now() - oldest[0] <= timedelta(minutes=70)


@pytest.mark.long
def test_jobs_of_one_process_parse_what_is_the_same_once(hosted: HostedLab) -> None:
    hosted.box.repo(FIRST).commit({"framework/mine.yml": MORE}, message="mine", author="safety-lead")
    with patch.object(reader, "read_contents", wraps=read_contents) as counted:
        hosted.round()
    parsed = [(call.args[0].path, call.args[0].oid) for call in counted.call_args_list]
    # Two repositories with the same files, read several times each.
    assert "framework/mine.yml" in dict(parsed)
    assert "framework/mitigations.yml" in dict(parsed)
    assert len(parsed) == len(set(parsed))


@pytest.mark.long
def test_a_ledger_that_was_deleted_with_every_trace_on_github_is_missed_by_the_database(hosted: HostedLab) -> None:
    settled(hosted)
    repo = hosted.box.repo(FIRST)
    for issue in repo.issues():
        repo.delete_issue(issue.number)
    repo.delete_branch_as("safety-lead", "reassay-ledger")
    hosted.hours(1)
    hosted.round()
    assert repo.head("reassay-ledger") is None, "no new ledger begins"
    assert hosted.fine()[FIRST] is False
    assert [issue.title for issue in repo.issues()] == ["The ledger is shorter than what this bot has published"]
    assert "the database of the hosted App" in repo.issues()[0].body
    assert hosted.fine()[SECOND]
