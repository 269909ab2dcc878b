"""The command line: one file per command, with NAME, HELP, add_arguments() and run(). Nothing else lists them.

Files here import at the top only what argparse needs; a command imports the rest when it runs, because in an Action
every millisecond of import is paid on every run.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import TextIO

from reassay import __version__
from reassay.common.errors import ReassayError
from reassay.common.modules import modules_in, names_in

FINE, FINDINGS, USAGE, UPSTREAM = 0, 1, 2, 3
COLUMN = 24
"""Where the explanations of commands and options begin in help, in every version of Python."""
EPILOG = """\
exit codes: 0 fine, 1 findings, 2 usage or environment, 3 GitHub or git failed
documents go to standard output, everything else to standard error
"""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as it is written, as wide as the terminal. argparse makes one for every option, to see whether it could."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=COLUMN, width=_columns() - 2)
        # Pythons before 3.13 measure the names of commands without their indent; a fixed column measures nothing.
        self._action_max_length = COLUMN


def _columns() -> int:
    """As shutil says it, which would load every kind of archive with it."""
    try:
        return int(os.environ.get("COLUMNS", "")) or 80
    except ValueError:
        try:
            return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns or 80
        except (OSError, ValueError):
            return 80


def commands() -> Mapping[str, ModuleType]:
    """Every command by name, in alphabetical order."""
    helpers = {name for name in names_in(__path__) if name.startswith("_")}
    found = modules_in(__name__, __path__, but=helpers)
    return {module.NAME: module for module in sorted(found, key=lambda module: str(module.NAME))}


def only(name: str) -> Mapping[str, ModuleType]:
    """The command of that name alone, without importing the others; all of them if there is none."""
    for file in (name.replace("-", "_"), f"{name}_"):
        if name[:1].isalpha() and file in names_in(__path__):
            module = import_module(f"{__name__}.{file}")
            return {name: module} if getattr(module, "NAME", None) == name else commands()
    return commands()


def build_parser(known: Mapping[str, ModuleType] | None = None) -> argparse.ArgumentParser:
    """The whole grammar, or that of some commands; the reference is generated from it."""
    parser = argparse.ArgumentParser(
        prog="reassay",
        description="Re-assesses AI safety mitigations when they are due, on evidence, in a git repository.",
        epilog=EPILOG,
        formatter_class=Formatter,
    )
    parser.add_argument("--version", action="version", version=f"reassay {__version__}")
    rooms = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in (commands() if known is None else known).items():
        command = rooms.add_parser(
            name,
            help=module.HELP,
            description=module.HELP[:1].upper() + module.HELP[1:] + ".",
            epilog=getattr(module, "EPILOG", None),
            formatter_class=Formatter,
        )
        command.add_argument("--quiet", "-q", action="store_true", help="say nothing on standard error but errors")
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser


def main(arguments: Sequence[str], out: TextIO, err: TextIO) -> int:
    """Runs one command. Errors are said on `err`; the exit code follows the table above."""
    try:
        parsed = build_parser(only(arguments[0]) if arguments else None).parse_args(arguments)
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
