"""From the raw bytes of a delivery to what is worth a look. Whatever the bytes are, the answer is a value."""

from dataclasses import dataclass

from pydantic import ValidationError

from bot.domain.hosting.events import EVENTS
from bot.domain.hosting.events.base import Delivered, Meaning, nothing
from bot.domain.hosting.subject import Subject

LONGEST_REASON = 300


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
    module = EVENTS.get(event)
    if module is None:
        return Understood(nothing("not one of the events that this works on"))
    try:
        payload: Delivered = module.MODEL.model_validate_json(body)
    except ValidationError as error:
        return Senseless(_reason(error))
    own = bool(own_login) and payload.sender is not None and payload.sender.login == own_login
    meaning: Meaning = module.meaning(payload, own=own)
    return Understood(
        meaning,
        payload.repository.id if payload.repository else None,
        payload.installation.id if payload.installation else None,
    )


def _reason(error: ValidationError) -> str:
    """Which field is wrong and how, without what stood there."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part)[:60] for part in first["loc"]) or "the body"
    return f"{place}: {first['msg']}"[:LONGEST_REASON]
