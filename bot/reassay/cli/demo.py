"""reassay demo."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand

if TYPE_CHECKING:
    from reassay_sandbox.demo.story import Told


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument(
        "--headless", action="store_true", help="print the story and exit: 0 if every check of it passed"
    )
    parser.add_argument("--port", type=int, default=0, help="port of the local GitHub; any free one if left out")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if a check of the story failed."""
    from reassay.common.errors import UsageError

    try:
        import logging

        from reassay.hosted.web import logs
        from reassay_sandbox.demo import live, stage, story
    except ModuleNotFoundError as error:
        remedy = 'Install it with: pip install "reassay[server]"'
        raise UsageError(f"the demo needs the server extra ({error.name} is missing).", remedy=remedy) from error
    from reassay.register.files import WorkingTree, read_register

    logs.configure(err, lambda: (), logging.WARNING)
    folder = stage.example_folder()
    with stage.set_stage(read_register(WorkingTree(folder)), folder, args.port) as scene:
        print("A local GitHub holds the framework repository of a fictional lab.\n", file=out)
        steps = [_say(step, out) for step in story.tell(scene)]
        fine = all(step.went_as_told for step in steps)
        print("Every check passed." if fine else "Some checks failed: see the lines marked NO.", file=out)
        if not args.headless:
            live.stay(scene, out)
    return int(not fine)


def _say(step: "Told", out: TextIO) -> "Told":
    print(f"== {step.heading}\n\n{step.account}", file=out)
    for words, holds in step.checks:
        print(f"  {'yes' if holds else 'NO '}  {words}", file=out)
    print(file=out, flush=True)
    return step


COMMAND = CliCommand(add_arguments, run)
