"""Known entries of a repository that cannot be read any more, as lines of a report."""

from collections.abc import Iterator

from reassay.assessment.unreadable import CONFIGURATION
from reassay.common.sentences import capitalised
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
            yield SweepFailure(own.name, f"{capitalised(own.words)}. {own.finding.remedy}")
