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
        yield from walked_triggers(("reassess", "triggers"), subject.reassess.triggers if subject.reassess else ())
    elif isinstance(subject, Commitment):
        yield from walked_triggers(("triggers",), subject.triggers)


def walked_triggers(location: Location, triggers: Iterable[AnyTrigger]) -> Iterator[tuple[Location, AnyTrigger]]:
    """Triggers of a list at a location and their members, each with its own location."""
    for index, trigger in enumerate(triggers):
        yield (*location, index), trigger
        if isinstance(trigger, AnySpec | AllSpec):
            yield from walked_triggers((*location, index, "of"), trigger.of)
