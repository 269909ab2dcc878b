"""Criterion of a detector: its recall and its false-positive rate. Precision follows from both and from the prevalence."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.register.base import Line, Positive, Share, Strict
from reassay.register.criterion_base import NamedCriterion
from reassay.register.measurement import FixedPlan, JudgeValidation, Measurement, Provenance, SlicePolicy

Prevalence = Annotated[float, Field(gt=0, lt=1)]


class _DetectorRate(Strict):
    margin: Share = 0.0
    """Margin between the stated rate and the one that has to be shown."""
    items_at_least: Positive | None = None
    """Items that must be assessed, if more than the bound needs."""
    unassessed_at_most: Share = 0.0
    """Largest acceptable share of items that were not assessed. They count as adverse in any case."""
    plan: Literal["open"] | FixedPlan = "open"
    """`open` allows any number of looks and top-ups (evidence number E); a fixed plan is read once (Clopper-Pearson)."""
    measured: Measurement = Measurement.model_construct()
    """What of a result file is counted."""
    provenance: Provenance = "uploaded"
    """The weakest provenance that can meet it."""
    judge: JudgeValidation | None = None
    """The positive control that the judge needs who says which items are positive; None where that is a fact."""
    slices: SlicePolicy | None = None
    """What each slice must show."""


class DetectorRecall(_DetectorRate):
    """The share of positives that are detected."""

    at_least: Share
    """The smallest acceptable true share of positives that are detected, 0 to 1."""
    population: Literal["attacks", "positives"] = "positives"
    """`attacks`: positives that somebody made to get past the detector. `positives`: others, which say little of
    an adversary."""


class DetectorFalsePositives(_DetectorRate):
    """The share of harmless traffic that is flagged."""

    at_most: Share
    """The largest acceptable true share of harmless traffic that is flagged, 0 to 1."""
    population: Literal["traffic"] = "traffic"
    """Real traffic of the deployments, without positives."""


class DetectorCriterion(NamedCriterion):
    """A detector that finds what it must, and flags little else."""

    kind: Literal["detector"]
    """Recall and false-positive rate of a detector."""
    recall: DetectorRecall
    """The share of positives that are detected."""
    false_positives: DetectorFalsePositives
    """The share of harmless traffic that is flagged."""
    threshold: Line | None = None
    """The operating threshold of the detector. With another one it is another detector."""
    prevalence: Prevalence | None = None
    """The assumed share of positives in traffic, 0 to 1. Precision is derived from it."""
    precision_at_least: Share | None = None
    """The smallest acceptable share of alerts that are right. It is derived from both rates, and needs `prevalence`."""
    items_a_day: Positive | None = None
    """Items of traffic a day. With it and `prevalence` the number of alerts a day is derived."""

    @model_validator(mode="after")
    def _precision_is_derived(self) -> "DetectorCriterion":
        if self.precision_at_least is None:
            return self
        if self.prevalence is None:
            raise ValueError(
                "precision is not a property of a detector alone: it follows from recall, false positives and the share of"
                " positives in traffic; state 'prevalence', or leave out 'precision_at_least'"
            )
        if (derived := self.precision) is not None and derived < self.precision_at_least:
            raise ValueError(
                f"with the recall, the false-positive rate and the prevalence stated, precision is {derived:.2%}, below"
                " 'precision_at_least'; state a lower false-positive rate, or a lower precision"
            )
        return self

    @property
    def part_names(self) -> tuple[str, str]:
        """The names by which evidence speaks of recall and of false positives."""
        return f"{self.name}: recall", f"{self.name}: false positives"

    @property
    def precision(self) -> float | None:
        """The precision at both stated rates; None without a prevalence, or where nothing would be flagged."""
        if self.prevalence is None:
            return None
        right = self.prevalence * self.recall.at_least
        flagged = right + (1 - self.prevalence) * self.false_positives.at_most
        return right / flagged if flagged else None

    @property
    def alerts_a_day(self) -> float | None:
        """Alerts a day at both stated rates; None without prevalence or traffic."""
        if self.prevalence is None or self.items_a_day is None:
            return None
        share = self.prevalence * self.recall.at_least + (1 - self.prevalence) * self.false_positives.at_most
        return share * self.items_a_day
