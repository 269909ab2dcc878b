"""Warnings of `check` about targets: what is missing, and what cannot be shown by the planned number of prompts.

What many mitigations lack is one finding a kind, so that a first register of ten lines is not drowned by it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from reassay.common.sentences import names
from reassay.evidence.criterion_bounds import least_in_slice, least_items, least_prompts, most_adverse_of_plan
from reassay.evidence.kinds.detector import detector_rates
from reassay.register.base import Status
from reassay.register.criteria import RateCriterion, SampleCriterion
from reassay.register.detector_criterion import DetectorCriterion
from reassay.register.finding import Finding, FindingSeverity, Location, quoted
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register, RegisterEntry

MANY: Final = 10_000
"""Prompts above which a plan is warned about."""
_NAMED: Final = 5
"""Most mitigations that one finding names."""
Entry = RegisterEntry[Mitigation]


def with_target_findings(register: Register) -> Register:
    """The register, with the warnings about targets added to its findings."""
    added = target_findings(register)
    return replace(register, findings=tuple(sorted((*register.findings, *added), key=lambda finding: finding.at)))


def target_findings(register: Register) -> Iterator[Finding]:
    """The warnings about active mitigations, in no order."""
    active = [entry for entry in register.mitigations.values() if entry.value.status is Status.ACTIVE]
    yield from _lacking(active)
    for entry in active:
        for criterion, where in _counted(entry.value):
            if isinstance(criterion, RateCriterion) and 0 < criterion.bound < 1:
                yield from _of_rate(entry, criterion, where)
            elif isinstance(criterion, SampleCriterion) and criterion.bound >= 0:
                yield from _of_sample(entry, criterion, where)


def _counted(mitigation: Mitigation) -> Iterator[tuple[RateCriterion | SampleCriterion, Location]]:
    """The criteria that are judged by counts, those of detectors included, with their places."""
    for index, criterion in enumerate(mitigation.target.criteria if mitigation.target else ()):
        where: Location = ("target", "criteria", index)
        if isinstance(criterion, RateCriterion | SampleCriterion):
            yield criterion, where
        elif isinstance(criterion, DetectorCriterion):
            recall, false_positives = detector_rates(criterion)
            yield recall, (*where, "recall")
            yield false_positives, (*where, "false_positives")


def _lacking(active: Sequence[Entry]) -> Iterator[Finding]:
    without_target = [entry for entry in active if entry.value.target is None]
    with_target = [entry for entry in active if entry.value.target is not None]
    without_criteria = [entry for entry in with_target if entry.value.target and not entry.value.target.criteria]
    yield from _together(
        without_target,
        "no-target",
        "no target, so only people's words can show that it works",
        "Write under 'target' who must not be able to do what, and under 'criteria' what would show it.",
    )
    yield from _together(
        without_criteria,
        "no-criterion",
        "a target without criteria, so only people's words can show that it is met",
        "Add 'criteria' to the target, for example {kind: judgement, name: ..., question: ...}.",
    )
    yield from _together(
        [entry for entry in with_target if _has_no_margin(entry.value)],
        "no-margin",
        "a bound without a margin, so a result exactly at the target is enough",
        "Add 'margin' to the criterion, for example a quarter of 'at_most'; 'margin: 0' is the same as none.",
    )


def _has_no_margin(mitigation: Mitigation) -> bool:
    return any(not criterion.margin for criterion, _ in _counted(mitigation))


def _together(entries: Sequence[Entry], code: str, lacks: str, remedy: str) -> Iterator[Finding]:
    if not entries:
        return
    listed = [quoted(entry.value.id) for entry in entries]
    more = [f"{len(listed) - _NAMED} more"] if len(listed) > _NAMED else []
    verb = "has" if len(listed) == 1 else "have"
    at = entries[0].origin.at("target") if entries[0].value.target else entries[0].origin.at("id")
    yield Finding(at, code, f"{names(*listed[:_NAMED], *more)} {verb} {lacks}", remedy, FindingSeverity.WARNING)


def _of_rate(entry: Entry, criterion: RateCriterion, where: Location) -> Iterator[Finding]:
    least, each = least_prompts(criterion), least_in_slice(criterion)
    if criterion.plan == "open":
        if least is not None and least > MANY:
            yield _many(entry, criterion.name, where, least)
        return
    allowed = most_adverse_of_plan(criterion, criterion.plan)
    slices = len(criterion.slices.required) if criterion.slices else 0
    if allowed is None or (each or 0) * slices > criterion.plan.n:
        yield _too_small(entry, criterion.name, where, criterion.plan.n, least)


def _of_sample(entry: Entry, criterion: SampleCriterion, where: Location) -> Iterator[Finding]:
    least = least_items(criterion)
    if least is None:
        return
    if criterion.plan == "open":
        if least > MANY:
            yield _many(entry, criterion.name, where, least)
    elif criterion.plan.n > criterion.population:
        message = (
            f"the fixed plan of {quoted(criterion.name)} takes {criterion.plan.n:,} items of {criterion.population:,}"
        )
        at = entry.origin.at(*where, "plan", "n")
        yield Finding(at, "plan-too-large", message, "Lower 'n', or correct the population.", FindingSeverity.WARNING)
    elif criterion.plan.n < least:
        yield _too_small(entry, criterion.name, where, criterion.plan.n, least)


def _many(entry: Entry, name: str, where: Location, least: int) -> Finding:
    return Finding(
        entry.origin.at(*where),
        "many-samples",
        f"{quoted(name)} of {quoted(entry.value.id)} needs at least {least:,} samples without an adverse one",
        "Plan for that many, or state a bound that can be measured and a criterion of another kind for the rest.",
        FindingSeverity.WARNING,
    )


def _too_small(entry: Entry, name: str, where: Location, size: int, least: int | None) -> Finding:
    return Finding(
        entry.origin.at(*where, "plan", "n"),
        "plan-too-small",
        f"the fixed plan of {quoted(name)} with n = {size:,} can never meet its bound",
        f"Plan for at least {least:,}, or use 'plan: open', which may be topped up.",
        FindingSeverity.WARNING,
    )
