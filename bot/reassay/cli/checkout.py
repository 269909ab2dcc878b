"""The checkout that a command reads, and the footer of its output."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from reassay import __version__

if TYPE_CHECKING:
    from datetime import date

    from reassay.sweep.repository.checkout import Checkout

_FURTHEST_MONTHS: Final = 30 * 12


def open_checkout(args: argparse.Namespace, err: TextIO) -> "Checkout":
    """The checkout at PATH as of --at. Prints the number of errors in its register. Raises ReassayError."""
    from reassay.sweep.repository.checkout import open_checkout as opened

    checkout = opened(Path(args.path), args.at)
    if args.quiet:
        return checkout
    if args.at:
        _say_forecast(checkout, err)
    errors = len(checkout.register.errors)
    if errors:
        shown = "1 error" if errors == 1 else f"{errors} errors"
        print(f"reassay: the register has {shown}; to see them, run `reassay check`", file=err)
    elif checkout.unreadable_words:
        print(f"reassay: {checkout.unreadable_words}", file=err)
    return checkout


def refuse_without_register(checkout: "Checkout", args: argparse.Namespace) -> None:
    """Raises UsageError where there is no register, and nothing of it is known."""
    from reassay.common.errors import UsageError

    if checkout.absence is not None:
        message = f"{checkout.absence.message}."
        raise UsageError(message[:1].upper() + message[1:], where=args.path, remedy=checkout.absence.remedy)


def _say_forecast(checkout: "Checkout", err: TextIO) -> None:
    """Says that a date of --at has not come yet; on standard error, so that the output for a date is the same on any day."""
    from reassay.common.calendar import day_words, local_date
    from reassay.common.clock import SystemClock

    timezone, day = checkout.register.configuration.timezone, checkout.assessment_input.today
    if day > local_date(SystemClock().now(), timezone):
        print(
            f"reassay: {day_words(day, year=True)} is in the future: a forecast, as if nothing happened until then",
            file=err,
        )


def say_missing_ledger(checkout: "Checkout", form: str, out: TextIO, err: TextIO) -> None:
    """Says on the first line that the ledger is not in the clone; on standard error where the output is for programs."""
    if checkout.missing_ledger:
        print(checkout.missing_ledger, file=out if form == "text" else err)


def forecast_end(checkout: "Checkout", until: str) -> "date":
    """The last day of a forecast, as --until gives it. Raises UsageError for no date, and for one that is too far ahead."""
    from reassay.common.calendar import Duration
    from reassay.common.errors import UsageError
    from reassay.common.instants import read_day

    furthest, day = Duration(months=_FURTHEST_MONTHS), read_day(until, "--until")
    if day > furthest.after(checkout.assessment_input.today):
        raise UsageError(f"{day} is too far ahead.", where="--until", remedy=f"Write a day within {furthest.words()}.")
    return day


def footer(checkout: "Checkout") -> tuple[str, ...]:
    """Lines below a view: its sources, how far the ledger can be trusted, and entries with errors."""
    from reassay.assessment.views.sources import unwell_lines

    provenance = checkout.provenance(__version__)
    has_ledger = provenance["ledger"] != "0"
    place = provenance["ledger_place"]
    ledger = f"ledger {provenance['ledger']} ({place})" if has_ledger else f"ledger: {place}"
    ledger = "no ledger yet" if place == "none yet" else ledger
    lines = [f"Register {provenance['register']}, {ledger}, reassay {provenance['version']}."]
    if has_ledger:
        lines.append(checkout.trust)
    lines += unwell_lines(checkout.unwell_sources)
    if checkout.unreadable_words:
        lines.append(
            f"{checkout.unreadable_words}. The exit code is 1 because of this; to see why, run `reassay check`."
        )
    elif not checkout.is_whole:
        lines.append(
            "The register holds no mitigation or commitment, so the exit code is 1. To begin, run `reassay next`."
        )
    return tuple(lines)
