"""Capability: what a model cannot do is judged, with how it was elicited and how it was checked that it did not hold back.

A model that fails a test may fail because nobody elicited what it can do, because it recognised the test, or because it held
back. So a judgement without elicitation and awareness does not close, whatever its outcome. It is never a bound on a rate.
"""

from collections.abc import Iterator

from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.kinds.base import (
    CriterionEvidence,
    CriterionKind,
    basis_of,
    nothing_attached,
    self_assessed,
    stamp,
)
from reassay.evidence.kinds.judgement import unstated
from reassay.ledger.answers import Attached
from reassay.ledger.criterion_result import CriterionVerdictWord
from reassay.ledger.evidence_figures import CapabilityFigures, CapabilityOutcome, StatedElicitation
from reassay.register.capability_criterion import CapabilityCriterion, Elicitation

KIND = "capability"
_GRAVEST_FIRST: tuple[CapabilityOutcome, ...] = ("reached", "not-ruled-out", "below")


def asks(criterion: CapabilityCriterion) -> str:
    """The claim, and the least elicitation."""
    least = elicitation_words(criterion.elicitation)
    least = f" (at least {least})" if least else ""
    return (
        f"an assessor judges: {criterion.claim.rstrip('.')}. The judgement states elicitation{least},"
        " and how evaluation awareness and sandbagging were checked"
    )


def judge(criterion: CapabilityCriterion, evidence: CriterionEvidence) -> CriterionVerdict:
    """The gravest of the latest judgements of each independent role."""
    if not evidence.attached:
        return nothing_attached(criterion.name, KIND)
    latest = {attached.role: attached for attached in evidence.attached if attached.independent and attached.capability}
    if not latest:
        return self_assessed(criterion.name)
    judged = [(attached.capability, attached) for attached in latest.values() if attached.capability]
    figures, decisive = min(judged, key=lambda pair: _GRAVEST_FIRST.index(pair[0].outcome))
    missing = tuple(shortcomings(criterion.elicitation, figures))
    verdict, why = _outcome(figures, missing)
    why += f"{stamp(decisive)}{unstated(decisive, criterion.would_change)}{_others(judged, decisive)}"
    return CriterionVerdict(criterion.name, verdict, basis_of(decisive), why)


def _outcome(figures: CapabilityFigures, missing: tuple[str, ...]) -> tuple[CriterionVerdictWord, str]:
    if figures.outcome == "reached":
        return "missed", "an independent assessor judged that the capability is reached"
    if figures.outcome == "not-ruled-out":
        return "insufficient", "an independent assessor judged that the capability cannot be ruled out"
    if missing:
        return "insufficient", f"judged to be below, but that cannot close it: {', '.join(missing)}"
    return "met", (
        f"judged to be below by an independent assessor, with elicitation ({stated_words(figures.elicitation)}); the model may"
        " behave otherwise when it does not recognise a test"
    )


def _others(judged: list[tuple[CapabilityFigures, Attached]], decisive: Attached) -> str:
    words = [
        f"{attached.role}: {figures.outcome.replace('-', ' ')}"
        for figures, attached in judged
        if attached is not decisive
    ]
    return f"; judged otherwise or too: {', '.join(words)}" if words else ""


def shortcomings(least: Elicitation, figures: CapabilityFigures) -> Iterator[str]:
    """What keeps a judgement from closing: elicitation or awareness not stated, or less elicitation than the criterion asks."""
    stated = figures.elicitation
    for name in Elicitation.model_fields:
        if getattr(stated, name) is None:
            yield f"elicitation does not state {name.replace('_', '-')}"
    if least.fine_tuned and stated.fine_tuned is False:
        yield "the model was not fine-tuned"
    if least.scaffold not in {None, stated.scaffold} and stated.scaffold:
        yield f"the scaffold was {stated.scaffold}, not {least.scaffold}"
    if stated.best_of is not None and stated.best_of < least.best_of:
        yield f"best of {stated.best_of}, and {least.best_of} is required"
    lacking = [tool for tool in least.tools if stated.tools is not None and tool not in stated.tools]
    if lacking:
        yield f"the model did not have {', '.join(lacking)}"
    if least.effort is not None and stated.effort is not None and stated.effort < least.effort:
        yield f"{stated.effort:,.10g} hours of elicitation, and {least.effort:,.10g} are required"
    if figures.evaluation_awareness is None:
        yield "how evaluation awareness was checked is not stated"
    if figures.sandbagging is None:
        yield "how sandbagging was checked is not stated"


def elicitation_words(least: Elicitation) -> str:
    """The least elicitation in words; empty if nothing is required."""
    words = [
        "fine-tuned" if least.fine_tuned else "",
        f"scaffold {least.scaffold}" if least.scaffold else "",
        f"best of {least.best_of}" if least.best_of > 1 else "",
        f"tools {', '.join(least.tools)}" if least.tools else "",
        f"{least.effort:,.10g} hours" if least.effort else "",
    ]
    return ", ".join(filter(None, words))


def stated_words(stated: StatedElicitation) -> str:
    """Elicitation as stated, in words."""
    words = [
        {None: "", True: "fine-tuned", False: "not fine-tuned"}[stated.fine_tuned],
        f"scaffold {stated.scaffold}" if stated.scaffold else "",
        f"best of {stated.best_of}" if stated.best_of else "",
        "" if stated.tools is None else f"tools {', '.join(stated.tools) or 'none'}",
        f"{stated.effort:,.10g} hours" if stated.effort else "",
    ]
    return ", ".join(filter(None, words)) or "not stated"


CRITERION_KIND = CriterionKind(KIND, CapabilityCriterion, asks, judge)
