"""reassay explain."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay import __version__
from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reassay.assessment.explanation import Explanation
    from reassay.ledger.history import Reassessment
    from reassay.sweep.repository.checkout import Checkout
    from reassay.sweep.views.subject_explanation import SubjectView

EPILOG = """\
exits 1 if something of it cannot be read, if its last verdict was withdrawn, or if computing that again gives another one; \
2 if there is no such mitigation, commitment, deployment of it, or record
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument(
        "id",
        metavar="ID",
        help="a mitigation or commitment, one deployment of it (ID/DEPLOYMENT), or a re-assessment such as R-2026-001",
    )
    add_path(parser)
    parser.add_argument(
        "--as-of",
        dest="at",
        metavar="DATE",
        help="as known at the end of that day, or at that instant, and as known now",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 for what cannot be read, or a verdict that does not count any more. Raises UsageError, UpstreamError."""
    from reassay.assessment.views.explanation import explanation_document, explanation_text
    from reassay.cli.checkout import open_checkout, say_missing_ledger
    from reassay.common.errors import UsageError
    from reassay.common.json_text import to_json
    from reassay.sweep.views.subject_explanation import subject_part, subject_text

    try:
        checkout = open_checkout(args, err)
    except UsageError as error:
        raise UsageError(error.message, where=error.where.replace("--at", "--as-of"), remedy=error.remedy) from error
    say_missing_ledger(checkout, args.format, out, err)
    own = checkout.assessment_input.history.reassessments.get(args.id.upper())
    view = _view(args, checkout, own)
    explained = _explained(own or _last_decided(view, checkout), checkout)
    if view is None and explained is None:
        raise _undecided(own) if own else _nothing(args.id, checkout)
    texts = checkout.objects(fact.text for fact in explained.later if fact.text) if explained else {}
    if args.format == "json":
        document = explanation_document((explained,) if explained else (), texts, checkout.provenance(__version__))
        out.write(to_json({**document, "subject": subject_part(view) if view else None}))
    else:
        parts = [subject_text(view)] if view else []
        parts += [explanation_text(explained, texts, args.at)] if explained else []
        out.write("\n".join(parts))
    is_unreadable = view is not None and any(cell.unreadable for cell in view.explained.cells)
    return int(is_unreadable or (explained is not None and _is_shaken(explained)))


def _view(args: argparse.Namespace, checkout: "Checkout", own: "Reassessment | None") -> "SubjectView | None":
    """The subject that is asked for, or of an open re-assessment; None for a closed one, and where there is no such subject."""
    from pathlib import Path

    from reassay.assessment.subject_explanation import explained_subject
    from reassay.assessment.subjects import grace_of
    from reassay.commands.settlement import settlement
    from reassay.common.calendar import Duration
    from reassay.sweep.repository.checkout import open_checkout
    from reassay.sweep.views.subject_explanation import SubjectView

    if own is not None and own.state != "open":
        return None
    subject, _, deployment = (own.subject, "", "") if own else args.id.partition("/")
    inputs = checkout.assessment_input
    present = open_checkout(Path(args.path), None).assessment_input if args.at else None
    is_past = present is not None and present.now > inputs.now
    explained = explained_subject(subject, deployment or None, inputs, present if is_past else None)
    if explained is None:
        return None
    objects = _objects(checkout, (fact.text for fact in explained.later))
    entry = checkout.register.subjects.get(subject)
    return SubjectView(
        explained,
        settlement(explained.open, inputs, objects) if explained.open else None,
        objects,
        inputs.today,
        grace_of(entry.value) if entry else Duration(),
        args.at if is_past else None,
    )


def _objects(checkout: "Checkout", texts: "Iterable[str | None]") -> "Mapping[str, object]":
    """The objects from which it follows what is missing, and texts of persons."""
    from datetime import UTC, datetime

    from reassay.sweep.needed_objects import digests_needed

    needed = digests_needed(checkout.assessment_input.history, datetime.min.replace(tzinfo=UTC))
    return checkout.objects({*needed, *filter(None, texts)})


def _last_decided(view: "SubjectView | None", checkout: "Checkout") -> "Reassessment | None":
    if view is None:
        return None
    history, subject = checkout.assessment_input.history, view.explained.subject
    decided = [own for own in history.reassessments.values() if own.subject == subject and own.decided_seq]
    return max(decided, key=lambda own: own.decided_seq or 0, default=None)


def _explained(own: "Reassessment | None", checkout: "Checkout") -> "Explanation | None":
    """The explanation of a decision; None where nothing is decided."""
    from reassay.assessment.explanation import explanation

    if own is None:
        return None
    return explanation(own, checkout.assessment_input.history, checkout.objects(_digests(own, checkout)))


def _undecided(own: "Reassessment") -> Exception:
    from reassay.common.errors import UsageError

    how = "it was no longer due" if own.state == "superseded" else "people closed it"
    remedy = (
        f"`reassay ledger show {own.id}` lists its entries, `reassay explain {own.subject}` explains what it was about."
    )
    return UsageError(f"{own.id} was closed without a decision: {how}.", where="ID", remedy=remedy)


def _nothing(name: str, checkout: "Checkout") -> Exception:
    """The error for an id that nothing has, with the nearest one."""
    from reassay.common.errors import UsageError
    from reassay.register.finding import did_you_mean

    history, subjects = checkout.assessment_input.history, checkout.register.subjects
    subject, _, deployment = name.partition("/")
    if name.upper().startswith("R-"):
        remedy = "`reassay ledger log` lists the records; with --as-of a later one is not known yet."
        return UsageError(f"the ledger has no record '{name}'.", where="ID", remedy=remedy)
    if subject in subjects and deployment:
        cells = [cell.cell for cell in checkout.cells() if cell.subject == subject]
        remedy = f"{did_you_mean(deployment, cells)} It has {', '.join(cells)}.".strip()
        return UsageError(f"{subject} has no deployment '{deployment}'.", where="ID", remedy=remedy)
    remedy = f"{did_you_mean(name, (*subjects, *history.reassessments))} `reassay status` lists them.".strip()
    return UsageError(f"no mitigation or commitment is called '{name}'.", where="ID", remedy=remedy)


def _is_shaken(explained: "Explanation") -> bool:
    return explained.reassessment.withdrawn_seq is not None or any(own.differs for own in explained.criteria)


def _digests(own: "Reassessment", checkout: "Checkout") -> "frozenset[str]":
    """Digests of the inputs of a decision, and of the readings that they name."""
    from reassay.assessment.explanation import inputs_of

    if own.decided is None:
        return frozenset()
    names = {result.inputs for result in own.decided.criteria if result.inputs}
    inputs = [inputs_of(value) for value in checkout.objects(names).values()]
    readings = {run.readings for value in inputs if value for case in value.cases for run in case.runs}
    return frozenset(names | readings)


COMMAND = CliCommand(add_arguments, run, EPILOG)
