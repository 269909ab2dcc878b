"""Two writers at once: compare and swap lets one of them through, the other looks again, and nothing is lost."""

import base64
import json
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.git.git import Git
from reassay.ledger.state import LedgerState
from reassay.ledger.store.chain import read_chain
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay.ledger.store.keyring import Keyring
from reassay.ledger.store.verification import VerificationOptions, verify
from reassay.sweep.ledger_refusal import BROKEN
from reassay.sweep.report import Report
from tests.lab import STARTER, Lab
from tests.unit.ledger.worlds import Ledger, key, records, ring, seed


@dataclass
class Branch:
    """One branch that is only moved from the head that was read."""

    ledger: Ledger = field(default_factory=Ledger)
    head: int = 0

    def swap(self, read: int, mine: Ledger) -> bool:
        if read != self.head:
            return False
        self.ledger, self.head = mine, self.head + 1
        return True


def copy_of(branch: Branch) -> tuple[int, Ledger]:
    now = branch.ledger
    return branch.head, Ledger(dict(now.files), now.state, list(now.commits), now.objects)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 1), max_size=30), st.sampled_from([None, ring("old")]))
def test_whatever_the_order_two_writers_lose_nothing(turns: list[int], keyring: Keyring | None) -> None:
    branch = Branch()
    todo = [records(8)[:4], records(8)[4:]]
    holding: list[tuple[int, Ledger] | None] = [None, None]
    order = [*turns, *([0, 1] * 20)]
    for who in order:
        held = holding[who]
        if held is None:
            holding[who] = copy_of(branch)
        elif todo[who]:
            read, mine = held
            mine.append([todo[who][0]], keyring)
            if branch.swap(read, mine):
                todo[who].pop(0)
            holding[who] = None
    assert todo == [[], []]
    written = [entry.body for entry in branch.ledger.state.entries if not entry.body.kind.startswith("key")]
    assert sorted(map(repr, written)) == sorted(repr(record.body) for record in records(8))
    files = {path: data for path, data in branch.ledger.files.items() if not path.startswith("objects/")}
    assert read_chain(files).findings == ()


def at_once(lab: Lab, runs: int) -> list[Report]:
    reports: list[Report] = []
    start = threading.Barrier(runs)

    def one(name: str) -> None:
        start.wait(10)
        reports.append(lab.sweep(settings=replace(lab.settings, run=name)))

    threads = [threading.Thread(target=one, args=(f"run-{number}",)) for number in range(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(reports) == runs
    return reports


def downloaded(lab: Lab, folder: Path) -> tuple[Git, str]:
    git = Git.new(folder).with_token(f"{lab.box.url}/{lab.name}.git", lab.settings.token)
    url = f"{lab.box.url}/{lab.name}.git"
    head = git.remote_heads(url).ledger_head
    assert head
    git.run("fetch", "--quiet", url, head)
    return git, head


def with_key(lab: Lab, name: str, **more: str) -> None:
    lab.settings = replace(lab.settings, ledger_keys=LedgerKeys(key=seed(name), **more))


@pytest.mark.slow
def test_signed_runs_that_overlap_on_github_lose_nothing(lab: Lab, tmp_path: Path) -> None:
    with_key(lab, "old")
    at_once(lab, 3)
    lab.later(minutes=6)
    lab.fine()
    assert len(lab.titles()) == len(set(lab.titles())) == 2
    git, head = downloaded(lab, tmp_path)
    found = verify(git, head, VerificationOptions(trusted=(key("old").id,)))
    assert found.findings == ()
    assert [span.standing for span in found.trust.spans] == ["trusted"]
    with lab.box.readonly():
        lab.fine()


@pytest.mark.slow
def test_from_unsigned_to_signed_to_rotated_on_github(lab: Lab, tmp_path: Path) -> None:
    lab.fine()
    with_key(lab, "old")
    lab.register(STARTER + b"  - {id: third, title: A third one, owner: safety-lead, every: 1 year}\n")
    lab.fine()
    with_key(lab, "new", previous_key=seed("old"))
    lab.register(STARTER + b"  - {id: fourth, title: A fourth one, owner: safety-lead, every: 1 year}\n")
    lab.fine()
    git, head = downloaded(lab, tmp_path)
    found = verify(git, head, VerificationOptions(trusted=(key("old").id,)))
    assert [span.standing for span in found.trust.spans] == ["unsigned", "trusted", "trusted"]
    assert found.is_fine
    assert seed("old") not in "".join(lab.said)


@pytest.mark.slow
def test_a_run_without_a_key_reports_it_and_writes_nothing(lab: Lab) -> None:
    with_key(lab, "old")
    lab.fine()
    lab.settings = replace(lab.settings, ledger_keys=LedgerKeys())
    lab.register(STARTER + b"  - {id: third, title: A third one, owner: safety-lead, every: 1 year}\n")
    with lab.box.readonly():
        report = lab.sweep()
    assert "REASSAY_LEDGER_KEY" in report.problems[0].message


@pytest.mark.slow
def test_a_run_with_another_key_refuses_the_ledger_and_says_so_in_one_issue(lab: Lab) -> None:
    with_key(lab, "old")
    lab.fine()
    head, before = lab.repo.head("reassay-ledger"), lab.titles()
    lab.settings = replace(lab.settings, ledger_keys=LedgerKeys(key=seed("thief")))
    lab.register(STARTER + b"  - {id: third, title: A third one, owner: safety-lead, every: 1 year}\n")
    report = lab.sweep()
    assert "another key is configured" in report.problems[0].message
    assert lab.repo.head("reassay-ledger") == head
    assert len(lab.titles()) == len(before) + 1
    with lab.box.readonly():
        assert lab.sweep().problems
    with_key(lab, "old")
    lab.fine()
    assert {issue.title: issue.state for issue in lab.repo.issues()}[BROKEN] == "closed"


@pytest.mark.slow
def test_a_previous_key_that_stays_set_is_named_and_takes_no_ledger_that_was_cut_back(lab: Lab) -> None:
    with_key(lab, "old")
    lab.fine()
    before = lab.repo.head("reassay-ledger") or ""
    with_key(lab, "new", previous_key=seed("old"))
    lab.register(STARTER + b"  - {id: third, title: A third one, owner: safety-lead, every: 1 year}\n")
    assert any("remove REASSAY_LEDGER_PREVIOUS_KEY at once" in note for note in lab.fine().notes)
    assert any("remove REASSAY_LEDGER_PREVIOUS_KEY at once" in note for note in lab.fine().notes)
    # A thief who holds the old key cuts the branch back to before the new one.
    lab.repo.push_over("reassay-ledger", before, "auditor")
    report = lab.sweep()
    assert "shorter than what this bot has published" in report.problems[0].message
    assert lab.repo.head("reassay-ledger") == before, "the old key is not replaced a second time"
    with_key(lab, "new")
    assert not lab.sweep().notes


@pytest.mark.slow
@pytest.mark.parametrize(
    ("revoke", "why"),
    [
        (f"{key('old').id}@1", "is in use"),
        (f"{key('thief').id}@1", "has no key"),
        (f"{key('first').id}@9999", "the ledger ends at entry"),
    ],
)
def test_a_revocation_that_cannot_be_is_a_problem_of_every_run(lab: Lab, revoke: str, why: str) -> None:
    with_key(lab, "first")
    lab.fine()
    with_key(lab, "old", previous_key=seed("first"))
    lab.register(STARTER + b"  - {id: third, title: A third one, owner: safety-lead, every: 1 year}\n")
    lab.fine()
    with_key(lab, "old", revoke=revoke)
    with lab.box.readonly():
        report = lab.sweep()
    assert why in report.problems[0].message


def test_a_ledger_copied_from_another_repository_is_not_gone_by(lab: Lab) -> None:
    lab.fine()
    head = lab.repo.read("reassay-ledger", "entries/0000/0000001.json")
    assert head
    assert json.loads(base64.b64decode(json.loads(head)["payload"]))["predicate"]["ledger"]["host"]
    from reassay.common.errors import UpstreamError
    from reassay.ledger.entry import LedgerIdentity
    from reassay.sweep.ledger_records import refuse_foreign

    foreign = LedgerState(entries=tuple(signed_elsewhere().state.entries))

    assert foreign.entries[0].ledger == LedgerIdentity(host="github.example", repository_id=7, ledger_id="l7")
    with pytest.raises(UpstreamError, match=r"belongs to repository 7 on github.example, not to this repository \(1\)"):
        refuse_foreign(foreign, repository_id=1)


def signed_elsewhere() -> Ledger:
    ledger = Ledger()
    ledger.append(records(2), ring("old"))
    return ledger
