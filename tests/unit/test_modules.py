"""What stands in the folder of a package is found without a list."""

from pathlib import Path
from pkgutil import iter_modules

import pytest

import reassay.assessment.triggers
import reassay.commands
import reassay.gate.rules
import reassay.register.catalogues
from reassay.common.modules import modules_in, names_in


@pytest.mark.parametrize(
    "folders",
    [
        reassay.register.catalogues.__path__,
        reassay.commands.__path__,
        reassay.gate.rules.__path__,
        reassay.assessment.triggers.__path__,
    ],
)
def test_the_names_are_those_that_the_standard_library_finds(folders: list[str]) -> None:
    assert list(names_in(folders)) == [each.name for each in iter_modules(folders)]


def test_other_files_are_no_modules(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "__init__.py", "notes.md", "c.pyc"):
        (tmp_path / name).write_text("")
    assert names_in([str(tmp_path)]) == ("a", "b")


def test_some_may_be_left_out() -> None:
    found = modules_in("reassay.gate.rules", reassay.gate.rules.__path__, but={"signed"})
    names = {each.__name__.rpartition(".")[2] for each in found}
    assert "signed" not in names
    assert len(names) == len(names_in(reassay.gate.rules.__path__)) - 1
