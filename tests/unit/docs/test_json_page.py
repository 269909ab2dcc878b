"""docs/reference/json.md describes every document that the program writes, with every key.

Documents and keys are read from the source: a dictionary with a key `schema`, and those of the functions that its function uses.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from reassay.dashboard.values import Dashboard

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "json.md").read_text(encoding="utf-8")
NAME = re.compile(r"reassay/[a-z-]+/v[0-9]+")
PROVENANCE = ("register", "ledger", "ledger_place", "ledger_fetch", "version")
"""Keys of `Checkout.provenance`, which the documents of a checkout have."""
OF_A_CHECKOUT = {
    "reassay/status/v1",
    "reassay/coverage/v1",
    "reassay/plan/v1",
    "reassay/next/v1",
    "reassay/evidence/v1",
    "reassay/explain/v1",
}


def documents() -> Mapping[str, frozenset[str]]:
    """Keys by document."""
    found: dict[str, frozenset[str]] = {}
    for file in sorted((ROOT / "bot").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if NAME.search(text):
            found |= dict(documents_of(ast.parse(text)))
    return found


def documents_of(tree: ast.Module) -> Iterator[tuple[str, frozenset[str]]]:
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    constants = dict(constants_of(tree))
    for name, function in functions.items():
        for node in ast.walk(function):
            for key, value in zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ():
                if isinstance(key, ast.Constant) and key.value == "schema":
                    schema = value.value if isinstance(value, ast.Constant) else constants[ast.unparse(value)]
                    yield str(schema), frozenset(keys_of(name, functions, set()))

    for node in ast.walk(tree):
        # A model that is its own document: `schema_: Literal["reassay/.../v1"]`.
        fields = [own for own in node.body if isinstance(own, ast.AnnAssign)] if isinstance(node, ast.ClassDef) else []
        for own in fields:
            if (
                isinstance(own.target, ast.Name)
                and own.target.id == "schema_"
                and (match := NAME.search(ast.unparse(own.annotation)))
            ):
                names = (field.target.id for field in fields if isinstance(field.target, ast.Name))
                yield match[0], frozenset(name.removesuffix("_") for name in names)


def constants_of(tree: ast.Module) -> Iterator[tuple[str, object]]:
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
                yield target.id, value.value


def keys_of(name: str, functions: Mapping[str, ast.FunctionDef], seen: set[str]) -> Iterator[str]:
    """Keys of the dictionaries in a function, and in those of its module that it uses."""
    if name in seen or name not in functions:
        return
    seen.add(name)
    for node in ast.walk(functions[name]):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
        elif isinstance(node, ast.Name):
            yield from keys_of(node.id, functions, seen)


def fields_of(model: type[BaseModel]) -> set[str]:
    """Names of the fields of a model and of the models in it, as the document has them."""
    names = {field.alias or name for name, field in model.model_fields.items()} - {"schema"}
    inner = [found for field in model.model_fields.values() if (found := model_in(field.annotation))]
    return names.union(*(fields_of(own) for own in inner))


def model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for own in get_args(annotation) if (found := model_in(own))), None)


DOCUMENTS = {**documents(), "reassay/dashboard/v1": frozenset(fields_of(Dashboard))}
SECTIONS = {
    match[1]: match[2] for match in re.finditer(r"^## `([^`]+)`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}


def section_text(schema: str, seen: frozenset[str] = frozenset()) -> str:
    """The section of a document, and those to which it refers with \"in\"."""
    if schema in seen or schema not in SECTIONS:
        return ""
    own = SECTIONS[schema]
    others = re.findall(r"\bin `(reassay/[a-z-]+/v[0-9]+)`", own)
    return own + "".join(section_text(other, seen | {schema}) for other in others)


def test_every_document_of_the_program_has_a_section_and_every_section_a_document() -> None:
    named = {name for file in (ROOT / "bot").rglob("*.py") for name in NAME.findall(file.read_text(encoding="utf-8"))}
    assert named == SECTIONS.keys()
    assert named == DOCUMENTS.keys()


def test_enough_is_read_from_the_source() -> None:
    """A known document, so that a change of how they are written does not make the other test say nothing."""
    assert {"cells", "clock", "counts_in_favour", "last_decision"} <= DOCUMENTS["reassay/status/v1"]
    assert {"covered_by", "removed_objects"} <= DOCUMENTS["reassay/ledger-verify/v1"]


@pytest.mark.parametrize("schema", sorted(DOCUMENTS))
def test_its_section_names_every_key(schema: str) -> None:
    words = section_text(schema)
    wanted = DOCUMENTS[schema] | (set(PROVENANCE) if schema in OF_A_CHECKOUT else set())
    missing = [
        key for key in sorted(wanted - {"schema"}) if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", words)
    ]
    assert missing == []
