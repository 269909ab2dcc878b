"""Observations that a workflow of a product repository sends with a `repository_dispatch` event, and what is refused of them.

Who can send one is said by GitHub: it takes a token that may write to the framework repository. What it says is checked all the
same: it can speak of declared paths alone, in words of the register, and never takes the place of a later observation.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final

from pydantic import Field, JsonValue, ValidationError

from reassay.ledger.digests import ContentDigest
from reassay.ledger.history import CLOCKS_APART
from reassay.ledger.signals import DeploymentObserved
from reassay.register.base import Id, Line, Strict
from reassay.register.finding import quoted
from reassay.register.instants import Instant
from reassay.register.register import Register
from reassay.register.signal_sources import RepositoryName
from reassay.signals.observing.observation import ObservedFields, paths_in, reason_line, settings_of
from reassay.signals.observing.observed_values import field_value
from reassay.signals.observing.product_documents import UnreadValueError

EVENT_TYPE: Final = "reassay-observation"
"""The `event_type` of the event."""
OLDEST: Final = timedelta(days=1)
"""How old an observation may be when it arrives."""


class RefusedObservationError(Exception):
    """The observation is not taken. The message says why, in lower case and without a full stop."""


class DispatchedObservation(Strict):
    """The `client_payload` of the event."""

    deployment: Id
    repository: RepositoryName
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    observed_at: Instant
    settings: ContentDigest
    """Digest of the paths that were read, as the register declared them then."""
    fields: dict[Line, JsonValue] = Field(default_factory=dict)
    unread: dict[Line, Line] = Field(default_factory=dict)


def payload_of(  # noqa: PLR0913, PLR0917 -- everything that is sent
    deployment: str, repository: str, settings: str, commit: str, observed_at: datetime, fields: ObservedFields
) -> Mapping[str, object]:
    """The payload of an observation; the instant in whole seconds."""
    observed_at = observed_at.replace(microsecond=0)
    sent = DispatchedObservation(
        deployment=deployment, repository=repository, commit=commit, observed_at=observed_at, settings=settings,
        fields=dict(fields.values), unread=dict(fields.unread),
    )  # fmt: skip
    return sent.model_dump(mode="json")


def taken(
    payload: Mapping[str, object], register: Register, last: DeploymentObserved | None, now: datetime
) -> DeploymentObserved:
    """The observation as it is recorded; `last` is the recorded one of the same deployment and repository.

    Raises RefusedObservationError.
    """
    sent = _parsed(payload)
    _refuse_undeclared(sent, register)
    if sent.observed_at > now + CLOCKS_APART or sent.observed_at < now - OLDEST:
        raise RefusedObservationError(
            f"it says that it was made at {sent.observed_at:%Y-%m-%d %H:%M} UTC, which is not just now"
        )
    # A repository that the sweep itself could not read says nothing of a commit.
    if last is not None and last.commit and sent.observed_at < last.observed_at:
        raise RefusedObservationError(
            f"a later one is recorded: commit {last.commit[:7] or 'unknown'}, {last.observed_at:%Y-%m-%d %H:%M} UTC"
        )
    return DeploymentObserved(
        deployment=sent.deployment,
        repository=sent.repository,
        settings=sent.settings,
        commit=sent.commit,
        observed_at=sent.observed_at,
        by="dispatch",
        fields={name: _value(name, value) for name, value in sorted(sent.fields.items())},
        unread={name: _reason(why) for name, why in sorted(sent.unread.items())},
    )


def named_in(payload: Mapping[str, object]) -> tuple[str, str]:
    """The deployment and the repository that a payload names, as far as they can be shown."""
    return tuple(quoted(str(payload.get(key, ""))) for key in ("deployment", "repository"))  # type: ignore[return-value] # two


def _parsed(payload: Mapping[str, object]) -> DispatchedObservation:
    try:
        return DispatchedObservation.model_validate_json(json.dumps(payload))
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        place = ""
        if isinstance(error, ValidationError):
            place = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"][:1])
        raise RefusedObservationError(
            f"its payload is not one of mode observe{f': {quoted(place)}' if place else ''}"
        ) from error


def _refuse_undeclared(sent: DispatchedObservation, register: Register) -> None:
    """Raises RefusedObservationError unless the deployment declares exactly what the payload speaks of."""
    entry = register.deployments.get(sent.deployment)
    if entry is None:
        raise RefusedObservationError("the register has no such deployment that can be read")
    paths = paths_in(entry.value, sent.repository)
    if not paths:
        raise RefusedObservationError("the deployment does not declare that repository")
    if settings_of(paths) != sent.settings:
        raise RefusedObservationError(
            "it was read by other paths than the register declares now; run the workflow again"
        )
    declared, spoken = {path.field for path in paths}, [*sent.fields, *sent.unread]
    if sorted(spoken) != sorted(declared):
        odd = next((name for name in spoken if name not in declared or spoken.count(name) > 1), None)
        what = f"{quoted(odd)} is not declared there, or said twice" if odd else "it leaves out a declared field"
        raise RefusedObservationError(what)


def _value(name: str, value: JsonValue) -> JsonValue:
    try:
        return field_value(name, value, {})
    except UnreadValueError as error:
        raise RefusedObservationError(f"its value of {quoted(name)} is not one of the register: {error}") from error


def _reason(why: str) -> str:
    line = reason_line(why)
    if not line:
        raise RefusedObservationError("it gives no reason why a path could not be read")
    return line
