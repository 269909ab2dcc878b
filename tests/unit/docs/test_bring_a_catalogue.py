"""docs/how-to/bring-a-catalogue.md: its commands run on small catalogues, and its file is read by the register as it says."""

import re
import shlex
from pathlib import Path

import pytest

from reassay.register.files import WorkingTree, read_register
from tests.unit.imports import catalogues
from tests.unit.imports.sheets import run

PAGE = (Path(__file__).parents[3] / "docs/how-to/bring-a-catalogue.md").read_text("utf-8")
IMPORTED = Path("framework/mitre-atlas.yml")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    catalogues.atlas(tmp_path / "atlas-data")
    catalogues.write(
        tmp_path,
        {
            "site/_mitigations/mi-1.md": "---\ntitle: A\n---\n",
            "controls.yaml": "catalogue:\n  controls: [{title: A, owner: safety-lead}]\n",
        },
    )
    lines = [
        line.removeprefix("$ reassay ") for text in blocks("console") for line in text.splitlines() if "reassay" in line
    ]
    assert len(lines) == 5
    for line in lines:
        code, out, err = run(*shlex.split(line))
        assert code == 0, (line, out, err)
    assert "id: aml-m0004" in IMPORTED.read_text("utf-8")


def test_one_file_serves_a_website_and_the_register(tmp_path: Path) -> None:
    (configuration,), (document,) = blocks("yaml"), blocks("markdown")
    place = "framework/mitigations/pin-model-versions.md"
    assert place in PAGE
    catalogues.write(tmp_path, {".github/reassay.yml": configuration, place: document})
    register = read_register(WorkingTree(tmp_path))
    assert register.errors == ()
    mitigation = register.mitigations["pin-model-versions"].value
    assert mitigation.description == "The text of the page is the description."
    catalogues.write(tmp_path, {".github/reassay.yml": "timezone: UTC\n"})
    without = read_register(WorkingTree(tmp_path))
    assert {finding.code for finding in without.errors} == {"unknown-key"}
