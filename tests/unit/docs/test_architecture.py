"""The page about the architecture names files and rooms that there are, and every step of both ways has its file there."""

import ast
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "bot/reassay"
PAGE = (ROOT / "docs/explanation/architecture.md").read_text(encoding="utf-8")
SCREEN = 90
"""Lines."""


def test_every_file_that_is_named_is_there() -> None:
    named = re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py)?)`", PAGE)
    assert len(named) > 20
    assert not [name for name in named if not any((root / name).exists() for root in (PACKAGE, ROOT))]


def test_the_picture_has_every_room() -> None:
    rooms = {folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()}
    assert not {room for room in rooms if not re.search(rf"\b{room}\b", PAGE.partition("```mermaid")[2])}


def test_both_ways_fit_a_screen_each() -> None:
    for name in ("sweep/sweep.py", "gate/decide.py"):
        assert len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) <= SCREEN, name


def test_files_that_the_spine_names_are_in_the_page_too() -> None:
    sweep = (PACKAGE / "sweep/sweep.py").read_text(encoding="utf-8")
    steps = re.findall(r"([a-z_]+)\.py\)", sweep)
    assert len(steps) > 4
    assert not [name for name in steps if f"{name}.py" not in PAGE]


ROUND = PAGE.partition("## How a sweep goes")[2].partition("\n## ")[0]
DECIDED_FROM = {"draft", "draft.assessment_input", "inputs.assessment_input"}
"""What a step of `decide` gets first: the situation before it, or that of the whole round."""


def test_the_page_and_the_spine_have_the_same_steps_in_the_same_order() -> None:
    spine = (PACKAGE / "sweep/sweep.py").read_text(encoding="utf-8")
    steps = re.findall(r"^\d\. \*\*(\w+)\*\*", ROUND, re.MULTILINE)
    assert re.findall(r"# (\w+): .*$", spine, re.MULTILINE) == steps
    assert ", ".join(steps).lower() in (ast.get_docstring(ast.parse(spine)) or "")
    assert ", ".join(steps).lower() in (PACKAGE / "sweep/__init__.py").read_text(encoding="utf-8")


def decided_in() -> Iterator[str]:
    """Modules whose records `decide` takes, in the order of its calls."""
    tree = ast.parse((PACKAGE / "sweep/decisions.py").read_text(encoding="utf-8"))
    modules = {
        name.name: node.module.removeprefix("reassay.").replace(".", "/")
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
    }
    decide = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "decide")
    calls = [node for node in ast.walk(decide) if isinstance(node, ast.Call) and ast.unparse(node.func) in modules]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if call.args and ast.unparse(call.args[0]) in DECIDED_FROM:
            yield modules[ast.unparse(call.func)]


def test_the_steps_of_deciding_are_those_of_the_page() -> None:
    steps = re.findall(r"^    - .*$", ROUND, re.MULTILINE)
    first, *others = [re.findall(r"`((?:sweep|assessment)/[a-z_/]+)\.py`", step) for step in steps]
    assert first == ["sweep/command_handler"]
    called = [module for module, _ in groupby(decided_in())]
    assert len(called) > 10
    named = [path for paths in others for path in paths if path in called]
    assert named == called
