"""`reassay check`: what a person, a program and a workflow's log are shown."""

import io
import json
import os
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.register.register import LISTS
from tests.unit.register.trees import Files, written

GOLDENS = Path(__file__).parent / "goldens"
BROKEN: Files = {
    "framework/mitigations.yml": (
        "timezon: Europe/Berlin\n"
        "mitigations:\n"
        "  - id: Jailbreak_Filter\n"
        "    title: Input filter\n"
        "    ownr: safety-lead\n"
        "    every: 6 moons\n"
        "  - {id: fine, title: Fine, owner: safety-lead, every: 6 months}\n"
        "  - {id: soon, title: Soon, owner: safety-lead}\n"
        f"  - {{id: long, title: {'very ' * 30}long, owner: '@safety-lead', every: 6 months}}\n"
    ),
    "framework/deployments/日本.yml": "id: app\ntitle: '日本語 アプリ'\n\naudience: externl # 日本語\n",
    "framework/mitigations/broken.md": '---\nid: x\ntitle: "X\n---\nBody\n',
    "framework/mitigations/latin.yml": b"id: d\ntitle: caf\xe9\n",
}
TARGET = "target: {statement: S, criteria: [{kind: judgement, name: n, question: Q}]}"
FINE: Files = {
    "framework/a.yml": f"mitigations:\n  - {{id: a, title: A, owner: safety-lead, every: 6 months, {TARGET}}}\n"
}
WARNING: Files = {"framework/a.yml": f"mitigations:\n  - {{id: a, title: A, owner: safety-lead, {TARGET}}}\n"}


class Terminal(io.StringIO):
    """Standard output as a person's terminal."""

    def isatty(self) -> bool:
        return True


def check(root: Path, *arguments: str, out: io.StringIO | None = None) -> tuple[int, str, str]:
    out, err = out or io.StringIO(), io.StringIO()
    code = main(["check", str(root), *arguments], out, err)
    return code, out.getvalue(), err.getvalue()


def test_the_text_for_people_is_as_agreed(tmp_path: Path) -> None:
    written(tmp_path, BROKEN)
    code, out, err = check(tmp_path)
    golden = GOLDENS / "check.txt"
    if os.environ.get("REASSAY_UPDATE_GOLDENS"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(out, encoding="utf-8")
    assert out == golden.read_text(encoding="utf-8")
    assert (code, err) == (1, "")


def test_what_is_fine_is_said_in_one_sentence(tmp_path: Path) -> None:
    written(tmp_path, FINE)
    assert check(tmp_path) == (0, "1 mitigation valid, no findings.\n", "")


def test_warnings_count_only_when_they_are_meant_to(tmp_path: Path) -> None:
    written(tmp_path, WARNING)
    code, out, _ = check(tmp_path)
    assert code == 0
    assert "1 mitigation valid, 1 warning." in out
    assert check(tmp_path, "--strict")[0] == 1


def test_colours_are_for_terminals_and_no_color_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, BROKEN)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    piped = check(tmp_path)[1]
    assert "\x1b" not in piped
    coloured = check(tmp_path, out=Terminal())[1]
    assert "\x1b[1;31m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in check(tmp_path, out=Terminal())[1]


def test_a_terminal_shows_the_same_words_and_breaks_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, BROKEN)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "40")
    piped = check(tmp_path)[1].splitlines()
    shown = check(tmp_path, out=Terminal())[1].splitlines()
    assert [line.rstrip() for line in shown] == [line.rstrip() for line in piped]


def test_json_has_every_finding_and_the_sums(tmp_path: Path) -> None:
    written(tmp_path, BROKEN)
    code, out, err = check(tmp_path, "--format", "json")
    document = json.loads(out)
    assert (code, err, document["schema"]) == (1, "", "reassay/check/v1")
    assert set(document["findings"][0]) == {"path", "line", "column", "code", "message", "remedy", "severity"}
    assert document["summary"] == dict.fromkeys(LISTS, 0) | {"errors": 8, "warnings": 2, "files": 4, "mitigations": 2}
    assert len(document["findings"]) == 10


def test_annotations_name_file_line_and_column_from_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "repo", BROKEN)
    monkeypatch.chdir(tmp_path)
    code, out, _ = check(Path("repo"), "--format", "github")
    lines = out.splitlines()
    assert code == 1
    wanted = (
        "::error file=repo/framework/mitigations.yml,line=6,col=12,title=reassay%3A not-a-duration::'6 moons' is not"
    )
    assert any(line.startswith(wanted) for line in lines)
    assert sum(line.startswith("::warning ") for line in lines) == 2
    assert lines[-1] == "2 mitigations valid, 8 errors, 2 warnings."


HOSTILE = [
    '"x\\n::set-output name=a::b"',
    '"x\\r::error::y"',
    '"a%0A::stop-commands::b"',
    '"\\e[2J\\u202E"',
    "'::add-mask::x,file=y:z'",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_begins_no_workflow_command_and_steers_no_terminal(tmp_path: Path, text: str) -> None:
    entry = f"mitigations:\n  - {{id: {text}, title: A, owner: {text}, status: {text}, {text}: {text}, deployments: [{text}]}}\n"
    written(tmp_path, {"framework/a.yml": entry, "framework/b,c:d%0A\n::error::x.yml": "id: [\n"})
    code, out, _ = check(tmp_path, "--format", "github")
    assert code == 1
    for line in out.splitlines()[:-1]:
        assert line.startswith("::error file=")
        assert line.count("\x1b") == 0
        properties = line.removeprefix("::error ").split("::")[0]
        assert [each.split("=")[0] for each in properties.split(",")] == ["file", "line", "col", "title"]
        assert line.isprintable()
    shown = check(tmp_path)[1]
    assert all(line.isprintable() for line in shown.splitlines())
    assert json.loads(check(tmp_path, "--format", "json")[1])["findings"]


def test_a_folder_without_a_register_is_a_usage_error_with_a_way_on(tmp_path: Path) -> None:
    code, out, err = check(tmp_path)
    assert (code, out) == (2, "")
    assert "no register" in err
    assert "reassay init" in err


def test_no_register_does_not_hide_what_is_wrong_with_the_configuration(tmp_path: Path) -> None:
    written(tmp_path, {".github/reassay.yml": "register: elsewhere/\npublish: yes\n"})
    code, out, _ = check(tmp_path)
    assert code == 2
    assert "2:10: error wrong-type" in out


def test_a_path_that_is_no_folder_is_a_usage_error(tmp_path: Path) -> None:
    code, _, err = check(tmp_path / "nowhere")
    assert code == 2
    assert "no such folder" in err
