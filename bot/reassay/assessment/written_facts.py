"""The register's facts about a subject and the objects around it, in lines for the assessors.

Around it are the objects that it names and those that name it, the deployments and models of its cells, and the commitments about
it. Each line has every field that is stated, so that nothing that somebody wrote down is read by nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from pydantic import BaseModel

from reassay.assessment.joined import joining
from reassay.assessment.register_index import RegisterIndex
from reassay.assessment.subjects import deployments_of, models_of
from reassay.common.calendar import Duration
from reassay.register.assessable import Assessable
from reassay.register.foreign_keys import foreign_keys
from reassay.register.object_references import SUBJECT, references_of, related_to
from reassay.register.register import RegisterEntry, RegisterObject, in_words


@dataclass(frozen=True, slots=True)
class WrittenFacts:
    """What the register says of one object."""

    kind: str
    """In words: `threat model`."""
    id: str
    words: str
    """The stated fields with their values, without the id."""


def written_facts(
    subject: Assessable, cells: Sequence[str], register_index: RegisterIndex, today: date
) -> tuple[WrittenFacts, ...]:
    """The subject, then what is around it, by kind and id."""
    register = register_index.register
    own = "mitigation" if subject.id in register.mitigations else "commitment"
    around: dict[tuple[str, str], None] = {(own, subject.id): None}
    around |= dict.fromkeys(sorted(_around(subject, cells, register_index, today)))
    return tuple(
        WrittenFacts(in_words(kind), name, _stated(register.objects(kind)[name]))
        for kind, name in around
        if name in register.objects(kind)
    )


def _around(
    subject: Assessable, cells: Sequence[str], register_index: RegisterIndex, today: date
) -> Iterator[tuple[str, str]]:
    register = register_index.register
    yield from (("commitment", commitment.id) for commitment in joining(subject, register, today))
    yield from register_index.naming.get(subject.id, ())
    yield from ((kind, name) for _, kind, name in references_of(subject) if kind != SUBJECT)
    yield from related_to(subject, register)
    for cell in cells:
        yield from (("deployment", name) for name in deployments_of(subject, cell, register))
        yield from (("model", name) for name in models_of(subject, cell, register))
        yield ("threat-model", cell)


_ASKED: Final = frozenset({"id", "checklist", "approval"})
"""Left out: questions and steps are rows of the re-assessment, as they were when it was opened."""


def _stated(entry: RegisterEntry[RegisterObject]) -> str:
    """The fields of an object, then its foreign keys: the signers of its content see all of it."""
    fields = [f"{name}: {_words(item)}" for name, item in _fields(entry.value) if name not in _ASKED]
    foreign = foreign_keys(type(entry.value), entry.written)
    return "; ".join((*fields, *(f"{name} (not read by reassay): {_words(item)}" for name, item in foreign.items())))


def _fields(value: BaseModel) -> Iterator[tuple[str, object]]:
    """The fields that are not as if left out, by their names in a document."""
    for name, field in type(value).model_fields.items():
        item = getattr(value, name)
        if item != field.get_default(call_default_factory=True):
            yield field.alias or name, item


def _words(value: object) -> str:
    match value:
        case BaseModel():
            return f"({', '.join(f'{name} {_words(item)}' for name, item in _fields(value))})"
        case tuple() | list():
            return ", ".join(map(_words, value)) or "none"
        case Mapping():
            return ", ".join(f"{name} {_words(item)}" for name, item in value.items()) or "none"
        case Duration():
            return value.words()
        case _:
            return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else str(value)
