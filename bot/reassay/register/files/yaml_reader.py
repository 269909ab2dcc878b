"""Reading of YAML 1.2 from libyaml events, with limits on size and depth."""

from typing import Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from reassay.register.files.composer import Composer
from reassay.register.files.nodes import Node, position
from reassay.register.files.syntax import explain_syntax
from reassay.register.files.text import Unreadable, refuse_odd_characters
from reassay.register.finding import Finding

_ONE_VERSION: Final = (1, 2)


def read_yaml(path: str, text: str, first_line: int = 1) -> tuple[Node | None, tuple[Finding, ...]]:
    """The document in `text` and its findings; None for a text of comments only.

    `first_line` is the line of the file on which `text` begins. Raises Unreadable for a syntax
    error or a limit.
    """
    refuse_odd_characters(path, text, first_line)
    composer = Composer(path, first_line)
    documents = 0
    try:
        for event in iter(yaml.CSafeLoader(text).get_event, None):
            # Ordered by how often they come.
            match event:
                case ScalarEvent():
                    composer.scalar(event)
                case MappingStartEvent() | SequenceStartEvent():
                    composer.begin(event)
                case MappingEndEvent() | SequenceEndEvent():
                    composer.end()
                case AliasEvent():
                    composer.alias(event)
                case DocumentStartEvent():
                    documents += 1
                    _refuse_document(composer, event, documents)
                case _:
                    pass
    except yaml.YAMLError as error:
        raise Unreadable(*composer.findings, explain_syntax(path, text, error, composer)) from None
    except Unreadable as stopped:
        raise Unreadable(*composer.findings, *stopped.findings) from None
    return composer.root, tuple(composer.findings)


def _refuse_document(composer: Composer, event: DocumentStartEvent, count: int) -> None:
    at = position(composer.path, composer.place(event))
    if count > 1:
        remedy = "Put the second document into a file of its own, or write a list."
        raise Unreadable(Finding(at, "several-documents", "this file holds more than one YAML document", remedy))
    if event.version not in {None, _ONE_VERSION}:
        message = "this file asks for another version of YAML; registers are read as YAML 1.2"
        raise Unreadable(Finding(at, "yaml-version", message, "Delete the line that starts with %YAML."))
