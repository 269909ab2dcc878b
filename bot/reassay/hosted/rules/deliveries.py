"""Parses webhook deliveries into job subjects. Malformed deliveries become a value as well, never an exception."""

from dataclasses import dataclass

import msgspec

from reassay.hosted.rules.events import EVENTS
from reassay.hosted.rules.subject import JobSubject
from reassay.hosted.rules.webhook_event import Delivered, Meaning, WebhookEvent, nothing

LONGEST_REASON = 300
SIGNAL_EVENT = "reassay-signal"
"""Not GitHub's: a message of a monitoring tool was stored, and waits for a sweep of its repository."""


def _signal(payload: Delivered, *, own: bool) -> Meaning:  # noqa: ARG001 -- the same for all events
    return Meaning(whole=True)


_USED = (*EVENTS, WebhookEvent(SIGNAL_EVENT, None, Delivered, _signal, "A monitoring tool sent a message."))
_EVENTS = {event.name: event for event in _USED}
_READ = {event.name: msgspec.json.Decoder(event.model).decode for event in _USED}
_WRITE = msgspec.json.Encoder().encode
_MALFORMED = (msgspec.MsgspecError, ValueError, RecursionError)
"""Raised for a payload of another shape, for invalid JSON or UTF-8, and for too many nested brackets."""


@dataclass(frozen=True, slots=True)
class ParsedDelivery:
    """A well-formed delivery."""

    meaning: Meaning
    repository: int | None = None
    """Numeric id; None if the delivery is not about a repository."""
    installation: int | None = None

    @property
    def subjects(self) -> tuple[JobSubject, ...]:
        """Subjects that need a job, without duplicates."""
        if self.repository is None:
            return ()
        subjects = [JobSubject(self.repository, "pull", number) for number in self.meaning.pulls]
        subjects += [JobSubject(self.repository, "issue", number) for number in self.meaning.issues]
        if self.meaning.group is not None:
            commit, base = self.meaning.group
            subjects.append(JobSubject(self.repository, "group", commit=commit, base=base))
        if self.meaning.whole:
            subjects.append(JobSubject(self.repository))
        return tuple(subjects)


@dataclass(frozen=True, slots=True)
class MalformedDelivery:
    """A delivery that cannot be parsed; it becomes a dead letter."""

    reason: str


def parse_delivery(event: str, body: bytes, own_login: str) -> ParsedDelivery | MalformedDelivery:
    """Parses the body of an event. `own_login` is the App's account, `slug[bot]`; empty if it is not known."""
    webhook = _EVENTS.get(event)
    if webhook is None:
        return ParsedDelivery(nothing("this event is not used"))
    try:
        payload = _READ[event](body)
    except _MALFORMED as error:
        return MalformedDelivery(_reason(error))
    own = bool(own_login) and payload.sender is not None and payload.sender.login == own_login
    meaning = webhook.meaning(payload, own=own)
    return ParsedDelivery(
        meaning,
        payload.repository.id if payload.repository else None,
        payload.installation.id if payload.installation else None,
    )


def used_fields(event: str, body: bytes) -> bytes:
    """The body reduced to the fields that `parse_delivery` reads, as JSON. A malformed body is returned unchanged.

    So the inbox stores little of what people wrote, and a delivery takes about a hundredth of its size.
    """
    read = _READ.get(event)
    if read is None:
        return body
    try:
        return _WRITE(read(body))
    except _MALFORMED:
        # The reason is reported when the delivery is processed.
        return body


def _reason(error: Exception) -> str:
    """Which field is wrong and how, without quoting its value."""
    if not isinstance(error, msgspec.MsgspecError):
        return f"the body: {type(error).__name__}"
    message, _, place = str(error).partition(" - at `$")
    return f"{place.strip('.`') or 'the body'}: {message}"[:LONGEST_REASON]
