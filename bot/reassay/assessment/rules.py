"""The rules of a subject, which are the triggers that apply to it, and their evaluation for a cell.

A mitigation has the triggers that it states, the defaults of every mitigation, and those of the commitments that select
it; a commitment has its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from reassay.assessment.deadlines import StatedRule, with_deadlines
from reassay.assessment.side_exits import key
from reassay.assessment.source_blindness import unheard_words
from reassay.assessment.triggers import BUILT_IN, TRIGGERS, incident_severity, manual
from reassay.assessment.triggers.base import CLOCKS, UNREADABLE, Blind, Fired, Pending, Result, Skipped, TriggerInput
from reassay.assessment.triggers.clocks import flat, shortest
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.commitment import Commitment
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.selection import not_in_force, selects
from reassay.register.trigger_base import TriggerSpec
from reassay.register.trigger_specs import (
    AllSpec,
    AnySpec,
    AnyTrigger,
    IncidentSeveritySpec,
    IntervalRangeSpec,
    IntervalSpec,
    IntervalUnlessSpec,
    InvalidationConditionSpec,
    ManualSpec,
)

_ANY_DAY: Final = date(2001, 1, 1)
_BUILT_IN: Final = {trigger.kind: trigger for trigger in BUILT_IN}
_COMMITMENTS: Final = frozenset({"commitment"})
_STATED: Final = {trigger.kind: trigger for trigger in TRIGGERS}


@dataclass(frozen=True, slots=True)
class Rule:
    """One trigger that applies to a subject, with the commitment that states it; None if the subject does."""

    spec: AnyTrigger
    commitment: Commitment | None = None


def rules_for(subject: Assessable, register: Register, today: date) -> tuple[Rule, ...]:
    """Every stated trigger that applies to a subject on a day."""
    if isinstance(subject, Commitment):
        return tuple(_of_commitment(subject))
    if not isinstance(subject, Mitigation):
        return ()
    own = (*_clock(subject), *(subject.reassess.triggers if subject.reassess else ()))
    stated = {spec.kind for spec in flat(own)}
    if not any(_fires_on_critical(spec) for spec in _spread(own)):
        # One that is only a member of `all`, or about near misses alone, leaves critical incidents to the default.
        stated.discard(incident_severity.KIND)
    depth = subject.reassess.depth if subject.reassess else None
    rules = [Rule(_with_depth(spec, depth)) for spec in _spread(own)]
    everywhere = (trigger.default_for(subject, register) for trigger in TRIGGERS)
    rules += [Rule(spec) for spec in everywhere if spec is not None and spec.kind not in stated]
    rules += [Rule(_with_depth(spec, depth)) for spec in _conditions(subject)]
    for entry in register.commitments.values():
        if selects(entry.value, subject, register) and not not_in_force(entry.value, register, today):
            rules += _of_commitment(entry.value)
    return tuple(rules)


def _fires_on_critical(spec: AnyTrigger) -> bool:
    """Whether it fires on every critical incident, as every severity is at most critical."""
    return isinstance(spec, IncidentSeveritySpec) and "incident" in spec.kinds


def _conditions(subject: Mitigation | Commitment) -> Iterator[AnyTrigger]:
    """One trigger for each invalidation condition that a mitigation or commitment states."""
    for condition in subject.invalidation_conditions:
        yield InvalidationConditionSpec.model_construct(kind="invalidation-condition", condition=condition.text)


def _of_commitment(commitment: Commitment) -> Iterator[Rule]:
    for spec in _spread((*commitment.triggers, *_conditions(commitment))):
        update = {
            "depth": spec.depth or commitment.depth,
            "must_complete": spec.must_complete or commitment.must_complete,
            "within": spec.within or commitment.within,
        }
        yield Rule(spec.model_copy(update=update), commitment)


def _clock(mitigation: Mitigation) -> Iterator[AnyTrigger]:
    """The trigger of the interval that a mitigation states with `every`; nothing if it states none."""
    every, earliest = mitigation.interval, mitigation.earliest
    if every is None:
        return
    if mitigation.schedule is not None:
        yield IntervalSpec.model_construct(kind="interval", every=mitigation.schedule)
    elif earliest is not None:
        yield IntervalRangeSpec(kind="interval-range", at_least_after=earliest, every=every)
    elif mitigation.reassess and mitigation.reassess.unless:
        yield IntervalUnlessSpec(kind="interval-unless", every=every, unless=mitigation.reassess.unless)
    else:
        yield IntervalSpec.model_construct(kind="interval", every=every)


def _spread(triggers: Iterable[AnyTrigger]) -> Iterator[AnyTrigger]:
    """The triggers of a list with those of `any` in its place: a list means any. Members inherit its options."""
    for spec in triggers:
        if not isinstance(spec, AnySpec):
            yield spec
            continue
        given = {name: getattr(spec, name) for name in ("depth", "must_complete", "within", "screening")}
        for member in _spread(spec.of):
            taken = {name: value for name, value in given.items() if value and not getattr(member, name)}
            yield member.model_copy(update=taken)


def _deeper(stated: Depth | None, of_result: Depth | None) -> Depth | None:
    """The deeper of what a register states and what a result asks for; None if neither says anything."""
    return Depth.FULL if Depth.FULL in {stated, of_result} else stated or of_result


def _with_depth(spec: AnyTrigger, depth: Depth | None) -> AnyTrigger:
    return spec.model_copy(update={"depth": spec.depth or depth}) if depth else spec


def evaluate_all(facts: TriggerInput, rules: Sequence[Rule]) -> tuple[Result, ...]:
    """The results of all triggers for a cell, built-in ones first. `rules` are those of its subject."""
    own = {rule.spec.kind for rule in rules if rule.commitment is None or rule.commitment is facts.subject}
    built_in = [
        _unless_unread(trigger.evaluate(facts), trigger.sources, facts)
        for trigger in BUILT_IN
        if trigger.kind not in own - {manual.KIND}
    ]
    built_in = [as_requested(result, rules) if result.kind == manual.KIND else result for result in built_in]
    results = (*built_in, *_with_another_clock(with_deadlines(stated_rules(facts, rules), facts), facts))
    return (*(_unless_settled(result, facts) for result in results), *_of_unread_entries(facts))


def _of_unread_entries(facts: TriggerInput) -> Iterator[Blind]:
    """What cannot be read of the subject itself, and of commitments that may state triggers for it."""
    index, subject = facts.register_index, facts.subject
    if subject.id in index.flawed:
        yield Blind(UNREADABLE, index.flawed[subject.id])
    if isinstance(subject, Mitigation) and (words := index.unread_words(_COMMITMENTS)):
        yield Blind(UNREADABLE, f"{words}, so nobody knows what it asks for")


def _unless_unread(
    result: Result, sources: frozenset[str], facts: TriggerInput, spec: AnyTrigger | None = None
) -> Result:
    """The result, or Blind where an object, or a source of signals, that could make the trigger fire cannot be read."""
    if isinstance(result, Fired) or (isinstance(result, Skipped) and result.is_certain):
        return result
    unread, unheard = facts.register_index.unread_words(sources), unheard_words(result.kind, spec, facts)
    return Blind(result.kind, "; ".join(filter(None, (unread, unheard)))) if unread or unheard else result


def stated_rules(facts: TriggerInput, rules: Iterable[Rule]) -> tuple[StatedRule, ...]:
    """The triggers that a register states for a cell, each with its result. Those of requests configure the built-in one."""
    return tuple(
        StatedRule(rule.spec, rule.commitment, _shaped(rule, evaluate(rule.spec, facts)))
        for rule in rules
        if rule.spec.kind != manual.KIND
    )


def as_requested(result: Result, rules: Iterable[Rule]) -> Result:
    """A person's request, with the options of the `manual` triggers that are stated: they configure it, and add no other.

    Of several the shortest time, the deepest depth and the strictest rest.
    """
    specs = [rule.spec for rule in rules if isinstance(rule.spec, ManualSpec)]
    if not isinstance(result, Fired) or not specs:
        return result
    depths = {spec.depth for spec in specs}
    deepest = Depth.FULL if Depth.FULL in depths else Depth.LIGHT if Depth.LIGHT in depths else None
    spans = [spec.within for spec in specs if spec.within]
    return replace(
        result,
        depth=result.depth or deepest,
        within=min(spans, key=lambda span: span.after(_ANY_DAY), default=None),
        before_change=any(spec.must_complete == "before_change" for spec in specs),
        after_change=all(spec.must_complete in {"within", "none"} for spec in specs),
        screening=next((spec.screening for spec in specs if spec.screening), None),
    )


def _with_another_clock(results: Sequence[Result], facts: TriggerInput) -> Iterator[Result]:
    """The results; an interval without a figure says nothing about a mitigation that another interval dates."""
    dated = any(isinstance(result, Fired | Pending) and result.kind in CLOCKS for result in results)
    for result in results:
        if dated and isinstance(facts.subject, Mitigation) and isinstance(result, Blind) and result.kind in CLOCKS:
            yield Skipped(result.kind, result.reason)
        else:
            yield result


def _unless_settled(result: Result, facts: TriggerInput) -> Result:
    """The result, or Skipped where a side exit has settled this trigger for the same reason."""
    if isinstance(result, Fired) and key(result) in facts.settled:
        return Skipped(result.kind, f"settled without a decision: {result.reason}")
    return result


def evaluate(spec: AnyTrigger, facts: TriggerInput) -> Result:
    """The result of one trigger; of `all` and `any` from the results of their members."""
    if isinstance(spec, AllSpec):
        members = (evaluate(_with_depth(member, spec.depth), facts) for member in spec.of)
        return _all(spec, tuple(_due_at_first(result, spec, facts) for result in members))
    if isinstance(spec, AnySpec):
        return _any(tuple(evaluate(_with_depth(member, spec.depth), facts) for member in spec.of))
    trigger = _STATED.get(spec.kind)
    if trigger is None:
        return _unless_unread(_BUILT_IN[spec.kind].evaluate(facts), _BUILT_IN[spec.kind].sources, facts)
    return _unless_unread(trigger.evaluate(spec, facts), trigger.sources, facts, spec)


def _due_at_first(result: Result, spec: AllSpec, facts: TriggerInput) -> Result:
    """An interval beside an event fires before the first assessment; otherwise both would wait for that assessment forever."""
    waits = facts.last is None and isinstance(result, Skipped) and result.kind in CLOCKS and shortest([spec]) is None
    return Fired(result.kind, "it was never assessed") if waits else result


def _all(spec: AllSpec, results: tuple[Result, ...]) -> Result:
    """Fired once every member has fired; until then the result says which members have not."""
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
        due = max(dates, default=None)
        ends = [result.due_at for result in fired if result.due_at and result.due == due]
        depth = Depth.FULL if any(result.depth is Depth.FULL for result in fired) else None
        return Fired(spec.kind, reason, due, about=about, depth=depth, due_at=max(ends, default=None))
    pending = [result for result in results if isinstance(result, Pending)]
    return Pending(spec.kind, reason, max(result.due for result in pending), max(result.opens for result in pending))


def _any(results: tuple[Result, ...]) -> Result:
    """The most urgent result: fired before blind, blind before pending, pending by the day it opens."""
    fired = [result for result in results if isinstance(result, Fired)]
    if fired:
        return min(fired, key=lambda result: result.due or date.min)
    blind = [result for result in results if isinstance(result, Blind)]
    pending = [result for result in results if isinstance(result, Pending)]
    if blind or not pending:
        return blind[0] if blind else results[0]
    return min(pending, key=lambda result: (result.opens, result.due))


def _shaped(rule: Rule, result: Result) -> Result:
    """The result with the options of its rule: commitment, depth, deadline and screening question."""
    source = rule.commitment
    if source is not None and not isinstance(result, Skipped):
        result = replace(result, reason=f"{result.reason} ({source.id})")
    if not isinstance(result, Fired):
        return result
    spec: TriggerSpec = rule.spec
    return replace(
        result,
        about=f"{source.id} {result.about}".strip() if source else result.about,
        depth=_deeper(spec.depth, result.depth),
        before_change=spec.must_complete == "before_change" and not result.planned,
        after_change=spec.must_complete in {"within", "none"},
        screening=spec.screening,
        within=spec.within if result.due is None else None,
    )
