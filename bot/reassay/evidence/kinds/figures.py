"""Figures of attached evidence in words, beside counts and outcomes of drills."""

from reassay.common.sentences import count_words
from reassay.evidence.kinds.capability import stated_words
from reassay.evidence.kinds.duration import duration_words
from reassay.ledger.answers import Attached
from reassay.register.resources import dimension_words


def figures_stated(evidence: Attached) -> str:
    """What evidence states of effort, time, outcome and kind of evaluation, with a space before it; empty if nothing."""
    words = ""
    if effort := evidence.effort:
        teams = count_words(effort.teams, "team")
        each = dimension_words("hours", effort.hours_each)
        words = f" {teams} of {each}, {'found' if effort.success else 'none found'}, version {effort.version}"
    elif evidence.duration:
        words = f" {duration_words(evidence.duration)}"
    elif capability := evidence.capability:
        words = f" {capability.outcome.replace('-', ' ')} (elicitation: {stated_words(capability.elicitation)})"
    elif evidence.grounds and evidence.grounds.outcome:
        words = f" {evidence.grounds.outcome.replace('-', ' ')}"
    return f"{words} as {evidence.kind_of_evaluation}" if evidence.kind_of_evaluation else words
