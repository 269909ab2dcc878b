"""JSON Schemas (https://json-schema.org, draft 2020-12) of register files and configuration, from their models."""

import json
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from reassay.common.calendar import Duration
from reassay.register.configuration import Configuration
from reassay.register.examples import EXAMPLES
from reassay.register.register import KINDS, LISTS
from reassay.register.schema_descriptions import FOREIGN, DescribedJsonSchema

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
COLLECTION: Final = "collection"
CONFIGURATION: Final = "configuration"
SCHEMAS: Final = (COLLECTION, *KINDS, CONFIGURATION)
"""Names of the schemas."""
_TITLES: Final[Mapping[str, str]] = {
    COLLECTION: "A reassay register file that lists objects",
    CONFIGURATION: "The reassay configuration, .github/reassay.yml",
}
Schema = dict[str, object]


def schema_of(name: str) -> Schema:
    """The schema of a file of this kind. Raises KeyError for a name that is not in SCHEMAS."""
    models: list[type[BaseModel]] = [*KINDS.values(), Configuration]
    if name != COLLECTION:
        models = [Configuration if name == CONFIGURATION else KINDS[name]]
    references, definitions = models_json_schema(
        [(model, "validation") for model in models], by_alias=True, schema_generator=DescribedJsonSchema
    )
    names = {model: str(references[model, "validation"]["$ref"]).rpartition("/")[2] for model in models}
    defined: dict[str, Schema] = {key: _tidy(value) for key, value in definitions["$defs"].items()}
    for kind, model in KINDS.items():
        if model in names and "kind" not in model.model_fields:
            _properties(defined[names[model]])["kind"] = {
                "const": kind,
                "description": "Needed only where neither a folder nor a list says it.",
            }
    top = _collection(names, defined) if name == COLLECTION else defined.pop(names[models[0]])
    title = _TITLES.get(name, f"{'An' if name[0] in 'aeiou' else 'A'} {name.replace('-', ' ')} of a reassay register")
    used = _used(top, defined)
    return {"$schema": DIALECT, **top, "title": title, **({"$defs": used} if used else {})}


def _collection(names: Mapping[type[BaseModel], str], defined: dict[str, Schema]) -> Schema:
    """The schema of a collection file: lists of objects and, without a configuration file, configuration keys."""
    lists: Schema = {
        key: {
            "type": ["array", "null"],
            "items": {"$ref": f"#/$defs/{names[KINDS[kind]]}"},
            "description": f"Objects of kind {kind}.",
        }
        for key, kind in LISTS.items()
    }
    settings = dict(_properties(defined.pop(names[Configuration])))
    # Files of the register cannot set its folder, nor which of their keys are ignored.
    settings.pop("register")
    settings.pop("ignore_keys")
    return {
        "type": "object",
        "properties": {**lists, **settings},
        "patternProperties": dict(FOREIGN),
        "additionalProperties": False,
    }


def _used(top: Schema, defined: Mapping[str, Schema]) -> dict[str, Schema]:
    """The definitions that a schema refers to, directly or not; the generator returns more."""
    used: dict[str, Schema] = {}
    waiting: list[Schema] = [top]
    while waiting:
        text = json.dumps(waiting.pop())
        for name, schema in defined.items():
            if name not in used and f'"#/$defs/{name}"' in text:
                used[name] = schema
                waiting.append(schema)
    return dict(sorted(used.items()))


def _properties(schema: Schema) -> Schema:
    properties = schema.setdefault("properties", {})
    return properties if isinstance(properties, dict) else {}


def _tidy(schema: object) -> Schema:
    """The schema with examples and without titles, which only repeat the keys."""
    if not isinstance(schema, dict):
        return {}
    tidy: Schema = {key: value for key, value in schema.items() if key != "title"}
    properties = {
        key: {name: part for name, part in value.items() if name != "title"}
        for key, value in _properties(dict(tidy)).items()
        if isinstance(value, dict)
    }
    for key, value in properties.items():
        if (
            key in EXAMPLES
            and not value.keys() & {"examples", "enum", "const"}
            and value.get("type") in {"string", "number", "integer", "array"}
        ):
            value["examples"] = [EXAMPLES[key]]
        if isinstance(value.get("default"), dict) and value["default"].keys() >= {"months", "days"}:
            value["default"] = str(Duration(**value["default"]))
    return {**tidy, **({"properties": properties} if properties else {})}
