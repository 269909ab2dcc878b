"""Orders: decisions to restrict or withdraw a deployment, which stay open until they are carried out.

An order is carried out once a narrower deployment is registered or observed, or replaced by a later decision about the same cell
that says `continue`, `restrict` or `withdraw`. docs/decisions/0027-verdicts-have-consequences.md says what counts as narrower.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.snapshot import DEPLOYMENTS, OBSERVED, deployment_of
from reassay.changes import measure_for
from reassay.changes.base import Direction
from reassay.changes.deployment import deployment_changes
from reassay.ledger.history import History
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.risks import Contained
from reassay.register.deployment import Deployment
from reassay.register.register import Register
from reassay.signals.observing.observed_values import as_observed
from reassay.signals.observing.recorded_observations import Observations, recorded_part

_NARROWING: Final = frozenset({
    "audience", "access", "modalities_in", "modalities_out", "affordances", "languages", "regions", "age_policy", "users",
    "rate_limit", "context_tokens", "rollout_percent", "integrations", "safeguard_exemptions",
})  # fmt: skip
"""Fields by which a deployment reaches fewer people or offers less. More oversight is welcome, but restricts nothing."""


@dataclass(frozen=True, slots=True)
class DeploymentOrder:
    """What was decided about the deployments of some cells of one subject."""

    seq: int
    """Number of the ledger entry."""
    record: str
    """Id of the re-assessment."""
    on: date
    cells: tuple[str, ...]
    action: Literal["continue", "restrict", "withdraw"]
    snapshot: str | None
    """Digest of the snapshot it was decided about; None if the ledger does not name one."""

    def words(self) -> str:
        """The order as the beginning of a sentence."""
        return f"{self.record} of {self.on} ordered to {self.action} it"


DeploymentOrders = Mapping[str, tuple[DeploymentOrder, ...]]
"""Decisions about deployments by subject, in order of the ledger; `continue` included, because it ends an order."""


def deployment_orders(history: History) -> DeploymentOrders:
    """Every decision about a deployment: of conclusions that count, inconclusive ones included, and of containments."""
    by_subject: dict[str, list[DeploymentOrder]] = defaultdict(list)
    for reassessment in history.reassessments.values():
        by_subject[reassessment.subject] += [*_concluded(reassessment), *_contained(reassessment)]
    return {name: tuple(sorted(own, key=lambda order: order.seq)) for name, own in by_subject.items() if own}


def _concluded(reassessment: Reassessment) -> Iterator[DeploymentOrder]:
    decided = reassessment.decided
    if decided is None or not reassessment.counts or decided.deployment_decision is None:
        return
    yield DeploymentOrder(
        reassessment.decided_seq or 0,
        reassessment.id,
        decided.decided_on,
        decided.cells,
        decided.deployment_decision,
        decided.snapshot,
    )


def _contained(reassessment: Reassessment) -> Iterator[DeploymentOrder]:
    for record, body in reassessment.records_of(Contained):
        yield DeploymentOrder(record.seq, reassessment.id, record.at.date(), body.cells, body.action, body.snapshot)


def order_for(cell: str, orders: Iterable[DeploymentOrder]) -> DeploymentOrder | None:
    """The last decision about the deployment of a cell if it is an order, carried out or not; None without one.

    A decision about everything is about each deployment, also about those that the subject names since.
    """
    last: dict[str, DeploymentOrder] = {}
    for order in orders:
        if EVERYWHERE in order.cells:
            last.clear()
        last |= dict.fromkeys(order.cells, order)
    if cell == EVERYWHERE:
        standing = [order for order in last.values() if order.action != "continue"]
        return max(standing, key=lambda order: (order.action == "withdraw", order.seq), default=None)
    own = last.get(cell) or last.get(EVERYWHERE)
    return own if own and own.action != "continue" else None


def ordering_records(history: History) -> frozenset[str]:
    """Ids of the re-assessments that gave the last order about a deployment, carried out or not."""
    return frozenset(
        order.record
        for orders in deployment_orders(history).values()
        for cell in {cell for order in orders for cell in order.cells}
        if (order := order_for(cell, orders))
    )


def cells_ordered(orders: Iterable[DeploymentOrder], register: Register) -> tuple[str, ...]:
    """Deployments that an order names and that are still in the register, also where the subject no longer serves them."""
    declared = {*register.deployments, *register.broken.get("deployment", ())}
    named = dict.fromkeys(cell for order in orders for cell in order.cells)
    return tuple(cell for cell in named if cell in declared)


def left_of(  # noqa: PLR0913, PLR0917 -- what is compared
    order: DeploymentOrder,
    cell: str,
    register: Register,
    snapshot: Mapping[str, object] | None,
    today: date,
    observations: Mapping[str, Observations],
) -> str:
    """What is left to do, as part of a sentence; empty once the order is carried out.

    Where a product was observed, its own configuration counts, then and now: a narrower register carries nothing out there.
    """
    if snapshot is None:
        return "the ledger does not say what it was about, so only a decision that says `continue` ends this"
    recorded = snapshot.get(DEPLOYMENTS)
    then = recorded if isinstance(recorded, dict) else {}
    names = tuple(then) if cell == EVERYWHERE else (cell,)
    if not names:
        return "no deployment was registered then, so only a decision that says `continue` ends this"
    seen = snapshot.get(OBSERVED)
    observed = seen if isinstance(seen, dict) else {}
    before = {name: as_observed(deployment_of(then.get(name)), observed.get(name)) for name in names}
    left = (_left(order, name, before[name], register, today, observations.get(name, ())) for name in names)
    return "; ".join(words for words in left if words)


def _left(  # noqa: PLR0913, PLR0917 -- as above
    order: DeploymentOrder,
    name: str,
    then: Deployment | None,
    register: Register,
    today: date,
    observations: Observations,
) -> str:
    declared = register.deployments.get(name)
    if declared is None:
        return f"{name} cannot be read" if name in register.broken.get("deployment", frozenset()) else ""
    now = as_observed(declared.value, recorded_part(declared.value, observations)) or declared.value
    if now.rollout_percent == 0:
        return ""
    if order.action == "withdraw":
        return f"{name} is still registered (remove it, or set `rollout_percent: 0`)"
    if then is None:
        return f"{name} was not registered in a form that can be compared, so only a decision that says `continue` ends this"
    ways = {
        change.direction
        for change in deployment_changes(then, now, measure_for(register, name, today))
        if change.field.split(".")[0] in _NARROWING
    }
    if Direction.LOOSER in ways:
        return f"{name} is wider than it was then"
    how = "registered or observed" if declared.value.observed else "registered"
    return "" if Direction.TIGHTER in ways else f"{name} is {how} no narrower than it was then"
