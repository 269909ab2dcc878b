"""The command line: one file per command with its COMMAND, and a line in COMMANDS.

Files here import at the top only what argparse needs; a command imports the rest when it runs, because in an Action
every millisecond of import is paid on every run.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import TextIO

from reassay import __version__
from reassay.cli._command import CliCommand, CommandEntry
from reassay.common.errors import ReassayError

FINE, UPSTREAM = 0, 3
COLUMN = 24
"""The column at which the explanations of commands and options begin in help, in every version of Python."""
EPILOG = """\
exit codes: 0 fine, 1 findings, 2 usage or environment, 3 GitHub or git failed
documents go to standard output, everything else to standard error
"""
COMMANDS: tuple[CommandEntry, ...] = (
    CommandEntry(
        "action", "what the composite Action runs inside a workflow; reads the event from the environment", "action"
    ),
    CommandEntry(
        "audit-pack",
        "what an auditor asks of a period: every obligation, decision and exception, with all it takes to check them",
        "audit_pack",
    ),
    CommandEntry(
        "check",
        "validate the register: every finding with file, line, column, what is wrong and what to write",
        "check",
    ),
    CommandEntry(
        "demo", "the hosted App and the whole main job on a local GitHub, in a browser; no account, no network", "demo"
    ),
    CommandEntry(
        "diff",
        "what a change means: which mitigations it loosens, which deployments it widens, what is significant and why",
        "diff",
    ),
    CommandEntry("doctor", "what in a repository lets somebody around the record, and how to mend it", "doctor"),
    CommandEntry(
        "evidence", "seal confidential evidence: its digest is computed here, and no content leaves", "evidence"
    ),
    CommandEntry(
        "export",
        "print the register as a spreadsheet (CSV that Excel reads), with our field names or the columns of another one",
        "export",
    ),
    CommandEntry(
        "gate", "the merge verdict for a range of commits, as far as it can be known offline, explained", "gate"
    ),
    CommandEntry(
        "import",
        "turn a spreadsheet of controls (CSV, TSV) into mitigations, and list whatever was not taken over",
        "import_",
    ),
    CommandEntry(
        "import-history",
        "turn a spreadsheet of past tests and reviews into past assessments; rows that are there already are skipped",
        "import_history",
    ),
    CommandEntry(
        "init",
        "write a register to start from, and the workflow that runs it; files that exist are left as they are",
        "init",
    ),
    CommandEntry(
        "ledger", "verify, list and export the record of decisions, offline; make a key that signs it", "ledger"
    ),
    CommandEntry("next", "propose exactly one next step of adoption", "next_step"),
    CommandEntry("plan", "what the bot would do now, or with --until everything it would open up to a date", "plan"),
    CommandEntry("schema", "print the JSON Schema of register files and of the configuration, for editors", "schema"),
    CommandEntry(
        "serve",
        "the hosted App: takes GitHub's deliveries, does the jobs, shows a set-up page where there is no App yet",
        "serve",
    ),
    CommandEntry("status", "per mitigation and deployment: state, due date, reasons, last decision", "status"),
    CommandEntry(
        "sweep",
        "reconcile repositories on GitHub: open what is due, record conclusions, close what is settled",
        "sweep",
    ),
    CommandEntry(
        "worker", "one more process that does the hosted App's jobs, on this machine or on another one", "worker"
    ),
)
"""In alphabetical order."""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Formats help with a fixed column: Python before 3.13 measures command names without their indent."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=COLUMN)
        self._action_max_length = COLUMN


def build_parser(chosen: str | None = None) -> argparse.ArgumentParser:
    """The grammar, with the arguments of the chosen command alone; of every command if None, as the reference shows it."""
    parser = argparse.ArgumentParser(
        prog="reassay",
        description="Re-assesses AI safety mitigations when they are due, on evidence, in a git repository.",
        epilog=EPILOG,
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"reassay {__version__}")
    rooms = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for entry in COMMANDS:
        description = entry.help[:1].upper() + entry.help[1:] + "."
        command = rooms.add_parser(entry.name, help=entry.help, description=description, formatter_class=HelpFormatter)
        if chosen in {entry.name, None}:
            _complete(command, entry.load())
    return parser


def _complete(parser: argparse.ArgumentParser, command: CliCommand) -> None:
    parser.epilog = command.epilog
    parser.add_argument("--quiet", "-q", action="store_true", help="say nothing on standard error but errors")
    command.add_arguments(parser)
    parser.set_defaults(run=command.run)


def main(arguments: Sequence[str], out: TextIO, err: TextIO) -> int:
    """Runs one command. Errors are said on `err`; the exit code follows the table above."""
    try:
        chosen = next((word for word in arguments if not word.startswith("-")), "")
        parsed = build_parser(chosen).parse_args(arguments)
    except SystemExit as error:
        return int(error.code or 0)
    try:
        return int(parsed.run(parsed, out, err))
    except ReassayError as error:
        print(f"reassay: {error}", file=err)
        return error.exit_code
    except BrokenPipeError:
        # The reader has seen enough (`reassay status | head`); keep Python from complaining at exit.
        sys.stdout = None  # exactly what the interpreter checks for
        return FINE
    except KeyboardInterrupt:
        print("reassay: interrupted; run it again to go on from here", file=err)
        return UPSTREAM
