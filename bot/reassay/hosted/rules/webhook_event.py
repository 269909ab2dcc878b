"""Models of webhook payloads: only the fields that are used, everything else is ignored.

GitHub's own published examples break the published schema, so every field that can be left out is optional here. A
number that is a text, or an object that is a list, is an error all the same.
"""

from dataclasses import dataclass, field
from typing import Annotated, Generic, Protocol, TypeVar

import msgspec

LEDGER_REF = "refs/heads/reassay-ledger"
OURS = "<!-- reassay"
"""Start of every marker that reassay writes into an issue or comment."""


class Payload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the models: unknown fields are ignored, known fields must have the right type."""


Number = Annotated[int, msgspec.Meta(ge=1, le=10**15 - 1)]
"""A number with at most as many digits as in a `JobSubject`."""
Name = Annotated[str, msgspec.Meta(max_length=400)]


class EventSender(Payload, frozen=True, kw_only=True):
    """The account that caused the event."""

    id: int = 0
    login: Name = ""
    type: Name = ""


class EventRepository(Payload, frozen=True, kw_only=True):
    """The repository of the event."""

    id: Number
    full_name: Name = ""
    default_branch: Name = ""


class EventInstallation(Payload, frozen=True, kw_only=True):
    """The installation that the event was sent for."""

    id: Number


class Delivered(Payload, frozen=True, kw_only=True):
    """The fields that any delivery may have."""

    action: Name = ""
    repository: EventRepository | None = None
    installation: EventInstallation | None = None
    sender: EventSender | None = None


class PullRef(Payload, frozen=True, kw_only=True):
    """A pull request, by number."""

    number: Number


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of an event: the subjects that need a job, within the repository of the delivery."""

    pulls: tuple[int, ...] = ()
    issues: tuple[int, ...] = ()
    group: tuple[str, str] | None = None
    """Head commit and base branch of a merge group."""
    whole: bool = False
    """The whole repository."""
    refresh: bool = False
    """Whether the list of installations or repositories may have changed."""
    why: str = field(default="", compare=False)
    """Why the event needs no job; empty if it needs one."""


def nothing(why: str) -> Meaning:
    """An event that needs no job. If this is wrong, the next sweep sees the change: it only saves time."""
    return Meaning(why=why)


def pulls_or_whole(pulls: tuple[PullRef, ...]) -> Meaning:
    """These pull requests, or the whole repository if there are none: GitHub lists no pull requests from forks."""
    return Meaning(pulls=tuple(dict.fromkeys(pull.number for pull in pulls))) if pulls else Meaning(whole=True)


DeliveredT_co = TypeVar("DeliveredT_co", bound=Delivered, covariant=True)
DeliveredT_contra = TypeVar("DeliveredT_contra", bound=Delivered, contravariant=True)


class Interpretation(Protocol[DeliveredT_contra]):
    """A function from a payload to its meaning; `own` says whether the sender is this App."""

    def __call__(self, payload: DeliveredT_contra, /, *, own: bool) -> Meaning:
        """The meaning of a payload; without subjects if the event needs no job."""
        ...


@dataclass(frozen=True, slots=True)
class WebhookEvent(Generic[DeliveredT_co]):
    """An event of GitHub with the model of its payload, https://docs.github.com/en/webhooks/webhook-events-and-payloads."""

    name: str
    """GitHub's name of the event."""
    permission: str | None
    """Permission that an App needs to receive it; None if every App receives it."""
    model: type[DeliveredT_co]
    """The fields of the payload that are used."""
    interpret: Interpretation[DeliveredT_co]
    summary: str
    """When it causes a job, as a sentence for the reference."""

    def meaning(self, payload: Delivered, *, own: bool) -> Meaning:
        """The meaning of a payload. Raises TypeError for the payload of another event."""
        if not isinstance(payload, self.model):
            raise TypeError(f"{type(payload).__name__} is not the payload of '{self.name}'")
        return self.interpret(payload, own=own)
