"""A document against its model: the object, or findings at the exact key or value."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from reassay.register.files.nodes import Plain
from reassay.register.finding import Finding

ModelT = TypeVar("ModelT", bound=BaseModel)


def validate(model: type[ModelT], document: Plain) -> tuple[ModelT | None, tuple[Finding, ...]]:
    """The object, or None and why not. Echoes of what the YAML reader has already said are left out."""
    try:
        return model.model_validate_json(json.dumps(document.data)), ()
    except ValidationError as error:
        from reassay.register.files.objections import findings_of  # noqa: PLC0415 -- see there

        return None, findings_of(model, document, error.errors(include_url=False))
