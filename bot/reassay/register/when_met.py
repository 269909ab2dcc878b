"""Models whose validators are made when a document first has such an object, and not for every process that starts.

Making one takes time for every model in it. Those for all kinds of triggers take three times as long as all the rest
of a mitigation, and most mitigations state none.
"""

import json
from functools import partial

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class WhenMet:
    """For `Annotated[Model, WhenMet()]`: errors have the places that they have without, and JSON Schema is the same."""

    def __get_pydantic_core_schema__(self, model: type[BaseModel], _handler: GetCoreSchemaHandler) -> CoreSchema:
        """By what pydantic validates: it puts the errors of an inner validation where the value stands."""
        return core_schema.with_info_plain_validator_function(
            partial(_validated, model),
            # By this it is a definition of its own in JSON Schema.
            ref=f"{model.__module__}.{model.__qualname__}:{id(model)}",
            metadata={"pydantic_js_functions": [partial(_json_schema, model)]},
        )


def _validated(model: type[BaseModel], value: object, info: core_schema.ValidationInfo) -> BaseModel:
    if info.mode == "json":
        return model.model_validate_json(json.dumps(value))
    return model.model_validate(value)


def _json_schema(model: type[BaseModel], _schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
    return handler(TypeAdapter(model).core_schema)
