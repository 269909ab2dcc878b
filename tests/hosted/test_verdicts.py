"""The verdict on each open pull request is explained after the check was published, and shown to its repository's readers."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from reassay.dashboard.verdict import with_what_if
from reassay.dashboard.verdict_values import DashboardVerdict
from reassay.gate.input import GateInput
from reassay.gate.verdict import Verdict
from reassay.hosted.jobs import verdict_builder
from reassay.hosted.verdicts import VerdictTable
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay_sandbox.sandbox_repository import SandboxRepository
from tests.gate_lab import APP, FILES, KEY, STAFF_APP
from tests.hosted.hosted_lab import HostedLab

NAME = "third-lab/framework"
LOOSER = STAFF_APP + b"modalities_in: [text, audio]\n"


@pytest.fixture
def gated(hosted: HostedLab, monkeypatch: pytest.MonkeyPatch) -> Iterator[HostedLab]:
    """A process that has the ledger's key, without which no gate judges anything."""
    keyed = replace(hosted.settings, keys=LedgerKeys(key=KEY))
    monkeypatch.setattr(HostedLab, "settings", property(lambda _self: keyed))
    with hosted.process() as hosted.jobs:
        yield hosted


@pytest.fixture
def repo(gated: HostedLab) -> SandboxRepository:
    """A repository whose gate is on, swept once."""
    repository = gated.add(NAME, dict(FILES))
    gated.box.install(gated.app_id, NAME)
    gated.hours(1)
    gated.round()
    return repository


def stored(hosted: HostedLab) -> dict[int, DashboardVerdict]:
    table, number = VerdictTable(hosted.database), hosted.id_of(NAME)
    verdicts = {pull: table.document(number, pull, key) for pull, key in table.keys(number).items()}
    return {pull: verdict for pull, verdict in verdicts.items() if verdict is not None}


def proposed(hosted: HostedLab, repo: SandboxRepository, branch: str = "change") -> int:
    repo.commit({APP: LOOSER}, message="a change", author="auditor", branch=branch)
    number = repo.open_pull_as("auditor", branch)
    judge(hosted)
    return number


def sign(hosted: HostedLab, repo: SandboxRepository, number: int) -> None:
    """The reviewer signs off some time after the check reported."""
    hosted.hours(1)
    repo.comment_as("red-team-lead", number, "/reassay signoff all")


def judge(hosted: HostedLab) -> None:
    hosted.hours(1)
    hosted.round()


def counting(monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> list[str]:
    """The verdicts for which what-if is computed from now on, each of which raises `error`."""
    computed: list[str] = []
    real: Callable[[DashboardVerdict, GateInput, Verdict], DashboardVerdict] = with_what_if

    def count(explained: DashboardVerdict, gate_input: GateInput, verdict: Verdict) -> DashboardVerdict:
        computed.append(explained.name)
        if error is not None:
            raise error
        return real(explained, gate_input, verdict)

    monkeypatch.setattr(verdict_builder, "with_what_if", count)
    return computed


def test_it_is_stored_with_what_if_follows_the_sign_offs_and_goes_with_the_pull_request(
    hosted: HostedLab, repo: SandboxRepository
) -> None:
    number = proposed(hosted, repo)
    verdict = stored(hosted)[number]
    assert (verdict.name, verdict.pull, verdict.conclusion) == (f"pull-{number}", number, "failure")
    assert not verdict.is_offline
    assert {own.people: own.conclusion for own in verdict.what_if} == {
        ("red-team-lead",): "failure",
        ("release-manager",): "failure",
        ("red-team-lead", "release-manager"): "success",
    }
    sign(hosted, repo, number)
    judge(hosted)
    verdict = stored(hosted)[number]
    assert [row.is_signed for row in verdict.rows] == [True, False]
    assert {own.people: own.conclusion for own in verdict.what_if} == {("release-manager",): "success"}
    repo.close_as("auditor", number)
    judge(hosted)
    assert stored(hosted) == {}


@pytest.mark.long
def test_what_if_is_computed_only_for_a_verdict_that_changed(
    hosted: HostedLab, repo: SandboxRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = counting(monkeypatch)
    number = proposed(hosted, repo)
    assert computed == [f"pull-{number}"]
    before = stored(hosted)
    hosted.hours(24)
    judge(hosted)
    assert computed == [f"pull-{number}"]
    assert stored(hosted) == before
    sign(hosted, repo, number)
    judge(hosted)
    assert computed == [f"pull-{number}"] * 2


@pytest.mark.long
def test_a_failure_is_logged_leaves_nothing_old_and_the_check_is_there(
    hosted: HostedLab, repo: SandboxRepository, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = proposed(hosted, repo)
    counting(monkeypatch, ArithmeticError("broken"))
    sign(hosted, repo, number)
    with caplog.at_level(logging.ERROR, "reassay.jobs"):
        judge(hosted)
    assert f"{NAME}#{number}: its verdict is not explained: broken" in caplog.text
    assert stored(hosted) == {}
    assert hosted.fine()[NAME]
    assert "1 sign-off by board" in repo.checks(repo.pull_head(number))[-1].title
    monkeypatch.undo()
    judge(hosted)
    assert set(stored(hosted)) == {number}


@pytest.mark.long
def test_a_run_that_refuses_the_ledger_forgets_every_verdict(hosted: HostedLab, repo: SandboxRepository) -> None:
    """Their checks fail from then on, so no page may go on to say what they said before."""
    number = proposed(hosted, repo)
    assert number in stored(hosted)
    repo.delete_branch_as("safety-lead", "reassay-ledger")
    judge(hosted)
    assert stored(hosted) == {}
