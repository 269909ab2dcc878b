"""OSCAL assessment results: what its schema wants of the parts that are used, written down by hand, and what must not be in it.

The whole document was read once by the official JSON schema of OSCAL 1.2.3, by the constraints that are published with it,
and by a strict model of 1.1.2.
"""

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from reassay.cli import main
from reassay.git.git import Git
from reassay.ledger.criterion_result import CriterionResult
from reassay.ledger.digests import Asked
from reassay.ledger.entry import Decided, Record
from reassay.ledger.follow_ups import FollowUp
from reassay.ledger.risks import Corrected
from reassay.ledger.store.codec import encode, entry_path
from tests.unit.ledger.worlds import Ledger, commit, pushed, records, ring, signed

Json = dict[str, Any]
TOKEN = re.compile(r"[^\W\d][\w.-]*")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
LINE = re.compile(r"\S(.*\S)?")
NEEDED = {
    "assessment-results": {"uuid", "metadata", "import-ap", "results"},
    "metadata": {"title", "last-modified", "version", "oscal-version"},
    "results": {"uuid", "title", "description", "start", "reviewed-controls"},
    "observations": {"uuid", "description", "methods", "collected"},
    "findings": {"uuid", "title", "description", "target"},
    "target": {"type", "target-id", "status"},
    "props": {"name", "value"},
    "external-ids": {"scheme", "id"},
    "related-observations": {"observation-uuid"},
    "parties": {"uuid", "type"},
    "resources": {"uuid"},
    "actors": {"type", "actor-uuid"},
    "roles": {"id", "title"},
    "risks": {"uuid", "title", "description", "statement", "status"},
    "remediations": {"uuid", "lifecycle", "title", "description"},
    "relevant-evidence": {"description"},
    "related-risks": {"risk-uuid"},
}
ALLOWED = {
    "assessment-results": {"back-matter"},
    "metadata": {"roles", "parties"},
    "results": {"end", "props", "observations", "risks", "findings", "remarks"},
    "observations": {"props", "types", "origins", "relevant-evidence", "expires"},
    "findings": {"origins", "related-observations", "related-risks"},
    "risks": {"deadline", "remediations"},
    "remediations": {"props"},
    "relevant-evidence": {"props"},
    "props": {"ns"},
    "parties": {"external-ids"},
    "resources": {"title", "props", "citation", "rlinks"},
    "actors": {"role-id"},
    "status": {"state", "reason", "remarks"},
    "import-ap": {"href", "remarks"},
}
TOKENS = {"name", "id", "control-id", "target-id", "role-id", "state", "reason"}
WORDS = {
    "state": {"satisfied", "not-satisfied"},
    "reason": {"pass", "fail", "other"},
    "methods": {"EXAMINE", "INTERVIEW", "TEST", "UNKNOWN"},
}


def wrong(name: str, value: object) -> Iterator[str]:
    """What the schema would not take; `name` is the key that a value stands under."""
    if isinstance(value, dict):
        missing = NEEDED.get(name, set()) - set(value)
        more = set(value) - NEEDED.get(name, set()) - ALLOWED.get(name, set()) if name in ALLOWED else set()
        yield from (f"{name}: {each} is missing" for each in missing)
        yield from (f"{name}: {each} is unknown" for each in more)
        for key, each in value.items():
            yield from wrong(key, each)
    elif isinstance(value, list):
        yield from [] if value else [f"{name} is empty"]
        for each in value:
            yield from wrong(name, each)
    else:
        yield from wrong_text(name, str(value))


def wrong_text(name: str, text: str) -> Iterator[str]:
    forms = {
        "uuid": UUID,
        "actor-uuid": UUID,
        "observation-uuid": UUID,
        "risk-uuid": UUID,
        "value": LINE,
        "title": LINE,
    }
    form = forms.get(name) or (TOKEN if name in TOKENS and not text.isdigit() else None)
    if form and not form.fullmatch(text):
        yield f"{name}: {text!r} is not of its form"
    if text not in WORDS.get(name, {text}):
        yield f"{name}: {text!r} is no word for it"
    if (
        name in {"start", "end", "collected", "expires", "deadline", "last-modified"}
        and datetime.fromisoformat(text).tzinfo is None
    ):
        yield f"{name}: {text!r} has no zone"


def everything(value: object) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from everything(each)
    elif isinstance(value, list):
        for each in value:
            yield from everything(each)


def exported(git: Git) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(["ledger", "export", str(git.folder), "--format", "oscal"], out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git.new(tmp_path / "checkout")


def rich() -> Ledger:
    """Every decision there is, one with all that can stand in it, one corrected."""
    ledger = Ledger()
    made = records(16)
    words = iter(("degraded", "ineffective", "inconclusive"))
    ledger.append([each for each in made if each.body.kind == "opened"], ring("old"))
    decided = [(each, each.body) for each in made if isinstance(each.body, Decided)][:4]
    for number, (each, body) in enumerate(decided):
        if number == 0:
            met = CriterionResult(name="Share trained", verdict="met", basis="measured")
            late = FollowUp(due=body.decided_on, text=body.because or body.snapshot)
            more = {"criteria": (met,), "deployment_decision": "restrict", "follow_ups": (late,), "subject": "2fa"}
            changed = body.model_copy(update=more | {"cells": ("public-api", "agent-lab"), "basis": "measured"})
        else:
            changed = body.model_copy(update={"decision": next(words)})
        ledger.append([each.model_copy(update={"body": changed})], ring("old"))
    asked = Asked(comment=1, index=0, body_sha256="0" * 64, by=3)
    about = {"reassessment": "R-2026-001", "subject": "2fa", "how": "withdraw", "asked": asked, "confirmed_by": 4}
    ledger.append([Record(body=Corrected(because=decided[0][1].snapshot, **about), actor=4)], ring("old"))  # type: ignore[arg-type] # a table
    return ledger


def test_it_is_what_the_schema_wants_and_every_reference_leads_somewhere(git: Git) -> None:
    pushed(git, rich())
    code, out, err = exported(git)
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert list(document) == ["assessment-results"]
    assert list(wrong("", document)) == []
    parts = list(everything(document))
    uuids = [each["uuid"] for each in parts if "uuid" in each]
    assert len(set(uuids)) == len(uuids)
    named = {each[key] for each in parts for key in ("actor-uuid", "observation-uuid", "risk-uuid") if key in each}
    assert named | {document["assessment-results"]["import-ap"]["href"][1:]} <= set(uuids)


def test_the_check_by_hand_finds_what_it_is_there_for() -> None:
    result = {
        "uuid": "1",
        "title": "",
        "start": "2026-01-01T00:00:00",
        "extra": 1,
        "reviewed-controls": {},
        "props": [],
    }
    assert len(list(wrong("results", result))) == 6


def test_one_result_for_each_decision_with_what_was_found(git: Git) -> None:
    ledger = rich()
    pushed(git, ledger)
    results = json.loads(exported(git)[1])["assessment-results"]["results"]
    decided = [entry for entry in ledger.state.entries if isinstance(entry.body, Decided)]
    values = [{each["name"]: each["value"] for each in result["props"]} for result in results]
    assert [each["ledger-entry"] for each in values] == [str(entry.seq) for entry in decided]
    assert [each["decision"] for each in values] == ["effective", "degraded", "ineffective", "inconclusive"]
    states = [result["findings"][0]["target"]["status"] for result in results]
    assert [(each["state"], each["reason"]) for each in states] == [
        ("satisfied", "pass"),
        ("not-satisfied", "other"),
        ("not-satisfied", "fail"),
        ("not-satisfied", "other"),
    ]
    first = results[0]
    assert [each["methods"] for each in first["observations"]] == [["TEST"], ["TEST"]]
    assert [each["value"] for each in first["props"] if each["name"] == "deployment"] == ["public-api", "agent-lab"]
    assert first["reviewed-controls"]["control-selections"][0]["include-controls"] == [{"control-id": "_2fa"}]
    assert "withdrawn later" in first["remarks"]
    assert "remarks" not in results[1]
    assert results[1]["observations"][0]["methods"] == ["UNKNOWN"]


@pytest.mark.slow
def test_it_is_the_same_each_time_and_an_append_changes_no_result(git: Git) -> None:
    ledger = signed(4)
    pushed(git, ledger)
    first = exported(git)[1]
    assert exported(git)[1] == first
    ledger.append(records(8)[4:], ring("old"))
    pushed(git, ledger)
    before, after = (json.loads(text)["assessment-results"] for text in (first, exported(git)[1]))
    assert after["results"][: len(before["results"])] == before["results"]
    assert after["uuid"] != before["uuid"]
    other = Ledger(identity=ledger.identity.model_copy(update={"ledger_id": "l8"}))
    other.append(records(4), ring("old"))
    git.run("update-ref", "-d", "refs/heads/reassay-ledger")
    pushed(git, other)
    uuids = {each["uuid"] for each in everything(json.loads(exported(git)[1])) if "uuid" in each}
    assert not uuids & {each["uuid"] for each in everything(after) if "uuid" in each}


def test_it_holds_account_ids_and_no_free_text(git: Git) -> None:
    ledger = signed(4)
    assert b'"tested"' in ledger.objects.values()
    pushed(git, ledger)
    out = exported(git)[1]
    assert '"tested"' not in out
    assert "red-team-lead" not in out
    parties = json.loads(out)["assessment-results"]["metadata"]["parties"]
    assert [set(each) for each in parties] == [{"uuid", "type", "external-ids"}] * len(parties)


def test_without_a_decision_there_is_nothing_to_write(git: Git) -> None:
    pushed(git, signed(1))
    code, out, err = exported(git)
    assert (code, out) == (2, "")
    assert "no decision" in err


def test_of_a_broken_ledger_it_says_so_and_exits_1(git: Git) -> None:
    ledger = signed(4)
    entry = ledger.state.entries[1]
    files = {**ledger.files, entry_path(2): encode(entry.model_copy(update={"signed": False}))}
    commit(git, files)
    code, out, err = exported(git)
    assert (code, "is broken" in err) == (1, True)
    assert list(wrong("", json.loads(out))) == []
