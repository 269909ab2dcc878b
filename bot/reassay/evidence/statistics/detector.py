"""The precision of a detector, which follows from its two rates and from how common the positives are (Bayes' rule)."""


def precision(recall: float, false_positive_rate: float, prevalence: float) -> float | None:
    """The share of alarms that are right. None where nothing raises an alarm. Raises ValueError."""
    for value in (recall, false_positive_rate, prevalence):
        if not 0 <= value <= 1:
            raise ValueError(f"a rate is 0 to 1, not {value}")
    right = recall * prevalence
    alarms = right + false_positive_rate * (1 - prevalence)
    return right / alarms if alarms else None
