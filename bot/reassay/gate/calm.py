"""Calmer cells: what a cell of the base is asked for, and would not be asked for, or only later, after a merge."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reassay.assessment.cell_status import CellStatus, State
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.joined import approval_steps, assessor_roles, deadlines, extra_items, outputs
from reassay.assessment.triggers.base import Blind, Fired, Pending, Result, Skipped
from reassay.register.commitment import Commitment

GONE = "gone"
OVERDUE = "overdue"
RULE = "rule"
ACCEPTANCE = "acceptance"
ASKED = "asked"
_SEPARATORS = re.compile(r"[;,\s]+")
_ASKED, _BLIND, _WAITING = range(3)


@dataclass(frozen=True, slots=True)
class Calm:
    """One respect in which a cell is calmer after a merge."""

    about: str
    """A kind of trigger, or one of the constants of this module."""
    words: str
    was_blind: bool = False
    """Whether the trigger could not be evaluated before."""


def calmer(
    now: CellStatus, then: CellStatus | None, before: AssessmentInput, after: AssessmentInput
) -> tuple[Calm, ...]:
    """Every respect in which a cell is calmer. `now` is a cell of the base, `then` the same one of the merge result."""
    if not now.results:
        is_there = then is not None and then.state is not State.UNREADABLE
        return tuple(_less_asked(now, then, before, after)) if then is not None and is_there else ()
    if then is None or then.state is State.UNREADABLE:
        silent = now.state is State.CURRENT and now.open is None
        return () if silent else (Calm(GONE, f"it is {now.state}, and would disappear"),)
    return tuple(_calmer(now, then, before, after))


def _calmer(now: CellStatus, then: CellStatus, before: AssessmentInput, after: AssessmentInput) -> Iterator[Calm]:
    results_then = _by_family(then.results)
    for kind, results in _by_family(now.results).items():
        yield from _of_kind(kind, results, results_then.get(kind, ()))
    if now.clock is State.OVERDUE and then.clock is not State.OVERDUE:
        yield Calm(OVERDUE, "it is overdue now, and would no longer be overdue")
    lost = _rules(now.subject, before) - _rules(then.subject, after)
    for commitment, kind, is_before in sorted(lost):
        source = f" of {commitment}" if commitment else ""
        when = " before a change" if is_before else ""
        yield Calm(RULE, f"the trigger {kind}{source} would no longer apply{when}")
    yield from _less_asked(now, then, before, after)
    accepted_now, accepted_then = _accepted(now, before), _accepted(then, after)
    if accepted_then > accepted_now:
        yield Calm(ACCEPTANCE, f"its risk would be accepted until {accepted_then}")


def _by_family(results: Sequence[Result]) -> Mapping[str, list[Result]]:
    """Results by kind, in the order in which kinds first come; skipped triggers are left out, but not their kind."""
    by_family: dict[str, list[Result]] = {}
    for result in results:
        own = by_family.setdefault(_family(result.kind), [])
        if not isinstance(result, Skipped):
            own.append(result)
    return by_family


def _family(kind: str) -> str:
    """One name for the kinds of intervals: written in another way, it is still the same clock, and its days are compared."""
    return "interval" if kind in {"interval-range", "interval-unless"} else kind


def _of_kind(kind: str, now: Sequence[Result], then: Sequence[Result]) -> Iterator[Calm]:
    gone = _causes(now) - _causes(then)
    if gone and any(isinstance(result, Fired) for result in now):
        yield Calm(kind, f"{kind} would no longer fire for {', '.join(sorted(gone))}")
    for old, new in _paired(now, then):
        if new is None:
            yield Calm(kind, f"{kind} would no longer apply: {old.reason}", isinstance(old, Blind))
        elif _level(new) > _level(old):
            words = "fire" if isinstance(old, Fired) else "say that data is missing"
            yield Calm(kind, f"{kind} would not {words} any more: {old.reason}", isinstance(old, Blind))
        elif _level(new) == _level(old) and (first := _due(old)) and (second := _due(new)) and second > first:
            yield Calm(kind, f"{kind} is due {first}, and would be due {second}")


def _causes(results: Sequence[Result]) -> frozenset[str]:
    """What fired triggers name as their causes, word by word: one trigger may have several, and lists them."""
    abouts = " ".join(result.about for result in results if isinstance(result, Fired))
    return frozenset(filter(None, _SEPARATORS.split(abouts)))


def _paired(now: Sequence[Result], then: Sequence[Result]) -> Iterator[tuple[Result, Result | None]]:
    """The results of a kind on both sides, the most urgent with the most urgent."""
    later = sorted(then, key=_key)
    for index, result in enumerate(sorted(now, key=_key)):
        yield result, later[index] if index < len(later) else None


def _key(result: Result) -> tuple[int, date]:
    return _level(result), _due(result) or date.min


def _level(result: Result) -> int:
    return {Fired: _ASKED, Blind: _BLIND}.get(type(result), _WAITING)


def _due(result: Result) -> date | None:
    return result.due if isinstance(result, Fired | Pending) else None


def _rules(subject: str, assessment_input: AssessmentInput) -> Counter[tuple[str, str, bool]]:
    """The triggers that apply to a subject, by commitment and kind; those before a change count as both."""
    rules = assessment_input.rules_of(subject)
    keys = [(rule.commitment.id if rule.commitment else "", _family(rule.spec.kind)) for rule in rules]
    before = [(*key, True) for key, rule in zip(keys, rules, strict=True) if rule.spec.must_complete == "before_change"]
    return Counter([*((*key, False) for key in keys), *before])


def _less_asked(now: CellStatus, then: CellStatus, before: AssessmentInput, after: AssessmentInput) -> Iterator[Calm]:
    """What commitments would not ask any more of a re-assessment, and whom they would let assess.

    What the subject itself states is compared field by field, in a row of its own.
    """
    for words, count in sorted((_joined(now.subject, before) - _joined(then.subject, after)).items()):
        yield Calm(ASKED, f"{words} would not be asked for any more{f' ({count} times)' if count > 1 else ''}")
    for role in sorted(_lent_assessors(then.subject, after) - _lent_assessors(now.subject, before)):
        yield Calm(ASKED, f"{role} could assess and conclude it because a commitment says so")


def _joined(subject: str, assessment_input: AssessmentInput) -> Counter[str]:
    """What commitments ask of a subject's re-assessments, in words."""
    entry, facts = assessment_input.register.subjects.get(subject), (assessment_input.register, assessment_input.today)
    if entry is None:
        return Counter()
    words: Counter[str] = Counter()
    for step in approval_steps(entry.value, *facts):
        if step.asked_by:
            # One unit for each person and each exclusion, so that asking for fewer is less.
            words.update(
                [f"the approval step of {step.step.role} ({step.step.kind}) of {step.asked_by}"] * step.step.min
            )
            words.update(f"that the {name} does not take the step of {step.step.role} of {step.asked_by}"
                         for name in step.step.excludes)  # fmt: skip
    words.update(
        f"the question '{item.item.text}' of {item.asked_by}"
        for item in extra_items(entry.value, *facts)
        if item.asked_by
    )
    words.update(
        f"the output '{output.output.what}' of {output.asked_by}"
        for output in outputs(entry.value, *facts)
        if output.asked_by
    )
    if not isinstance(entry.value, Commitment):
        words.update(f"the deadline '{deadline.words()}'" for deadline in deadlines(entry.value, *facts))
    return words


def _lent_assessors(subject: str, assessment_input: AssessmentInput) -> frozenset[str]:
    """Roles that assess a subject only because commitments name them."""
    entry = assessment_input.register.subjects.get(subject)
    if entry is None:
        return frozenset()
    roles = assessor_roles(entry.value, assessment_input.register, assessment_input.today)
    return frozenset(roles) - {entry.value.owner, *entry.value.assessor_names}


def _accepted(cell: CellStatus, assessment_input: AssessmentInput) -> date:
    """The last day on which the risk of a cell is accepted; date.min if it is not."""
    own = assessment_input.register_index.acceptances.get(cell.subject, ())
    days = [accepted.expires_at for accepted in own if accepted.covers(cell.cell)]
    return max((day for day in days if day >= assessment_input.today), default=date.min)
