"""What of a repository cannot be read any more although it was known, as lines of a report."""

from collections.abc import Iterator

from reassay.assessment.unreadable import CONFIGURATION
from reassay.sweep.input import SweepInput
from reassay.sweep.report import SweepFailure
from reassay.sweep.views.configuration import unreadable_words


def unreadable(inputs: SweepInput) -> tuple[SweepFailure, ...]:
    """The configuration first, then each subject."""
    return tuple(_unreadable(inputs))


def _unreadable(inputs: SweepInput) -> Iterator[SweepFailure]:
    register = inputs.assessment_input.register
    words = unreadable_words(register, inputs.content.branch)
    if words:
        yield SweepFailure(CONFIGURATION, words)
    for own in inputs.assessment_input.register_index.unreadable:
        if own.kind != CONFIGURATION:
            yield SweepFailure(own.name, f"{_first_upper(own.words)}. {own.finding.remedy}")


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
