"""`reassay next` for somebody who has just begun: the examples, and mitigations without an interval, counted."""

import io
import json
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.sweep.adoption import NextStep, Setting, next_step
from reassay.sweep.repository.checkout import open_checkout
from tests.unit.register.trees import written


def step(root: Path) -> dict[str, str]:
    out = io.StringIO()
    main(["next", str(root), "--format", "json"], out, io.StringIO())
    document: dict[str, str] = json.loads(out.getvalue())
    return document


def later_step(root: Path) -> NextStep:
    """The step where a workflow and a ledger are there."""
    return next_step(open_checkout(root, None).assessment_input, Setting(has_workflow=True, has_ledger=True))


def test_the_examples_are_named_until_they_are_replaced(tmp_path: Path) -> None:
    main(["init", str(tmp_path), "--owner", "safety-lead", "--without-git"], io.StringIO(), io.StringIO())
    first = step(tmp_path)
    assert (first["step"], first["what"]) == ("examples", "Replace the 2 examples that `reassay init` wrote.")
    assert "You still have the examples: framework/mitigations.yml:4 is the first." in first["why"]
    assert "`reassay new mitigation`" in first["how"]
    values = ["--title", "T", "--owner", "safety-lead", "--every", "1 year"]
    main(["new", "mitigation", "ours", str(tmp_path), *values], io.StringIO(), io.StringIO())
    assert step(tmp_path)["step"] != "examples"


def test_an_error_of_ones_own_comes_before_the_examples(tmp_path: Path) -> None:
    main(["init", str(tmp_path), "--owner", "safety-lead", "--without-git"], io.StringIO(), io.StringIO())
    written(tmp_path, {"framework/ours.yml": "mitigations:\n  - {id: ours, title: T, owner: a, evry: 1 year}\n"})
    assert step(tmp_path)["step"] == "mend"


def test_a_register_of_commitments_alone_is_not_called_empty(tmp_path: Path) -> None:
    options = ["--from", "anthropic-rsp-3-4", "--owner", "safety-lead", "--without-git"]
    main(["init", str(tmp_path), *options], io.StringIO(), io.StringIO())
    assert step(tmp_path)["step"] != "register"


@pytest.mark.parametrize(
    ("without", "what"),
    [
        (1, "Give m0 an interval."),
        (20, "Give 20 of your 30 mitigations an interval: they have none."),
    ],
)
def test_mitigations_without_an_interval_are_counted(tmp_path: Path, without: int, what: str) -> None:
    entries = [
        f"  - {{id: m{number}, title: T, owner: a, assessor: b{'' if number < without else ', every: 1 year'}}}"
        for number in range(30)
    ]
    written(tmp_path, {"framework/m.yml": "\n".join(["mitigations:", *entries, ""])})
    assert later_step(tmp_path).what == what


def test_one_that_a_commitment_gives_an_interval_is_not_counted(tmp_path: Path) -> None:
    text = (
        "mitigations:\n  - {id: m, title: T, owner: a, assessor: b}\ncommitments:\n  - {id: c, title: C, owner: a, assessor: b,"
        " statement: S, source: {organisation: O, document: D}, subject: {kind: mitigation}, triggers: [{kind: interval, every: 1 year}]}\n"
    )
    written(tmp_path, {"framework/m.yml": text})
    assert later_step(tmp_path).id not in {"interval", "mend"}
