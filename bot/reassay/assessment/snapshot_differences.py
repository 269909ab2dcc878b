"""Differences between the snapshot of the last assessment and the register now, field by field."""

from collections.abc import Mapping

from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.assessment.snapshot import COMMITMENT, DEPLOYMENTS, MITIGATION, MODELS
from reassay.common.calendar import day_words
from reassay.common.canonical import canonical
from reassay.common.sentences import shortened

LONGEST_VALUE = 60


def differences_since_last(cells: tuple[CellStatus, ...], assessment_input: AssessmentInput) -> tuple[str, ...]:
    """The differences as sentences; a single one if there is nothing to compare with, or no difference."""
    last = max((cell.last for cell in cells if cell.last), key=lambda last: last.on, default=None)
    if last is None:
        return ("It was never assessed, so there is nothing to compare with.",)
    reassessment = assessment_input.history.reassessments.get(last.record or "")
    if reassessment is None or reassessment.decided is None:
        return (
            f"The last assessment ({day_words(last.on, year=True)}) was imported, so there is nothing to compare with.",
        )
    snapshot = assessment_input.snapshots.get(reassessment.decided.snapshot)
    if snapshot is None:
        return (f"The snapshot of {last.record} cannot be read any more, so there is nothing to compare with.",)
    return _changes(snapshot, cells, assessment_input) or (f"Nothing changed in the register since {last.record}.",)


def _changes(
    snapshot: Mapping[str, object], cells: tuple[CellStatus, ...], assessment_input: AssessmentInput
) -> tuple[str, ...]:
    now_written = assessment_input.register.subjects[cells[0].subject].written
    written_then = _mapping(snapshot.get(MITIGATION) or snapshot.get(COMMITMENT))
    differences = list(_fields("", written_then, now_written))
    before = _mapping(snapshot.get(DEPLOYMENTS))
    for cell in cells:
        now = assessment_input.register.deployments.get(cell.cell)
        if now is not None and cell.cell in before:
            differences += _fields(f"{cell.cell}: ", _mapping(before[cell.cell]), now.written)
    for name, written in _mapping(snapshot.get(MODELS)).items():
        model = assessment_input.register.models.get(name)
        if model is not None and written:
            differences += _fields(f"{name}: ", _mapping(written), model.written)
    return tuple(differences)


def _fields(prefix: str, before: Mapping[str, object], now: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(
        f"{prefix}{name} {_change(before.get(name), now.get(name))}"
        for name in sorted(before.keys() | now.keys())
        if _differs(before.get(name), now.get(name))
    )


def _differs(before: object, now: object) -> bool:
    return canonical(before) != canonical(now)


def _change(before: object, now: object) -> str:
    if before is None:
        return f"added: {_say(now)}"
    if now is None:
        return f"removed: was {_say(before)}"
    old, new = _say(before), _say(now)
    return f"{old} → {new}" if len(old) + len(new) <= LONGEST_VALUE else "rewritten"


def _say(value: object) -> str:
    text = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
    return shortened(text, LONGEST_VALUE)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
