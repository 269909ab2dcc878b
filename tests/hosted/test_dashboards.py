"""The dashboard of a repository is stored after its sweep, made again only if it differs, and never at the cost of the sweep."""

import logging
from dataclasses import replace

import pytest

from reassay.common.errors import UpstreamError
from reassay.dashboard.build import DashboardInput, build_dashboard
from reassay.dashboard.values import Dashboard
from reassay.hosted import dashboards
from reassay.hosted.dashboards import DashboardTable, StoredDashboard
from reassay.hosted.jobs.dashboard_builder import DashboardBuilder
from tests.hosted.hosted_lab import FIRST, SECOND, HostedLab
from tests.lab import STARTER


def table(hosted: HostedLab) -> DashboardTable:
    return DashboardTable(hosted.database)


def stored(hosted: HostedLab, name: str = FIRST) -> StoredDashboard:
    found = table(hosted).find(hosted.id_of(name))
    assert found is not None
    return found


def shown(hosted: HostedLab, name: str = FIRST) -> Dashboard:
    key = stored(hosted, name).key
    assert key is not None
    found = table(hosted).document(hosted.id_of(name), key)
    assert found is not None
    return found


def counting(hosted: HostedLab, monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> list[str]:
    """The repositories for which a dashboard is built from now on, each of which raises `error`."""
    built: list[str] = []

    def build(inputs: DashboardInput) -> Dashboard:
        built.append(inputs.repository)
        if error is not None:
            raise error
        return build_dashboard(inputs)

    run = DashboardBuilder.run
    monkeypatch.setattr(DashboardBuilder, "run", lambda self, *given: run(replace(self, build=build), *given))
    return built


def sweep(hosted: HostedLab, name: str = FIRST) -> None:
    hosted.jobs.queue.defer([hosted.subject(name)])
    hosted.work()
    hosted.later()
    hosted.work()


def test_a_sweep_stores_what_the_dashboard_shows(hosted: HostedLab) -> None:
    hosted.round()
    dashboard = shown(hosted)
    assert dashboard.repository == FIRST
    assert dashboard.url == f"{hosted.box.url}/{FIRST}"
    assert {cell.subject for cell in dashboard.cells} >= {"jailbreak-filter", "staff-training"}
    assert dashboard.swept == hosted.box.clock.now()
    assert dict(dashboard.provenance)["ledger"] != "0"
    assert any(cell.issue for cell in dashboard.cells)
    assert stored(hosted).failure == ""
    assert shown(hosted, SECOND).repository == SECOND


def test_it_is_made_again_only_if_something_that_it_shows_has_changed(
    hosted: HostedLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted.round()
    before = stored(hosted)
    built = counting(hosted, monkeypatch)
    hosted.hours(1)
    sweep(hosted)
    assert built == []
    assert stored(hosted) == replace(before, confirmed_at=hosted.box.clock.now())
    hosted.box.repo(FIRST).commit({"framework/mitigations.yml": STARTER + b"# a remark\n"}, "A remark", "safety-lead")
    sweep(hosted)
    assert built == [FIRST]
    hosted.hours(24)
    sweep(hosted)
    assert built == [FIRST, FIRST]


@pytest.mark.long
def test_a_failure_is_stored_logged_and_not_tried_again_and_the_sweep_is_done(
    hosted: HostedLab, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hosted.round()
    before = stored(hosted)
    built = counting(hosted, monkeypatch, ArithmeticError("a secret of the register"))
    hosted.hours(24)
    with caplog.at_level(logging.ERROR, "reassay.jobs"):
        sweep(hosted)
    assert "no new dashboard: a secret of the register" in caplog.text
    assert hosted.fine()[FIRST]
    assert hosted.jobs.dead_letters.listed() == ()
    failed = stored(hosted)
    assert (failed.key, failed.confirmed_at) == (before.key, before.confirmed_at)
    assert failed.failure == "an internal error occurred (ArithmeticError); the operator finds the cause in the log."
    sweep(hosted)
    assert built == [FIRST]
    monkeypatch.undo()
    hosted.hours(24)
    sweep(hosted)
    assert (stored(hosted).failure, stored(hosted).key == before.key) == ("", False)


@pytest.mark.long
def test_of_a_refused_ledger_nothing_reads_current(hosted: HostedLab) -> None:
    """The earlier dashboard would still say what the ledger said before somebody changed it."""
    recent = STARTER.replace(b"2026-06-11", b"2026-11-30")
    hosted.box.repo(FIRST).commit({"framework/mitigations.yml": recent}, "An assessment", "safety-lead")
    hosted.round()
    assert "current" in dict(shown(hosted).summary)
    hosted.box.repo(FIRST).delete_branch_as("safety-lead", "reassay-ledger")
    sweep(hosted)
    dashboard = shown(hosted)
    assert {cell.state for cell in dashboard.cells} & {"current", "due-soon"} == set()
    assert dashboard.problems[0].kind == "ledger"
    again = stored(hosted)
    sweep(hosted)
    assert stored(hosted).key == again.key


@pytest.mark.long
def test_what_git_did_not_give_is_asked_for_again_at_the_next_sweep(
    hosted: HostedLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosted.round()
    counting(hosted, monkeypatch, UpstreamError("git could not reach GitHub."))
    hosted.hours(24)
    sweep(hosted)
    assert stored(hosted).failure == "git could not reach GitHub."
    monkeypatch.undo()
    hosted.hours(1)
    sweep(hosted)
    assert (stored(hosted).failure, stored(hosted).confirmed_at) == ("", hosted.box.clock.now())


@pytest.mark.long
def test_one_that_is_too_large_says_how_large_and_what_to_do(
    hosted: HostedLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboards, "LARGEST", 1024**2)
    monkeypatch.setattr(Dashboard, "model_dump_json", lambda _self: "x" * (5 * 1024**2))
    hosted.round()
    assert (stored(hosted).key, stored(hosted).confirmed_at) == (None, None)
    assert stored(hosted).failure.startswith("this dashboard has 5 MB, and the App stores at most 1 MB.")
    assert "reassay report DIR" in stored(hosted).failure
    assert hosted.fine()[FIRST]


@pytest.mark.long
def test_a_repository_that_leaves_takes_its_dashboard_along(hosted: HostedLab) -> None:
    hosted.round()
    number = hosted.id_of(FIRST)
    hosted.box.take_away(hosted.app_id, FIRST)
    hosted.hours(1)
    hosted.tick()
    assert table(hosted).find(number) is None
    assert hosted.database.rows("select repository_id from reassay_dashboards") == [(hosted.id_of(SECOND),)]
