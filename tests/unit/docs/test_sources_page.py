"""The pages about sources: the matrix is that of READERS, and each kind has an example that a register accepts."""

import re
from pathlib import Path
from typing import get_args

import pytest

from docs.generate_sources import kind_of, specs
from reassay.register.files import WorkingTree, read_register
from reassay.signals.fetching.fetch_settings import read_fetch_settings
from reassay.signals.source_readings import Program
from reassay.signals.sources import READERS

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = (ROOT / "docs" / "reference" / "sources.md").read_text(encoding="utf-8")
HOW_TO = (ROOT / "docs" / "how-to" / "watch-sources.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(signals:\n.*?)^```", HOW_TO, re.MULTILINE | re.DOTALL)


def test_the_matrix_of_action_and_app_is_that_of_the_readers() -> None:
    rows = re.findall(r"^\| \[`([a-z-]+)`\]\(#\1\) \| [a-z, ]+ \| ([a-z ]+) \| ([a-z ]+) \|$", REFERENCE, re.MULTILINE)
    shown = {
        kind: {program for program, word in zip(get_args(Program), words, strict=True) if word != "no"}
        for kind, *words in rows
    }
    programs: dict[str, set[Program]] = {kind_of(spec): set() for spec in specs()}
    programs |= {reader.kind: set(reader.programs) for reader in READERS}
    assert shown == programs
    pushed = {kind for kind, *words in rows if "received" in words}
    assert pushed == {reader.kind for reader in READERS if reader.is_pushed}


def test_a_reader_reads_the_kind_of_its_model_and_each_kind_has_one_reader() -> None:
    assert {reader.kind: reader.spec for reader in READERS} == {kind_of(reader.spec): reader.spec for reader in READERS}
    assert len({reader.kind for reader in READERS}) == len(READERS)
    assert all(reader.programs for reader in READERS)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_configuration_without_errors(example: str, tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "reassay.yml").write_text(example, encoding="utf-8")
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "mitigations.yml").write_text("[]", encoding="utf-8")
    threat_models = "- {id: misuse, title: Misuse, atlas: [AML.T0054]}\n"
    (tmp_path / "framework" / "threat-models.yml").write_text(threat_models, encoding="utf-8")
    for path in re.findall(r"^ +path: (\S+)$", example, re.MULTILINE):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("key\n", encoding="utf-8")
    result = read_register(WorkingTree(tmp_path))
    assert [error.message for error in result.errors if error.code != "unknown-reference"] == []
    assert len(result.configuration.signals.sources) == example.count("- id:")
    idle = [finding.message for finding in result.findings if finding.message.startswith("nothing uses")]
    counting = {"blocked-attempts", "requests"}
    assert [message for message in idle if not any(f"'{name}'" in message for name in counting)] == []


def test_every_kind_has_an_example() -> None:
    shown = {kind for example in EXAMPLES for kind in re.findall(r"^ +kind: (\S+)$", example, re.MULTILINE)}
    assert shown == {kind_of(spec) for spec in specs()}


def test_the_declaration_of_secrets_is_accepted() -> None:
    (declared,) = re.findall(r"^```json\n(.*?)^```", HOW_TO, re.MULTILINE | re.DOTALL)
    assert set(read_fetch_settings({"REASSAY_SOURCE_SECRETS": declared}, "action").secrets) == {"PROMETHEUS", "TICKETS"}
