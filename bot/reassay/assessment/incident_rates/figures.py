"""The figures of incident-rate triggers: what a decision signs, and what it signed then."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment
from reassay.register.frequencies import Frequency, parse_frequency
from reassay.register.incident_rate import IncidentRateSpec
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.selection import selects
from reassay.register.trigger_specs import AnyTrigger, flat_triggers


def stated_figures(subject: Assessable, register: Register) -> Mapping[str, list[str]]:
    """The figures that a subject and the commitments about it state, by `watch_key`; sorted."""
    figures: dict[str, set[str]] = defaultdict(set)
    for spec in stated_specs(subject, register):
        figures[watch_key(spec)].add(spec.figure)
    return {key: sorted(figures[key]) for key in sorted(figures)}


def stated_first_days(subject: Assessable, register: Register) -> Mapping[str, list[str]]:
    """The first days (`since`) that they state, by `watch_key`; sorted, and only where there are some."""
    days: dict[str, set[str]] = defaultdict(set)
    for spec in stated_specs(subject, register):
        if spec.since is not None:
            days[watch_key(spec)].add(spec.since.isoformat())
    return {key: sorted(days[key]) for key in sorted(days)}


def stated_specs(subject: Assessable, register: Register) -> tuple[IncidentRateSpec, ...]:
    """The incident-rate triggers of a subject and of the commitments about it."""
    triggers = flat_triggers(_triggers(subject, register))
    return tuple(spec for spec in triggers if isinstance(spec, IncidentRateSpec))


def watch_key(spec: IncidentRateSpec) -> str:
    """What a trigger watches and in which form; its figure may change."""
    return f"{spec.form}: {spec.watch}"


def signed_frequency(spec: IncidentRateSpec, signed: Sequence[str], stated: Sequence[str]) -> Frequency | None:
    """The ceiling that a decision signed for a trigger, of those `signed` for the same watch; None if it had no figure.

    `stated` are the figures of the watch now. Where the trigger's own figure is new, it took the place of one that went; of
    several the lowest.
    """
    if spec.figure in signed:
        return spec.frequency
    went = [figure for figure in signed if figure not in stated] or signed
    return lowest(went)


def lowest(figures: Iterable[str]) -> Frequency | None:
    """The lowest ceiling among figures; None if none of them is a ceiling."""
    return min(_frequencies(figures), key=lambda frequency: frequency.rate, default=None)


def _frequencies(figures: Iterable[str]) -> Iterator[Frequency]:
    for figure in figures:
        try:
            yield parse_frequency(figure)
        except ValueError:
            # It was unspecified, or of another form.
            continue


def _triggers(subject: Assessable, register: Register) -> Iterator[AnyTrigger]:
    if isinstance(subject, Commitment):
        yield from subject.triggers
    elif isinstance(subject, Mitigation):
        yield from subject.reassess.triggers if subject.reassess else ()
        for entry in register.commitments.values():
            if selects(entry.value, subject, register):
                yield from entry.value.triggers
