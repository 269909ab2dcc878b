"""One observation of a deployment in a product repository: the declared paths, read in the files of one commit."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from reassay.common.inert import plain
from reassay.common.sentences import shortened
from reassay.register.c14n import content_digest
from reassay.register.deployment import Deployment
from reassay.register.observed_paths import ObservedPath
from reassay.signals.observing.observed_values import field_value
from reassay.signals.observing.product_documents import ProductDocument, UnreadValueError, read_document

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where in the product repository a value is."""

    path: str
    line: int | None
    """None where the format's reader does not say."""


@dataclass(frozen=True, slots=True)
class ObservedFields:
    """What the declared paths of a deployment in one repository say."""

    values: Mapping[str, JsonValue] = field(default_factory=dict)
    """By field."""
    unread: Mapping[str, str] = field(default_factory=dict)
    """Why the path of a field could not be read, by field, in lower case and without a full stop."""
    places: Mapping[str, FieldPlace] = field(default_factory=dict)
    """Places of the values, by field."""


def paths_in(deployment: Deployment, repository: str) -> tuple[ObservedPath, ...]:
    """The declared paths of a deployment in one repository; its name is compared as GitHub does, in any case."""
    return tuple(path for path in deployment.observed if path.repository.lower() == repository.lower())


def repositories_of(deployment: Deployment) -> tuple[str, ...]:
    """The product repositories of a deployment, in order, each once."""
    return tuple({path.repository.lower(): path.repository for path in reversed(deployment.observed)}.values())[::-1]


def settings_of(paths: Iterable[ObservedPath]) -> str:
    """The digest of declared paths. What was observed with another one was read elsewhere, or by other words."""
    written = [path.model_dump(mode="json", exclude_defaults=True) for path in paths]
    return content_digest({"observed": sorted(written, key=lambda path: str(sorted(path.items())))})


def observe(paths: Iterable[ObservedPath], content: Callable[[str], bytes]) -> ObservedFields:
    """Reads paths of one repository. `content` gives the bytes of a file, and raises UnreadValueError where there are none."""
    declared = tuple(paths)
    values: dict[str, JsonValue] = {}
    unread: dict[str, str] = {}
    places: dict[str, FieldPlace] = {}
    documents: dict[str, ProductDocument | str] = {}
    for path in declared:
        if sum(other.field == path.field for other in declared) > 1:
            unread[path.field] = "two paths are declared for it"
            continue
        try:
            found = _document(path.file, documents, content).value_at(path.pointer)
            values[path.field] = field_value(path.field, found.data, path.values)
            places[path.field] = FieldPlace(path.file, found.line)
        except UnreadValueError as error:
            unread[path.field] = reason_line(f"{path.path}: {error}")
    return ObservedFields(values, unread, places)


def unread_everywhere(paths: Iterable[ObservedPath], why: str) -> ObservedFields:
    """The observation of a repository that cannot be read at all."""
    return ObservedFields(unread={path.field: reason_line(why) for path in paths})


def reason_line(text: str) -> str:
    """A reason as the ledger takes it: one line without invisible characters."""
    return shortened(plain(text), LONGEST_REASON)


def _document(
    file: str, documents: dict[str, ProductDocument | str], content: Callable[[str], bytes]
) -> ProductDocument:
    if file not in documents:
        try:
            documents[file] = read_document(file, content(file))
        except UnreadValueError as error:
            documents[file] = str(error)
    document = documents[file]
    if isinstance(document, str):
        raise UnreadValueError(document)
    return document


def files_of(paths: Iterable[ObservedPath]) -> tuple[str, ...]:
    """The files that paths name, each once."""
    return tuple(dict.fromkeys(path.file for path in paths))


def shown_value(value: JsonValue) -> str:
    """A value in words."""
    return ", ".join(_items(value)) or "nothing"


def _items(value: JsonValue) -> Iterator[str]:
    if isinstance(value, list):
        yield from (str(item) for item in value)
    elif value is not None:
        yield str(value)
