"""The command line. Each command is a file with a COMMAND, and an entry of COMMANDS.

Files here import at the top only what argparse needs; a command imports the rest when it runs, because a workflow pays for
every import on every run.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack, chdir
from typing import Final, TextIO

from reassay import __version__
from reassay.cli.command_entry import CliCommand, CommandEntry
from reassay.cli.parser import PROGRAM, Parser
from reassay.common.errors import ReassayError, UsageError

FINE, UPSTREAM = 0, 3
FOLDER: Final = "-C"
"""Option before the command that names the folder to run in, as in git."""
EPILOG = """\
exit codes: 0 fine, 1 findings, 2 usage or environment, 3 GitHub or git failed
results go to standard output, messages to standard error
"""
COMMANDS: tuple[CommandEntry, ...] = (
    CommandEntry(
        "action", "run a sweep inside a GitHub Actions workflow; the event is read from the environment", "action"
    ),
    CommandEntry(
        "audit-pack",
        "write an audit pack for a period: obligations, decisions and exceptions, and the data to verify them",
        "audit_pack",
    ),
    CommandEntry("check", "validate the register; every finding has file, line, column and a remedy", "check"),
    CommandEntry(
        "commitments",
        "list, show or add ready-made commitments of public codes, statutes and standards; not legal advice",
        "commitments",
    ),
    CommandEntry("completion", "print a script that completes commands in bash, zsh or fish", "completion"),
    CommandEntry(
        "demo",
        "run the hosted App and the main job on a local GitHub, in a browser; needs no account and no network",
        "demo",
    ),
    CommandEntry("diff", "list the changes between two git revisions: which are significant, and why", "diff"),
    CommandEntry(
        "doctor", "list what in a repository lets somebody bypass the gate or the ledger, and how to fix it", "doctor"
    ),
    CommandEntry(
        "evidence",
        "read evaluation results as counts and judge criteria by them; seal confidential evidence; nothing is uploaded",
        "evidence",
    ),
    CommandEntry(
        "explain",
        "explain a mitigation, commitment or record: its state, why, since when, and what settles it",
        "explain",
    ),
    CommandEntry(
        "export",
        "print the register as a spreadsheet (CSV), with reassay's field names or another spreadsheet's columns",
        "export",
    ),
    CommandEntry("gate", "print the merge verdict for a range of commits, computed offline, with its reasons", "gate"),
    CommandEntry("help", "print the help of the program or of a command", "help_"),
    CommandEntry(
        "import",
        "turn a list of controls (CSV, Excel, YAML, Markdown, OSCAL) into mitigations; list all that was not imported",
        "import_",
    ),
    CommandEntry(
        "import-history",
        "turn a spreadsheet of past tests and reviews into past assessments; rows imported before are skipped",
        "import_history",
    ),
    CommandEntry(
        "init", "write a first register and the workflow that runs reassay; existing files are not changed", "init"
    ),
    CommandEntry(
        "ledger", "verify, log, show and export the ledger of decisions, offline; create a key that signs it", "ledger"
    ),
    CommandEntry(
        "mcp",
        "answer an assistant's questions about this checkout, read-only (Model Context Protocol on standard input)",
        "mcp",
    ),
    CommandEntry("new", "add one object to the register: a mitigation, a deployment, an incident and so on", "new"),
    CommandEntry("next", "propose the next step of adoption", "next_step"),
    CommandEntry("plan", "list what the bot would do now, or with --until all that it would open up to a date", "plan"),
    CommandEntry(
        "release-check",
        "print whether a model may be released to a deployment now, for pipelines without pull requests",
        "release_check",
    ),
    CommandEntry(
        "report",
        "write the dashboard as a static site: what is due, every state and result, coverage, incidents, the record",
        "report",
    ),
    CommandEntry(
        "sandbox",
        "try this register on a GitHub that runs on this machine: the plan, the issues, and commands in a browser",
        "sandbox",
    ),
    CommandEntry("schema", "print the JSON Schema of register files and of the configuration, for editors", "schema"),
    CommandEntry("serve", "run the hosted App: webhooks, jobs and first-time set-up", "serve"),
    CommandEntry(
        "signals",
        "list the sources of signals, read them now, or try a rule on incident rates; nothing is recorded",
        "signals",
    ),
    CommandEntry("status", "list each mitigation and deployment: state, due date, reasons, last decision", "status"),
    CommandEntry(
        "sweep",
        "reconcile repositories on GitHub: open what is due, record conclusions, close what is decided",
        "sweep",
    ),
    CommandEntry("worker", "run a background worker for the hosted App", "worker"),
)
"""In alphabetical order."""


def build_parser(chosen: str | None = None) -> argparse.ArgumentParser:
    """The parser of the command line: with the arguments of the chosen command, or of all commands if None."""
    parser = Parser(
        prog=PROGRAM,
        description="Re-assesses AI safety mitigations when they are due, on evidence, in a git repository.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument(
        FOLDER, dest="folders", action="append", default=[], metavar="DIR", help="run as if started in DIR; repeatable"
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for entry in COMMANDS:
        description = entry.help[:1].upper() + entry.help[1:] + "."
        command = subparsers.add_parser(entry.name, help=entry.help, description=description)
        if chosen in {entry.name, None}:
            _complete(command, entry.load())
    return parser


def _complete(parser: argparse.ArgumentParser, command: CliCommand) -> None:
    parser.epilog = command.epilog
    parser.add_argument("--quiet", "-q", action="store_true", help="print only errors on standard error")
    command.add_arguments(parser)
    parser.set_defaults(run=command.run)


def command_index(arguments: Sequence[str]) -> int | None:
    """The index of the command among the words of a command line; None without one."""
    is_folder = False
    for index, word in enumerate(arguments):
        if not is_folder and not word.startswith("-"):
            return index
        is_folder = word == FOLDER
    return None


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of a command line. Raises UsageError; SystemExit after it has printed help or version."""
    at = command_index(arguments)
    chosen = arguments[at] if at is not None else ""
    entry = next((entry for entry in COMMANDS if entry.name == chosen), None)
    words = list(arguments)
    if at is not None and entry is not None:
        words[at + 1 :] = entry.load().prepare(words[at + 1 :])
    return build_parser(chosen).parse_args(words)


def main(arguments: Sequence[str], out: TextIO, err: TextIO) -> int:
    """Runs one command and returns its exit code (see EPILOG). Prints errors on `err`."""
    try:
        code = _run(arguments, out, err)
        out.flush()  # a pipe that is closed shows here at the latest, not when the interpreter ends
    except BrokenPipeError:
        # The reader closed the pipe (`reassay status | head`); None keeps Python from reporting that at exit.
        sys.stdout = None  # the interpreter checks for None
        return FINE
    return code


def _run(arguments: Sequence[str], out: TextIO, err: TextIO) -> int:
    try:
        parsed = parse(arguments)
        with ExitStack() as stack:
            for folder in parsed.folders:
                _enter(folder, stack)
            if getattr(parsed, "reads_repository", False):
                from reassay.cli.repository_root import at_root

                at_root(parsed, err)
            return int(parsed.run(parsed, out, err))
    except SystemExit as error:
        return int(error.code or 0)
    except ReassayError as error:
        print(f"reassay: {error}", file=err)
        return error.exit_code
    except KeyboardInterrupt:
        print("reassay: interrupted; run the same command again to continue", file=err)
        return UPSTREAM


def _enter(folder: str, stack: ExitStack) -> None:
    """Makes it the current folder until the command ends, as git's option of the same name does. Raises UsageError."""
    try:
        stack.enter_context(chdir(folder))
    except OSError as error:
        message = f"'{folder}' cannot be entered: {(error.strerror or str(error)).lower()}."
        raise UsageError(message, where=FOLDER, remedy="Name a folder that exists.") from None
