"""Sources of signals with their health and what came of them: as lines of text, and as parts of JSON documents."""

from collections.abc import Iterator

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.source_states import source_states
from reassay.assessment.triage import recent_imports, waiting_signals
from reassay.common.calendar import day_words
from reassay.common.json_text import to_json
from reassay.register.signal_sources import SourceSpec
from reassay.signals.recorded import RecordedSignal
from reassay.signals.source_health import SourceHealth, moment


def sources_part(assessment_input: AssessmentInput) -> dict[str, object]:
    """The key `sources`, which documents about cells have: each source of the configuration with its health."""
    return {"sources": [_health(own) for own in source_states(assessment_input)]}


def _health(own: SourceHealth) -> dict[str, object]:
    since = own.since.isoformat() if own.since else None
    return {"source": own.source, "state": own.state, "since": since, "message": own.words or None}


def sources_document(assessment_input: AssessmentInput, provenance: dict[str, str]) -> str:
    """The document `reassay/signals-status/v1`."""
    index = assessment_input.register_index
    waiting = {own.id: own for own in waiting_signals(assessment_input)}
    return to_json({
        "schema": "reassay/signals-status/v1",
        "at": assessment_input.now.isoformat(),
        **provenance,
        "sources": [
            {**_health(own), **_counts(own.source, assessment_input)} for own in source_states(assessment_input)
        ],
        "signals": [
            {
                "id": name,
                "source": own.source,
                "gives": own.signal.gives,
                "severity": own.signal.severity,
                "first_seen_at": own.signal.first_seen_at.isoformat(),
                "is_baseline": own.is_baseline,
                "triaged": index.triaged[name][1].material if name in index.triaged else None,
                "triage_due": waiting[name].due.isoformat() if name in waiting else None,
            }
            for name, own in index.signals.items()
        ],
    })  # fmt: skip


def _counts(source: str, assessment_input: AssessmentInput) -> dict[str, object]:
    index = assessment_input.register_index
    own, recorded = _signals(source, assessment_input), index.sources.get(source)
    days = sorted({day for day, _ in recorded.counts}) if recorded else []
    return {
        "signals": len(own),
        "baseline": sum(signal.is_baseline for signal in own),
        "waiting": sum(signal.source == source for signal in index.received.waiting),
        "newest": recorded.newest.isoformat() if recorded and recorded.newest else None,
        "days": len(days),
    }


def _signals(source: str, assessment_input: AssessmentInput) -> list[RecordedSignal]:
    return [own for own in assessment_input.register_index.signals.values() if own.source == source]


def sources_text(assessment_input: AssessmentInput, *, lists_all: bool) -> Iterator[str]:
    """A line for each source, then what waits for triage; with `lists_all` every signal that the ledger has."""
    configuration = assessment_input.register.configuration
    if assessment_input.register.configuration_is_broken and not configuration.signals.sources:
        yield "The configuration cannot be read, so nobody can say which sources of signals there are."
        return
    if not configuration.signals.sources:
        yield "The configuration names no source of signals; they are declared under `signals`."
        return
    states = source_states(assessment_input)
    for own in states:
        spec = configuration.signals.source(own.source)
        if spec is not None:
            yield _line(spec, own, assessment_input)
    if any(own.state == "never-read" for own in states):
        yield (
            "The next sweep reads what was never read, and takes what was sent; to read it now, run"
            " `reassay signals read --repo OWNER/NAME`."
        )
    waiting = waiting_signals(assessment_input)
    for signal in waiting:
        affects = ", ".join(signal.affects) or "names no mitigation"
        yield f"  triage by {day_words(signal.due, year=True)}: {signal.id} ({affects})"
    for imported in recent_imports(assessment_input):
        yield f"  only a baseline: {imported.count:,} of {imported.source} on {day_words(imported.on, year=True)}"
    if lists_all:
        for name, recorded in assessment_input.register_index.signals.items():
            yield f"  {name}{', baseline' if recorded.is_baseline else ''}"


def _line(spec: SourceSpec, own: SourceHealth, assessment_input: AssessmentInput) -> str:
    recorded = assessment_input.register_index.sources.get(spec.id)
    signals = _signals(spec.id, assessment_input)
    parts = [f"{spec.id} ({getattr(spec, 'kind', '')}): {own.words if not own.is_ok else 'ok'}"]
    if recorded is not None and recorded.newest is not None:
        parts.append(f"newest {moment(recorded.newest)}")
    if signals:
        parts.append(
            f"{len(signals):,} signals, {sum(signal.is_baseline for signal in signals):,} of them only a baseline"
        )
    if recorded is not None and recorded.counts:
        parts.append(f"counts of {len({day for day, _ in recorded.counts}):,} days")
    return "; ".join(parts)


def unwell_lines(unwell: tuple[SourceHealth, ...]) -> tuple[str, ...]:
    """What the footer of a view says of sources that cannot be relied on; nothing if all are well."""
    if not unwell:
        return ()
    words = "; ".join(own.words for own in unwell)
    return (f"Blind: {words}. The exit code is 1 because of this; `reassay signals status` shows every source.",)
