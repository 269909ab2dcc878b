"""reassay explain."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay import __version__
from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path

if TYPE_CHECKING:
    from reassay.assessment.explanation import Explanation
    from reassay.ledger.history import Reassessment
    from reassay.sweep.repository.checkout import Checkout

EPILOG = """\
exits 1 if a verdict was withdrawn, or if computing it again gives another one; 2 if the ledger has no such decision
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument(
        "id", metavar="ID", help="a re-assessment, e.g. R-2026-001, or a mitigation: then its last decision"
    )
    add_path(parser)
    parser.add_argument(
        "--as-of", dest="at", metavar="DATE", help="what was known at the end of that day, or at that instant (now)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 for a verdict that was withdrawn or that cannot be reproduced. Raises UsageError, UpstreamError."""
    from reassay.assessment.explanation import explanation
    from reassay.assessment.views.explanation import explanation_document, explanation_text
    from reassay.cli.checkout import open_checkout, say_missing_ledger
    from reassay.common.errors import UsageError
    from reassay.common.json_text import to_json

    checkout = open_checkout(args, err)
    say_missing_ledger(checkout, args.format, out, err)
    own = _chosen(args.id, checkout)
    objects = checkout.objects(_digests(own, checkout))
    history = checkout.assessment_input.history
    explained = explanation(own, history, objects) if own else None
    if explained is None:
        remedy = "`reassay ledger log` lists the decisions; with --as-of a later one is not known yet."
        raise UsageError(f"the ledger has no decision on '{args.id}'.", where="ID", remedy=remedy)
    texts = checkout.objects(fact.text for fact in explained.later if fact.text)
    if args.format == "json":
        out.write(to_json(explanation_document((explained,), texts, checkout.provenance(__version__))))
    else:
        out.write(explanation_text(explained, texts, args.at))
    return int(_is_shaken(explained))


def _is_shaken(explained: "Explanation") -> bool:
    return explained.reassessment.withdrawn_seq is not None or any(own.differs for own in explained.criteria)


def _chosen(name: str, checkout: "Checkout") -> "Reassessment | None":
    history = checkout.assessment_input.history
    if name in history.reassessments:
        return history.reassessments[name]
    decided = [own for own in history.reassessments.values() if own.subject == name and own.decided_seq]
    return max(decided, key=lambda own: own.decided_seq or 0, default=None)


def _digests(own: "Reassessment | None", checkout: "Checkout") -> "frozenset[str]":
    """Digests of the inputs of a decision, and of the readings that they name."""
    from reassay.assessment.explanation import inputs_of

    if own is None or own.decided is None:
        return frozenset()
    names = {result.inputs for result in own.decided.criteria if result.inputs}
    inputs = [inputs_of(value) for value in checkout.objects(names).values()]
    readings = {run.readings for value in inputs if value for case in value.cases for run in case.runs}
    return frozenset(names | readings)


COMMAND = CliCommand(add_arguments, run, EPILOG)
