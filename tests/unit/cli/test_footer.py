"""The footer of `status`, `plan` and `next` names entries with errors, and where they are."""

import io
from pathlib import Path

import pytest

from reassay.cli import main
from tests.unit.register.trees import written

END = "The exit code is 1 because of this; to see why, run `reassay check`."
FINE = "  - {id: fine, title: Fine, owner: safety-lead, every: 1 year}\n"


def last_line(root: Path, entries: str) -> str:
    written(root, {"framework/m.yml": f"mitigations:\n{FINE}{entries}"})
    out = io.StringIO()
    main(["status", str(root), "--at", "2026-12-01"], out, io.StringIO())
    return " ".join(out.getvalue().split("\n\n")[-1].split()).partition(" reassay ")[2].partition(". ")[2]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["a"], f"1 entry cannot be read: a, framework/m.yml:3. {END}"),
        (
            ["b", "a"],
            f"2 entries cannot be read: a, b, framework/m.yml:3, framework/m.yml:4. {END}",
        ),
        (
            ["a", "b", "c", "d", "e"],
            (
                "5 entries cannot be read: a, b, c and 2 more,"
                f" framework/m.yml:3, framework/m.yml:4, framework/m.yml:5 and 2 more. {END}"
            ),
        ),
    ],
)
def test_entries_with_errors_are_named_with_their_places(tmp_path: Path, names: list[str], words: str) -> None:
    assert (
        last_line(tmp_path, "".join(f"  - {{id: {name}, title: T, ownr: x, every: 1 year}}\n" for name in names))
        == words
    )


def test_errors_without_an_entry_have_a_place(tmp_path: Path) -> None:
    assert last_line(tmp_path, "nonsense: 1\n") == (f"The register has errors: framework/m.yml:3. {END}")
