"""Actions of others are named by commit: a tag can be moved to other code, and the jobs that run it hold tokens."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (".github", "docs", "examples", "templates")
USES = re.compile(r"^[ -]*uses: *([^\s{.][^\s/]*)/(\S+)(.*)$", re.MULTILINE)
OWN = "reassay"
NOT_PINNED = frozenset({"gh-action-pypi-publish@release/v1"})
"""Which commit its newest release has is not known here."""


def pages() -> list[Path]:
    every = [
        path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in {".yml", ".yaml", ".md"}
    ]
    return [path for path in (*every, ROOT / "action.yml", ROOT / "README.md") if "uses:" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_actions_of_others_are_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    used = [match.groups() for match in USES.finditer(path.read_text("utf-8")) if match[1] != OWN]
    loose = [
        action
        for _, action, comment in used
        if not (re.search(r"@[0-9a-f]{40}$", action) and re.fullmatch(r" # v\d+\.\d+\.\d+", comment))
    ]
    assert set(loose) <= NOT_PINNED


def test_one_action_is_the_same_commit_everywhere() -> None:
    commits: dict[str, set[str]] = {}
    for path in pages():
        for owner, action, _ in USES.findall(path.read_text("utf-8")):
            name, _, commit = action.partition("@")
            commits.setdefault(f"{owner}/{name}", set()).add(commit)
    assert len(commits) > len(NOT_PINNED)
    assert {name: own for name, own in commits.items() if len(own) > 1} == {}
