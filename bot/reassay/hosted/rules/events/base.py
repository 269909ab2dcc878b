"""What all deliveries have in common, as far as it is used; everything else in a payload is ignored.

GitHub's own published examples break the published schema, so every field that can be left out is optional here. A
number that is a text, or an object that is a list, is an error all the same.
"""

from dataclasses import dataclass, field
from typing import Annotated, Generic, Protocol, TypeVar

import msgspec

LEDGER_REF = "refs/heads/reassay-ledger"
OURS = "<!-- reassay"
"""Begins every marker of ours."""


class Payload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Tolerant of what is more, strict about what is used."""


Number = Annotated[int, msgspec.Meta(ge=1, le=10**15 - 1)]
"""No longer than a subject can name."""
Name = Annotated[str, msgspec.Meta(max_length=400)]


class Account(Payload, frozen=True, kw_only=True):
    """Who did it."""

    id: int = 0
    login: Name = ""
    type: Name = ""


class Repository(Payload, frozen=True, kw_only=True):
    """Where."""

    id: Number
    full_name: Name = ""
    default_branch: Name = ""


class Installation(Payload, frozen=True, kw_only=True):
    """Of the App; deliveries to an App name it."""

    id: Number


class Delivered(Payload, frozen=True, kw_only=True):
    """What every delivery may have."""

    action: Name = ""
    repository: Repository | None = None
    installation: Installation | None = None
    sender: Account | None = None


class PullRef(Payload, frozen=True, kw_only=True):
    """A pull request, by number."""

    number: Number


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is worth a look. Subjects are named within the repository of the delivery."""

    pulls: tuple[int, ...] = ()
    issues: tuple[int, ...] = ()
    group: tuple[str, str] | None = None
    """Commit and base branch of a group of a merge queue."""
    whole: bool = False
    """The whole repository."""
    refresh: bool = False
    """Which repositories there are may have changed."""
    why: str = field(default="", compare=False)
    """Why nothing, if nothing."""


def nothing(why: str) -> Meaning:
    """Not worth a look. A sweep sees whatever this overlooks, so it may only save time."""
    return Meaning(why=why)


def pulls_or_whole(pulls: tuple[PullRef, ...]) -> Meaning:
    """GitHub names no pull requests from forks: then all of them are looked at."""
    return Meaning(pulls=tuple(dict.fromkeys(each.number for each in pulls))) if pulls else Meaning(whole=True)


DeliveredT_co = TypeVar("DeliveredT_co", bound=Delivered, covariant=True)
DeliveredT_contra = TypeVar("DeliveredT_contra", bound=Delivered, contravariant=True)


class Interpretation(Protocol[DeliveredT_contra]):
    """What a payload means; `own` says whether the sender is this App itself."""

    def __call__(self, payload: DeliveredT_contra, /, *, own: bool) -> Meaning:
        """Not worth a look is an answer, too."""
        ...


@dataclass(frozen=True, slots=True)
class WebhookEvent(Generic[DeliveredT_co]):
    """One event of GitHub, https://docs.github.com/en/webhooks/webhook-events-and-payloads."""

    name: str
    """GitHub's."""
    permission: str | None
    """What an App needs to be sent it; None if every App is."""
    model: type[DeliveredT_co]
    """The fields of the payload that are used."""
    interpret: Interpretation[DeliveredT_co]
    summary: str
    """When it is worth a look: a sentence for the reference."""

    def meaning(self, payload: Delivered, *, own: bool) -> Meaning:
        """What a payload of this event means. Raises TypeError for one of another event."""
        if not isinstance(payload, self.model):
            raise TypeError(f"{type(payload).__name__} is no payload of '{self.name}'")
        return self.interpret(payload, own=own)
