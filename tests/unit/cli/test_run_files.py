"""What run-end says of a run, from real files of Inspect and from how its job ended."""

import shutil
from pathlib import Path

import pytest

from reassay.cli.run_files import RunPlan, ended
from reassay.evidence.run_documents import RunIdentity
from reassay.register.measurement import Measurement

WHOLE = Path(__file__).parents[2] / "action" / "recorded" / "inspect.eval"
PLAN = RunPlan(RunIdentity(workflow_run=1, attempt=1, name="evaluate", mitigation="filter"), None)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path


def with_file(workspace: Path, name: str = "a.eval") -> Path:
    shutil.copy(WHOLE, workspace / "logs" / name)
    return workspace


def test_files_are_read_and_named_by_their_digest(workspace: Path) -> None:
    document = ended(PLAN, "success", ("logs/*.eval",), with_file(workspace))
    assert (document.how, document.why) == ("result", None)
    assert len(document.files) == 1
    assert {reading.digest for reading in document.files[0].readings} == {document.files[0].digest}


def test_a_file_is_counted_once_whatever_names_it(workspace: Path) -> None:
    document = ended(
        PLAN, "success", ("logs/*.eval", "logs/a.eval", str(workspace / "logs/a.eval")), with_file(workspace)
    )
    assert len(document.files) == 1


@pytest.mark.parametrize("status", ["failure", "cancelled"])
def test_a_job_that_failed_after_its_tool_has_a_result_and_says_so(workspace: Path, status: str) -> None:
    document = ended(PLAN, status, ("logs/*.eval",), with_file(workspace))
    assert (document.how, document.why) == ("result", f"its job ended as {status}")
    assert len(document.files) == 1


def test_a_file_that_cannot_be_read_keeps_the_others_from_closing_anything(workspace: Path) -> None:
    (with_file(workspace) / "logs" / "b.eval").write_bytes(b"PK\x03\x04 cut off")
    document = ended(PLAN, "success", ("logs/*.eval",), workspace)
    assert document.how == "result"
    assert document.why is not None
    assert "'logs/b.eval' could not be read" in document.why
    problems = [problem for reading in document.files[0].readings for problem in reading.problems]
    assert all("other files of this run are missing" in problem for problem in problems[-1:])
    assert problems


def test_a_pattern_without_a_file_keeps_the_others_from_closing_anything(workspace: Path) -> None:
    document = ended(PLAN, "success", ("logs/*.eval", "more/*.eval"), with_file(workspace))
    assert document.how == "result"
    assert any("no file matches 'more/*.eval'" in problem for problem in document.files[0].readings[0].problems)


@pytest.mark.parametrize(
    ("patterns", "words"),
    [
        ((), "no result file was named"),
        (("logs/*.eval",), "no file matches 'logs/*.eval'"),
        (("../[",), "no file matches"),
        (("/",), "no file matches"),
        (("a\x00b",), "no file matches"),
    ],
)
def test_without_a_file_a_run_failed_with_its_reason(workspace: Path, patterns: tuple[str, ...], words: str) -> None:
    document = ended(PLAN, "success", patterns, workspace)
    assert (document.how, document.files) == ("failed", ())
    assert document.why is not None
    assert words in document.why


def test_more_files_than_a_run_can_have_are_said_and_not_cut_down(workspace: Path) -> None:
    for number in range(101):
        with_file(workspace, f"{number}.eval")
    document = ended(PLAN, "success", ("logs/*.eval",), workspace)
    assert (document.how, document.why) == ("failed", "101 files match, more than 100")


def test_what_the_criterion_declares_reaches_the_reader(workspace: Path) -> None:
    (workspace / "out.csv").write_text("text,answer\nfirst,bad\nsecond,good\n")
    columns = {"outcome": "answer", "prompt": "text"}
    measured = Measurement.model_validate_json(
        '{"tool": "csv", "columns": {"outcome": "answer", "prompt": "text"}, "adverse": ["bad"], "not_adverse": ["good"]}'
    )
    assert measured.columns is not None
    assert measured.columns.outcome == columns["outcome"]
    document = ended(RunPlan(PLAN.identity, measured), "success", ("out.csv",), workspace)
    (reading,) = document.files[0].readings
    assert dict(reading.totals) == {"bad": 1, "good": 1}


def test_a_hostile_file_name_is_one_short_line(workspace: Path) -> None:
    (workspace / "logs" / ("\u202ex\n::error::y" + "z" * 150 + ".eval")).write_bytes(b"nothing")
    document = ended(PLAN, "success", ("logs/*.eval",), workspace)
    assert document.why is not None
    assert "\n" not in document.why
    assert len(document.why) <= 300
