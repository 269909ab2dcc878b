"""reassay report."""

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Final, TextIO

from reassay import __version__
from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reassay.dashboard.dashboard_input import DashboardInput
    from reassay.dashboard.site import Site, SiteFile
    from reassay.dashboard.values import Dashboard
    from reassay.dashboard.verdict_values import DashboardVerdict
    from reassay.sweep.repository.checkout import Checkout

EPILOG = """\
DIR is new, empty or an earlier report; it is written whole, or stays as it was. The report opens from disk
without the extra `pictures` (`pip install "reassay[pictures]"`) its pages have tables and no pictures
exits 1 if something that was known cannot be read (`unreadable`), a source of signals is blind, the ledger is not in this clone
or cannot be relied on, or a verdict in force cannot be computed again, or is another one then: the report is written and says
so; 2 if there is no register, or DIR cannot be written
"""
_NOT_RELIABLE: Final = frozenset({"ledger", "verdict"})
"""Kinds of problems that `status` does not know."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument("dir", metavar="DIR", help="folder to write the report to")
    add_path(parser)
    add_at(parser)
    parser.add_argument(
        "--until", metavar="DATE", help="last day of the forecast in the timeline; if left out, 13 months ahead"
    )
    parser.add_argument("--base", metavar="REF", help="with --head: also show the merge verdict of this range")
    parser.add_argument("--head", metavar="REF", help="revision with the changes")
    parser.add_argument("--no-pictures", action="store_true", help="write tables alone")
    parser.add_argument("--force", action="store_true", help="write into a folder that holds other files, which stay")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Writes the report. Raises UsageError if it may not be written; exits 1 where it is less certain than it should be."""
    from itertools import chain

    from reassay.cli.checkout import open_checkout, refuse_without_register, say_missing_ledger
    from reassay.cli.report_folder import ReportFolder
    from reassay.dashboard.build import build_dashboard

    folder = ReportFolder(args.dir, force=args.force)
    checkout = open_checkout(args, err)
    refuse_without_register(checkout, args)
    say_missing_ledger(checkout, "json", out, err)
    dashboard = build_dashboard(_input(checkout, args))
    site, pictures = _drawn(dashboard, args, err)
    folder.write(chain(pictures, _files(site, is_picture=False)))
    _say_written(site, args.dir, out)
    _show_footer(checkout, out)
    is_certain = checkout.is_whole and not (checkout.unwell_sources or checkout.lacks_ledger)
    return int(not is_certain or any(problem.kind in _NOT_RELIABLE for problem in dashboard.problems))


def _drawn(dashboard: "Dashboard", args: argparse.Namespace, err: TextIO) -> "tuple[Site, tuple[SiteFile, ...]]":
    """The site, and its pictures. Where they cannot be drawn, its pages have tables alone, and standard error says why."""
    from reassay.common.errors import ReassayError
    from reassay.dashboard.site import Site, can_draw

    without = Site(dashboard, has_pictures=False)
    if args.no_pictures:
        return without, ()
    if not can_draw():
        why = 'the report has tables and no pictures; for pictures, run `pip install "reassay[pictures]"`'
        print(f"reassay: {why}", file=err)
        return without, ()
    site = Site(dashboard, has_pictures=True)
    try:
        return site, tuple(_files(site, is_picture=True))
    except ReassayError as error:
        print(f"reassay: the report has tables and no pictures: {error}", file=err)
        return without, ()


def _files(site: "Site", *, is_picture: bool) -> "Iterator[SiteFile]":
    for path in site.paths():
        if path.endswith(".svg") == is_picture and (file := site.file(path)) is not None:
            yield file


def _say_written(site: "Site", folder: str, out: TextIO) -> None:
    from pathlib import Path

    from reassay.common.calendar import day_words
    from reassay.common.inert import plain
    from reassay.common.sentences import names

    counts = Counter(path.rpartition(".")[2] for path in site.paths())
    pages, pictures = counts["html"], counts["svg"]
    parts = [f"{pages:,} pages", *([f"{pictures:,} {'picture' if pictures == 1 else 'pictures'}"] if pictures else [])]
    day = day_words(site.dashboard.today, year=True)
    print(f"Wrote {names(*parts, 'a calendar')} of {plain(site.dashboard.repository)} on {day}.", file=out)
    print(f"Open {Path(folder, 'index.html')} in a browser.", file=out)


def _show_footer(checkout: "Checkout", out: TextIO) -> None:
    """How far the report can be trusted, as `status` says it."""
    from textwrap import wrap

    from reassay.cli.checkout import footer
    from reassay.common.terminal import TEXT_WIDTH

    print(file=out)
    for line in footer(checkout):
        for part in wrap(line, TEXT_WIDTH, break_on_hyphens=False, break_long_words=False):
            print(part, file=out)


def _input(checkout: "Checkout", args: argparse.Namespace) -> "DashboardInput":
    """What the dashboard of a checkout is made from. Raises UsageError for a wrong date or range."""
    from reassay.cli.checkout import forecast_end
    from reassay.cli.repository_address import repository_address
    from reassay.dashboard.gather import DashboardOptions, input_of_checkout
    from reassay.dashboard.horizon import AHEAD

    name, url = repository_address(checkout, args.path)
    ahead = AHEAD.after(checkout.assessment_input.today)
    until = forecast_end(checkout, args.until) if args.until else ahead
    return input_of_checkout(checkout, name, DashboardOptions(url, __version__, until, _verdicts(args)))


def _verdicts(args: argparse.Namespace) -> "tuple[DashboardVerdict, ...]":
    """The verdict on a range of commits, if one is given. Raises UsageError."""
    from reassay.common.errors import UsageError

    if args.base is None and args.head is None:
        return ()
    if args.base is None or args.head is None:
        remedy = "Write e.g. --base main --head HEAD."
        raise UsageError("a range has two ends.", where="--base and --head", remedy=remedy)
    from reassay.cli.range_input import RangeQuestion, range_input
    from reassay.dashboard.verdict import dashboard_verdict
    from reassay.gate.decide import decide

    facts = range_input(args.path, RangeQuestion(args.base, args.head, args.at))
    title = f"{args.base}..{args.head}"
    judged_at = facts.assessment_input.now
    return (dashboard_verdict(facts, decide(facts), name="range", title=title, judged_at=judged_at),)


COMMAND = CliCommand(add_arguments, run, EPILOG)
