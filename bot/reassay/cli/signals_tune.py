"""reassay signals tune."""

import argparse
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from reassay.register.frequencies import Frequency
    from reassay.signals.tuning.settings import RateSetting

TUNE: Final = "tune"
TUNE_HELP: Final = "compare settings of a rule on incident rates: false alarms, and days until a change is found"
TUNE_EPILOG: Final = """\
  reassay signals tune --accepted '6 per year' --accepted '12 per year'
  reassay signals tune --accepted '6 per year' --run-length '5 years' --run-length '10 years'
  reassay signals tune --accepted '2 per million requests' --exposure-a-day 50000
  reassay signals tune --accepted '3 per month' --more-than 6 --window '30 days'

each ceiling is measured by evidence, by `method: change` with each run length, and as a
promise if --more-than is given. The same seed gives the same figures on any machine
"""
YEARS, MOST_YEARS, MOST_RUNS = 10, 50, 1_000_000
RUN_LENGTH: Final = "10 years"


def add_tune_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this subcommand."""
    parser.add_argument(
        "--accepted", action="append", required=True, metavar="TEXT", help="a ceiling, as '6 per year'; repeatable"
    )
    parser.add_argument(
        "--run-length",
        action="append",
        default=[],
        metavar="TIME",
        help=f"run length of the method change ({RUN_LENGTH}); repeatable",
    )
    parser.add_argument("--more-than", metavar="N", help="compare with a promise's own count, too")
    parser.add_argument("--window", metavar="TIME", help="the time window of --more-than: '30 days'")
    parser.add_argument("--exposure-a-day", metavar="N", help="usual exposure of a day, for a ceiling by exposure")
    parser.add_argument(
        "--decide", default="every 6 months", metavar="WHEN", help="'every 6 months' or never: when people decide"
    )
    parser.add_argument(
        "--times",
        type=float,
        action="append",
        metavar="N",
        help="how many times as often after the change (2 and 4); repeatable",
    )
    parser.add_argument(
        "--years", default=str(YEARS), metavar="N", help=f"years in which false alarms are counted ({YEARS})"
    )
    parser.add_argument("--runs", default="1000", metavar="N", help="simulated watches for each figure (1000)")
    parser.add_argument("--seed", default="1", metavar="N", help="start of the random numbers (1)")
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text", help="text is for people")
    parser.add_argument("--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="print only errors")


def run_tune(args: argparse.Namespace, out: TextIO) -> int:
    """Exits 0. Raises UsageError."""
    from random import Random

    from reassay.cli.signals_rule import whole_number
    from reassay.common.errors import UsageError
    from reassay.signals.tuning.settings import measure
    from reassay.signals.tuning.simulation import Course
    from reassay.signals.views.tuning import tuning_document, tuning_table, tuning_text

    runs = whole_number(args.runs, "--runs", 10, MOST_RUNS)
    seed = whole_number(args.seed, "--seed", 0, 2**63)
    course = Course(runs=runs, years=whole_number(args.years, "--years", 1, MOST_YEARS))
    times = tuple(args.times or (2.0, 4.0))
    if any(not 1 < own <= 1000 for own in times):  # noqa: PLR2004 -- more needs no statistics
        raise UsageError(
            "a change is to more than 1 and at most 1,000 times as many.", where="--times", remedy="Write e.g. 2."
        )
    settings = tuple(setting for text in args.accepted for setting in _settings(text, args))
    try:
        # Simulated, and the same for the same seed: these numbers keep nothing secret.
        measured = measure(settings, times, course, lambda: Random(seed).random)  # noqa: S311
    except ValueError as error:
        raise UsageError(f"{error}.", where="--accepted", remedy="State a rate that can be simulated.") from error
    render = {"text": tuning_text, "json": tuning_document, "csv": tuning_table}[args.format]
    out.write(render(measured, course, seed))
    return 0


def _settings(text: str, args: argparse.Namespace) -> "tuple[RateSetting, ...]":
    from reassay.cli.signals_rule import interval, whole_number
    from reassay.common.errors import UsageError
    from reassay.register.frequencies import parse_frequency
    from reassay.signals.replay.configuration import days_of
    from reassay.signals.tuning.settings import RateSetting

    try:
        frequency = parse_frequency(text)
    except ValueError as error:
        raise UsageError(
            f"{error}.", where="--accepted", remedy="A ceiling is a number of incidents per time or exposure."
        ) from error
    rate, name = _a_day(frequency, args), f"accepted: {frequency.words()}"
    every = None if args.decide.strip() == "never" else days_of(interval(args.decide, "--decide"))
    decided = "never decided" if every is None else f"decided {args.decide.strip()}"
    lengths = [interval(own, "--run-length") for own in args.run_length or [RUN_LENGTH]]
    settings = [
        RateSetting(f"{name}, evidence, {decided}", rate, decide_every=every),
        *(RateSetting(f"{name}, change, run length {own.words()}", rate, run_length=days_of(own)) for own in lengths),
    ]
    if (args.more_than is None) != (args.window is None):
        remedy = "Write --more-than 3 --window '30 days'."
        raise UsageError("--more-than and --window belong together.", where="--more-than", remedy=remedy)
    if args.more_than is not None:
        most, window = whole_number(args.more_than, "--more-than", 1, 1_000_000), interval(args.window, "--window")
        words = f"{name}, promise, more than {most:,} within {window.words()}"
        settings.append(RateSetting(words, rate, more_than=most, window=days_of(window)))
    return tuple(settings)


def _a_day(frequency: "Frequency", args: argparse.Namespace) -> float:
    from reassay.common.errors import UsageError

    if frequency.is_of_time:
        return frequency.rate
    try:
        exposure = float(args.exposure_a_day or "nan")
    except ValueError:
        exposure = -1.0
    if not 0 < exposure < float("inf"):
        guess = f"{frequency.guess} Otherwise write" if frequency.guess else "Write"
        remedy = f"{guess} --exposure-a-day with the usual number of {frequency.unit} of a day."
        raise UsageError(f"'{frequency.words()}' is by exposure.", where="--exposure-a-day", remedy=remedy)
    return frequency.rate * exposure
