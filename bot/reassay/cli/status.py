"""reassay status."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay import __version__
from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path

if TYPE_CHECKING:
    from reassay.assessment.cell_selection import Selection
    from reassay.assessment.cells import CellStatus
    from reassay.sweep.repository.checkout import Checkout

EPILOG = """\
exits 1 if something that was known cannot be read (`unreadable`) or a source of signals is blind, and with --fail-on for its \
states; 2 if there is no register
unreadable entries are shown with every filter, and the exit code is about the whole register
"""
STATES = (
    "any",
    "unreadable",
    "withdraw-ordered",
    "restrict-ordered",
    "ineffective",
    "overdue",
    "due",
    "triggered",
    "extended",
    "acceptance-expired",
    "evidence-stale",
    "unassessed",
    "degraded",
    "due-soon",
    "unknown",
    "current",
    "retired",
)
FAIL_ON = (
    "any",
    "unreadable",
    "withdraw-ordered",
    "restrict-ordered",
    "ineffective",
    "degraded",
    "overdue",
    "due",
    "unassessed",
    "triggered",
    "unknown",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    add_at(parser)
    parser.add_argument("--format", choices=("text", "json", "csv", "ics"), default="text", help="text is for people")
    parser.add_argument(
        "--owner", metavar="NAME", help="only cells that this role owns, or a role in which this login may act"
    )
    parser.add_argument(
        "--state",
        action="append",
        choices=STATES,
        default=[],
        metavar="STATE",
        help="only cells in this state, by their dates or by their last verdict; repeatable. One of "
        + ", ".join(STATES),
    )
    parser.add_argument(
        "--overdue", action="append_const", dest="state", const="overdue", help="the same as --state overdue"
    )
    parser.add_argument(
        "--sort",
        choices=("urgency", "due", "owner", "id"),
        help="order of the list; if left out, text is by urgency, and the other formats are in the order of the register",
    )
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="show layers per threat model, lifecycle stages, standards and languages (text, json)",
    )
    parser.add_argument(
        "--fail-on",
        action="append",
        choices=FAIL_ON,
        default=[],
        help=(
            "exit 1 if a mitigation and deployment is in this state, by its dates or by its last verdict; repeatable."
            " `any`: in any state but current, due-soon and retired; `overdue`: also where an order to restrict or withdraw"
            " is not carried out. Fails too if the ledger is not in this clone; without this option too, if something of the"
            " register cannot be read"
        ),
    )


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if the register cannot be read whole or a source is blind; with `--fail-on` for states, and without the ledger."""
    from reassay.cli.checkout import open_checkout, refuse_without_register, say_missing_ledger

    checkout = open_checkout(args, err)
    refuse_without_register(checkout, args)
    say_missing_ledger(checkout, args.format, out, err)
    if args.coverage:
        return _coverage(checkout, args, out)
    cells = checkout.cells()
    selection = _selection(cells, checkout, args)
    if args.format == "text":
        _show(checkout, selection, out)
    else:
        out.write(_document(cells, checkout, selection, args))
        if selection.hidden and not args.quiet:
            print(f"reassay: {len(selection.hidden)} of {len(cells)} cells are not shown", file=err)
    # Without the ledger any state may be worse than it reads.
    failing = checkout.lacks_ledger or checkout.is_empty or any(cell.conditions & set(args.fail_on) for cell in cells)
    is_blind = bool(checkout.unwell_sources)
    return int(not checkout.is_whole or is_blind or bool(args.fail_on and failing))


def _selection(cells: "tuple[CellStatus, ...]", checkout: "Checkout", args: argparse.Namespace) -> "Selection":
    from reassay.assessment.cell_selection import CellFilter, Order, selection

    chosen = CellFilter(args.owner, frozenset(args.state))
    order: Order = args.sort or ("urgency" if args.format == "text" else "register")
    return selection(cells, checkout.assessment_input, chosen, order)


def _show(checkout: "Checkout", selection: "Selection", out: TextIO) -> None:
    from reassay.assessment.views.follow_ups import follow_up_lines
    from reassay.assessment.views.status_text import show_status
    from reassay.cli.checkout import footer

    lines = (*follow_up_lines(checkout.assessment_input), *footer(checkout))
    show_status(selection, checkout.assessment_input, checkout.place, lines, out)


def _document(
    cells: "tuple[CellStatus, ...]", checkout: "Checkout", selection: "Selection", args: argparse.Namespace
) -> str:
    from reassay.assessment.subject_labels import subject_labels
    from reassay.assessment.views import documents
    from reassay.common.json_text import to_json

    inputs = checkout.assessment_input
    if args.format == "json":
        return to_json(documents.status_document(cells, inputs, checkout.provenance(__version__), selection))
    if args.format == "csv":
        return documents.status_csv(selection.shown, subject_labels(inputs))
    return _calendar(checkout, selection, args.path)


def _calendar(checkout: "Checkout", selection: "Selection", folder: str) -> str:
    """The calendar of the dashboard, with every problem. With a filter only its cells, and no other duties."""
    from reassay.cli.repository_address import repository_address
    from reassay.dashboard.build import build_dashboard
    from reassay.dashboard.calendar_feed import calendar_feed
    from reassay.dashboard.gather import DashboardOptions, input_of_checkout

    name, url = repository_address(checkout, folder)
    dashboard = build_dashboard(input_of_checkout(checkout, name, DashboardOptions(url, __version__)))
    if not selection.chosen.is_empty:
        shown = {(cell.subject, cell.cell) for cell in selection.shown}
        cells = tuple(own for own in dashboard.cells if (own.subject, own.deployment) in shown)
        dashboard = dashboard.model_copy(update={"cells": cells, "duties": ()})
    return calendar_feed(dashboard).decode()


def _coverage(checkout: "Checkout", args: argparse.Namespace, out: TextIO) -> int:
    from reassay.assessment.coverage import coverage
    from reassay.assessment.evidence_coverage import results_in_force
    from reassay.assessment.views import coverage as coverage_view
    from reassay.cli.checkout import footer
    from reassay.common.errors import UsageError
    from reassay.common.json_text import to_json
    from reassay.git.git import Git
    from reassay.ledger.store.branch import read_objects
    from reassay.register.layers import active_mitigations

    inputs = checkout.assessment_input
    results = results_in_force(active_mitigations(inputs.register), inputs)
    readings = {own.result.readings for measured in results.values() for own in measured}
    objects = read_objects(Git(args.path), checkout.ledger_place.commit, readings) if readings else {}
    covered = coverage(inputs, objects)
    match args.format:
        case "json":
            provenance = checkout.provenance(__version__)
            document = coverage_view.coverage_document(covered, checkout.assessment_input, provenance)
            out.write(to_json(document))
        case "text":
            coverage_view.show_coverage(covered, footer(checkout), out)
        case _:
            message = f"'{args.format}' is not a valid format of --coverage."
            raise UsageError(message, where="--format", remedy="Write text or json.")
    return int(not checkout.is_whole or bool(args.fail_on and (checkout.lacks_ledger or checkout.is_empty)))


COMMAND = CliCommand(add_arguments, run, EPILOG)
