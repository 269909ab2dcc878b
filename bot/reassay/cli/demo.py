"""reassay demo."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand

if TYPE_CHECKING:
    from reassay_sandbox.demo.story import StoryStep


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument(
        "--headless", action="store_true", help="print the story and exit: 0 if every check of it passed"
    )
    parser.add_argument("--port", type=int, default=0, help="port of the local GitHub; any free one if left out")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if a check of the story failed. Raises UsageError if what it needs cannot be installed."""
    try:
        import logging

        from reassay.hosted.web import logs
        from reassay_sandbox.demo import browser, environment, story
    except ModuleNotFoundError:
        from reassay.cli.server_environment import run_in_own_environment, server_requirements

        headless = ["--headless"] if args.headless else []
        return run_in_own_environment(["demo", *headless, f"--port={args.port}"], server_requirements(), err)
    from reassay.register.files import WorkingTree, read_register

    logs.configure(err, lambda: (), logging.WARNING)
    folder = environment.example_folder()
    with environment.start_environment(read_register(WorkingTree(folder)), folder, args.port) as demo:
        print("A local GitHub holds the framework repository of a fictional lab.\n", file=out)
        steps = [_print(step, out) for step in story.story_steps(demo)]
        fine = all(step.passed for step in steps)
        print("Every check passed." if fine else "Some checks failed: see the lines marked NO.", file=out)
        if not args.headless:
            browser.serve_browser(demo, out)
    return int(not fine)


def _print(step: "StoryStep", out: TextIO) -> "StoryStep":
    print(f"== {step.heading}\n\n{step.text}", file=out)
    for sentence, is_true in step.checks:
        print(f"  {'yes' if is_true else 'NO '}  {sentence}", file=out)
    print(file=out, flush=True)
    return step


COMMAND = CliCommand(add_arguments, run)
