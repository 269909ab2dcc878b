"""The cross-check of the gate: a pull request under which a cell would become calmer needs a signature for that.

What becomes looser has rows of its own. This compares the cells instead, in the direction of less, so that nothing goes
quiet through a change that counts as neutral or tighter, or needs no sign-off at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.assessment.cell_status import CellStatus
from reassay.assessment.joined import approval_steps
from reassay.assessment.triggers.clocks import COMPARING
from reassay.assessment.unreadable import CONFIGURATION
from reassay.changes.base import Change, Direction
from reassay.gate.base_results import BothSides
from reassay.gate.calm import RULE, Calm, calmer
from reassay.gate.causes import concerning
from reassay.gate.comparison import Comparison
from reassay.gate.exposures import Exposure
from reassay.register.base import Status
from reassay.register.c14n import content_digest
from reassay.register.register import KINDS, Register

STATUS = "status"
SERVED_BY = "mitigations"
_MEASURED = COMPARING | {"metric-ratio", "metric-increase", "metric-threshold", "invalidation-condition"}
"""Triggers that measure a difference, so that undoing the difference is a rollback."""


@dataclass(frozen=True, slots=True)
class Quieted:
    """A subject that would be calmer after the merge."""

    key: str
    """`mitigation/filter`, by its id after the merge."""
    changes: tuple[Change, ...]
    """One for each calmer cell."""
    causes: tuple[str, ...]
    """Keys of the changed objects that may be the reason; empty if none is known to concern it."""


def quieted(
    comparison: Comparison, sides: BothSides, cells_now: Iterable[CellStatus], cells_then: Iterable[CellStatus]
) -> tuple[Quieted, ...]:
    """Subjects with calmer cells, unless every change that may be the reason is looser, or is a plain rollback."""
    then = {(cell.subject, cell.cell): cell for cell in cells_then}
    calm: dict[str, list[tuple[CellStatus, tuple[Calm, ...], CellStatus | None]]] = defaultdict(list)
    for cell in cells_now:
        name = sides.then.register.renamed.get(cell.subject, cell.subject)
        other = then.get((name, cell.cell))
        respects = calmer(cell, other, sides.now, sides.then)
        if respects:
            calm[name].append((cell, respects, other))
    subjects = (_quieted(name, own, comparison, sides) for name, own in calm.items())
    return tuple(subject for subject in subjects if subject is not None)


def _quieted(
    name: str,
    calm: Sequence[tuple[CellStatus, tuple[Calm, ...], CellStatus | None]],
    comparison: Comparison,
    sides: BothSides,
) -> Quieted | None:
    kind = calm[0][0].kind
    causes = concerning(kind, name, comparison)
    entry = sides.now.register.subjects.get(calm[0][0].subject)
    has_steps = bool(entry and approval_steps(entry.value, sides.now.register, sides.now.today))
    own = [
        _change(kind, name, cell, respects, other, sides)
        for cell, respects, other in calm
        if not causes or not all(_accounts_for(change, name, respects, has_steps=has_steps) for change in causes)
    ]
    if not own:
        return None
    return Quieted(f"{kind}/{name}", tuple(own), tuple(dict.fromkeys(change.key for change in causes)))


def _accounts_for(change: Change, name: str, respects: Iterable[Calm], *, has_steps: bool) -> bool:
    """Whether the row of a change covers what goes quiet. That of a tighter one covers a rollback, and no more.

    `has_steps`: the subject has approval steps, its own or those of commitments, which only a row of its own asks for.
    """
    is_own = change.name == name and change.kind in {"mitigation", "commitment"}
    if change.is_looser:
        return is_own or not has_steps
    if change.direction is not Direction.TIGHTER:
        return False
    return all(
        calm.about in _MEASURED or (is_own and calm.was_blind) or (calm.about == RULE and change.kind == "commitment")
        or (calm.about == RULE and is_own)
        for calm in respects
    )  # fmt: skip


def _change(  # noqa: PLR0913, PLR0917 -- both sides of one cell
    kind: str, name: str, cell: CellStatus, respects: Iterable[Calm], other: CellStatus | None, sides: BothSides
) -> Change:
    where = "" if cell.cell == "*" else f".{cell.cell}"
    entry = sides.then.register.subjects.get(name) or sides.now.register.subjects.get(cell.subject)
    return Change(
        kind,
        name,
        f"{STATUS}{where}",
        "calmed",
        str(cell.state),
        str(other.state) if other else "not there",
        Direction.LOOSER,
        significant=False,
        why="; ".join(dict.fromkeys(calm.words for calm in respects)),
        at=entry.origin.at() if entry else None,
    )


def unserved_changes(exposures: Iterable[Exposure], merged: Register) -> Iterator[Change]:
    """Exposed deployments that no active mitigation serves, as changes, so that the signers read it."""
    active = [entry.value for entry in merged.mitigations.values() if entry.value.status is Status.ACTIVE]
    for name in dict.fromkeys(exposure.deployment for exposure in exposures):
        if not any(not mitigation.deployments or name in mitigation.deployments for mitigation in active):
            why = "no active mitigation serves this deployment, so nobody has to decide anything before it is used"
            at = merged.deployments[name].origin.at()
            yield Change("deployment", name, SERVED_BY, "changed", None, "none", Direction.LOOSER, significant=False,
                         why=why, at=at)  # fmt: skip


def unread_removals(sides: BothSides) -> Iterator[Change]:
    """Objects that cannot be read in the base and that nothing declares after the merge: an error makes no removal free."""
    merged, left = sides.then.register, {(own.kind, own.id) for own in sides.then.register_index.unreadable}
    for own in sides.now.register_index.unreadable:
        kinds = (own.kind,) if own.kind else tuple(KINDS)
        if own.id is None or own.kind == CONFIGURATION or own.id in merged.renamed or (None, own.id) in left:
            continue
        if not any(own.id in merged.objects(kind) or (kind, own.id) in left for kind in kinds):
            why = "it could not be read before, and would disappear"
            kind = own.kind or "mitigation"
            yield Change(kind, own.id, "", "removed", own.id, None, Direction.LOOSER,
                         significant=kind in {"mitigation", "threat-model"}, why=why, at=own.finding.at)  # fmt: skip


def with_causes(
    objects: Mapping[str, ChangedObject], quiet: Iterable[Quieted], changes: Iterable[Change], proposal: Proposal
) -> Mapping[str, ChangedObject]:
    """The changed objects. The signed content of a calmer cell includes the changes that calm it: a change of them voids it."""
    causes = {subject.key: subject.causes or tuple(change.key for change in changes) for subject in quiet}
    return {key: _with_causes(changed, causes.get(key, ()), proposal) for key, changed in objects.items()}


def _with_causes(changed: ChangedObject, causes: Sequence[str], proposal: Proposal) -> ChangedObject:
    is_unserved = any(change.field == SERVED_BY and change.after == "none" for change in changed.changes)
    if not causes and not is_unserved:
        return changed
    images = [[key, _image(proposal.base, key), _image(proposal.merged, key)] for key in sorted(set(causes))]
    return replace(changed, after=content_digest({"after": changed.after, "causes": images, "unserved": is_unserved}))


def _image(register: Register, key: str) -> str | None:
    kind, _, name = key.partition("/")
    entry = register.objects(kind).get(name) if kind != "policy" else None
    return content_digest(entry.written) if entry else None
