"""Recipes: the files of a public catalogue that hold its entries, and the field of the register for each key."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from reassay.common.errors import UsageError
from reassay.imports.cell_text import LONGEST_LINE, line, pieces, slug
from reassay.imports.columns import ColumnChoice
from reassay.imports.documents import DocumentEntry, keys_of
from reassay.register.finding import quoted

_SENTENCE = re.compile(r".{20,}?[.!?](?= [A-Z(\"'])")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class CatalogueLicence:
    """The licence of a catalogue, as its repository states it."""

    name: str
    """SPDX identifier, or the words of the catalogue."""
    holder: str
    """Who is to be credited."""
    url: str = ""
    asks: str = ""
    """What it asks of people who pass the texts on; one sentence."""


APACHE = "If you pass the texts on, keep this notice and say what you changed."
CC_BY = "If you pass the texts on, name the source and the licence, and say what you changed."
CC_BY_SA = "If you pass the texts on, name the source, say what you changed, and give them under the same licence."


@dataclass(frozen=True, slots=True)
class KeyRule:
    """The field that a key of an entry fills."""

    key: str
    field: str | None
    """A field of the register; None to leave the key out on purpose."""
    source: str | None = None
    """The catalogue that all its values are of, for `standards`, `references` and `taxonomy`."""
    why: str = ""
    """Why it is left out."""


class CatalogueFiles(Protocol):
    """The files of a checkout, read with bounds."""

    def matching(self, pattern: str) -> tuple[str, ...]:
        """Paths that match a pattern such as `docs/_risks/*.md`, in order."""
        ...

    def entries(self, path: str, list_at: str | None = None) -> tuple[DocumentEntry, ...]:
        """The entries of a document; `list_at` is the dotted path of their list.

        A file that cannot be read gives none and is noted. Raises UsageError if it does not exist.
        """
        ...

    def document(self, path: str) -> Mapping[str, object]:
        """A document as plain data; empty if it does not exist or is not a mapping."""
        ...

    def text(self, path: str) -> str:
        """A text file; "" if it does not exist or is not readable, which is noted."""
        ...

    def note(self, sentence: str) -> None:
        """Adds a sentence to the report."""
        ...


@dataclass(frozen=True, slots=True)
class PublishedCatalogue:
    """The entries of a catalogue, with keys that the rules of its recipe name."""

    version: str
    mitigations: tuple[DocumentEntry, ...]
    threat_models: tuple[DocumentEntry, ...] = ()
    licence: CatalogueLicence | None = None
    """The licence, if it is not the recipe's."""
    not_permitted: str = ""
    """Why its licence does not allow this, or leaves it open; "" if it allows it."""
    source: str = ""
    """The name of the catalogue, if it is not the recipe's."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a public catalogue becomes a register."""

    name: str
    """The word after `--recipe`."""
    title: str
    """The catalogue's name, which is the `source` of its published ids."""
    repository: str
    """Address of the repository to check out."""
    takes: str
    """What is imported, for the list of recipes."""
    licence: CatalogueLicence
    licence_file: str
    """File of the checkout with the licence; "" if each catalogue states its own."""
    licence_words: str
    """Words of that file."""
    tried: str
    """Version and commit that it was tried on."""
    read: Callable[[CatalogueFiles], PublishedCatalogue]
    """Raises UsageError if the files are not there."""
    mitigations: tuple[KeyRule, ...]
    threat_models: tuple[KeyRule, ...] = ()

    def licence_doubt(self, files: CatalogueFiles) -> str:
        """A sentence if the licence in the checkout is not the one that this recipe was tried with; else ""."""
        if not self.licence_file:
            return ""
        text = " ".join(files.text(self.licence_file).split())
        if self.licence_words in text:
            return ""
        state = "is missing or empty" if not text else f"does not say {quoted(self.licence_words)}"
        return f"{self.licence_file} {state}: this recipe expects {self.licence.name}. Read the licence before you use the texts."


def maps_of(
    rules: Sequence[KeyRule], entries: Sequence[DocumentEntry], chosen: Sequence[ColumnChoice], title: str
) -> tuple[ColumnChoice, ...]:
    """The choices of columns that the rules make, for keys that there are; those of a person come first.

    `title` is the catalogue, for rules whose source is "".
    """
    keys = {key for entry in entries for key in keys_of(entry)}
    own = {choice.column.casefold() for choice in chosen}
    fields = {choice.field for choice in chosen if choice.field}
    return (
        *chosen,
        *(
            ColumnChoice(rule.key, rule.field, title if rule.source == "" else rule.source, why=rule.why)
            for rule in rules
            if rule.key in keys and rule.key.casefold() not in own and not (rule.field in fields and not rule.source)
        ),
    )


def with_keys(entry: DocumentEntry, **keys: str) -> DocumentEntry:
    """The entry with more keys, or other values; a blank in a key is written `_`."""
    return replace(entry, stem="", data={**entry.data, **{key.replace("_", " "): value for key, value in keys.items()}})


def kebab(published: str) -> str:
    """A published id as an id of the register: `controlRedTeaming` -> `control-red-teaming`, `AML.M0004` -> `aml-m0004`."""
    return slug(_CAPITAL.sub("-", published))


def each_piece(text: str, change: Callable[[str], str]) -> str:
    """The entries of a list in a cell, changed one by one; an entry that becomes "" is left out."""
    return "; ".join(filter(None, map(change, pieces(text))))


def cited(published: str, url: str = "") -> str:
    """An entry of a published catalogue as `references` reads it: `AML.M0004 <https://...>`."""
    return f"{published} <{url}>" if url else published


def title_and_text(text: str) -> tuple[str, str]:
    """A title for an entry that has only a text: its first sentence, or its beginning. Then the text, "" if it is the title."""
    bare = " ".join(text.split())
    sentence = _SENTENCE.match(bare)
    title = sentence[0] if sentence and len(sentence[0]) <= LONGEST_LINE else line(bare).value or ""
    return title, "" if title == text else text


def required(files: CatalogueFiles, pattern: str, recipe: str) -> tuple[str, ...]:
    """The files that match a pattern. Raises UsageError if there are none."""
    paths = files.matching(pattern)
    if not paths:
        remedy = "Give the folder of a checkout of its repository; see `reassay import --recipe list`."
        raise UsageError(f"there is no {pattern} here.", where=f"--recipe {recipe}", remedy=remedy)
    return paths


def strings(value: object) -> Iterator[str]:
    """The texts of a list, or a single text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def merged(*parts: Iterable[str]) -> str:
    """The entries of several lists as one cell, without repetition."""
    return "; ".join(dict.fromkeys(item for part in parts for item in part))


@dataclass(slots=True)
class CitedAddresses:
    """Addresses of published entries by id, from a list that a catalogue keeps itself."""

    addresses: dict[str, str] = field(default_factory=dict)

    def cite(self, published: str) -> str:
        """The reference to an entry, with its address if the catalogue has it."""
        return cited(published, self.addresses.get(published, ""))
