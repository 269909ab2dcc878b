"""Validation of a document against its model."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from reassay.register.files.nodes import PlainDocument
from reassay.register.finding import Finding
from reassay.register.foreign_keys import read_written

ModelT = TypeVar("ModelT", bound=BaseModel)


def validate(model: type[ModelT], document: PlainDocument) -> tuple[ModelT | None, tuple[Finding, ...]]:
    """The object and no findings, or None and the findings that the YAML reader has not reported already."""
    try:
        return read_written(model, document.data), ()
    except ValidationError as error:
        from reassay.register.files.validation_findings import findings_of  # noqa: PLC0415 -- see there

        return None, findings_of(model, document, error.errors(include_url=False))
