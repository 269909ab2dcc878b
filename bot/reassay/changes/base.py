"""Changes between two registers: one value for each field, with direction and reason."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from reassay.common.canonical import canonical
from reassay.common.sentences import shortened
from reassay.register.finding import Position


class Direction(StrEnum):
    """Direction of a change."""

    LOOSER = "looser"
    """It weakens a mitigation, widens a deployment, or requires less."""
    TIGHTER = "tighter"
    """The opposite of looser."""
    NEUTRAL = "neutral"
    """Neither looser nor tighter, and known to be so: a field without a rule is looser."""


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
    return shortened(text.rstrip(".") or text, LONGEST)


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


def neutral(field: str, before: object, after: object, why: str) -> FieldChange:
    """A change without effect on what is required; `why` says how that is known."""
    return FieldChange(field, _word(before, after), before, after, Direction.NEUTRAL, significant=False, why=why)


UNCOMPARED = "its effect cannot be compared, so a loosening cannot be ruled out"
OF_EVERY_OBJECT: Mapping[str, str] = {
    "references": "the assessors are shown another source",
    "related": "the assessors are shown other objects",
}
"""Field that every object has -> why its change counts as looser."""


def uncompared(field: str, before: object, after: object, why: str = UNCOMPARED) -> FieldChange:
    """A change that counts as looser because no rule understands it wholly; by itself it requires no re-assessment."""
    old, new = plain(before), plain(after)
    return FieldChange(field, _word(before, after), old, new, Direction.LOOSER, significant=False, why=why)


def _word(before: object, after: object) -> str:
    return "added" if before is None else "removed" if after is None else "changed"


def members(
    field: str, before: Sequence[object], after: Sequence[object], *, more: Direction, why: tuple[str, str]
) -> Iterator[FieldChange]:
    """Changes of a list that is a set: added and removed members, with a reason for each."""
    old, new = {key_of(item) for item in before}, {key_of(item) for item in after}
    came = [item for item in after if key_of(item) not in old]
    went = [item for item in before if key_of(item) not in new]
    way = {Direction.LOOSER: (looser, tighter), Direction.TIGHTER: (tighter, looser)}[more]
    if came:
        yield way[0](field, "added", None, came, why[0])
    if went:
        yield way[1](field, "removed", went, None, why[1])


def narrowed(
    field: str, before: Sequence[object], after: Sequence[object], *, less: Direction, why: Mapping[str, str]
) -> Iterator[FieldChange]:
    """Changes of a list whose absence means all. `less` is the direction of covering fewer.

    `why` has a reason for `all` (it covers all now), `some` (it covered all), `more` and `fewer`.
    """
    fewer, wider = {Direction.LOOSER: (looser, tighter), Direction.TIGHTER: (tighter, looser)}[less]
    if before and not after:
        yield wider(field, "removed", list(before), None, why["all"])
    elif after and not before:
        yield fewer(field, "added", None, list(after), why["some"])
    else:
        more = Direction.TIGHTER if less is Direction.LOOSER else Direction.LOOSER
        yield from members(field, before, after, more=more, why=(why["more"], why["fewer"]))


def key_of(item: object) -> object:
    """A value as a key: equal for equal values, so that lists are compared in linear time."""
    return item if isinstance(item, str) else canonical(plain(item))


def rest(
    before: object, after: object, done: Iterable[str], effectless: Mapping[str, str] = MappingProxyType({}), under: str = ""
) -> Iterator[FieldChange]:  # fmt: skip
    """Changes of all fields that have no rule, which count as looser.

    `effectless`: field -> how it is known that its change has no effect. `under` is the path of a nested object, with a dot.
    """
    treated = {*done, "id"}
    for name in type(before).model_fields:  # type: ignore[attr-defined] # a pydantic model
        old, new = getattr(before, name), getattr(after, name)
        if name in treated or old == new:
            continue
        if name in effectless:
            yield neutral(under + name, plain(old), plain(new), effectless[name])
        else:
            yield uncompared(under + name, old, new, OF_EVERY_OBJECT.get(name, UNCOMPARED))


def unmentioned(before: object, after: object, changes: Iterable[FieldChange]) -> Iterator[FieldChange]:
    """Fields that differ although no rule gave a change for them: another order is neutral, anything else looser."""
    mentioned = {change.field.split(".", maxsplit=1)[0] for change in changes} | {"id"}
    for name in type(before).model_fields:  # type: ignore[attr-defined] # a pydantic model
        old, new = getattr(before, name), getattr(after, name)
        if name in mentioned or old == new:
            continue
        if isinstance(old, tuple) and isinstance(new, tuple) and Counter(map(key_of, old)) == Counter(map(key_of, new)):
            yield neutral(name, plain(old), plain(new), "the same members in another order")
        else:
            yield uncompared(name, old, new, OF_EVERY_OBJECT.get(name, UNCOMPARED))


def plain(value: object) -> object:
    """A field as a JSON value."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, str | int | float | bool | dict) else str(value)
