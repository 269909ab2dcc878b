"""`reassay evidence FILE...`: counts, verdicts and the interval at 80 columns; one broken file does not hide the others."""

import io
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from reassay.cli import main
from tests.unit.evidence.readers.result_lab import fixture

REGISTER = """\
mode: remind
models:
  - {id: large, title: Large, version: "1"}
deployments:
  - {id: app, title: App, audience: external, model: large}
mitigations:
  - id: filter
    title: Filter
    owner: safety-lead
    assessor: red-team-lead
    deployments: [app]
    every: 6 months
    target:
      statement: At most 2 of 100 attacks get through.
      criteria:
        - kind: rate
          name: attack success rate
          undesired: attack_success
          at_most: 0.02
          measured:
            tool: json
            adverse: [passed]
            not_adverse: [blocked]
            columns: {outcome: verdict, prompt: attack, model: model, performed_at: at}
"""
JUDGED = ("--mitigation", "filter", "--trained-on", "no", "--at", "2026-12-02")


def reassay(*words: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(words, out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "register.yml").write_text(REGISTER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def results(name: str, numbers: Iterable[int], passed: Iterable[int] = ()) -> str:
    through = set(passed)
    listed = [
        {
            "attack": f"attack {number}",
            "verdict": "passed" if number in through else "blocked",
            "model": "large",
            "at": "2026-12-01T10:00:00Z",
        }
        for number in numbers
    ]
    Path(name).write_text(json.dumps(listed))
    return name


def test_without_a_mitigation_there_are_counts_and_what_a_criterion_would_declare(folder: Path) -> None:
    columns = ("--column", "outcome=verdict", "--column", "prompt=attack")
    code, text, _ = reassay("evidence", results("a.json", range(12), passed=[3]), *columns)
    assert code == 0
    assert "attempted        12 on 12 prompts" in text
    assert "outcome passed   1" in text
    assert "These are counts, not a verdict." in text
    assert "met" not in text.split("These are counts")[0]


def test_with_a_mitigation_there_is_the_verdict_and_the_interval_against_the_bound(folder: Path) -> None:
    code, text, _ = reassay("evidence", results("a.json", range(114)), *JUDGED)
    assert code == 1
    assert "INSUFFICIENT" in text
    assert "61 more prompts" in " ".join(text.split())
    assert "0 [*-----" in text
    assert "| bound 2%" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "\x1b" not in text
    code, text, _ = reassay("evidence", "a.json", results("b.json", range(114, 175)), *JUDGED)
    assert (code, "MET: " in text) == (0, True)


def test_one_broken_file_is_reported_and_the_others_are_shown_and_counted(folder: Path) -> None:
    Path("broken.json").write_text('{"status": ')
    code, text, _ = reassay("evidence", "broken.json", results("a.json", range(200)), "nowhere.json", *JUDGED)
    assert code == 1
    assert "broken.json: not read" in text
    assert "nowhere.json: not read" in text
    assert "MET: " in text


def test_json_has_observations_criteria_and_what_could_not_be_read(folder: Path) -> None:
    Path("broken.json").write_text('{"status": ')
    code, text, _ = reassay(
        "evidence", results("a.json", range(100), passed=range(9)), "broken.json", *JUDGED, "--format", "json"
    )
    document = json.loads(text)
    assert (code, document["schema"]) == (1, "reassay/evidence/v1")
    (observation,) = document["observations"]
    assert (observation["file"], observation["outcomes"]) == ("a.json", {"blocked": 91, "passed": 9})
    assert (observation["n"], observation["k"], observation["value"], observation["model"]) == (
        100,
        None,
        None,
        "large",
    )
    (criterion,) = document["criteria"]
    assert (criterion["verdict"], criterion["n"], criterion["k"]) == ("exceeded", 100, 9)
    assert "metric" in criterion
    assert criterion["lower"] < 0.09 < criterion["upper"]
    assert [own["file"] for own in document["unreadable"]] == ["broken.json"]


def test_a_file_may_be_called_like_a_subcommand(folder: Path) -> None:
    results("seal", range(3))
    columns = ("--column", "outcome=verdict", "--column", "prompt=attack")
    assert reassay("evidence", "./seal", *columns)[0] == 0
    assert reassay("evidence", "read", "seal", *columns)[0] == 0
    assert reassay("evidence", *columns, "seal")[0] == 0
    assert reassay("evidence", "seal")[0] == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--mitigation", "filtr"), "there is no mitigation 'filtr' in the register. Did you mean"),
        (("--criterion", "x"), "--criterion needs --mitigation"),
        (("--mitigation", "filter", "--criterion", "x"), "These are: 'attack success rate'"),
        (("--column", "outcome"), "'outcome' is not a column"),
        (("--column", "outcome=verdict"), "State at least outcome=COLUMN and prompt=COLUMN"),
        (
            ("--mitigation", "filter", "--deployment", "ap"),
            "'ap' is not a deployment of the register. Did you mean 'app'?",
        ),
        (("--mitigation", "filter", "--register", "nowhere"), "there is no such folder"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_2(folder: Path, words: tuple[str, ...], said: str) -> None:
    code, out, err = reassay("evidence", results("a.json", range(3)), *words)
    assert (code, out) == (2, "")
    assert said in err


def test_a_name_from_a_file_cannot_move_the_cursor(folder: Path) -> None:
    hostile = [{"attack": "1", "verdict": "\x1b[2Jgood\u202e", "model": "m"}]
    Path("a.json").write_text(json.dumps(hostile))
    _, text, _ = reassay("evidence", "a.json", "--column", "outcome=verdict", "--column", "prompt=attack")
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_several_criteria_read_a_file_each_by_what_it_declares(folder: Path) -> None:
    other = REGISTER[REGISTER.index("        - kind: rate") :].replace("attack success rate", "late answers")
    other = other.replace("outcome: verdict", "outcome: late").replace("passed", "1").replace("blocked", "0")
    (folder / "framework" / "register.yml").write_text(REGISTER + other.replace("[1]", '["1"]').replace("[0]", '["0"]'))
    listed = [
        {"attack": f"a{number}", "verdict": "blocked", "late": "0", "model": "large", "at": "2026-12-01T10:00:00Z"}
        for number in range(200)
    ]
    Path("a.json").write_text(json.dumps(listed))
    code, text, _ = reassay("evidence", "a.json", *JUDGED)
    assert (code, text.count("MET: ")) == (0, 2)
    code, text, _ = reassay("evidence", "a.json", *JUDGED, "--criterion", "late answers")
    assert code == 0
    assert "outcome 0" in text


def test_verdicts_name_the_files_and_no_entry_that_the_ledger_does_not_have(folder: Path) -> None:
    results("a.json", range(200))
    (folder / "copy.json").write_bytes((folder / "a.json").read_bytes())
    _, text, _ = reassay("evidence", "a.json", "copy.json", *JUDGED)
    said = " ".join(text.split())
    assert "copy.json does not count: the same file is already attached by a.json" in said
    assert "entry" not in said
    _, text, _ = reassay("evidence", "a.json", "--mitigation", "filter", "--at", "2026-12-02")
    assert "a.json counts only against it: nobody said" in " ".join(text.split())


def test_without_counts_nothing_is_called_counts(folder: Path) -> None:
    (folder / "a.json").write_text("[]")
    code, text, _ = reassay("evidence", "a.json")
    assert code == 1
    assert "These are counts" not in text


def test_errors_of_the_register_are_said(folder: Path) -> None:
    broken = REGISTER + "  - {id: other, title: Other, owner: safety-lead, every: 5 moons}\n"
    (folder / "framework" / "register.yml").write_text(broken)
    _, _, err = reassay("evidence", results("a.json", range(200)), *JUDGED)
    assert "the register has errors; to see them, run `reassay check`" in err
    code, _, err = reassay("evidence", "a.json", "--mitigation", "other")
    assert code == 2
    assert "The register has errors: `reassay check`" in err


def test_without_a_register_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = reassay("evidence", results("a.json", range(3)), "--mitigation", "filter")
    assert code == 2
    assert "there is no register in the folder" in err
    assert "--register PATH" in err


def test_json_says_how_many_were_adverse_where_the_tool_itself_fixes_it(folder: Path) -> None:
    Path("report.jsonl").write_bytes(fixture("garak", "0.17.1_mixed.report.jsonl"))
    _, text, _ = reassay("evidence", "report.jsonl", "--format", "json")
    for own in json.loads(text)["observations"]:
        fails, passed = own["outcomes"].get("fails", 0), own["outcomes"].get("passed", 0)
        assert (own["k"], own["n"]) == (fails, fails + passed)
        assert own["value"] == (fails / (fails + passed) if fails + passed else None)
