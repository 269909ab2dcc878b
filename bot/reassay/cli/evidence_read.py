"""reassay evidence [read] FILE..."""

import argparse
from typing import TYPE_CHECKING, Final, TextIO

from reassay.cli.common_options import add_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reassay.evidence.file_outcome import FileOutcome
    from reassay.evidence.readers.base import ResultOptions
    from reassay.evidence.result_request import MeasuredPart
    from reassay.evidence.trial import Trial
    from reassay.ledger.answers import AttachedResult
    from reassay.register.measurement import Columns
    from reassay.register.mitigation import Mitigation
    from reassay.sweep.repository.checkout import Checkout

READ: Final = "read"
READ_HELP: Final = "count what result files of evaluation tools hold, and judge criteria by them; nothing is recorded"
READ_EPILOG: Final = """\
exit codes: 0 every file was read and every criterion shown is met; 1 a file cannot be
read or has a problem, a criterion is not met, or the ledger is not in this clone; 2
there is no such mitigation, criterion, deployment or register; 3 git failed
"""
_COLUMNS: Final = ("outcome", "prompt", "error", "model", "performed_at", "unscored", "task", "task_version")


def add_read_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds FILE... and the options of `read`."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="result files; their format is recognised by content")
    parser.add_argument("--mitigation", metavar="ID", help="judge its criteria as if the files were attached now")
    parser.add_argument(
        "--criterion", metavar="NAME", help="the criterion that the files are for, where it has several"
    )
    parser.add_argument("--register", default=".", metavar="PATH", help="a checkout of the framework repository (.)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")
    parser.add_argument(
        "--arm",
        choices=("measured", "positive-control", "unprotected"),
        default="measured",
        help="what the files measure: the protected system, known-adverse items, or the unprotected system",
    )
    parser.add_argument(
        "--trained-on",
        choices=("yes", "no", "unknown"),
        default="unknown",
        help="whether the mitigation or the model was trained on these prompts; only `no` can meet a criterion",
    )
    parser.add_argument(
        "--language", action="append", default=[], metavar="TAG", help="language of the whole files; repeatable"
    )
    parser.add_argument(
        "--deployment", action="append", default=[], metavar="ID", help="deployment they were measured on; repeatable"
    )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help=f"column of a CSV or JSON file, where no criterion declares it; NAME is one of {', '.join(_COLUMNS)}; repeatable",
    )
    parser.add_argument("--slice-by", action="append", default=[], metavar="KEY", help="key or column of slices")
    parser.add_argument("--cluster-by", metavar="KEY", help="key or column that names the seed prompt of paraphrases")
    parser.add_argument(
        "--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="print only errors on standard error"
    )
    add_at(parser)


def run_read(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if a file cannot be read or has a problem, or a criterion is not met. Raises UsageError, UpstreamError."""
    from reassay import __version__
    from reassay.common.json_text import to_json
    from reassay.evidence.views.document import evidence_document
    from reassay.evidence.views.table import files_text, verdicts_text

    checkout, subject = _subject(args)
    parts = _parts(args, subject)
    names = tuple(dict.fromkeys(args.files))
    declared = tuple(dict.fromkeys(_stated(args, part.options) for part in parts)) or (_stated(args, None),)
    outcomes = {(name, options): _outcome(name, options) for name in names for options in declared}
    files = tuple(_shown([outcomes[name, options] for options in declared]) for name in names)
    tried = _tried(args, outcomes, subject, checkout, parts) if checkout and subject else None
    if args.format == "json":
        provenance = checkout.provenance(__version__) if checkout else None
        metrics = {part.name: part.criterion.measured.metric for part in parts}
        out.write(to_json(evidence_document(files, tried, provenance, metrics)))
    else:
        out.write(files_text(files))
        if tried and subject:
            criteria = subject.target.criteria if subject.target else ()
            out.write(verdicts_text(tried, criteria, subject.id, lacks_ledger=bool(checkout and checkout.lacks_ledger)))
        elif any(file.readings for file in files):
            out.write(UNDECLARED)
    if checkout and checkout.register.errors and not args.quiet:
        print("reassay: the register has errors; to see them, run `reassay check`", file=err)
    if checkout and checkout.lacks_ledger and not args.quiet:
        print(f"reassay: {checkout.missing_ledger}", file=err)
    is_met = tried is None or _is_met(tried, subject, args.criterion)
    is_whole = checkout is None or not checkout.lacks_ledger
    return int(not (is_met and is_whole and all(file.is_sound for file in files)))


def _is_met(tried: "Trial", subject: "Mitigation | None", criterion: str | None) -> bool:
    """Whether every criterion is met, or the named one; a detector's rate stands for the detector."""
    from reassay.register.criteria import evidence_names

    criteria = subject.target.criteria if subject and subject.target else ()
    about = {own.name for own in criteria if criterion is None or criterion in evidence_names(own)}
    return bool(about) and all(verdict.verdict == "met" for verdict in tried.verdicts if verdict.name in about)


UNDECLARED: Final = """\
These are counts, not a verdict. To get a verdict, a criterion of a mitigation has to
declare before the first result: what is undesired, the largest acceptable rate
(at_most), and where the tool does not say it, which outcomes are adverse and
which are not (measured: adverse, not_adverse). Then add --mitigation ID.
"""


def _outcome(name: str, options: "ResultOptions") -> "FileOutcome":
    """What came of one file; one that cannot be read does not keep the others from being shown."""
    from pathlib import Path

    from reassay.evidence.file_outcome import FileOutcome
    from reassay.evidence.files.result_file import result_file
    from reassay.evidence.read_result import read_result
    from reassay.evidence.readers.base import UnreadableResultError

    try:
        return FileOutcome(name, read_result(result_file(Path(name)), options))
    except UnreadableResultError as error:
        return FileOutcome(name, why=str(error), remedy=error.remedy)


def _subject(args: argparse.Namespace) -> "tuple[Checkout | None, Mitigation | None]":
    """The checkout and the mitigation; none without `--mitigation`. Raises UsageError."""
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.register.finding import did_you_mean
    from reassay.sweep.repository.checkout import open_checkout

    if args.mitigation is None:
        if args.criterion is not None:
            raise UsageError("--criterion needs --mitigation.", where="--criterion", remedy="Add --mitigation ID.")
        return None, None
    checkout = open_checkout(Path(args.register), args.at)
    if checkout.absence is not None:
        remedy = "Name a checkout of the framework repository with --register PATH."
        raise UsageError(f"{checkout.absence.message}.", where=args.register, remedy=remedy)
    entry = checkout.register.mitigations.get(args.mitigation)
    if entry is None:
        hint = did_you_mean(args.mitigation, checkout.register.mitigations)
        message = f"there is no mitigation '{args.mitigation}' in the register."
        if checkout.register.errors:
            hint = f"{hint} The register has errors: `reassay check` shows them.".strip()
        raise UsageError(message, where="--mitigation", remedy=hint or "`reassay status` lists them.")
    unknown = next((name for name in args.deployment if name not in checkout.register.deployments), None)
    if unknown is not None:
        hint = did_you_mean(unknown, checkout.register.deployments)
        message = f"'{unknown}' is not a deployment of the register."
        raise UsageError(message, where="--deployment", remedy=hint or "Write the id of one of its deployments.")
    return checkout, entry.value


def _parts(args: argparse.Namespace, subject: "Mitigation | None") -> "tuple[MeasuredPart, ...]":
    """The criteria that the files may be for: the named one, or all that are counted. Raises UsageError."""
    from reassay.common.errors import UsageError
    from reassay.evidence.result_request import measured_parts

    parts = measured_parts(subject.target.criteria if subject and subject.target else ())
    if args.criterion is None:
        return parts
    chosen = tuple(part for part in parts if part.name == args.criterion)
    if not chosen:
        listed = ", ".join(f"'{part.name}'" for part in parts) or "none"
        message = f"'{args.criterion}' is not a criterion that result files are counted for."
        raise UsageError(message, where="--criterion", remedy=f"These are: {listed}.")
    return chosen


def _stated(args: argparse.Namespace, own: "ResultOptions | None") -> "ResultOptions":
    """What is declared about the content of the files: by the command line, else by a criterion. Raises UsageError."""
    from dataclasses import replace

    from reassay.evidence.readers.base import ResultOptions

    options = own or ResultOptions()
    if args.column:
        options = replace(options, columns=_columns(args.column))
    if args.slice_by:
        options = replace(options, slice_by=tuple(args.slice_by))
    return replace(options, cluster_by=args.cluster_by) if args.cluster_by else options


def _shown(outcomes: "Sequence[FileOutcome]") -> "FileOutcome":
    """What came of a file by the first criterion that can read it; by the first one if none can."""
    return next((outcome for outcome in outcomes if not outcome.why), outcomes[0])


def _columns(stated: "Sequence[str]") -> "Columns":
    from reassay.common.errors import UsageError
    from reassay.register.measurement import Columns

    columns: dict[str, object] = {}
    for word in stated:
        name, separator, column = word.partition("=")
        if name not in _COLUMNS or not separator or not column:
            remedy = f"Write NAME=COLUMN with one of {', '.join(_COLUMNS)}, e.g. outcome=verdict."
            raise UsageError(f"'{word}' is not a column.", where="--column", remedy=remedy)
        columns[name] = (*columns.get(name, ()), column) if name == "unscored" else column  # type: ignore[misc] # a tuple
    try:
        return Columns.model_validate(columns)
    except ValueError as error:
        remedy = "State at least outcome=COLUMN and prompt=COLUMN."
        raise UsageError("the columns are not complete.", where="--column", remedy=remedy) from error


def _tried(
    args: argparse.Namespace,
    outcomes: "Mapping[tuple[str, ResultOptions], FileOutcome]",
    subject: "Mitigation",
    checkout: "Checkout",
    parts: "Sequence[MeasuredPart]",
) -> "Trial":
    """The verdicts by these files; each file is for every criterion that takes files of its tool."""
    from reassay.evidence.evidence_input import EvidenceInput, result_objects
    from reassay.evidence.trial import TrialResult, trial

    results = [
        TrialResult(outcome.name, outcome.readings, part, _declared(args))
        for part in parts
        for (_, options), outcome in outcomes.items()
        if options == _stated(args, part.options)
        and any(part.criterion.measured.tool in {None, reading.tool} for reading in outcome.readings)
    ]
    given = checkout.assessment_input
    facts = EvidenceInput(given.register, given.history, checkout.objects(result_objects(given.history)))
    return trial(subject, results, facts, given.now)


def _declared(args: argparse.Namespace) -> "AttachedResult":
    from reassay.ledger.answers import AttachedResult

    return AttachedResult(
        readings="sha256:" + "0" * 64,
        arm=args.arm,
        trained_on=args.trained_on,
        languages=tuple(args.language),
        deployments=tuple(args.deployment),
    )
