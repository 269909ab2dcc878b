"""The naming rules of the code: one class for each name, fields and parameters that say what they hold, and short files."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
MOST_LINES = 400
EMPTY_NAMES = frozenset({"each", "found", "known", "made", "one", "said", "told"})
"""Names that do not say what the value is."""


def room_of(file: Path) -> str:
    """The folder below `reassay`, or the package for the sandbox."""
    parts = file.relative_to(BOT).parts
    return parts[1] if parts[0] == "reassay" and len(parts) > 2 else parts[0]


FILES = {file: file.read_text("utf-8") for file in sorted(BOT.rglob("*.py"))}
TREES = {file: ast.parse(text) for file, text in FILES.items()}
ROOMS = sorted({room_of(file) for file in FILES})
every_room = pytest.mark.parametrize("room", ROOMS)


def trees_of(room: str) -> Iterator[tuple[Path, ast.Module]]:
    return ((file, tree) for file, tree in TREES.items() if room_of(file) == room)


def classes_of(tree: ast.Module) -> Iterator[str]:
    """Public classes at the top of a module."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def fields_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Lines and names of annotated class attributes: the fields of dataclasses and models."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                    yield statement.lineno, statement.target.id


def parameters_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Lines and names of the parameters of all functions and lambdas."""
    return ((node.lineno, node.arg) for node in ast.walk(tree) if isinstance(node, ast.arg))


@every_room
def test_a_class_name_stands_for_one_class(room: str) -> None:
    places: dict[str, list[str]] = {}
    for file, tree in TREES.items():
        for name in classes_of(tree):
            places.setdefault(name, []).append(f"{file.relative_to(BOT)}")
    own = {name for _, tree in trees_of(room) for name in classes_of(tree)}
    assert {name: files for name, files in places.items() if name in own and len(files) > 1} == {}


@every_room
def test_fields_and_parameters_say_what_they_hold(room: str) -> None:
    empty = [
        f"{file.relative_to(BOT)}:{line} {name}"
        for file, tree in trees_of(room)
        for line, name in (*fields_of(tree), *parameters_of(tree))
        if name in EMPTY_NAMES
    ]
    assert empty == []


@pytest.mark.parametrize("room", ROOMS)
def test_files_are_short(room: str) -> None:
    lines = {str(file.relative_to(BOT)): len(FILES[file].splitlines()) for file, _ in trees_of(room)}
    assert {file: number for file, number in lines.items() if number > MOST_LINES} == {}
    assert lines
