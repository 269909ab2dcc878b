"""Effort: adaptive red-teaming, which is not a sample. Verdicts are found, none found, and not enough effort.

The first success ends it, so evidence without a success is valid whenever testing stops, and needs no correction for looking
often. It says nothing of attackers who are better than the testers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil

from reassay.common.sentences import count_words
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.kinds.base import CriterionEvidence, CriterionKind, nothing_attached, stamp, weakest_basis
from reassay.evidence.statistics.effort import chance_of_success, hours_needed
from reassay.ledger.answers import Attached
from reassay.ledger.evidence_figures import EffortFigures
from reassay.register.effort_criterion import EffortCriterion
from reassay.register.resources import DIMENSIONS, dimension_words, order_of

KIND = "effort"


def asks(criterion: EffortCriterion) -> str:
    """What must not happen, and within which effort."""
    parts = []
    if effort := criterion.effort:
        teams = count_words(effort.teams, "team")
        parts.append(f"{teams} of at least {dimension_words('hours', effort.hours_each)} each")
    if needed := _hours_needed(criterion):
        parts.append(f"{needed:,.0f} hours in all (for a chance of at most {criterion.chance_at_most:.10g})")
    return f"no success ({criterion.success.rstrip('.')}) by testers with {criterion.attacker.words()}: {' and '.join(parts)}"


def judge(criterion: EffortCriterion, evidence: CriterionEvidence) -> CriterionVerdict:
    """The verdict by all effort against the version in force, of earlier re-assessments too."""
    every = [(attached.effort, attached) for attached in (*evidence.earlier, *evidence.attached) if attached.effort]
    current = [(effort, attached) for effort, attached in every if effort.version == evidence.version]
    if not current:
        nothing = nothing_attached(criterion.name, KIND)
        return replace(nothing, why=f"{nothing.why}{_OTHER_VERSION}") if every else nothing
    if successes := [attached for effort, attached in current if effort.success]:
        why = f"found: somebody succeeded against version {evidence.version}, so it is missed until a new version"
        return CriterionVerdict(criterion.name, "missed", weakest_basis(successes), f"{why}{stamp(successes[-1])}")
    return _none_found(criterion, current)


_OTHER_VERSION = "; what was recorded was against another version, and effort starts afresh with each version"


def _none_found(criterion: EffortCriterion, current: Sequence[tuple[EffortFigures, Attached]]) -> CriterionVerdict:
    reasons = [tuple(why_not_counted(criterion, effort)) for effort, _ in current]
    counted = [pair for pair, why_not in zip(current, reasons, strict=True) if not why_not]
    left_out = ", ".join(dict.fromkeys(reason for why_not in reasons for reason in why_not))
    left_out = f"; does not count: {left_out}" if left_out else ""
    efforts = [effort for effort, _ in counted]
    if missing := ", ".join(still_needed(criterion, efforts)):
        basis = weakest_basis([attached for _, attached in current])
        return CriterionVerdict(criterion.name, "insufficient", basis, f"not enough effort: {missing}{left_out}")
    chosen = [attached for _, attached in counted]
    on_a_word = next((stamp(attached) for attached in chosen if stamp(attached)), "")
    why = f"none found: {meaning(criterion, sum(effort.hours for effort in efforts))}{on_a_word}{left_out}"
    return CriterionVerdict(criterion.name, "met", weakest_basis(chosen), why)


def meaning(criterion: EffortCriterion, tested: float) -> str:
    """What hours without a success mean, at 95% confidence."""
    words = f"after {tested:,.10g} h without success"
    if hours := criterion.attacker.hours:
        chance = chance_of_success(hours, tested)
        words += f" an attacker like these testers with {hours:,.10g} h succeeds with a chance of at most {chance:.1%}"
    return f"{words}; this says nothing of better attackers"


def why_not_counted(criterion: EffortCriterion, effort: EffortFigures) -> Iterator[str]:
    """Why effort without a success does not count: what is not stated is not shown."""
    required = criterion.effort
    attacker = {name: getattr(criterion.attacker, name) for name in DIMENSIONS if name != "hours"}
    if required:
        if required.independent and not effort.independent and (effort.teams > 1 or required.teams > 1):
            yield "teams that are not stated to be independent"
        if required.incentive and effort.incentive is None:
            yield f"effort without an incentive ({required.incentive} is required)"
        if effort.hours_each < required.hours_each:
            yield f"teams with {effort.hours_each:,.10g} of {required.hours_each:,.10g} hours"
        for name in ("access", "expertise"):
            yield from _short(name, effort, getattr(required, name))
    for name, needed in attacker.items():
        yield from _short(name, effort, needed)


def _short(name: str, effort: EffortFigures, needed: object) -> Iterator[str]:
    if needed is None:
        return
    shown = getattr(effort, name)
    order = order_of(name, shown, needed)
    if order is None or order < 0:
        said = "none stated" if shown is None else dimension_words(name, shown)
        yield f"testers with less than {dimension_words(name, needed)} ({said})"


def still_needed(criterion: EffortCriterion, counted: Sequence[EffortFigures]) -> Iterator[str]:
    """What is missing to a verdict, in words."""
    teams, hours = sum(effort.teams for effort in counted), sum(effort.hours for effort in counted)
    if criterion.effort and teams < criterion.effort.teams:
        each = dimension_words("hours", criterion.effort.hours_each)
        yield f"{teams} of {criterion.effort.teams} teams with at least {each} each"
    needed = _hours_needed(criterion)
    if needed and hours < needed:
        yield (
            f"{hours:,.10g} of {needed:,.0f} hours without success, {max(needed - hours, 1):,.0f} more are needed for a chance"
            f" of at most {criterion.chance_at_most:.10g}"
        )


def _hours_needed(criterion: EffortCriterion) -> float | None:
    """Hours without success that show `chance_at_most`, whole; None where no chance is stated."""
    if criterion.chance_at_most is None or criterion.attacker.hours is None:
        return None
    return ceil(hours_needed(criterion.attacker.hours, criterion.chance_at_most))


CRITERION_KIND = CriterionKind(KIND, EffortCriterion, asks, judge)
