"""What of a repository cannot be read any more although it was known, as lines of a report."""

from collections.abc import Iterator

from reassay.sweep.input import SweepInput
from reassay.sweep.report import SweepFailure
from reassay.sweep.views.configuration import unreadable_words

CONFIGURATION = "configuration"


def unreadable(inputs: SweepInput) -> tuple[SweepFailure, ...]:
    """The configuration first, then each subject."""
    return tuple(_unreadable(inputs))


def _unreadable(inputs: SweepInput) -> Iterator[SweepFailure]:
    register = inputs.assessment_input.register
    words = unreadable_words(register, inputs.content.branch)
    if words:
        yield SweepFailure(CONFIGURATION, words)
