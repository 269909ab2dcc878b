"""Findings about observed paths: a field with two of them, and triggers that nothing is observed for."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from reassay.register.assessable import Assessable
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.finding import Finding, FindingSeverity, Location, quoted
from reassay.register.lint.trigger_places import walked_triggers
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register, RegisterEntry
from reassay.register.trigger_specs import AnyTrigger, DriftSpec, ObservationStaleSpec

_REMEDY: Final = "Add 'observed:' to the deployment, with a path of the product's configuration; or delete the trigger."


def observation_findings(register: Register) -> Iterator[Finding]:
    """Errors about paths, and warnings about triggers that are blind, in no order."""
    for deployment in register.deployments.values():
        counts = Counter(path.field for path in deployment.value.observed)
        for index, path in enumerate(deployment.value.observed):
            if counts[path.field] > 1:
                message = f"{quoted(deployment.value.id)} has {counts[path.field]} paths for {quoted(path.field)}"
                remedy = "Keep one: nobody can tell which of them says what it is, so it counts as different."
                yield Finding(deployment.origin.at("observed", index, "field"), "observed-twice", message, remedy)
    observed = {name for name, entry in register.deployments.items() if entry.value.observed}
    for mitigation in register.mitigations.values():
        served = set(mitigation.value.deployments) or set(register.deployments)
        triggers = mitigation.value.reassess.triggers if mitigation.value.reassess else ()
        yield from _blind(mitigation, ("reassess", "triggers"), triggers, served - observed, is_served=bool(served))
    for commitment in register.commitments.values():
        is_own = commitment.value.subject.kind is not SubjectKind.MITIGATION
        missing = set(register.deployments) - observed if is_own else set()
        yield from _blind(commitment, ("triggers",), commitment.value.triggers, missing, is_served=bool(observed))


def _blind(
    entry: RegisterEntry[Mitigation] | RegisterEntry[Commitment],
    location: Location,
    triggers: Iterable[AnyTrigger],
    missing: Collection[str],
    *,
    is_served: bool,
) -> Iterator[Finding]:
    for place, trigger in walked_triggers(location, triggers):
        if not isinstance(trigger, DriftSpec | ObservationStaleSpec) or (is_served and not missing):
            continue
        subject: Assessable = entry.value
        names = ", ".join(sorted(missing)[:3])
        what = f"nothing says where {names} can be observed" if names else "no deployment says where it can be observed"
        message = f"{what}, so {quoted(trigger.kind)} of {quoted(subject.id)} is blind"
        yield Finding(entry.origin.at(*place, "kind"), "not-observed", message, _REMEDY, FindingSeverity.WARNING)
