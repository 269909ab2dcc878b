"""Nothing that is known leaves unsaid: whatever happens to the files of a register, each id that the ledger knows is readable,
unreadable or removed, exactly one of them, and no cell reads calmer because something cannot be read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.cell_status import ANY, CellStatus, State
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.ended_ids import removed_ids
from reassay.assessment.schedule import forecast
from reassay.assessment.unreadable import LastReadableRegister, known_ids
from reassay.assessment.views.unreadable import unreadable_part, unreadable_words
from reassay.register.files import File, Mode, read_register
from reassay.register.files.memory_files import MemoryFiles
from reassay.register.register import KINDS, Register
from tests.examples import examples
from tests.make import Story

Files = Mapping[str, bytes]
SUBMODULE, OUTSIDE = b"<submodule>", b"<link>../elsewhere.yml"
WHOLE: Files = {
    "framework/mitigations.yml": b"""\
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    every: 6 months
    deployments: [app, api]
    threat_models: [misuse]
  - {id: training, title: Staff training, owner: board, assessor: red-team-lead, every: 2 years}
  - {id: drill, title: Drill, owner: board, assessor: red-team-lead, every: 2 years, deployments: [staff]}
  - {id: monitor, title: Monitoring, owner: safety-lead, assessor: red-team-lead, every: 2 years, deployments: [app], threat_models: [misuse]}
""",
    "framework/mitigations/access.yml": b"""\
id: access-review
title: Access review
owner: security-lead
assessor: red-team-lead
every: 2 years
deployments: [app]
""",
    "framework/deployments.yml": b"""\
deployments:
  - {id: app, title: App, audience: external, model: large}
  - {id: api, title: API, audience: external, model: large}
  - {id: staff, title: Staff, audience: internal, model: large}
models:
  - {id: large, title: Large, version: "1", metrics: {compute: 4}}
threat_models:
  - {id: misuse, title: Misuse, actor: Novice}
""",
    "framework/promises.yml": b"""\
commitments:
  - id: yearly-report
    title: Yearly report
    owner: board
    assessor: red-team-lead
    statement: Every deployment is looked at each year
    source: {organisation: O, document: D}
    subject: {kind: deployment}
    triggers: [{kind: interval, every: 1 year}]
    last_assessed: 2026-06-01
  - id: early-look
    title: Early look
    owner: board
    statement: Training is looked at each month
    source: {organisation: O, document: D}
    subject: {kind: mitigation, selector: {ids: [training]}}
    triggers: [{kind: interval, every: 1 month}]
  - id: internal-look
    title: Internal look
    owner: board
    statement: What works inside is looked at each month
    source: {organisation: O, document: D}
    subject: {kind: mitigation, selector: {audiences: [internal]}}
    triggers: [{kind: interval, every: 1 month}]
  - id: external-look
    title: External look
    owner: board
    assessor: red-team-lead
    statement: External deployments are looked at each month
    source: {organisation: O, document: D}
    subject: {kind: deployment, selector: {audiences: [external]}}
    triggers: [{kind: interval, every: 1 month}]
    last_assessed: 2026-06-01
""",
    "framework/events.yml": b"""\
incidents:
  - id: leak
    title: Leak
    occurred_at: 2026-12-03T10:00:00Z
    first_seen_at: 2026-12-03T10:00:00Z
    aware_at: 2026-12-03T10:00:00Z
    kind: incident
    severity: critical
    mitigations_failed: [filter]
information_items:
  - id: new-jailbreak
    title: New jailbreak
    kind: jailbreak
    known_at: 2026-12-03T10:00:00Z
    source: a paper
    affects: [monitor]
    triage: {material: true, rationale: It works, by: red-team-lead, on: 2026-12-04}
risk_acceptances:
  - id: for-now
    title: For now
    mitigations: [access-review]
    requester: safety-lead
    approver: board
    rationale: It is being replaced
    compensating: [Monitoring]
    expires_at: 2026-12-20
""",
    ".github/reassay.yml": b"timezone: Europe/Berlin\n",
}


@dataclass(frozen=True)
class Damaged(MemoryFiles):
    """Files in memory of which some are links or submodules."""

    modes: Mapping[str, Mode] = field(default_factory=dict)

    def read(self, path: str) -> File | None:
        file = super().read(path)
        return self._as(file) if file else None

    def list(self, folder: str) -> Iterable[File]:
        return [self._as(file) for file in super().list(folder)]

    def _as(self, file: File) -> File:
        if self.files[file.path] == SUBMODULE:
            return File(file.path, None, Mode.OTHER)
        if self.files[file.path] == OUTSIDE:
            return File(file.path, OUTSIDE.removeprefix(b"<link>"), Mode.SYMLINK)
        return file


def register_of(files: Files) -> Register:
    return read_register(Damaged(files))


@cache
def story(*, is_swept: bool = False) -> Story:
    """Every subject of the register was assessed once; then events made some of them due again."""
    calm = {path: text for path, text in WHOLE.items() if path != "framework/events.yml"}
    growing = Story(register_of(calm))
    for day in (1, 9):
        growing.move_to(date(2026, 12, day))
        growing.sweep()
        for reassessment in growing.assessment_input.history.open:
            growing.conclude(reassessment.subject)
    growing.register = register_of(WHOLE)
    assert not growing.register.errors, growing.register.errors
    growing.move_to(date(2027, 1, 12))
    if is_swept:
        growing.sweep()
    wrong = {cell.subject for cell in growing.assessment_input.cells if ANY in cell.conditions}
    assert wrong == {"filter", "monitor", "access-review", "training", "drill", "external-look"}, wrong
    return growing


def read(files: Files, *, with_last: bool, is_swept: bool = False) -> AssessmentInput:
    growing = story(is_swept=is_swept)
    last = LastReadableRegister(growing.register, "0" * 40) if with_last else None
    return replace(growing.assessment_input, register=register_of(files), last_readable=last)


def line_of(text: bytes, at: int) -> tuple[int, int]:
    start = text.rfind(b"\n", 0, at) + 1
    end = text.find(b"\n", at)
    return start, len(text) if end < 0 else end


def mistyped_key(text: bytes, at: int) -> bytes:
    """The key nearest to a place, with two letters exchanged or one more."""
    colon = text.find(b":", at)
    if colon < 1:
        return text + b"\nmispeled: 1\n"
    return text[: colon - 1] + b"q" + text[colon - 1 :]


DAMAGES: Mapping[str, Callable[[bytes, int], bytes | None]] = {
    "mistyped key": mistyped_key,
    "letter lost": lambda text, at: text[:at] + text[at + 1 :],
    "bracket lost": lambda text, at: text[:at] + text[at:].translate(None, b"[]{}"),
    "bracket added": lambda text, at: text[:at] + b"[" + text[at:],
    "tab": lambda text, at: text[: line_of(text, at)[0]] + b"\t" + text[line_of(text, at)[0] :],
    "binary": lambda text, at: text[:at] + b"\x00\xff" + text[at:],
    "cut off": lambda text, at: text[:at],
    "empty": lambda _text, _at: b"",
    "comments only": lambda text, _at: b"".join(b"# " + line + b"\n" for line in text.splitlines()),
    "said twice": lambda text, _at: text + text,
    "conflict": lambda text, at: text[: line_of(text, at)[0]] + b"<<<<<<< HEAD\n" + text[line_of(text, at)[0] :],
    "value of another type": lambda text, at: text[: line_of(text, at)[1]] + b": {x: 1}" + text[line_of(text, at)[1] :],
    "submodule": lambda _text, _at: SUBMODULE,
    "link outside": lambda _text, _at: OUTSIDE,
    "gone": lambda _text, _at: None,
}
RENAMES: Mapping[str, Callable[[str], str]] = {
    "unread suffix": lambda path: f"{path}.bak",
    "another suffix": lambda path: path.replace(".yml", ".txt"),
    "JSON": lambda path: path.replace(".yml", ".json"),
    "hidden folder": lambda path: path.replace("framework/", "framework/.old/"),
    "moved folder": lambda path: path.replace("framework/", "docs/framework/"),
    "another folder": lambda path: path.replace("framework/", "framework/incidents/"),
}


@st.composite
def damaged(draw: st.DrawFn) -> Files:
    files: dict[str, bytes] = dict(WHOLE)
    if draw(st.booleans()):
        rename = RENAMES[draw(st.sampled_from(sorted(RENAMES)))]
        chosen = draw(st.sampled_from([*sorted(files), "everything"]))
        return {rename(path) if chosen in {path, "everything"} else path: text for path, text in files.items()}
    path = draw(st.sampled_from(sorted(files)))
    text = DAMAGES[draw(st.sampled_from(sorted(DAMAGES)))](files[path], draw(st.integers(0, len(files[path]) - 1)))
    if text is None:
        del files[path]
    else:
        files[path] = text
    return files


def edits(facts: AssessmentInput) -> set[str]:
    """What was changed or removed and can be read as that: an edit, on which people agree in a pull request, and no damage."""
    unread = {own.id for own in facts.register_index.unreadable}
    before, after = story().register, facts.register
    changed = {
        name
        for kind in KINDS
        for name, entry in before.objects(kind).items()
        if name not in unread and ((now := after.objects(kind).get(name)) is None or now.written != entry.written)
    }
    return (
        changed
        if before.configuration == after.configuration or after.configuration_is_broken
        else {*changed, "configuration"}
    )


def by_key(facts: AssessmentInput) -> Mapping[tuple[str, str], CellStatus]:
    return {(cell.subject, cell.cell): cell for cell in facts.cells}


@given(damaged(), st.booleans())
@settings(max_examples=examples(120))
def test_whatever_happens_to_the_files_nothing_known_leaves_unsaid(files: Files, with_last: bool) -> None:
    facts = read(files, with_last=with_last)
    removed = {name for body in removed_ids(facts) for name in body.subjects}
    unreadable, present = facts.register_index.unreadable_subjects, facts.register.subjects
    shown = {cell.subject for cell in facts.cells}
    for name in {*known_ids(facts.history)}:
        assert [name in present, name in unreadable, name in removed].count(True) == 1, (name, facts.register.errors)
        assert name in shown or name in removed
    steps = {step.subject for step in forecast.obligations(facts)}
    for name in unreadable:
        assert {cell.state for cell in facts.cells if cell.subject == name} == {State.UNREADABLE}
        assert name in steps, "the plan names it"
        assert unreadable_words(facts), "and status and plan exit 1"
        listed = unreadable_part(facts)["unreadable"]
        assert isinstance(listed, list)
        assert name in {own["id"] for own in listed}


@given(damaged())
@settings(max_examples=examples(120))
def test_no_cell_is_calmer_because_something_cannot_be_read(files: Files) -> None:
    before = by_key(story().assessment_input)
    for with_last in (False, True):
        facts = read(files, with_last=with_last)
        after, removed = by_key(facts), {name for body in removed_ids(facts) for name in body.subjects}
        if not unreadable_words(facts) or edits(facts):
            continue
        for key, cell in before.items():
            if key[0] in removed or ANY not in cell.conditions:
                continue
            assert key in after, (key, facts.register.errors)
            assert ANY in after[key].conditions, (cell.reason, after[key], facts.register.errors)


@given(damaged(), st.booleans())
@settings(max_examples=examples(60))
def test_nothing_is_closed_because_something_cannot_be_read(files: Files, with_last: bool) -> None:
    facts = read(files, with_last=with_last, is_swept=True)
    if unreadable_words(facts) and not edits(facts):
        removed = {name for body in removed_ids(facts) for name in body.subjects}
        closed = [step.subject for step in forecast.planned_steps(facts) if step.kind == "close"]
        assert set(closed) <= removed


@pytest.mark.parametrize("path", sorted(path for path in WHOLE if path.startswith("framework/")))
def test_a_file_that_is_renamed_hides_nothing_that_was_in_it(path: str) -> None:
    for rename in ("unread suffix", "another suffix", "JSON"):
        facts = read(
            {RENAMES[rename](name) if name == path else name: text for name, text in WHOLE.items()}, with_last=True
        )
        assert unreadable_words(facts), rename
        after = by_key(facts)
        for key, cell in by_key(story().assessment_input).items():
            assert ANY not in cell.conditions or ANY in after[key].conditions, (rename, key)
