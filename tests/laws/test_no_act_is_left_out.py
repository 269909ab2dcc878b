"""Law: every entry of the ledger in a period that carries a person's act is in a table of the audit pack, of whatever kind.

And every kind has its place: a kind that a later version adds fails here until somebody says which tables show it.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.cells import AssessmentInput
from reassay.audit.acts import ACTING, people_behind
from reassay.audit.audit_input import AuditInput
from reassay.audit.exceptions import ORDINARY
from reassay.audit.figures import AuditFigures, figures
from reassay.audit.parameters import Period
from reassay.audit.placement import TABLES_OF
from reassay.audit.views.tables import TABLES
from reassay.ledger.entry import Body, Entry, LedgerIdentity
from reassay.ledger.history import History
from reassay.ledger.trust import Trust
from tests.examples import examples
from tests.make import mitigation, register

BODIES: Mapping[str, type] = {kind.model_fields["kind"].default: kind for kind in get_args(get_args(Body)[0])}
START, END = date(2026, 12, 1), date(2026, 12, 31)
SHA = "a" * 64
RECORD = "R-2026-001"
PATTERNS = {
    "c14n/1": f"c14n/1:sha256:{SHA}",
    "signed/1": f"signed/1:sha256:{SHA}",
    "file|salted": f"file:sha256:{SHA}",
    "name:": f"name:sha256:{SHA}",
    "R-": RECORD,
    "{40}": "b" * 40,
    "{16,64}": "c" * 32,
    "{0,17}": "4711-1-harmful-answers",
    "[A-Z]{3}": "1000 GBP",
    "sha256": f"sha256:{SHA}",
}


def test_every_kind_has_its_place() -> None:
    assert TABLES_OF.keys() == BODIES.keys()
    assert {table for tables in TABLES_OF.values() for table in tables} <= TABLES.keys()


def test_every_kind_that_is_no_exception_is_placed_elsewhere_or_only_of_use_to_the_bot() -> None:
    unplaced = {kind for kind in ORDINARY if not set(TABLES_OF[kind]) - {"exceptions"}}
    # `readable-again` is the status of what could not be read until then.
    assert unplaced == {
        "observation", "bypass-issue", "first-seen", "removed", "unreadable-issue", "readable-again",
        "follow-up-claimed", "follow-up-issue",
        # They are in the ledger of the pack, and what they led to is in the tables of re-assessments.
        "signals-received", "source-read", "triage-claimed", "triage-issue", "triage-done",
        "deployment-observed", "paged", "paging-began",
        "dashboard-claimed", "dashboard-issue", "dashboard-ended",
    }  # fmt: skip


NO_ACT = frozenset({
    "comment", "index", "step", "version", "line", "pull", "issue", "held_seq", "contained_seq", "done_seq", "number", "review", "revoked_from", "unresolved",
    "counted", "total", "id", "more", "for_account", "people", "app", "artifact", "planned", "workflow_run", "best_of", "teams",
})  # fmt: skip
"""Numbers that name nobody who acted: lenders and holders of roles did not."""


def numbers(spec: object, name: str = "") -> set[str]:
    """Names of the fields of a schema that may hold a whole number."""
    if isinstance(spec, list):
        return {found for item in spec for found in numbers(item, name)}
    if not isinstance(spec, dict):
        return set()
    own = {name} if spec.get("type") == "integer" else set()
    own |= {found for key in ("anyOf", "items") for found in numbers(spec.get(key), name)}
    own |= {found for field, item in spec.get("properties", {}).items() for found in numbers(item, field)}
    return own | {found for item in spec.get("$defs", {}).values() for found in numbers(item)}


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_every_number_in_an_entry_is_a_person_who_acted_or_known_to_be_none(kind: str) -> None:
    assert numbers(schema(kind)) <= ACTING | NO_ACT


@cache
def schema(kind: str) -> Mapping[str, object]:
    return BODIES[kind].model_json_schema()  # type: ignore[no-any-return, attr-defined] # a pydantic model


def listed(value: object) -> list[Mapping[str, object]]:
    assert isinstance(value, list)
    return value


def value(spec: Mapping[str, object], root: Mapping[str, object], draw: st.DrawFn) -> object:  # noqa: PLR0911
    """Some value of a JSON schema, as far as bodies of entries use them."""
    if "$ref" in spec:
        definitions = root["$defs"]
        assert isinstance(definitions, dict)
        return value(definitions[str(spec["$ref"]).rsplit("/", 1)[-1]], root, draw)
    if "const" in spec:
        return spec["const"]
    if "enum" in spec:
        return draw(st.sampled_from(listed(spec["enum"])))
    if "anyOf" in spec:
        return value(draw(st.sampled_from(listed(spec["anyOf"]))), root, draw)
    match spec.get("type"):
        case "null":
            return None
        case "boolean":
            return draw(st.booleans())
        case "integer" | "number":
            return draw(st.integers(1, 9))
        case "array":
            return [value(spec["items"], root, draw)]  # type: ignore[arg-type] # a schema
        case "object":
            properties = spec.get("properties", {})
            assert isinstance(properties, dict)
            return {name: value(own, root, draw) for name, own in properties.items()}
        case _:
            return text(spec)


def text(spec: Mapping[str, object]) -> str:
    if spec.get("format") in {"date", "date-time"}:
        return "2026-12-10" if spec["format"] == "date" else "2026-12-10T09:00:00Z"
    if examples := spec.get("examples"):
        return str(listed(examples)[0])
    pattern = str(spec.get("pattern", ""))
    return next((sample for part, sample in PATTERNS.items() if part in pattern), "filter")


@st.composite
def bodies(draw: st.DrawFn, kind: str) -> Body:
    written = value(schema(kind), schema(kind), draw)
    assert isinstance(written, dict)
    if "reassessment" in written and written["reassessment"] is not None:
        written["reassessment"] = RECORD
    if kind == "key-added":
        written["public_key"] = "A" * 43 + "="
    return BODIES[kind].model_validate_json(json.dumps(written))  # type: ignore[no-any-return, attr-defined] # a pydantic model


def audited(some: list[Body], actors: list[int | None]) -> AuditInput:
    """An audit over a re-assessment that is opened, then these bodies, one an hour."""
    identity = LedgerIdentity(host="github.com", repository_id=1, ledger_id="d" * 32)
    start = datetime(2026, 12, 2, 9, tzinfo=UTC)
    entries = tuple(
        Entry(
            seq=seq,
            prev=None,
            ledger=identity,
            mode="enforce",
            recorded_at=start + timedelta(hours=seq),
            base_ref="main",
            register_commit="e" * 40,
            actor=actor,
            body=body,
        )
        for seq, (body, actor) in enumerate(zip(some, actors, strict=True), 1)
    )
    period, what = Period(START, END, "UTC"), register(mitigation())
    opening, closing = (
        AssessmentInput(what, History.of(entries, until=instant), {}, instant)
        for instant in (period.opening, period.closing)
    )
    return AuditInput(period, opening, closing, entries, Trust((), ()), {})


def entries_in(tables: AuditFigures, names: set[str]) -> set[int]:
    """Seqs that rows of these tables name."""
    seqs: set[int] = set()
    for name in names:
        for row in getattr(tables, name):
            seqs |= {seq for seq in (getattr(row, "seq", None), *getattr(row, "entries", ())) if seq is not None}
    return seqs


OPENED = BODIES["opened"]


@settings(max_examples=examples(12), deadline=None)
@given(st.data())
@pytest.mark.parametrize("kind", sorted(BODIES))
def test_no_act_of_this_kind_is_left_out(kind: str, data: st.DataObject) -> None:
    body = data.draw(bodies(kind))
    opened = data.draw(bodies("opened"))
    actor = data.draw(st.sampled_from([None, 1001]))
    audit = audited([opened, body], [None, actor])
    tables = figures(audit)
    entry = audit.entries[1]
    shown = entries_in(tables, {"acts"})
    assert (entry.seq in shown) == bool(people_behind(entry))
    if actor is not None:
        assert entry.seq in shown
        row = next(row for row in tables.acts if row.seq == entry.seq)
        assert "1001" in f"{row.by} {row.second}"
    if actor is not None and "changes" in TABLES_OF[kind] and getattr(body, "pull", None) is not None:
        assert entry.seq in entries_in(tables, {"changes"})


@settings(max_examples=examples(12), deadline=None)
@given(st.data())
@pytest.mark.parametrize("kind", ["signed-off", "change-signed"])
def test_every_signature_is_in_the_table_of_sign_offs(kind: str, data: st.DataObject) -> None:
    body = data.draw(bodies(kind))
    audit = audited([data.draw(bodies("opened")), body], [None, 1001])
    (row,) = [row for row in figures(audit).sign_offs if row.seq == 2]
    assert row.by == "account 1001"
    assert row.role == body.role  # type: ignore[union-attr] # both have one
    if kind == "change-signed":
        (change,) = [row for row in figures(audit).changes if row.request == f"#{body.pull}"]  # type: ignore[union-attr] # as above
        assert re.search(r"by account 1001 at 2026-12-02 11:00Z, entry 2", "; ".join(change.signed))
