"""A past verdict, as known when it was decided and as known now: its recorded inputs computed again, and what came after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from reassay.evidence.counted_verdicts import OtherStatisticsError, recompute
from reassay.evidence.evidence_input import readings_of
from reassay.evidence.inputs import CellCase, CellVerdict, VerdictInputs
from reassay.evidence.reading import Reading
from reassay.ledger.criterion_result import CriterionResult
from reassay.ledger.entry import Decided, Joined, Opened
from reassay.ledger.history import History, Reassessment
from reassay.ledger.keys import KeyAdded, KeyRevoked, key_id
from reassay.ledger.risks import Corrected
from reassay.ledger.run_history import results_of


@dataclass(frozen=True, slots=True)
class ExplainedCell:
    """A criterion in one cell, as judged at the decision."""

    case: CellCase
    verdict: CellVerdict


@dataclass(frozen=True, slots=True)
class ExplainedCriterion:
    """A criterion as recorded with the decision, and what computing it again gives."""

    result: CriterionResult
    cells: tuple[ExplainedCell, ...] = ()
    """Empty where a person's word decided, or where the inputs are not here."""
    recomputed: str = ""
    """A sentence without its full stop."""
    differs: bool = False
    """Whether computing it again gives another verdict."""
    is_unknown: bool = False
    """Whether it rests on numbers and could not be computed again, so that nobody knows whether it differs."""


@dataclass(frozen=True, slots=True)
class LaterFact:
    """Something that the ledger knows and the decision did not."""

    entry: int
    at: datetime
    words: str
    """A sentence without its full stop."""
    text: str | None = None
    """Digest of what a person wrote about it; None without."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decided re-assessment, explained."""

    reassessment: Reassessment
    criteria: tuple[ExplainedCriterion, ...]
    later: tuple[LaterFact, ...]
    """In order of the ledger."""


def explanation(reassessment: Reassessment, history: History, objects: Mapping[str, object]) -> Explanation | None:
    """The explanation of a decided re-assessment by everything in `history`; None if it is not decided."""
    decided, seq = reassessment.decided, reassessment.decided_seq
    if decided is None or seq is None:
        return None
    criteria = tuple(explained_criterion(result, objects) for result in decided.criteria)
    later = sorted(_later(reassessment, seq, history), key=lambda fact: fact.entry)
    return Explanation(reassessment, criteria, tuple(later))


def inputs_of(value: object) -> VerdictInputs | None:
    """The recorded inputs of a verdict; None if the object is missing or cannot be read."""
    try:
        return VerdictInputs.model_validate(value, strict=False) if value is not None else None
    except ValueError:
        return None


def explained_criterion(result: CriterionResult, objects: Mapping[str, object]) -> ExplainedCriterion:
    """A criterion of a decision with its verdict computed again, or the reason why objects are missing for that."""
    if result.inputs is None:
        return ExplainedCriterion(result, recomputed="it rests on what people stated, so there is nothing to compute")
    inputs = inputs_of(objects.get(result.inputs))
    if inputs is None:
        return ExplainedCriterion(result, recomputed="its inputs were not read here, or were redacted", is_unknown=True)
    cells = tuple(ExplainedCell(*pair) for pair in zip(inputs.cases, inputs.verdicts, strict=True))
    names = {run.readings for case in inputs.cases for run in case.runs}
    found = {name: own for name in sorted(names) if (own := readings_of(objects.get(name))) is not None}
    if missing := len(names - found.keys()):
        words = f"{missing} of {len(names)} results were not read here, or were redacted, so it is not computed again"
        return ExplainedCriterion(result, cells, words, is_unknown=True)
    words, differs = _computed_again(inputs, found)
    return ExplainedCriterion(result, cells, words, differs is True, differs is None)


def _computed_again(inputs: VerdictInputs, readings: Mapping[str, tuple[Reading, ...]]) -> tuple[str, bool | None]:
    """What computing it again gives, and whether that is another verdict; None if it cannot be computed."""
    try:
        again = recompute(inputs, readings)
    except OtherStatisticsError as error:
        return f"other rules ({error}) judged it, which this version does not have", None
    except ValueError as error:
        return str(error), None
    if again == inputs.verdicts:
        return "computed again from the recorded inputs, it is the same", False
    return (
        f"computed again from the recorded inputs, it is {', '.join(dict.fromkeys(own.verdict for own in again))}",
        True,
    )


def _later(reassessment: Reassessment, seq: int, history: History) -> Iterator[LaterFact]:
    subject = reassessment.subject
    for record, body in reassessment.records_of(Corrected):
        if record.seq > seq:
            word = "withdrawn" if body.how == "withdraw" else "corrected by an erratum"
            yield LaterFact(record.seq, record.at, f"this decision was {word}", body.because)
    yield from _keys(seq, history)
    for own in history.reassessments.values():
        if own.subject == subject and own.id != reassessment.id:
            yield from _of_another(own, seq)
    for result in results_of(history, subject):
        if result.seq > seq:
            arm = "" if result.result.arm == "measured" else f" ({result.result.arm.replace('-', ' ')})"
            about = f" for {result.criterion}" if result.criterion else ""
            yield LaterFact(result.seq, result.recorded_at, f"a result{arm}{about} was attached")


def _of_another(own: Reassessment, seq: int) -> Iterator[LaterFact]:
    """Openings, further triggers, decisions and corrections of another re-assessment after entry `seq`."""
    if own.opened_seq > seq:
        yield LaterFact(own.opened_seq, own.opened_at, f"{own.id} was opened: {_reasons(own.opened)}")
    for record in own.log:
        body = record.body
        if record.seq <= seq:
            continue
        if isinstance(body, Joined):
            yield LaterFact(record.seq, record.at, f"{own.id}: {_reasons(body)}")
        elif isinstance(body, Decided):
            yield LaterFact(record.seq, record.at, f"{own.id} was decided: {body.verdict}")
        elif isinstance(body, Corrected):
            yield LaterFact(record.seq, record.at, f"{own.id} was corrected: {body.how}", body.because)


def _reasons(body: Opened | Joined) -> str:
    return "; ".join(f"{trigger.reason} ({trigger.kind})" for trigger in body.triggers) or "it covers more"


def _keys(seq: int, history: History) -> Iterator[LaterFact]:
    """Revocations of the key that signed the decision."""
    added = [key_id(body.public_key) for record, body in history.records_of(KeyAdded) if record.seq <= seq]
    signer = added[-1] if added else None
    for record, body in history.records_of(KeyRevoked):
        if body.key == signer and body.revoked_from <= seq:
            since = f"was revoked from entry {body.revoked_from} on"
            words = f"the key that signed this decision {since}: somebody else may have written it"
            yield LaterFact(record.seq, record.at, words)
