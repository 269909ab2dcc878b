"""FirstSeen records: deployments as first seen by this program, to compare with after an imported assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.snapshot import DEPLOYMENTS
from reassay.common.canonical import canonical, digest
from reassay.ledger.history import History
from reassay.ledger.sweep_records import FirstSeen


def first_seen_records(assessment_input: AssessmentInput) -> tuple[tuple[FirstSeen, ...], Mapping[str, bytes]]:
    """The FirstSeen records due now and their snapshots by digest; none before mode `advise`.

    A deployment is recorded once, and again after each imported assessment.
    """
    if not assessment_input.register.configuration.gates:
        return (), {}
    days = {name: day for name, (day, _) in assessment_input.register_index.first_seen.items()}
    objects: dict[str, bytes] = {}
    records = []
    for name, entry in assessment_input.register.deployments.items():
        if name in days and not any(day > days[name] for day in _imported(name, assessment_input)):
            continue
        data = canonical({DEPLOYMENTS: {name: dict(entry.written)}})
        objects[digest(data)] = data
        records.append(FirstSeen(deployment=name, snapshot=digest(data)))
    return tuple(records), objects


def _imported(deployment: str, assessment_input: AssessmentInput) -> Iterator[date]:
    """Days of imported assessments that cover a deployment."""
    for entry in assessment_input.register.mitigations.values():
        own = entry.value
        if (
            own.last_assessed
            and own.last_assessed <= assessment_input.today
            and deployment in (own.deployments or (deployment,))
        ):
            yield own.last_assessed


def first_seen_digests(history: History) -> frozenset[str]:
    """The digests of the snapshots of all FirstSeen records."""
    return frozenset(body.snapshot for _, body in history.records_of(FirstSeen))
