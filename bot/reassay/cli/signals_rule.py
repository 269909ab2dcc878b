"""Options that state the rule of an incident rate, for `reassay signals`."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reassay.common.calendar import Duration
    from reassay.register.incident_rate import IncidentRateSpec

DECIDE_HELP = "when people decide: at-alarm, never, or an interval such as 'every 6 months'"


def add_rule(parser: argparse.ArgumentParser) -> None:
    """Adds the options that state a rule as a register does."""
    parser.add_argument("--accepted", metavar="TEXT", help="the ceiling: '6 per year', or '2 per million requests'")
    parser.add_argument(
        "--method", choices=("evidence", "change"), default="evidence", help="how a ceiling is watched (evidence)"
    )
    parser.add_argument(
        "--run-length", metavar="TIME", help="mean time to a false alarm, for --method change: '10 years'"
    )
    parser.add_argument("--more-than", metavar="N", help="a promise's own count, or '2 per million requests'")
    parser.add_argument("--window", metavar="TIME", help="the time window of --more-than: '30 days'")


def stated_rule(args: argparse.Namespace) -> "IncidentRateSpec":
    """The rule of the options. Raises UsageError."""
    from pydantic import ValidationError

    from reassay.common.errors import UsageError
    from reassay.register.incident_rate import IncidentRateSpec

    more_than = int(args.more_than) if args.more_than and args.more_than.isdecimal() else args.more_than
    stated = {
        "accepted": args.accepted,
        "stated_by": "command-line" if args.accepted else None,
        "more_than": more_than,
        "window": args.window,
        "method": args.method,
        "run_length": args.run_length,
        "exposure": "series"
        if "per" in str(args.accepted or more_than) and _by_exposure(args.accepted or more_than)
        else None,
    }
    given = {name: value for name, value in stated.items() if value is not None}
    try:
        return IncidentRateSpec.model_validate({"kind": "incident-rate", **given})
    except ValidationError as error:
        first = error.errors()[0]
        place = "--" + str(first["loc"][0]).replace("_", "-") if first["loc"] else "the rule"
        why = str(first["msg"]).removeprefix("Value error, ")
        remedy = "Write --accepted '6 per year', or --more-than 3 --window '30 days'."
        raise UsageError(f"{why}.", where=place, remedy=remedy) from error


def _by_exposure(text: object) -> bool:
    from reassay.register.frequencies import parse_frequency

    try:
        return not parse_frequency(str(text)).is_of_time
    except ValueError:
        return False


def interval(text: str, where: str) -> "Duration":
    """A span of time, with or without `every`. Raises UsageError."""
    from reassay.common.calendar import parse_duration
    from reassay.common.errors import UsageError

    try:
        return parse_duration(text.strip().removeprefix("every "))
    except ValueError as error:
        raise UsageError(f"{error}.", where=where, remedy="Write e.g. 'every 6 months'.") from error


def whole_number(text: str, where: str, least: int, most: int) -> int:
    """A number within bounds. Raises UsageError."""
    from reassay.common.errors import UsageError

    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    raise UsageError(
        f"'{text}' is not a number from {least:,} to {most:,}.", where=where, remedy=f"Write e.g. {least}."
    )
