"""The command line. Each command is a file with a COMMAND, and an entry of COMMANDS.

Files here import at the top only what argparse needs; a command imports the rest when it runs, because a workflow pays for
every import on every run.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import TextIO

from reassay import __version__
from reassay.cli.command_entry import CliCommand, CommandEntry
from reassay.common.errors import ReassayError

FINE, UPSTREAM = 0, 3
COLUMN = 24
"""Column of help at which the explanations of commands and options begin, in every version of Python."""
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
        "explain a past verdict: what it was decided on, computed again, and what became known after it",
        "explain",
    ),
    CommandEntry(
        "export",
        "print the register as a spreadsheet (CSV), with reassay's field names or another spreadsheet's columns",
        "export",
    ),
    CommandEntry("gate", "print the merge verdict for a range of commits, computed offline, with its reasons", "gate"),
    CommandEntry(
        "import",
        "turn a spreadsheet of controls (CSV, TSV) into mitigations; list every row and column that was not imported",
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
        "ledger", "verify, list and export the ledger of decisions, offline; create a key that signs it", "ledger"
    ),
    CommandEntry("next", "propose the next step of adoption", "next_step"),
    CommandEntry("plan", "list what the bot would do now, or with --until all that it would open up to a date", "plan"),
    CommandEntry(
        "release-check",
        "print whether a model may be released to a deployment now, for pipelines without pull requests",
        "release_check",
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


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Formats help with a fixed column: Python before 3.13 measures command names without their indent."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=COLUMN)
        self._action_max_length = COLUMN


def build_parser(chosen: str | None = None) -> argparse.ArgumentParser:
    """The parser of the command line: with the arguments of the chosen command, or of all commands if None."""
    parser = argparse.ArgumentParser(
        prog="reassay",
        description="Re-assesses AI safety mitigations when they are due, on evidence, in a git repository.",
        epilog=EPILOG,
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"reassay {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for entry in COMMANDS:
        description = entry.help[:1].upper() + entry.help[1:] + "."
        command = subparsers.add_parser(
            entry.name, help=entry.help, description=description, formatter_class=HelpFormatter
        )
        if chosen in {entry.name, None}:
            _complete(command, entry.load())
    return parser


def _complete(parser: argparse.ArgumentParser, command: CliCommand) -> None:
    parser.epilog = command.epilog
    parser.add_argument("--quiet", "-q", action="store_true", help="print only errors on standard error")
    command.add_arguments(parser)
    parser.set_defaults(run=command.run)


def _prepared(chosen: str, arguments: Sequence[str]) -> Sequence[str]:
    entry = next((entry for entry in COMMANDS if entry.name == chosen), None)
    if entry is None:
        return arguments
    at = list(arguments).index(chosen) + 1
    return [*arguments[:at], *entry.load().prepare(arguments[at:])]


def main(arguments: Sequence[str], out: TextIO, err: TextIO) -> int:
    """Runs one command and returns its exit code (see EPILOG). Prints errors on `err`."""
    try:
        chosen = next((word for word in arguments if not word.startswith("-")), "")
        parsed = build_parser(chosen).parse_args(_prepared(chosen, arguments))
    except SystemExit as error:
        return int(error.code or 0)
    try:
        if getattr(parsed, "reads_repository", False):
            from reassay.cli.repository_root import at_root

            at_root(parsed, err)
        return int(parsed.run(parsed, out, err))
    except ReassayError as error:
        print(f"reassay: {error}", file=err)
        return error.exit_code
    except BrokenPipeError:
        # The reader closed the pipe (`reassay status | head`); None keeps Python from reporting that at exit.
        sys.stdout = None  # the interpreter checks for None
        return FINE
    except KeyboardInterrupt:
        print("reassay: interrupted; run the same command again to continue", file=err)
        return UPSTREAM
