"""Every YAML and JSON block of the pages is what it looks like: a register, a configuration, a workflow, a part of an object."""

import json
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
import yaml

from reassay.register.configuration import CONFIGURATION_PATH, Configuration
from reassay.register.files import WorkingTree, read_register
from reassay.register.register import KINDS, LISTS
from reassay.register.trigger_specs import AnyTrigger
from tests.unit.docs.page_commands import FENCE, PAGES, ROOT

CRITERION = "{kind: rate, name: rate, at_most: 0.02, undesired: harmful}"
REST = "mitigations:\n  - {id: rest, title: The rest of the register, owner: safety-lead, every: 1 year}\n"
REST += "threat_models:\n  - {id: rest-threat, title: A threat, atlas: [AML.T0054]}\n"
OTHER: Mapping[tuple[str, str], str] = {
    ("docs/how-to/receive-alerts.md", "receivers"): "the configuration of Alertmanager",
    ("docs/how-to/observe-deployments.md", "frameworks"): "a file of the product's repository",
    (
        "docs/how-to/bring-a-spreadsheet.md",
        "files",
    ): "the options that imports keep; tests/unit/imports/test_kept_options.py",
}
"""Page and first key of blocks that this program does not read as register, configuration or workflow, and what they are."""

INPUTS = frozenset(yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"])
OUTPUTS = frozenset(yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["outputs"])
CONFIGURED = frozenset(field.alias or name for name, field in Configuration.model_fields.items())
FIELDS = {
    kind: frozenset(field.alias or name for name, field in model.model_fields.items()) for kind, model in KINDS.items()
}
KINDS_OF_TRIGGERS = frozenset(
    kind for spec in get_args(get_args(AnyTrigger)[0]) for kind in get_args(spec.model_fields["kind"].annotation)
)
UNRELATED = {"unknown-reference", "no-such-file", "unknown-circumstance", "team-unreadable"}
"""Findings that a block has because the rest of its register is not in it."""


class Block(NamedTuple):
    page: str
    line: int
    language: str
    text: str


def blocks() -> list[Block]:
    rows = []
    for page, file in PAGES.items():
        text = file.read_text(encoding="utf-8")
        for fence in FENCE.finditer(text):
            line = text.count("\n", 0, fence.start()) + 1
            rows.append(Block(page, line, fence["language"].strip(), textwrap.dedent(fence["body"])))
    return rows


BLOCKS = [block for block in blocks() if block.language in {"yaml", "yml", "json"}]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}-{block.line}")
def test_a_block_is_what_it_looks_like(block: Block, tmp_path: Path) -> None:
    if block.language == "json":
        json.loads(re.sub(r"\.\.\.(?=[\s,\]}])", "", block.text))
        return
    value = next(yaml.safe_load_all(re.sub(r"\$\{\{.*?\}\}", "x", block.text)))  # of a file with front matter, that
    steps = list(_steps(value))
    for step in steps:
        _is_step(step)
    if steps or _is_workflow(value) or (block.page, next(iter(value))) in OTHER:
        return
    files = _as_register(value, block.text)
    assert files, (
        f"{block.page}:{block.line}: no register, configuration, workflow or part of a mitigation. Correct its keys, or add a line to "
        f"OTHER in {Path(__file__).relative_to(ROOT)} that says what it is."
    )
    for path, text in {"framework/rest.yml": REST, **files}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    errors = [finding for finding in read_register(WorkingTree(tmp_path)).errors if finding.code not in UNRELATED]
    assert [f"{finding.at.path}:{finding.at.line}: {finding.message} ({finding.code})" for finding in errors] == []


def _as_register(value: Any, text: str) -> dict[str, str]:  # noqa: ANN401 - any document
    """The block as files of a register; empty if it is none."""
    keys = set(value) if isinstance(value, dict) else {"not a mapping"}
    if keys <= CONFIGURED | set(LISTS):
        return {"framework/all.yml" if keys & set(LISTS) else CONFIGURATION_PATH: text}
    if "id" in keys:
        kind = next((kind for kind, fields in FIELDS.items() if keys <= fields), None)
        return {} if kind is None else {"framework/all.yml": _list(LISTS_OF[kind], _completed(value, kind))}
    if keys == {"triggers"}:
        return _as_register({"reassess": value}, "")
    if keys == {"measured"}:
        criterion = {**yaml.safe_load(CRITERION), **value}
        return _as_register({"target": {"statement": "It works.", "criteria": [criterion]}}, "")
    if keys <= FIELDS["mitigation"]:
        return {"framework/all.yml": _list("mitigations", _completed({"id": "m", **value}, "mitigation"))}
    return {}


LISTS_OF = {kind: name for name, kind in LISTS.items()}


def _completed(value: dict[str, object], kind: str) -> dict[str, object]:
    more = {"title": "Title"} | ({"owner": "safety-lead"} if "owner" in FIELDS[kind] else {})
    return more | value


def _list(name: str, value: dict[str, object]) -> str:
    return yaml.safe_dump({name: [value]}, sort_keys=False)


def _steps(value: Any) -> Any:  # noqa: ANN401 - any document
    """Every step that uses an action, wherever it is."""
    if isinstance(value, dict):
        if "uses" in value:
            yield value
        for part in value.values():
            yield from _steps(part)
    elif isinstance(value, list):
        for part in value:
            yield from _steps(part)


def _is_step(step: Mapping[str, Any]) -> None:
    if str(step["uses"]).startswith("reassay/reassay@"):
        assert set(step.get("with", {})) <= INPUTS


def _is_workflow(value: Any) -> bool:  # noqa: ANN401 - any document
    """YAML 1.1 reads the key `on` as true."""
    return isinstance(value, dict) and bool(set(value) & {True, "on", "jobs"})


INLINE = sorted(
    {
        span
        for file in PAGES.values()
        for span in re.findall(r"(?<!`)`(\{kind: [^`\n]+\})`(?!`)", FENCE.sub("", file.read_text(encoding="utf-8")))
        if yaml.safe_load(span)["kind"] in KINDS_OF_TRIGGERS and "..." not in span
    }
)


@pytest.mark.parametrize("span", INLINE)
def test_a_trigger_in_a_sentence_or_a_table_can_be_written_like_that(span: str, tmp_path: Path) -> None:
    test_a_block_is_what_it_looks_like(Block("a page", 1, "yaml", f"triggers:\n  - {span}\n"), tmp_path)


def test_every_line_of_other_is_used() -> None:
    used = {
        (block.page, next(iter(yaml.safe_load(block.text)), ""))
        for block in BLOCKS
        if block.language != "json" and "${{" not in block.text
    }
    assert [key for key in OTHER if key not in used] == []


def test_wrong_blocks_are_noticed(tmp_path: Path) -> None:
    wrong = {
        "timezonee: UTC\n": "no register",
        "mitigations:\n  - {id: a, title: A, owner: b, evry: 1 year}\n": "evry",
        "gate: {loosen: []}\n": "loosen",
        "triggers:\n  - {kind: intervall, every: 1 year}\n": "intervall",
        "- uses: reassay/reassay@v0.1.0\n  with: {fail_on: overdue}\n": "fail_on",
    }
    for number, (text, message) in enumerate(wrong.items()):
        with pytest.raises(AssertionError, match=message):
            test_a_block_is_what_it_looks_like(Block("page.md", 1, "yaml", text), tmp_path / str(number))


@pytest.mark.parametrize("page", [page for page in PAGES if "how-to" in page or page == "README.md"])
def test_outputs_that_workflows_read_are_outputs(page: str) -> None:
    used = re.findall(r"steps\.reassay\.outputs\.([\w-]+)", PAGES[page].read_text(encoding="utf-8"))
    assert set(used) <= OUTPUTS
