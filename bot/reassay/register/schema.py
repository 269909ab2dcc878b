"""JSON Schema (draft 2020-12) of what a register may contain, made from the models themselves."""

import json
from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from reassay.common.calendar import Duration
from reassay.register.configuration import Configuration
from reassay.register.descriptions import Described
from reassay.register.examples import EXAMPLES
from reassay.register.register import KINDS, LISTS

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
COLLECTION: Final = "collection"
CONFIGURATION: Final = "configuration"
SCHEMAS: Final = (COLLECTION, *KINDS, CONFIGURATION)
"""What there is a schema of."""
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
        [(model, "validation") for model in models], by_alias=True, schema_generator=Described
    )
    known = {model: str(references[model, "validation"]["$ref"]).rpartition("/")[2] for model in models}
    defined: dict[str, Schema] = {key: _tidy(value) for key, value in definitions["$defs"].items()}
    for kind, model in KINDS.items():
        if model in known and "kind" not in model.model_fields:
            _properties(defined[known[model]])["kind"] = {
                "const": kind,
                "description": "Needed only where neither a folder nor a list says it.",
            }
    top = _collection(known, defined) if name == COLLECTION else defined.pop(known[models[0]])
    title = _TITLES.get(name, f"{'An' if name[0] in 'aeiou' else 'A'} {name.replace('-', ' ')} of a reassay register")
    used = _used(top, defined)
    return {"$schema": DIALECT, **top, "title": title, **({"$defs": used} if used else {})}


def _collection(known: Mapping[type[BaseModel], str], defined: dict[str, Schema]) -> Schema:
    """Lists of objects, beside which keys of the configuration may stand if there is no configuration file."""
    lists: Schema = {
        key: {
            "type": ["array", "null"],
            "items": {"$ref": f"#/$defs/{known[KINDS[kind]]}"},
            "description": f"Objects of kind {kind}.",
        }
        for key, kind in LISTS.items()
    }
    settings = dict(_properties(defined.pop(known[Configuration])))
    # The register's own files cannot say where the register is.
    settings.pop("register")
    return {"type": "object", "properties": {**lists, **settings}, "additionalProperties": False}


def _used(top: Schema, defined: Mapping[str, Schema]) -> dict[str, Schema]:
    """The definitions that the schema leads to; the generator leaves some that nothing refers to."""
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
    found = schema.setdefault("properties", {})
    return found if isinstance(found, dict) else {}


def _tidy(schema: object) -> Schema:
    """Without the titles that only repeat the names of keys; with examples."""
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
        if isinstance(value.get("default"), dict) and value["default"].keys() == {"months", "days"}:
            value["default"] = str(Duration(**value["default"]))
    return {**tidy, **({"properties": properties} if properties else {})}
