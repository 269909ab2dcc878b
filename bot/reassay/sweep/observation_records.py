"""Records of observed deployments: written when what is observed changes, else once in a while so that its age is known.

A repository that a sweep reads itself is observed by it alone. What a product's workflow sends counts where the sweep cannot
read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reassay.ledger.entry import Record
from reassay.ledger.signals import DeploymentObserved
from reassay.register.register import Register
from reassay.register.trigger_specs import ObservationStaleSpec, flat_triggers
from reassay.signals.observing.dispatched import RefusedObservationError, named_in, taken
from reassay.signals.observing.observation import paths_in, unread_everywhere
from reassay.signals.recorded import observations
from reassay.sweep.ledger_records import LedgerDraft
from reassay.sweep.product_reading import ProductObservation

AGAIN: Final = timedelta(days=7)
"""An observation that did not change is recorded again after this time; sooner where a trigger allows only younger ones."""
PATIENCE: Final = timedelta(days=2)
"""How long an observation lasts while GitHub is unavailable."""
DISPATCH_LASTS: Final = timedelta(days=14)
"""How long an observation lasts that a product's workflow sent, where the sweep cannot read the repository itself."""


@dataclass(frozen=True, slots=True)
class ObservationProblem:
    """What a person should know of an observation that is not recorded."""

    what: str
    message: str


def add_observation_records(
    draft: LedgerDraft, products: Sequence[ProductObservation], dispatched: Sequence[Mapping[str, object]]
) -> tuple[ObservationProblem, ...]:
    """Adds the records of this round; returns what was refused or could not be read just now."""
    facts = draft.assessment_input
    recorded = {
        (name, body.repository.lower()): body for name, own in observations(facts.history).items() for _, body in own
    }
    readable = {(own.deployment, own.repository.lower()) for own in products if own.commit}
    problems: list[ObservationProblem] = []
    for payload in dispatched:
        body = _dispatched(payload, facts.register, recorded, facts.now, readable, problems)
        if body is not None:
            draft.add([Record(body=body)])
            recorded[body.deployment, body.repository.lower()] = body
    again = least_age(facts.register, facts.now)
    for product in products:
        last = recorded.get((product.deployment, product.repository.lower()))
        body = _read(product, last, facts.register, facts.now, again)
        if body is not None:
            draft.add([Record(body=body)])
    problems += [
        ObservationProblem(f"observation of {product.deployment}", f"{product.repository}: {product.unavailable}")
        for product in products
        if product.unavailable
    ]
    return tuple(problems)


def least_age(register: Register, now: datetime) -> timedelta:
    """How old the last record may get: half of what the strictest trigger allows, and a week at most."""
    return min([AGAIN, *(span / 2 for span in _allowed(register, now))])


def _allowed(register: Register, now: datetime) -> Iterator[timedelta]:
    today = now.date()
    for entry in register.mitigations.values():
        for spec in flat_triggers(entry.value.reassess.triggers if entry.value.reassess else ()):
            if isinstance(spec, ObservationStaleSpec):
                yield spec.older_than.after(today) - today
    for commitment in register.commitments.values():
        for spec in flat_triggers(commitment.value.triggers):
            if isinstance(spec, ObservationStaleSpec):
                yield spec.older_than.after(today) - today


def _dispatched(  # noqa: PLR0913, PLR0917 -- everything that a payload is checked against
    payload: Mapping[str, object],
    register: Register,
    recorded: Mapping[tuple[str, str], DeploymentObserved],
    now: datetime,
    readable: set[tuple[str, str]],
    problems: list[ObservationProblem],
) -> DeploymentObserved | None:
    deployment, repository = str(payload.get("deployment", "")), str(payload.get("repository", ""))
    last = recorded.get((deployment, repository.lower()))
    try:
        body = taken(payload, register, last, now)
    except RefusedObservationError as error:
        names = " in ".join(named_in(payload))
        problems.append(ObservationProblem("observation that a workflow sent", f"{names} is not recorded: {error}"))
        return None
    # What the sweep reads itself says more than what it is told, and another round sees what the first one recorded.
    is_recorded = last is not None and _is_same(last, body) and last.observed_at == body.observed_at
    return None if is_recorded or (deployment, repository.lower()) in readable else body


def _read(
    product: ProductObservation, last: DeploymentObserved | None, register: Register, now: datetime, again: timedelta
) -> DeploymentObserved | None:
    if last is not None and last.settings != product.settings:
        last = None
    fields = product.fields
    if product.unavailable:
        if last is None or now - last.observed_at <= PATIENCE:
            return None
        paths = paths_in(register.deployments[product.deployment].value, product.repository)
        fields = unread_everywhere(paths, f"{product.repository} was not available for {PATIENCE.days} days")
    is_sent = last is not None and last.by == "dispatch" and now - last.observed_at <= DISPATCH_LASTS
    if not product.commit and is_sent:
        return None
    body = DeploymentObserved(
        deployment=product.deployment,
        repository=product.repository,
        settings=product.settings,
        commit=product.commit,
        observed_at=now,
        by="read",
        fields=dict(sorted(fields.values.items())),
        unread=dict(sorted(fields.unread.items())),
    )
    is_young = last is not None and now - last.observed_at < again
    return None if last is not None and is_young and _is_same(last, body) else body


def _is_same(last: DeploymentObserved, body: DeploymentObserved) -> bool:
    """Whether two observations say the same; the commit of a product moves all the time."""
    told = (last.settings, last.fields, last.unread, bool(last.commit), last.by)
    return told == (body.settings, body.fields, body.unread, bool(body.commit), body.by)
