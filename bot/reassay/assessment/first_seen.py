"""Where the last assessment was imported nobody knows what it looked at: it is compared with how things were first seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from reassay.assessment.cells import Situation
from reassay.assessment.snapshot import DEPLOYMENTS
from reassay.common.canonical import canonical, digest
from reassay.ledger.history import History
from reassay.ledger.watching import FirstSeen


def first_seen_records(situation: Situation) -> tuple[tuple[FirstSeen, ...], Mapping[str, bytes]]:
    """What to record now, once for each deployment; again where something was imported since. Nothing before mode `advise`."""
    if not situation.register.configuration.gates:
        return (), {}
    known = {name: day for name, (day, _) in situation.register_index.first_seen.items()}
    objects: dict[str, bytes] = {}
    found = []
    for name, entry in situation.register.deployments.items():
        if name in known and not any(day > known[name] for day in _imported(name, situation)):
            continue
        data = canonical({DEPLOYMENTS: {name: dict(entry.written)}})
        objects[digest(data)] = data
        found.append(FirstSeen(deployment=name, snapshot=digest(data)))
    return tuple(found), objects


def _imported(deployment: str, situation: Situation) -> Iterator[date]:
    """Days of imported assessments that cover a deployment."""
    for entry in situation.register.mitigations.values():
        own = entry.value
        if (
            own.last_assessed
            and own.last_assessed <= situation.today
            and deployment in (own.deployments or (deployment,))
        ):
            yield own.last_assessed


def first_seen_digests(history: History) -> frozenset[str]:
    """Objects that hold what was first seen."""
    return frozenset(body.snapshot for _, body in history.noted(FirstSeen))
