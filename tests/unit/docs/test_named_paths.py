"""Files and folders that the documentation names exist. Decisions are left out: they describe the tree of their day."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = sorted(
    {
        ROOT / "CONTRIBUTING.md",
        ROOT / "README.md",
        ROOT / "tests" / "README.md",
        *(page for page in (ROOT / "docs").rglob("*.md") if "decisions" not in page.parts),
    }
)
NAMED = re.compile(r"(?<![\w./-])((?:bot|tests|docs|templates|examples|benchmarks|deploy)/[\w./<>*-]*[\w/>*])")
"""A path from the top of the tree; `<name>` stands for any name."""


def named_paths(text: str) -> set[str]:
    """Paths in code quotes and in running text; those of links are tested with the links."""
    return {path.rstrip(".") for path in NAMED.findall(re.sub(r"\]\([^)]*\)", "]", text))}


def exists(path: str) -> bool:
    """Whether a path exists; with placeholders, whether any file has that form."""
    if "<" not in path and "*" not in path:
        return (ROOT / path).exists()
    return any(ROOT.glob(re.sub(r"<[^>]*>", "*", path)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_that_a_page_names_exist(page: Path) -> None:
    assert sorted(path for path in named_paths(page.read_text(encoding="utf-8")) if not exists(path)) == []


def test_paths_are_found_and_missing_ones_are_noticed() -> None:
    text = (
        "See `bot/reassay/cli/<name>.py`, tests/README.md. Not `bot/reassay/nowhere.py`, [x](docs/a.md) or my/docs/b."
    )
    assert named_paths(text) == {"bot/reassay/cli/<name>.py", "tests/README.md", "bot/reassay/nowhere.py"}
    assert [path for path in sorted(named_paths(text)) if not exists(path)] == ["bot/reassay/nowhere.py"]
