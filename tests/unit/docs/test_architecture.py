"""The page about the architecture names files and rooms that there are, and every step of both ways has its file there."""

import re
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
