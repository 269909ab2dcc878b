"""Every trigger that a subject states, with its place in the entry."""

from collections.abc import Iterable, Iterator

from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment
from reassay.register.finding import Location
from reassay.register.mitigation import Mitigation
from reassay.register.trigger_specs import AllSpec, AnySpec, AnyTrigger


def trigger_places(subject: Assessable) -> Iterator[tuple[Location, AnyTrigger]]:
    """The triggers, including members of `any` and `all`, each with its location."""
    if isinstance(subject, Mitigation):
        yield from _walk(("reassess", "triggers"), subject.reassess.triggers if subject.reassess else ())
    elif isinstance(subject, Commitment):
        yield from _walk(("triggers",), subject.triggers)


def _walk(location: Location, triggers: Iterable[AnyTrigger]) -> Iterator[tuple[Location, AnyTrigger]]:
    for index, trigger in enumerate(triggers):
        yield (*location, index), trigger
        if isinstance(trigger, AnySpec | AllSpec):
            yield from _walk((*location, index, "of"), trigger.of)
