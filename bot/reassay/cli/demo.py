"""reassay demo."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand

if TYPE_CHECKING:
    from reassay_sandbox.demo.story import StoryStep


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument(
        "--headless",
        action="store_true",
        help="run all tours without a browser, print them and exit: 0 if every check passed",
    )
    parser.add_argument("--port", type=int, default=0, help="port of the local GitHub; any free one if left out")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Without a browser: exits 1 if a check of a tour failed. Raises UsageError if what it needs cannot be installed."""
    try:
        import logging
        import signal

        from reassay.hosted.web import logs
        from reassay_sandbox.demo import browser, environment, story
    except ModuleNotFoundError:
        from reassay.cli.server_environment import run_in_own_environment, server_requirements

        headless = ["--headless"] if args.headless else []
        run_in_own_environment(["demo", *headless, f"--port={args.port}"], server_requirements(), err)
    from reassay.register.files import WorkingTree, read_register

    logs.configure(err, lambda: (), logging.WARNING)
    # Its clock jumps, so tasks of the App seem to have stopped for days.
    logging.getLogger("reassay.alarm").setLevel(logging.CRITICAL)
    folder = environment.example_folder()
    register = read_register(WorkingTree(folder))
    if not args.headless:
        browser.serve_browser(register, folder, args.port, out)
        return 0
    # Whoever ends it with a signal ends what it started too, such as its PostgreSQL.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with environment.start_environment(register, folder, args.port) as demo:
        print("A local GitHub holds the framework repository of a fictional lab.\n", file=out)
        steps = [_print(step, out) for step in story.story_steps(demo)]
    fine = all(step.passed for step in steps)
    print("Every check passed." if fine else "Some checks failed: see the lines marked NO.", file=out)
    return int(not fine)


def _print(step: "StoryStep", out: TextIO) -> "StoryStep":
    print(f"== {step.heading}\n\n{step.text}", file=out)
    for sentence, is_true in step.checks:
        print(f"  {'yes' if is_true else 'NO '}  {sentence}", file=out)
    print(file=out, flush=True)
    return step


COMMAND = CliCommand(add_arguments, run)
