"""Which triggers hold for a cell, and what they say together: any is a list, all waits for every member.

A mitigation has what it states, what holds for everyone, and what commitments ask of it; a commitment has its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from reassay.assessment.side_exits import key
from reassay.assessment.subjects import not_in_force, selects
from reassay.assessment.triggers import BUILT_IN, TRIGGERS
from reassay.assessment.triggers.base import Blind, Fired, Pending, Result, Skipped, TriggerInput
from reassay.assessment.triggers.clocks import flat
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.commitment import Commitment
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.trigger_specs import (
    AllSpec,
    AnySpec,
    AnyTrigger,
    IntervalRangeSpec,
    IntervalSpec,
    IntervalUnlessSpec,
    InvalidationConditionSpec,
    TriggerSpec,
)

_BUILT_IN: Final = {trigger.kind: trigger for trigger in BUILT_IN}
_STATED: Final = {trigger.kind: trigger for trigger in TRIGGERS}


@dataclass(frozen=True, slots=True)
class Rule:
    """One trigger, with the commitment that asks for it if one does."""

    spec: AnyTrigger
    commitment: Commitment | None = None


def rules_for(subject: Assessable, register: Register, today: date) -> tuple[Rule, ...]:
    """Every trigger that holds for a subject."""
    if isinstance(subject, Commitment):
        return tuple(_of_commitment(subject))
    if not isinstance(subject, Mitigation):
        return ()
    own = (*_clock(subject), *(subject.reassess.triggers if subject.reassess else ()))
    stated = {each.kind for each in flat(own)}
    depth = subject.reassess.depth if subject.reassess else None
    rules = [Rule(_with_depth(each, depth)) for each in _spread(own)]
    everywhere = (trigger.for_every_mitigation for trigger in TRIGGERS)
    rules += [Rule(spec) for spec in everywhere if spec is not None and spec.kind not in stated]
    rules += [Rule(_with_depth(each, depth)) for each in _conditions(subject)]
    for entry in register.commitments.values():
        if selects(entry.value, subject, register) and not not_in_force(entry.value, register, today):
            rules += _of_commitment(entry.value)
    return tuple(rules)


def _conditions(mitigation: Mitigation) -> Iterator[AnyTrigger]:
    """The foreseen grounds for doubt that a mitigation states: each may be asserted."""
    for each in mitigation.invalidation_conditions:
        yield InvalidationConditionSpec.model_construct(kind="invalidation-condition", condition=each.text)


def _of_commitment(commitment: Commitment) -> Iterator[Rule]:
    for each in _spread(commitment.triggers):
        update = {
            "depth": each.depth or commitment.depth,
            "must_complete": each.must_complete or commitment.must_complete,
            "within": each.within or commitment.within,
        }
        yield Rule(each.model_copy(update=update), commitment)


def _clock(mitigation: Mitigation) -> Iterator[AnyTrigger]:
    """The interval that a mitigation states in short."""
    every, earliest = mitigation.interval, mitigation.earliest
    if every is None:
        return
    if earliest is not None:
        yield IntervalRangeSpec(kind="interval-range", at_least_after=earliest, every=every)
    elif mitigation.reassess and mitigation.reassess.unless:
        yield IntervalUnlessSpec(kind="interval-unless", every=every, unless=mitigation.reassess.unless)
    else:
        yield IntervalSpec.model_construct(kind="interval", every=every)


def _spread(triggers: Iterable[AnyTrigger]) -> Iterator[AnyTrigger]:
    """Any is what a list is already; its members take over what it says."""
    for each in triggers:
        if not isinstance(each, AnySpec):
            yield each
            continue
        given = {name: getattr(each, name) for name in ("depth", "must_complete", "within", "screening")}
        for member in _spread(each.of):
            taken = {name: value for name, value in given.items() if value and not getattr(member, name)}
            yield member.model_copy(update=taken)


def _with_depth(spec: AnyTrigger, depth: Depth | None) -> AnyTrigger:
    return spec.model_copy(update={"depth": spec.depth or depth}) if depth else spec


def evaluate_all(facts: TriggerInput, rules: Sequence[Rule]) -> tuple[Result, ...]:
    """What every trigger that holds for a cell says about it. `rules` are those of its subject."""
    standing = [trigger.evaluate(facts) for trigger in BUILT_IN]
    results = (*standing, *(_shaped(rule, evaluate(rule.spec, facts)) for rule in rules))
    return tuple(_unless_settled(result, facts) for result in results)


def _unless_settled(result: Result, facts: TriggerInput) -> Result:
    """What two people closed as not material, or handled elsewhere, does not fire again for the same reason."""
    if isinstance(result, Fired) and key(result) in facts.settled:
        return Skipped(result.kind, f"settled without a decision: {result.reason}")
    return result


def evaluate(spec: AnyTrigger, facts: TriggerInput) -> Result:
    """What one trigger says, whatever it is made of."""
    if isinstance(spec, AllSpec):
        return _all(spec, tuple(evaluate(_with_depth(each, spec.depth), facts) for each in spec.of))
    if isinstance(spec, AnySpec):
        return _any(tuple(evaluate(_with_depth(each, spec.depth), facts) for each in spec.of))
    trigger = _STATED.get(spec.kind)
    return _BUILT_IN[spec.kind].evaluate(facts) if trigger is None else trigger.evaluate(spec, facts)


def _all(spec: AllSpec, results: tuple[Result, ...]) -> Result:
    """Fires when every member has; until then it says what is still missing."""
    reason = " and ".join(result.reason for result in results)
    skipped = [result for result in results if isinstance(result, Skipped)]
    if skipped:
        return Skipped(spec.kind, f"not all hold: {'; '.join(result.reason for result in skipped)}")
    if any(isinstance(result, Blind) for result in results):
        return Blind(spec.kind, reason)
    if all(isinstance(result, Fired) for result in results):
        fired = [result for result in results if isinstance(result, Fired)]
        dates = [result.due for result in fired if result.due]
        about = " ".join(dict.fromkeys(f"{result.kind}:{result.about}" for result in fired))
        return Fired(spec.kind, reason, max(dates, default=None), about=about)
    pending = [result for result in results if isinstance(result, Pending)]
    return Pending(spec.kind, reason, max(each.due for each in pending), max(each.opens for each in pending))


def _any(results: tuple[Result, ...]) -> Result:
    """The most urgent of them: what has fired first, then what nobody can say, then what comes soonest."""
    fired = [result for result in results if isinstance(result, Fired)]
    if fired:
        return min(fired, key=lambda result: result.due or date.min)
    blind = [result for result in results if isinstance(result, Blind)]
    pending = [result for result in results if isinstance(result, Pending)]
    if blind or not pending:
        return blind[0] if blind else results[0]
    return min(pending, key=lambda result: (result.opens, result.due))


def _shaped(rule: Rule, result: Result) -> Result:
    """Says who asks, how thoroughly, and by when."""
    source = rule.commitment
    if source is not None and not isinstance(result, Skipped):
        result = replace(result, reason=f"{result.reason} ({source.id})")
    if not isinstance(result, Fired):
        return result
    spec: TriggerSpec = rule.spec
    return replace(
        result,
        about=f"{source.id} {result.about}".strip() if source else result.about,
        depth=spec.depth,
        before_change=spec.must_complete == "before_change" and not result.planned,
        screening=spec.screening,
        within=spec.within if result.due is None else None,
    )
