"""Detector: recall and false-positive rate are judged as two rate criteria; precision and alerts a day follow from them."""

from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.ledger.criterion_result import CriterionVerdictWord
from reassay.register.criteria import RateCriterion
from reassay.register.detector_criterion import DetectorCriterion, DetectorFalsePositives, DetectorRecall

_WORST_FIRST: tuple[CriterionVerdictWord, ...] = (
    "exceeded",
    "missed",
    "refused",
    "not-measured",
    "insufficient",
    "met",
)
_BASES_STRONGEST_FIRST = ("counted", "tested", "measured", "exercised", "judged", "attested")


def detector_rates(criterion: DetectorCriterion) -> tuple[RateCriterion, RateCriterion]:
    """Recall and false-positive rate as rate criteria, with the undesired outcomes `missed` and `false_positive`.

    Evidence for them speaks of `<name>: recall` and `<name>: false positives`.
    """
    recall, false_positives = criterion.part_names
    missed = round(1 - criterion.recall.at_least, 12)
    return (
        _rate(recall, missed, "missed", criterion.recall),
        _rate(false_positives, criterion.false_positives.at_most, "false_positive", criterion.false_positives),
    )


def _rate(name: str, at_most: float, undesired: str, part: DetectorRecall | DetectorFalsePositives) -> RateCriterion:
    return RateCriterion(
        kind="rate",
        name=name,
        at_most=at_most,
        margin=part.margin,
        at_least=part.items_at_least,
        unassessed_at_most=part.unassessed_at_most,
        plan=part.plan,
        measured=part.measured,
        provenance=part.provenance,
        undesired=undesired,
        judge=part.judge,
        slices=part.slices,
        population=part.population,
    )


def detector_verdict(
    criterion: DetectorCriterion, recall: CriterionVerdict, false_positives: CriterionVerdict
) -> CriterionVerdict:
    """The verdict on a detector: the worse of its two rates, with the weaker basis, and what follows from both."""
    parts = (recall, false_positives)
    verdict = min((part.verdict for part in parts), key=_WORST_FIRST.index)
    basis = max((part.basis for part in parts), key=_BASES_STRONGEST_FIRST.index)
    said = [f"{label} {part.verdict.replace('-', ' ')}" for label, part in zip(_LABELS, parts, strict=True)]
    if criterion.recall.population == "positives":
        said.append("its positives are not attacks, so recall says little of an adversary")
    said += [derived] if (derived := derived_words(criterion)) else []
    return CriterionVerdict(criterion.name, verdict, basis, "; ".join(said))


_LABELS = ("recall", "false positives")


def detector_words(criterion: DetectorCriterion) -> str:
    """What a detector must show, as part of a sentence."""
    recall, false_positives = criterion.recall.at_least * 100, criterion.false_positives.at_most * 100
    threshold = f" at threshold {criterion.threshold}" if criterion.threshold else ""
    words = (
        f"both of its rates{threshold}: recall of at least {recall:.10g}% on {criterion.recall.population}, and false positives"
        f" of at most {false_positives:.10g}% on traffic"
    )
    return "; ".join(filter(None, (words, derived_words(criterion))))


def derived_words(criterion: DetectorCriterion) -> str:
    """Precision and alerts a day at the stated rates and the assumed prevalence; empty without a prevalence."""
    precision, alerts = criterion.precision, criterion.alerts_a_day
    if precision is None or criterion.prevalence is None:
        return ""
    words = (
        f"at the stated rates and an assumed prevalence of {criterion.prevalence:.10g}, precision is {precision:.2%}"
    )
    return f"{words}, with {alerts:,.0f} alerts a day" if alerts is not None else words
