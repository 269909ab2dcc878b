"""One new object of a register: its kind and its fields, from texts that somebody typed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from reassay.common.errors import UsageError
from reassay.imports.cell_text import slug
from reassay.register.base import Described
from reassay.register.examples import example
from reassay.register.files.nodes import plain
from reassay.register.files.scalars import resolve
from reassay.register.files.text import Unreadable
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.finding import did_you_mean, quoted
from reassay.register.register import KINDS, in_words
from reassay.register.schema import schema_of

SHORT_NAMES: Final[Mapping[str, str]] = {
    "acceptance": "risk-acceptance",
    "evidence": "evidence-item",
    "information": "information-item",
    "threat": "threat-model",
}
"""Kinds by a shorter name."""
NEW_KINDS: Final = tuple(kind for kind in KINDS if kind != "past-assessment")
"""Kinds that people add; past assessments are imported, with the file that they come from."""
_RECOMMENDED: Final[Mapping[str, Sequence[str]]] = {
    "mitigation": ("assessor", "every", "last_assessed", "deployments", "threat_models"),
    "deployment": ("access", "model"),
    "threat-model": ("actor", "outcome"),
    "commitment": ("assessor", "triggers"),
    "incident": ("mitigations_failed", "deployment"),
    "information-item": ("affects",),
    "risk-acceptance": ("deployments",),
    "evidence-item": ("mitigations", "limits"),
}
"""Optional keys that are asked for, by kind."""


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """A key that an object of some kind may have."""

    name: str
    meaning: str
    """Its description in the reference, in one line."""
    example: str
    """As YAML; empty if there is none."""
    is_required: bool


@dataclass(frozen=True, slots=True)
class ObjectForm:
    """The keys of a kind, in the order in which they are written."""

    kind: str
    keys: Mapping[str, ObjectKey]
    _types: Mapping[str, frozenset[str]]
    """JSON types by key, with `date` for a calendar date."""

    @staticmethod
    def of(kind: str) -> "ObjectForm":
        """The form of a kind or of a short name for one. Raises UsageError for another name."""
        name = SHORT_NAMES.get(kind, kind)
        if name not in NEW_KINDS:
            remedy = did_you_mean(kind, [*NEW_KINDS, *SHORT_NAMES]) or f"Possible: {', '.join(NEW_KINDS)}."
            if name == "past-assessment":
                remedy = "Import it with `reassay import-history`, which keeps its source."
            raise UsageError(f"{quoted(kind)} is not a kind of object to add.", where="KIND", remedy=remedy)
        schema = schema_of(name)
        properties, definitions = _mapping(schema["properties"]), _mapping(schema.get("$defs", {}))
        whose = f"{'an' if name[0] in 'aeiou' else 'a'} {in_words(name)}"
        keys = [key for key in ("id", "title", *_ordered(KINDS[name])) if key in properties]
        forms = {
            key: ObjectKey(key, _meaning(properties[key]), example(key, whose), key in _texts(schema["required"]))
            for key in dict.fromkeys(keys)
        }
        return ObjectForm(name, forms, {key: frozenset(_types(properties[key], definitions)) for key in forms})

    @property
    def questions(self) -> Iterator[ObjectKey]:
        """The keys to ask for: the required ones, then those that are recommended. Without id and title."""
        recommended = _RECOMMENDED.get(self.kind, ())
        required = [key for key in self.keys.values() if key.is_required and key.name not in {"id", "title"}]
        yield from (*required, *(self.keys[name] for name in recommended))

    def value(self, key: str, text: str) -> object:
        """The value of a key from a text; lists and mappings as YAML in brackets, or lists with commas. Raises UsageError."""
        if key not in self.keys:
            remedy = did_you_mean(key, self.keys) or f"Possible: {', '.join(self.keys)}."
            raise UsageError(f"a {in_words(self.kind)} has no key {quoted(key)}.", where=f"--{key}", remedy=remedy)
        types = self._types[key]
        if text.startswith(("[", "{")) and types & {"array", "object"}:
            return _in_brackets(key, text)
        if "date" in types:
            return _day(text)
        if "string" in types:
            return text
        if "array" in types:
            return [item.strip() for item in text.split(",") if item.strip()]
        return _scalar(text)

    def missing(self, given: Collection[str]) -> tuple[ObjectKey, ...]:
        """Required keys without a value."""
        return tuple(key for key in self.keys.values() if key.is_required and key.name not in given)

    def fields(self, given: Mapping[str, object]) -> Mapping[str, object]:
        """The fields in the order in which they are written."""
        return {key: given[key] for key in self.keys if key in given}


def proposed_id(title: str) -> str:
    """An id from a title; empty if it has no letter and no digit."""
    return slug(title)


def _ordered(model: type[Described]) -> Iterator[str]:
    """Keys of a model as a reader expects them: who, then when, then the rest."""
    names = [field.alias or name for name, field in model.model_fields.items()]
    first = [name for name in ("kind", "owner", "assessor", "assessors", "every", "last_assessed") if name in names]
    yield from dict.fromkeys((*first, *names))


def _meaning(schema: object) -> str:
    text = str(_mapping(schema).get("description", ""))
    return " ".join(text.split())


def _types(schema: object, definitions: Mapping[str, object]) -> Iterator[str]:
    given = _mapping(schema)
    reference = given.get("$ref")
    if isinstance(reference, str):
        yield from _types(definitions.get(reference.rpartition("/")[2], {}), definitions)
    for union in ("anyOf", "oneOf"):
        members = given.get(union)
        for member in members if isinstance(members, list) else ():
            yield from _types(member, definitions)
    if given.get("format") == "date":
        yield "date"
    if isinstance(given.get("type"), str):
        yield str(given["type"])
    elif "const" in given or "enum" in given:
        yield "string"


def _in_brackets(key: str, text: str) -> object:
    try:
        node, findings = read_yaml("", text)
    except Unreadable as refused:
        node, findings = None, refused.findings
    if node is None or findings:
        why = findings[0].message if findings else "nothing is written"
        raise UsageError(f"{why}.", where=f"--{key}", remedy="Write it as YAML on one line.")
    return plain(node, "").data


def _day(text: str) -> object:
    """A date, so that it is written without quotes; another text as it is, which the reader of registers refuses or reads."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _scalar(text: str) -> object:
    try:
        return resolve(text)
    except ValueError:
        return text


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> Collection[str]:
    return [str(item) for item in value] if isinstance(value, list) else ()
