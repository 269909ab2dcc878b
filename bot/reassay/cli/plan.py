"""reassay plan."""

import argparse
from typing import TextIO

from reassay import __version__
from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path

EPILOG = """\
exits 1 if something that was known cannot be read (`unreadable`) or a source of signals is blind, 2 if there is no register
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    add_at(parser)
    parser.add_argument(
        "--until",
        metavar="DATE",
        help="forecast up to this day: every re-assessment is concluded effective on its due date",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Prints the plan. Writes no file. Exits 1 if the register cannot be read whole, or a source is blind."""
    from reassay.assessment.schedule import forecast
    from reassay.assessment.views import documents, terminal
    from reassay.cli.checkout import footer, forecast_end, open_checkout, refuse_without_register, say_missing_ledger
    from reassay.common.calendar import day_words
    from reassay.common.json_text import to_json

    checkout = open_checkout(args, err)
    refuse_without_register(checkout, args)
    say_missing_ledger(checkout, args.format, out, err)
    assessment_input = checkout.assessment_input
    until = forecast_end(checkout, args.until) if args.until else None
    coming = forecast.forecast(assessment_input, until) if until else forecast.now(assessment_input)
    steps = (*forecast.obligations(assessment_input), *coming)
    if args.format == "json":
        out.write(to_json(documents.plan_document(steps, assessment_input, checkout.provenance(__version__))))
        return int(not checkout.is_whole or bool(checkout.unwell_sources))
    today = day_words(assessment_input.today, year=True)
    heading = f"From {today} to {day_words(until, year=True)}" if until else f"What a sweep would do on {today}"
    assumed = (
        ("Assumes that every re-assessment is concluded effective on its due date, and that nothing else changes.",)
        if until
        else ()
    )
    terminal.show_plan(steps, heading, (*assumed, *footer(checkout)), out)
    return int(not checkout.is_whole or bool(checkout.unwell_sources))


COMMAND = CliCommand(add_arguments, run, EPILOG)
