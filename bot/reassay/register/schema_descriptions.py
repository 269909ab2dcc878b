"""Field descriptions of a JSON Schema, from the docstrings below the fields of its models.

Pydantic can collect them, but it reads the source of each class when the class is created, which takes a third of the
start-up time of a command. Here they are read only for a schema.
"""

import ast
import inspect
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from reassay.register.foreign_keys import PREFIX

FOREIGN: Final[Mapping[str, object]] = {
    f"^{PREFIX}": {"description": "A key of another program; reassay does not read it."}
}
"""Foreign keys in a JSON Schema."""


class DescribedJsonSchema(GenerateJsonSchema):
    """A JSON Schema generator that adds the docstring of each field as its description."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """The schema of a model with a description for each property."""
        json_schema = super().model_schema(schema)
        if json_schema.get("additionalProperties") is False:
            json_schema["patternProperties"] = dict(FOREIGN)
        texts = descriptions_of(schema["cls"])
        for name, field in schema["cls"].model_fields.items():
            property_schema = json_schema.get("properties", {}).get(field.alias or name)
            if isinstance(property_schema, dict) and name in texts:
                property_schema["description"] = field.description or texts[name]
        return json_schema


def descriptions_of(model: type[BaseModel]) -> Mapping[str, str]:
    """Docstrings by field; those of a subclass override those of its bases."""
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            texts |= _in_module(base.__module__).get(base.__qualname__, {})
    return texts


@cache
def _in_module(name: str) -> Mapping[str, Mapping[str, str]]:
    module = import_module(name)
    tree = ast.parse(inspect.getsource(module))
    return {node.name: _of_class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _of_class(node: ast.ClassDef) -> Mapping[str, str]:
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in zip(node.body, node.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
