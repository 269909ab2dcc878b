"""Help with examples, suggestions for misspelt words, `-C`, and completion."""

import io
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reassay.cli import COMMANDS, FOLDER, build_parser, command_index, main, parse
from reassay.cli.completion import SHELLS, subcommands
from reassay.cli.examples import EXAMPLES
from reassay.cli.parser import Parser
from tests.unit.cli.checkouts import git

LOCAL = {
    "check",
    "commitments list",
    "commitments show",
    "completion",
    "diff",
    "evidence plan-test",
    "explain",
    "export",
}
LOCAL |= {"gate", "help", "next", "plan", "schema", "signals status", "status"}
"""Commands whose examples run in a checkout without GitHub and without further files."""


def reassay(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(list(arguments), out, err), out.getvalue(), err.getvalue()


def parsers(parser: Parser | None = None) -> "Iterator[Parser]":
    parser = parser or build_parser()  # type: ignore[assignment] # it is one
    assert isinstance(parser, Parser)
    yield parser
    for part in subcommands(parser).values():
        assert isinstance(part, Parser)
        yield from parsers(part)


def words_of(example: str) -> list[str]:
    """The words of an example as a shell reads them, without redirections."""
    line = example.replace("\\\n", " ").partition(" > ")[0]
    return shlex.split(line, comments=True)[1:]


CASES = [(name, example) for name, examples in EXAMPLES.items() for example in examples]


def test_every_command_and_subcommand_has_examples_and_no_other_has() -> None:
    names = {parser.prog.removeprefix("reassay").strip() for parser in parsers()}
    assert names == EXAMPLES.keys()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "example"), CASES)
def test_every_example_parses_and_is_of_its_command(name: str, example: str) -> None:
    words = words_of(example)
    at = command_index(words) or 0
    parse(words)
    assert " ".join(words[at:]).startswith(name)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a mitigation, a model and a deployment, where the examples of help make sense."""
    folder = tmp_path_factory.mktemp("framework") / "framework"
    shutil.copytree("examples/starter", folder)
    with (folder / "framework" / "mitigations.yml").open("a", encoding="utf-8") as register:
        register.write("\nroles: {board: {users: [release-manager]}}\n")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "register")
    return folder


ELSEWHERE = ("--like", "R-2026", "jailbreak-filter/api", "--mitigation")
"""Words of examples that need a spreadsheet, a record, a deployment or a criterion."""
RUNNING = [case for case in CASES if case[0] in LOCAL and not any(word in case[1] for word in ELSEWHERE)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "example"), RUNNING)
def test_the_examples_that_need_nothing_else_run(
    name: str, example: str, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "framework"
    shutil.copytree(checkout, copy)
    monkeypatch.chdir(copy)
    code, out, err = reassay(*words_of(example))
    assert code in {0, 1}, (name, err)
    assert out or "--out" in example


def test_help_has_at_most_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for parser in parsers():
        text = parser.format_help()
        assert [line for line in text.splitlines() if len(line) > 80] == []
        assert re.search(r"^examples:\n  reassay", text, re.MULTILINE)


def test_help_has_no_colours_in_any_version_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert [parser.prog for parser in parsers() if "\x1b" in parser.format_help()] == []


@pytest.mark.parametrize("command", [(), ("status",), ("ledger",), ("ledger", "log")])
def test_help_of_a_command_is_what_its_option_prints(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert reassay(*command, "--help")[0] == 0
    assert reassay("help", *command)[1] == capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("staus", "'staus' is not a command. Did you mean 'status'? For its help, run `reassay help`."),
        ("ledger lgo", "'lgo' is not a command. Did you mean 'log'? For its help, run `reassay help ledger`."),
        ("help staus", "'staus' is not a command of `reassay`. Did you mean 'status'?"),
        ("--verison", "'--verison' is not an option of `reassay`. Did you mean '--version'?"),
        ("--quite status", "'--quite' is not an option of `reassay`."),
        ("status --fromat json", "'--fromat' is not an option of `reassay status`. Did you mean '--format'?"),
        ("status --fromat=json", "'--fromat' is not an option of `reassay status`. Did you mean '--format'?"),
        ("sweep --rpeo x/y", "'--rpeo' is not an option of `reassay sweep`. Did you mean '--repo'?"),
        ("ledger log --fromat csv", "'--fromat' is not an option of `reassay ledger log`. Did you mean '--format'?"),
        ("evidence r.json --mitigaton x", "Did you mean '--mitigation'?"),
        ("status --format jsn", "'jsn' is not a value of --format. Did you mean 'json'?"),
        ("status --format q", "It is one of text, json, csv, ics."),
        ("status a b", "'b' is not expected here."),
        ("", "the following arguments are required: COMMAND. For its help, run `reassay help`."),
        ("sweep", "the following arguments are required: --repo. For its help, run `reassay help sweep`."),
        ("-C nowhere status", "-C: 'nowhere' cannot be entered: no such file or directory."),
    ],
)
def test_a_misspelt_word_is_named_with_the_nearest_one(line: str, words: str) -> None:
    code, out, err = reassay(*line.split())
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1


def test_words_after_two_dashes_and_abbreviations_are_as_argparse_has_them() -> None:
    assert parse(["status", "--form", "csv", "--", "--fromat"]).path == "--fromat"


@pytest.mark.parametrize(
    ("words", "index"),
    [
        (["status"], 0),
        (["-C", "a", "status"], 2),
        (["-C", "a", "-C", "b", "status"], 4),
        (["-Ca", "status"], 1),
        (["--version"], None),
        (["-C", "status"], None),
        ([], None),
    ],
)
def test_the_command_is_the_first_word_that_belongs_to_no_option(words: list[str], index: int | None) -> None:
    assert command_index(words) == index


def test_a_folder_before_the_command_is_where_it_runs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout.parent)
    before = Path.cwd()
    code, out, err = reassay(FOLDER, str(checkout.parent), FOLDER, checkout.name, "status", "--at", "2026-10-01")
    assert (code, err) == (0, "")
    assert Path.cwd() == before
    assert reassay("status", str(checkout), "--at", "2026-10-01")[1] == out


@pytest.fixture(scope="module")
def bash_script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("completion") / "reassay.bash"
    file.write_text(reassay("completion", "bash")[1])
    return file


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["sta"], {"status"}),
        (["ledger", "l"], {"log"}),
        (["status", "--over"], {"--overdue"}),
        (["status", "--format", "j"], {"json"}),
        (["help"], {"help"}),
    ],
)
def test_bash_completes_commands_options_and_values(bash_script: Path, words: list[str], completed: set[str]) -> None:
    script = (
        f"source {shlex.quote(str(bash_script))}; COMP_WORDS=({shlex.join(['reassay', *words])});"
        f" COMP_CWORD={len(words)}; _shtab_reassay; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == completed


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_is_in_the_script_of_every_shell(shell: str) -> None:
    code, script, err = reassay("completion", shell)
    assert (code, err) == (0, "")
    assert [entry.name for entry in COMMANDS if entry.name not in script] == []


def test_completion_without_its_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "shtab", None)
    code, out, err = reassay("completion", "bash")
    assert (code, out) == (2, "")
    assert 'pip install "reassay[completion]"' in err
