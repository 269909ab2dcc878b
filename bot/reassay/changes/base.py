"""Changes between two registers: one value for each field, with direction and reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reassay.common.canonical import canonical
from reassay.register.finding import Position


class Direction(StrEnum):
    """Direction of a change."""

    LOOSER = "looser"
    """It weakens a mitigation, widens a deployment, or requires less."""
    TIGHTER = "tighter"
    """The opposite of looser."""
    NEUTRAL = "neutral"
    """Neither looser nor tighter."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one field of one object."""

    kind: str
    """Kind of the object: `mitigation`, `deployment`, ..., or `policy`."""
    name: str
    """Id of the object; for policy a path, or a key of the configuration."""
    field: str
    """Name of the field; "" if the whole object was added or removed."""
    change: str
    """One word: `added`, `removed`, `widened`, `loosened`, `tightened`, `changed`, ..."""
    before: object
    after: object
    direction: Direction
    significant: bool
    """Whether the affected mitigations must be re-assessed (1-domain, "Which deployment changes are significant")."""
    why: str
    """Reason for the significance or its absence."""
    sort: str = ""
    """For deployments: the sort of change that a `deployment-change` trigger may name."""
    at: Position | None = None
    """Its place in the register, or the former place if it was removed."""

    @property
    def key(self) -> str:
        """`deployment/public-api`."""
        return f"{self.kind}/{self.name}"

    @property
    def is_looser(self) -> bool:
        """Whether it loosens something, which needs approval."""
        return self.direction is Direction.LOOSER


LONGEST = 80


def say(value: object) -> str:
    """A value as words for a sentence."""
    match value:
        case None:
            return "nothing"
        case str() | int() | float():
            text = str(value)
        case list() | tuple() | set() | frozenset():
            text = ", ".join(say(item) for item in value) or "nothing"
        case _:
            text = canonical(value).decode()
    text = text.rstrip(".") or text
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A change of one field, without its object."""

    field: str
    change: str
    before: object
    after: object
    direction: Direction
    significant: bool
    why: str
    sort: str = ""


def looser(  # noqa: PLR0913, PLR0917 -- what a difference is made of
    field: str, change: str, before: object, after: object, why: str, sort: str = ""
) -> FieldChange:
    """A significant change that loosens."""
    return FieldChange(field, change, before, after, Direction.LOOSER, significant=True, why=why, sort=sort)


def tighter(  # noqa: PLR0913, PLR0917 -- as above
    field: str, change: str, before: object, after: object, why: str, sort: str = ""
) -> FieldChange:
    """A change that tightens; it is recorded, but not significant."""
    return FieldChange(field, change, before, after, Direction.TIGHTER, significant=False, why=why, sort=sort)


def neutral(field: str, before: object, after: object, why: str = "recorded") -> FieldChange:
    """A neutral change; it is recorded, but not significant."""
    word = "added" if before is None else "removed" if after is None else "changed"
    return FieldChange(field, word, before, after, Direction.NEUTRAL, significant=False, why=why)


def members(
    field: str, before: Sequence[object], after: Sequence[object], *, more: Direction, why: tuple[str, str]
) -> Iterator[FieldChange]:
    """Changes of a list that is a set: added and removed members, with a reason for each."""
    came = [item for item in after if item not in before]
    went = [item for item in before if item not in after]
    way = {Direction.LOOSER: (looser, tighter), Direction.TIGHTER: (tighter, looser)}[more]
    if came:
        yield way[0](field, "added", None, came, why[0])
    if went:
        yield way[1](field, "removed", went, None, why[1])


def rest(before: object, after: object, done: Iterable[str]) -> Iterator[FieldChange]:
    """Changes of all other fields, which are only recorded."""
    treated = {*done, "id"}
    for name in type(before).model_fields:  # type: ignore[attr-defined] # a pydantic model
        old, new = getattr(before, name), getattr(after, name)
        if name not in treated and old != new:
            yield neutral(name, plain(old), plain(new))


def plain(value: object) -> object:
    """A field as a JSON value."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool | dict) else str(value)
