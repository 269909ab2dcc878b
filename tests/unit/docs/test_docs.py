"""Documentation cannot drift: generated pages equal the code, links lead somewhere, and nothing speaks of elsewhere."""

import re
from pathlib import Path

import pytest

from docs.generate import ROOT, pages
from reassay.register.files import WorkingTree, read_register

PROSE = sorted(
    file for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(pages()))
def test_generated_pages_equal_the_code(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == pages()[path](), "run `make docs`"


@pytest.mark.parametrize("file", PROSE, ids=lambda file: str(file.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(file: Path) -> None:
    broken = [link for link in LINK.findall(file.read_text(encoding="utf-8")) if not (file.parent / link).exists()]
    assert broken == []


BLOCK = re.compile(r"^```ya?ml\n(.*?)^```", re.DOTALL | re.MULTILINE)
REGISTERS = [
    pytest.param(block, id=f"{file.relative_to(ROOT)}-{number}")
    for file in PROSE
    for number, block in enumerate(BLOCK.findall(file.read_text(encoding="utf-8")))
    if re.search(r"^(mitigations|commitments|deployments|threat_models|models):", block, re.MULTILINE)
    and not re.search(r"^id:", block, re.MULTILINE)
]


@pytest.mark.parametrize("block", REGISTERS)
def test_registers_in_the_documentation_can_be_read(block: str, tmp_path: Path) -> None:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "all.yml").write_text(block, encoding="utf-8")
    errors = read_register(WorkingTree(tmp_path)).errors
    assert [each for each in errors if each.code not in {"unknown-reference", "no-such-file"}] == []


def test_every_kind_of_entry_is_in_the_ledgers_reference() -> None:
    from typing import get_args

    from reassay.ledger.entry import Body

    page = (ROOT / "docs" / "reference" / "ledger.md").read_text(encoding="utf-8")
    kinds = [kind.model_fields["kind"].default for kind in get_args(get_args(Body)[0])]
    assert len(kinds) > 20
    assert [kind for kind in kinds if f"`{kind}`" not in page] == []


def test_the_workflow_of_the_how_to_is_the_one_that_init_writes() -> None:
    """Comments apart, and what only mode `record` needs."""
    import yaml

    page = (ROOT / "docs/how-to/run-in-github-actions.md").read_text(encoding="utf-8")
    written = (
        (ROOT / "templates/init/workflow.yml")
        .read_text(encoding="utf-8")
        .replace("{{branch}}", "main")
        .replace("{{action}}", "reassay/reassay@v0.1.0")
    )
    shown, template = yaml.safe_load(BLOCK.findall(page)[0]), yaml.safe_load(written)
    template["jobs"]["reassay"]["steps"][0]["with"].pop("token")  # its default
    assert shown == template
