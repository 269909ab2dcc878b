"""The health of every source of signals that the configuration names, for reports and for the exit codes of commands."""

from reassay.assessment.cells import AssessmentInput
from reassay.signals.source_health import SourceHealth, health


def source_states(assessment_input: AssessmentInput) -> tuple[SourceHealth, ...]:
    """Each source with its health now, in the order of the configuration."""
    sources = assessment_input.register.configuration.signals.sources
    recorded = assessment_input.register_index.sources
    return tuple(health(spec, recorded.get(spec.id), assessment_input.now) for spec in sources)


def unwell_sources(assessment_input: AssessmentInput) -> tuple[SourceHealth, ...]:
    """Sources that cannot be relied on."""
    return tuple(own for own in source_states(assessment_input) if not own.is_ok)
