"""data-unknown: fires once for each outage of a source of signals that lasted too long."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from reassay.assessment.triggers.base import NOTHING, Blind, Fired, Pending, Result, StatedTrigger, TriggerInput
from reassay.common.calendar import local_date
from reassay.register.trigger_specs import DataUnknownSpec
from reassay.signals.recorded import RecordedSource
from reassay.signals.source_health import health, last_word, later, moment

KIND = "data-unknown"


@dataclass(frozen=True, slots=True)
class _Outage:
    """One way in which a source says nothing that can be relied on."""

    since: datetime
    words: str


def evaluate(spec: DataUnknownSpec, facts: TriggerInput) -> Result:
    """Fired once the source was silent or failing for longer than `silent_for`, counted from its last word.

    The source's own `silent_after` does not matter here: who states this trigger states the silence. From the decision about an
    outage until its end the trigger is blind.
    """
    source = facts.configuration.signals.source(spec.source)
    if source is None:
        return Blind(KIND, f"no source '{spec.source}' is declared")
    recorded = facts.register_index.sources.get(source.id)
    state = health(source, recorded, facts.now)
    if recorded is None or state.state == "never-read":
        return Blind(KIND, state.words)
    outages = sorted(_outages(recorded), key=lambda outage: outage.since)
    lasting = [outage for outage in outages if facts.now > later(outage.since, spec.silent_for)]
    if lasting:
        first = lasting[0]
        words = f"{first.words}; {spec.silent_for.words()} are allowed, and silence is not the same as no incident"
        if _is_decided(later(first.since, spec.silent_for), spec, facts):
            return Blind(KIND, f"{words}; a decision was made since, and the source still has the same problem")
        return Fired(KIND, words, about=f"{source.id} since {first.since:%Y-%m-%dT%H:%M}")
    if not state.is_ok:
        return Blind(KIND, state.words)
    ends = later(outages[0].since, spec.silent_for)
    day = local_date(ends, facts.configuration.timezone)
    return Pending(KIND, f"the source {source.id} last spoke at {moment(outages[0].since)}", day, day)


def _outages(recorded: RecordedSource) -> Iterator[_Outage]:
    """Its last word, and the beginning of a failure: items may still come from a source whose readings have errors."""
    last = last_word(recorded)
    yield _Outage(last, f"the source {recorded.source} has said nothing new since {moment(last)}")
    if recorded.state != "read":
        yield _Outage(
            recorded.since, f"the source {recorded.source} cannot be relied on since {moment(recorded.since)}"
        )


def _is_decided(fired_at: datetime, spec: DataUnknownSpec, facts: TriggerInput) -> bool:
    """Whether the last assessment was decided after the outage had lasted too long."""
    last = facts.baseline(spec.depth)
    if last is None:
        return False
    record = facts.register_index.history.reassessments.get(last.record or "")
    if record is not None and record.closed_at is not None:
        return record.closed_at >= fired_at
    return last.on > local_date(fired_at, facts.configuration.timezone)


TRIGGER = StatedTrigger(KIND, DataUnknownSpec, evaluate, NOTHING)
