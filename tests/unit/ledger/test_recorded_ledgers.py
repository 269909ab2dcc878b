"""Ledgers that an older version wrote read as they did then, and are byte for byte what this version would write."""

import io
import json
import subprocess
from pathlib import Path
from typing import get_args

import pytest

from reassay.cli import main
from reassay.common.canonical import canonical, digest
from reassay.git.git import Git
from reassay.ledger.entry import Body
from reassay.ledger.history import History
from reassay.ledger.store.branch import chain_of, object_places
from reassay.ledger.store.codec import ENTRY_TYPE, encode, entry_path
from reassay.ledger.store.envelope import read_envelope
from tests.golden import same_as_json

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ledgers"
TRUSTED = {"unsigned": (), "signed": ("--trusted-key", str(FIXTURES / "first-key.pub"))}
WHEN = "2027-03-01T12:00:00Z"


@pytest.fixture(scope="module", params=TRUSTED)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def checkout(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(name) / "checkout"
    subprocess.run(
        ["git", "clone", "--quiet", "--branch=main", str(FIXTURES / f"{name}.bundle"), str(folder)], check=True
    )
    return folder


def told(*arguments: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    code = main(arguments, out, err)
    assert (code, [line for line in err.getvalue().splitlines() if "is in the future" not in line]) == (0, [])
    return out.getvalue()


def branch_of(git: Git) -> str:
    commit = git.resolve("refs/remotes/origin/reassay-ledger")
    assert commit is not None
    return commit


def contents_of(git: Git) -> dict[str, bytes]:
    places = {place.path: place.oid for place in git.list(branch_of(git))}
    contents = git.read(places.values())
    return {path: contents[oid] for path, oid in places.items()}


def test_it_verifies(checkout: Path, name: str) -> None:
    document = json.loads(told("ledger", "verify", "--format", "json", *TRUSTED[name], str(checkout)))
    assert document["result"] == "fine"
    assert document["findings"] == []


def test_every_entry_is_written_as_the_same_bytes(checkout: Path) -> None:
    git = Git(checkout)
    contents = contents_of(git)
    chain = chain_of(git, branch_of(git))
    assert {entry_path(written.entry.seq) for written in chain.written} == {
        path for path in contents if path.startswith("entries/")
    }
    for written in chain.written:
        data = contents[entry_path(written.entry.seq)]
        assert written.envelope.encode() == data
        assert read_envelope(encode(written.entry), ENTRY_TYPE).payload == written.envelope.payload
        assert written.digest == digest(data)


def test_every_object_is_written_as_the_same_bytes(checkout: Path) -> None:
    git = Git(checkout)
    contents = contents_of(git)
    places = object_places(git, branch_of(git))
    assert places
    for name, place in places.items():
        data = contents[place.path]
        assert digest(data) == name
        assert canonical(json.loads(data)) == data


LATER = {
    "removed", "protection-changed", "unreadable-claimed", "unreadable-issue", "readable-again",
    "run-registered", "run-ended", "run-refused",
    "follow-up-claimed", "follow-up-issue", "follow-up-done", "follow-up-checked",
    "signals-received", "source-read", "triage-claimed", "triage-issue", "triage-done", "paged", "paging-began",
    "deployment-observed", "dashboard-claimed", "dashboard-issue", "dashboard-ended",
}  # fmt: skip
"""Kinds that came after the ledgers were recorded; `tests/sweep/test_one_life.py`, `test_protection.py`,
`test_unreadable_issue.py`, `test_evaluation_runs.py`, `test_follow_ups.py`, `test_signals.py`, `test_signal_triage.py`, `test_dashboard.py` and `test_paging.py`
write and read them."""


def test_the_signed_one_has_entries_of_every_kind_of_its_time() -> None:
    entries = json.loads((FIXTURES / "signed.log.json").read_text(encoding="utf-8"))["entries"]
    kinds = {body.model_fields["kind"].default for body in get_args(get_args(Body)[0])}
    assert {entry["kind"] for entry in entries} == kinds - LATER


@pytest.mark.parametrize("command", ["log", "export"])
def test_it_is_listed_and_exported_as_before(checkout: Path, name: str, command: str) -> None:
    text = told("ledger", command, "--format", "json", *TRUSTED[name], str(checkout))
    same_as_json(FIXTURES / f"{name}.{command}.json", text)


def test_the_status_on_a_day_is_as_before(checkout: Path, name: str) -> None:
    text = told("status", "--format", "json", "--at", WHEN, str(checkout))
    same_as_json(FIXTURES / f"{name}.status.json", text)


@pytest.mark.slow
def test_its_history_is_as_before(checkout: Path, name: str) -> None:
    git = Git(checkout)
    history = History.of(written.entry for written in chain_of(git, branch_of(git)).written)
    same_as_json(FIXTURES / f"{name}.history.json", json.dumps(summary(history)))


def summary(history: History) -> dict[str, object]:
    """What later decisions rest on."""
    return {
        "seq": history.seq,
        "signed": history.signed,
        "enforced": history.enforced,
        "last_sweep": str(history.last_sweep),
        "handled": sorted(f"{comment}:{index}" for comment, index in history.handled),
        "waivers": [[waiver.seq, waiver.subject, str(waiver.waived.until)] for waiver in history.waivers],
        "last_decisions": {
            "/".join(cell): last.reassessment.id for cell, last in sorted(history.last_decisions().items())
        },
        "reassessments": [
            {
                "id": reassessment.id,
                "subject": reassessment.subject,
                "cells": reassessment.cells,
                "triggers": [trigger.kind for trigger in reassessment.triggers],
                "state": reassessment.state,
                "depth": reassessment.depth,
                "due": str(reassessment.due),
                "extensions": reassessment.extensions,
                "issue": reassessment.issue,
                "landed": reassessment.landed,
                "counts": reassessment.counts,
                "decision": reassessment.decided and reassessment.decided.decision,
                "decided_on": reassessment.decided and str(reassessment.decided.decided_on),
                "closed_at": str(reassessment.closed_at),
                "withdrawn_by": reassessment.withdrawn_seq,
                "recorded": [f"{record.seq} {record.body.kind}" for record in reassessment.log],
            }
            for reassessment in history.reassessments.values()
        ],
    }
