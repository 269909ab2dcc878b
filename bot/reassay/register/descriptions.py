"""What the docstrings below the fields of a model say, for its JSON Schema.

Pydantic can collect them itself, but looks for the source of each class whenever one is made: a third of all the time
that a command needs to start. Here they are looked for only where a schema is wanted.
"""

import ast
import inspect
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


class Described(GenerateJsonSchema):
    """A generator of schemas that adds the docstring of each field as its description."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """As pydantic makes it, and a description for each property."""
        made = super().model_schema(schema)
        texts = descriptions_of(schema["cls"])
        for name, field in schema["cls"].model_fields.items():
            found = made.get("properties", {}).get(field.alias or name)
            if isinstance(found, dict) and name in texts:
                found["description"] = field.description or texts[name]
        return made


def descriptions_of(model: type[BaseModel]) -> Mapping[str, str]:
    """Field to docstring; a field that a subclass states again takes the subclass's words."""
    found: dict[str, str] = {}
    for each in reversed(model.__mro__):
        if issubclass(each, BaseModel) and each is not BaseModel:
            found |= _in_module(each.__module__).get(each.__qualname__, {})
    return found


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
