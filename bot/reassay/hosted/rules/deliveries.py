"""From the raw bytes of a delivery to what is worth a look. Whatever the bytes are, the answer is a value."""

from dataclasses import dataclass

import msgspec

from reassay.hosted.rules.events import EVENTS
from reassay.hosted.rules.events.base import Meaning, nothing
from reassay.hosted.rules.subject import Subject

LONGEST_REASON = 300
_EVENTS = {event.name: event for event in EVENTS}
_READ = {event.name: msgspec.json.Decoder(event.model).decode for event in EVENTS}
_WRITE = msgspec.json.Encoder().encode
_SENSELESS = (msgspec.MsgspecError, ValueError, RecursionError)
"""No such payload, no JSON, text that is none, brackets without an end."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A delivery that made sense."""

    meaning: Meaning
    repository: int | None = None
    """Numeric id; None for what is about no repository."""
    installation: int | None = None

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What is worth a job, each once."""
        if self.repository is None:
            return ()
        found = [Subject(self.repository, "pull", number) for number in self.meaning.pulls]
        found += [Subject(self.repository, "issue", number) for number in self.meaning.issues]
        if self.meaning.group is not None:
            commit, base = self.meaning.group
            found.append(Subject(self.repository, "group", commit=commit, base=base))
        if self.meaning.whole:
            found.append(Subject(self.repository))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Senseless:
    """A delivery that made no sense, and why; it goes among the dead letters."""

    reason: str


def understand(event: str, body: bytes, own_login: str) -> Understood | Senseless:
    """`own_login` is this App's account, `slug[bot]`; empty if it is not known."""
    webhook = _EVENTS.get(event)
    if webhook is None:
        return Understood(nothing("not one of the events that this works on"))
    try:
        payload = _READ[event](body)
    except _SENSELESS as error:
        return Senseless(_reason(error))
    own = bool(own_login) and payload.sender is not None and payload.sender.login == own_login
    meaning = webhook.meaning(payload, own=own)
    return Understood(
        meaning,
        payload.repository.id if payload.repository else None,
        payload.installation.id if payload.installation else None,
    )


def essence(event: str, body: bytes) -> bytes:
    """What `understand` uses of a body, in a few hundred bytes that it understands alike; all of what makes no sense.

    So the inbox holds little of what people wrote, and a delivery costs the database a hundredth of its size.
    """
    read = _READ.get(event)
    if read is None:
        return body
    try:
        return _WRITE(read(body))
    except _SENSELESS:
        # Why is found when it is read.
        return body


def _reason(error: Exception) -> str:
    """Which field is wrong and how, without what stood there."""
    if not isinstance(error, msgspec.MsgspecError):
        return f"the body: {type(error).__name__}"
    message, _, place = str(error).partition(" - at `$")
    return f"{place.strip('.`') or 'the body'}: {message}"[:LONGEST_REASON]
