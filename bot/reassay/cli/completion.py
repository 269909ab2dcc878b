"""reassay completion."""

import argparse
from collections.abc import Iterator, Mapping
from typing import TextIO

from reassay.cli.command_entry import CliCommand

SHELLS = ("bash", "zsh", "fish")
EPILOG = """\
needs the package shtab: pip install "reassay[completion]", or with pipx: pipx inject reassay shtab
where to put the script: bash ~/.local/share/bash-completion/completions/reassay, zsh a file _reassay in a folder of
$fpath, fish ~/.config/fish/completions/reassay.fish
"""
_FOLDERS, _FILES = frozenset({"PATH", "DIR"}), frozenset({"FILE"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the name of the shell."""
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Prints a script that completes commands, options, their values and files. Raises UsageError without shtab."""
    del err
    from reassay.cli import build_parser
    from reassay.common.errors import UsageError

    try:
        import shtab
    except ImportError:
        remedy = 'Run `pip install "reassay[completion]"`; with pipx, `pipx inject reassay shtab`.'
        raise UsageError("the package shtab is not installed.", remedy=remedy) from None
    parser = build_parser()
    for action in _actions(parser):
        if action.metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined] # where shtab looks for it
        elif action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined] # where shtab looks for it
    out.write(shtab.complete(parser, args.shell))
    return 0


def subcommands(parser: argparse.ArgumentParser) -> Mapping[str, argparse.ArgumentParser]:
    """The subcommands of a parser by name; empty without any."""
    for action in parser._actions:  # noqa: SLF001 -- argparse has no public way to list its subcommands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 -- as above
            return dict(action.choices)
    return {}


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    yield from parser._actions  # noqa: SLF001 -- as above
    for part in subcommands(parser).values():
        yield from _actions(part)


COMMAND = CliCommand(add_arguments, run, EPILOG)
