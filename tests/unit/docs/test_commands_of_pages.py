"""Every command of README, docs and examples is run, in the order of its page, in a repository made for it.

A new page needs nothing here. A command that cannot run gets one line in `command_tables.py`; the failure says which.
"""

import io
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from reassay.cli import COMMANDS, build_parser, main
from reassay.commands.registry import NotUnderstood, parse_comment
from reassay.common.clock import SystemClock
from reassay.common.errors import UsageError
from tests.unit.docs.command_folder import NOW, copy, prepare
from tests.unit.docs.command_tables import EXITS, NOT_RUN, PLACEHOLDERS, Place, filled, matching
from tests.unit.docs.page_commands import (
    PAGES,
    ROOT,
    PageCommand,
    Step,
    commands_of,
    slash_commands_of,
    steps_of,
    without_usage_marks,
)

TABLES = "tests/unit/docs/command_tables.py"
HELP = "docs/reference/command-line.md"
"""The help of every command, whose examples tests/unit/cli/test_command_line.py runs."""
ALL = {page: commands_of(page, file.read_text(encoding="utf-8")) for page, file in PAGES.items() if page != HELP}
MISSING = re.compile(
    r"arguments are required|expected (?:one|at least one) argument|no file is given|a new [a-z ]+ needs id"
)
TARGETS = frozenset(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = prepare(tmp_path_factory.mktemp("commands") / "repository")
    done = _reassay(Step({}, ("reassay", "status", str(folder / "framework"), "--format", "json"), None))
    anchor = re.search(r"\b\d+:[0-9a-f]{12,64}\b", done.out)
    assert anchor, done
    (folder / "framework" / "anchors.txt").write_text(f"{anchor[0]}  saved by the tests\n", encoding="utf-8")
    return folder


@pytest.fixture
def place(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(SystemClock, "now", lambda _: NOW)
    work = copy(prepared, tmp_path / "copy")
    monkeypatch.chdir(work)
    return Place(work)


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page, commands in ALL.items() if commands])
def test_every_command_of_a_page_does_what_it_is_there_for(
    page: str, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = [fault for command in ALL[page] if (fault := _fault(command, place, capsys))]
    assert faults == [], "\n\n".join(["", *faults])


def _fault(command: PageCommand, place: Place, capsys: pytest.CaptureFixture[str]) -> str | None:
    text, _ = filled(without_usage_marks(command.text), place)
    where = f"{command.place}: {command.text}\n  run as: {text}\n  "
    try:
        steps = steps_of(text)
    except ValueError as error:
        return (
            None if matching(NOT_RUN, text) else f"{where}{error}: make it plain, or add a line to NOT_RUN in {TABLES}"
        )
    for step in steps:
        if step.words[0] == "reassay" and (unknown := _unknown_words(step, capsys, is_name=not command.in_block)):
            return None if unknown == "a name" else f"{where}{unknown}"
        if matching(NOT_RUN, " ".join(step.words)):
            continue
        try:
            outcome = _run(step)
        except LookupError as error:
            return f"{where}{error}"
        printed = capsys.readouterr()
        place.output += [outcome.out, outcome.err]
        if not command.in_block and outcome.code and MISSING.search(outcome.err):
            continue  # a sentence names the command without what it needs
        expected = matching(EXITS, " ".join(step.words))
        if outcome.code != (EXITS[expected][0] if expected else 0):
            return (
                f"{where}it exits {outcome.code}: {(outcome.err + printed.err + outcome.out)[-800:]}\n  Correct the page. If the command needs a value, "
                f"add it to PLACEHOLDERS; a file, to FILES in command_folder.py; if it cannot run here, to NOT_RUN with the reason "
                f"({TABLES})."
            )
        if step.to:
            Path(step.to).write_text(outcome.out, encoding="utf-8")
    return None


def _unknown_words(step: Step, capsys: pytest.CaptureFixture[str], *, is_name: bool) -> str | None:
    """What the command line would refuse; "a name" if a sentence names a command without what it needs."""
    words = list(step.words[1:])
    chosen = next((word for word in words if not word.startswith("-")), "")
    entry = next((entry for entry in COMMANDS if entry.name == chosen), None)
    if entry is not None:
        at = words.index(chosen) + 1
        words[at:] = entry.load().prepare(words[at:])
    try:
        build_parser(chosen).parse_args(words)
    except SystemExit:
        capsys.readouterr()  # help and version print and end
    except UsageError as error:
        return "a name" if is_name and MISSING.search(str(error)) else f"the command line refuses it: {error}"
    return None


def _run(step: Step) -> Outcome:
    match step.words[0]:
        case "reassay":
            return _reassay(step)
        case "make":
            return Outcome(0 if set(step.words[1:]) <= TARGETS | {"ARGS=--headless"} else 2, "", "no such target")
        case "git" | "mkdir":
            done = subprocess.run(step.words, capture_output=True, text=True, check=False)
            return Outcome(done.returncode, done.stdout, done.stderr)
        case program:
            raise LookupError(f"nothing here runs {program!r}: add a line to NOT_RUN in {TABLES}, with the reason")


def _reassay(step: Step) -> Outcome:
    out, err = io.StringIO(), io.StringIO()
    return Outcome(main(step.words[1:], out, err), out.getvalue(), err.getvalue())


@pytest.mark.parametrize(
    ("text", "in_block", "message"),
    [
        ("reassay ledger list", False, "'list' is not a command"),
        ("reassay ledger log --every", True, "'--every' is not an option of"),
        ("reassay statsu", False, "'statsu' is not a command"),
        ("reassay import", True, "no file is given"),
        ("reassay import", False, ""),
        ("reassay serve --prot 80", True, "'--prot' is not an option of"),
        ("reassay check no-such-folder", True, "it exits 2"),
        ("wget x", True, f"add a line to NOT_RUN in {TABLES}"),
        ("reassay status | head", True, "make it plain, or add a line"),
        ("make nothing", True, "no such target"),
    ],
)
def test_a_wrong_command_is_a_fault_that_says_what_to_do(
    text: str, in_block: bool, message: str, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    fault = _fault(PageCommand("docs/page.md", 7, text, in_block), place, capsys) or ""
    assert message in fault
    assert bool(fault) == bool(message)
    assert fault == "" or fault.startswith("docs/page.md:7: ")


@pytest.mark.slow
def test_the_tables_hold_nothing_that_no_page_uses(place: Place) -> None:
    texts = [without_usage_marks(command.text) for commands in ALL.values() for command in commands]
    filled_in = [filled(text, place) for text in texts]
    used = frozenset().union(*(patterns for _, patterns in filled_in))
    assert [pattern for pattern in PLACEHOLDERS if pattern not in used] == [], f"remove these lines of {TABLES}"
    words = [text for text, _ in filled_in]
    for table in (NOT_RUN, EXITS):
        reached = {matching(table, text) for text in words}
        assert [pattern for pattern in table if pattern not in reached] == [], f"remove these lines of {TABLES}"


def test_reasons_name_tests_that_exist() -> None:
    named = [path for reason in NOT_RUN.values() for path in re.findall(r"tests/[\w/.]*\w", reason)]
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_comments_to_paste_into_an_issue_are_understood(page: str) -> None:
    lines = slash_commands_of(PAGES[page].read_text(encoding="utf-8"))
    answers = {line: parse_comment(line) for line in lines}
    assert {
        line: answer for line, answer in answers.items() if not answer or isinstance(answer[0], NotUnderstood)
    } == {}


def test_commands_are_looked_for_where_pages_have_them() -> None:
    text = (
        "Run `reassay check`.\n\n```console\n$ A=b reassay plan \\\n    --until 2027-01-01   # comment\noutput\n```\n"
    )
    text += "```text\nreassay status\n```\n\n1. x\n\n   ```\n   reassay next && reassay status > f\n   reassay: output\n   ```\n"
    rows = [(command.line, command.text, command.in_block) for command in commands_of("p", text)]
    assert rows == [
        (1, "reassay check", False),
        (4, "A=b reassay plan --until 2027-01-01   # comment", True),
        (15, "reassay next && reassay status > f", True),
    ]
    assert steps_of(rows[1][1]) == (Step({"A": "b"}, ("reassay", "plan", "--until", "2027-01-01"), None),)
    assert [step.to for step in steps_of(rows[2][1])] == [None, "f"]
    assert sum(map(len, ALL.values())) > 100
