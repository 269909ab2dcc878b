"""evidence: attaches evidence, and compares it with the criterion."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, cast

from reassay.approvals.command_context import (
    CommandContext,
    Effect,
    Keep,
    Refusal,
    closed,
    not_yours,
    unreadable,
)
from reassay.assessment.authority import owns, parties
from reassay.commands.base import (
    BadCommandError,
    Command,
    SlashCommand,
    VerbHelp,
    needs_reason,
    one_of,
)
from reassay.commands.evidence_figures import figures_of
from reassay.commands.evidence_receipt import evidence_receipt
from reassay.commands.evidence_source import EvidenceSource, split_source
from reassay.commands.result_declaration import ResultDeclaration, declaration, split_keywords
from reassay.commands.stated_figures import (
    STATED_KINDS,
    USAGE,
    StatedFigures,
    recorded_figures,
    split_evaluation_kind,
    stated_figures,
)
from reassay.evidence.criterion_bounds import criteria_of
from reassay.evidence.evidence_input import plan_object, readings_object
from reassay.evidence.readers.base import ResultOptions
from reassay.evidence.result_request import (
    MeasuredPart,
    ResultContent,
    ResultRefusal,
    ResultRequest,
    measured_parts,
)
from reassay.ledger.answers import Attached, AttachedResult, EvidenceFigures
from reassay.ledger.run_history import runs_of
from reassay.ledger.runs import RunRegistered
from reassay.register.assessable import Assessable
from reassay.register.criteria import Criterion
from reassay.register.detector_criterion import DetectorCriterion
from reassay.register.evaluation_kind import EvaluationKind
from reassay.register.mitigation import Mitigation

NAME = "evidence"
RESULT: Final = "result"
KINDS = ("attested", "census", "exercise", *STATED_KINDS, RESULT)
HELP = VerbHelp(
    usage=(
        "evidence [<path>[@<commit>] | artifact:<run>/<name>[/<path>] | release:<tag>/<asset>"
        " | sealed:<place> sha256:<digest> custodian <who> until <date>]"
        " [result [arm positive-control|unprotected] [trained-on yes|no|unknown] [languages <a,b>]"
        f" [deployments <a,b>] [run <id>] | attested | census <n>/<all> | exercise passed|failed | {USAGE}]"
        " [as <kind of evaluation>] [for <criterion>] because <findings> [limits: ...] [would change: ...] [awareness: ...]"
        " [sandbagging: ...]"
    ),
    who="the assessor or the owner",
    effect=(
        "attaches evidence and compares it with the criterion. A path is a file of this repository; `artifact:` is a file that a"
        " workflow's run of this repository uploaded, `release:` one of its releases' assets. Result files of evaluation tools"
        " are recognised by their content and counted. Confidential content is sealed with `reassay evidence seal FILE`. URLs"
        " are not fetched"
    ),
    example=(
        "/reassay evidence reports/jailbreaks.json result trained-on no for attack success rate because 500 new prompts, English"
        " only"
    ),
)
LARGEST: Final = 10_000_000
"""Bytes of the readings of one file in the ledger. Nobody would want to fetch more with every sweep."""
StatementKind = Literal["attested", "judgement", "census", "exercise", "effort", "duration", "capability"]
"""Kinds of evidence that is not counted."""
NO_FIGURES = EvidenceFigures()
NOTHING_STATED = StatedFigures()
NOTHING_DECLARED = ResultDeclaration()


@dataclass(frozen=True, slots=True)
class Evidence(Command):
    """The arguments: kind, reason, location, figures, criterion, and what is declared about a result file."""

    verb: ClassVar[str] = NAME
    kind: str
    """Empty for a file without a kind: a result if a reader recognises it, else attested."""
    because: str
    source: EvidenceSource | None = None
    figures: EvidenceFigures = NO_FIGURES
    criterion: str | None = None
    stated: StatedFigures = NOTHING_STATED
    evaluation: EvaluationKind | None = None
    declared: ResultDeclaration = NOTHING_DECLARED

    @property
    def may_be_result(self) -> bool:
        """Whether its file is read and counted."""
        return self.kind in {"", RESULT} and self.source is not None and self.source.digest is None


def parse(rest: str) -> Evidence:
    """Reads location, kind, figures, criterion, declarations and reason. Raises BadCommandError."""
    rest, quoted = _split_quoted(rest)
    words, because = needs_reason(rest, "evidence")
    words, last = split_keywords(words)
    words, _, criterion = (words, "", quoted) if quoted else _partition(words, " for ")
    words, first = split_keywords(words)
    words, evaluation = split_evaluation_kind(words)
    keywords = {**first, **last}
    source, words = split_source(words, KINDS)
    kind, _, figures = words.strip().partition(" ")
    kind = _kind(kind, source)
    if keywords and kind not in {"", RESULT}:
        raise BadCommandError(f"`{next(iter(keywords))}` is valid only for result files, not for {kind} evidence")
    named = criterion.strip().strip("'\"`\u201c\u201d\u2018\u2019").strip() or None
    if kind in STATED_KINDS:
        stated = stated_figures(kind, figures.strip())
        return Evidence(kind, because, source, criterion=named, stated=stated, evaluation=evaluation)
    own = figures_of(kind, figures.strip())
    return Evidence(kind, because, source, own, named, declared=declaration(keywords), evaluation=evaluation)


def _kind(word: str, source: EvidenceSource | None) -> str:
    """The kind of evidence; empty where the file decides. Raises BadCommandError."""
    if source is None or source.digest:
        # A sealed line may come straight from `evidence seal`, without a kind.
        kind = one_of(word or ("attested" if source else ""), KINDS, "kind of evidence")
        if kind == RESULT:
            what = "sealed content cannot be read, so it cannot be a result" if source else "a result needs its file"
            raise BadCommandError(f"{what}; write e.g. `reports/jailbreaks.json result`, or `attested` for a statement")
        return kind
    kind = one_of(word, KINDS, "kind of evidence") if word else ""
    if source.is_stored and kind not in {"", RESULT}:
        raise BadCommandError(
            "artifacts and release assets are read as results only; commit the file to this repository, or seal it with"
            " `reassay evidence seal FILE`"
        )
    return kind


_QUOTED: Final = re.compile(r"\sfor\s+(?P<mark>['\"`])(?P<name>[^\n]+?)(?P=mark)(?=\s)", re.IGNORECASE)


def _split_quoted(rest: str) -> tuple[str, str]:
    """The words without a criterion in quotes, and its name: it may hold any word of this command."""
    match = _QUOTED.search(rest)
    if match is None or re.search(r"\sbecause\s", rest[: match.start()], re.IGNORECASE):
        return rest, ""
    return rest[: match.start()] + rest[match.end() :], match["name"]


def _partition(words: str, at: str) -> tuple[str, str, str]:
    before, separator, after = f"{words} ".partition(at)
    return before.strip(), separator, after


def request_of(command: Evidence, subject: Assessable, commit: str) -> ResultRequest | None:
    """The result file that a command names, to be read before it is judged; None if it names none."""
    if command.source is None or not command.may_be_result:
        return None
    part = _measured_part(command, subject)
    options = part.options if isinstance(part, MeasuredPart) else ResultOptions()
    return ResultRequest(command.source.locator, command.source.commit_of(commit), options)


def _measured_part(command: Evidence, subject: Assessable) -> MeasuredPart | Refusal | None:
    """What a result is for: the named criterion, or the only one that result files can meet."""
    criteria = criteria_of(subject)
    parts = measured_parts(criteria)
    if command.criterion is not None:
        wanted = command.criterion.casefold()
        part = next((part for part in parts if part.name.casefold() == wanted), None)
        if part is not None:
            return part
        other = _named(command.criterion, criteria)
        if isinstance(other, Refusal):
            return other
        if rates := measured_parts((other,)):
            listed = " or ".join(f"'{part.name}'" for part in rates)
            return Refusal(f"'{other.name}' is judged by its two rates", f"Write `for` one of them: {listed}.")
        return Refusal(
            f"'{other.name}' needs evidence of kind {other.kind}, not a result file",
            f"Attach evidence of kind {other.kind}.",
        )
    if len(parts) > 1:
        listed = ", ".join(f"'{part.name}'" for part in parts)
        return Refusal(
            "the criterion is missing, and several are measured by result files",
            f"Write `for <criterion>` before `because`; they are {listed}.",
        )
    return parts[0] if parts else None


def _named(name: str, criteria: Sequence[Criterion]) -> Criterion | Refusal:
    wanted = name.casefold()
    match = next((criterion for criterion in criteria if criterion.name.casefold() == wanted), None)
    if match is not None:
        return match
    listed = ", ".join(f"'{criterion.name}' ({criterion.kind})" for criterion in criteria)
    return Refusal(
        f"'{name}' is not a criterion here",
        f"Criteria are {listed}." if listed else "The register has none.",
    )


def act(command: Evidence, context: CommandContext) -> Effect | Refusal:
    """The record of the evidence; refused if its file does not exist or cannot be counted."""
    reassessment, subject = context.reassessment, context.subject
    if subject is None:
        return unreadable(reassessment)
    roles = parties(subject, *context.facts)
    seat = context.seat(*roles)
    if seat is None:
        return not_yours("attach evidence", roles, context.people(*roles))
    return closed(reassessment) or _attach(command, subject, seat.recorded, context)


def _attach(command: Evidence, subject: Assessable, role: str, context: CommandContext) -> Effect | Refusal:
    keep = Keep()
    part = _measured_part(command, subject) if command.kind == RESULT else None
    read = part if isinstance(part, Refusal) else _read(command, subject, context)
    if isinstance(read, Refusal):
        return read
    criterion = _measured_part(command, subject) if read else _criterion(command, subject)
    if isinstance(criterion, Refusal):
        return criterion
    part = criterion if isinstance(criterion, MeasuredPart) else None
    result = _result(command, read, part, subject, context, keep) if read else None
    if isinstance(result, Refusal):
        return result
    source = command.source
    recorded = recorded_figures(command.stated, command.because, subject.version, keep)
    digest = read.digest if read else _digest(source, context)
    if source is not None and digest is None:
        where = f" at {source.commit[:7]}" if source.commit else ""
        return Refusal(
            f"there is no file '{source.locator}'{where} in this repository",
            "Commit it first, or seal it with `reassay evidence seal FILE`.",
        )
    locator = source.recorded(context.commit, read.commit if read else "", read.path if read else "") if source else {}
    body = Attached(
        reassessment=context.reassessment.id,
        evidence="result" if read else cast("StatementKind", command.kind or "attested"),
        provenance="word" if source is None else "sealed" if source.digest else "file",
        criterion=criterion.name if criterion else None,
        figures=command.figures,
        locator=keep(locator) if source else None,
        digest=digest,
        says=keep(command.because),
        role=role,
        independent=not owns(context.by, subject, context.assessment_input),
        retention_until=source.until if source else None,
        result=result,
        effort=recorded.effort,
        duration=recorded.duration,
        grounds=recorded.grounds,
        capability=recorded.capability,
        kind_of_evaluation=command.evaluation,
    )
    return Effect((body,), keep.objects)


def _read(command: Evidence, subject: Assessable, context: CommandContext) -> ResultContent | Refusal | None:
    """The counts of the file; None if it is not a result, and then only its digest is kept."""
    request = request_of(command, subject, context.commit)
    if request is None:
        return None
    outcome = context.results.get(request)
    if isinstance(outcome, ResultContent):
        return outcome
    if isinstance(outcome, ResultRefusal):
        is_plain = not command.kind and not outcome.is_recognised and command.source and not command.source.is_stored
        return None if is_plain else Refusal(outcome.why, outcome.remedy)
    return Refusal("the file was not read", "Comment again.")


def _result(  # noqa: PLR0913, PLR0917 -- what is recorded of a file
    command: Evidence,
    read: ResultContent,
    part: MeasuredPart | None,
    subject: Assessable,
    context: CommandContext,
    keep: Keep,
) -> AttachedResult | Refusal:
    declared = command.declared
    register = context.assessment_input.register
    unknown = next((name for name in declared.deployments if name not in register.deployments), None)
    if unknown is not None:
        return Refusal(f"'{unknown}' is not a deployment of the register", "Write the ids of its deployments.")
    run = _registered(command, part, context)
    if isinstance(run, Refusal):
        return run
    name = keep(readings_object(read.readings))
    if len(keep.objects[name]) > LARGEST:
        return Refusal(
            f"the counts of this file take {len(keep.objects[name]):,} bytes, more than the {LARGEST:,} that the ledger keeps",
            "Split the result by task, and attach each part.",
        )
    return AttachedResult(
        readings=name,
        arm=declared.arm,
        trained_on=declared.trained_on,
        languages=declared.languages,
        deployments=declared.deployments,
        run=declared.run,
        plan=keep(plan_object(part.criterion)) if part is not None else None,
        version=run.version if run else subject.version if isinstance(subject, Mitigation) else None,
    )


def _registered(
    command: Evidence, part: MeasuredPart | None, context: CommandContext
) -> RunRegistered | Refusal | None:
    """The registration of the run that a file is the log of; None where the command names no run."""
    declared = command.declared
    if declared.run is None:
        return None
    runs = runs_of(context.assessment_input.history, context.reassessment.subject)
    run = next((own.registered for own in runs if own.run == declared.run), None)
    if run is None:
        lost = ", ".join(f"`{own.run}`" for own in runs if own.state != "result") or "none"
        return Refusal(
            f"`{declared.run}` is not a registered run of this mitigation", f"Its runs without a result: {lost}."
        )
    name = part.name if part else None
    is_for = run.criterion is None or name is None or name == run.criterion or name.startswith(f"{run.criterion}: ")
    if run.arm == declared.arm and is_for and run.deployments == declared.deployments:
        return run
    words = [
        *(["arm", run.arm] if run.arm != "measured" else []),
        *(["deployments", ",".join(run.deployments)] if run.deployments else []),
    ]
    stated = f" `{' '.join(words)}`" if words else " neither `arm` nor `deployments`"
    criterion = f" and `for {run.criterion}`" if run.criterion else ""
    return Refusal(
        f"`{declared.run}` registered itself for something else",
        f"Write what it registered:{stated}{criterion}.",
    )


def _digest(source: EvidenceSource | None, context: CommandContext) -> str | None:
    if source is None:
        return None
    if source.digest:
        return f"salted:{source.digest}"
    return context.files.get((source.locator, source.commit_of(context.commit)))


def _criterion(command: Evidence, subject: Assessable) -> Criterion | Refusal | None:
    """The criterion that evidence without counts is for."""
    criteria = criteria_of(subject)
    kind = command.kind or "attested"
    if command.criterion is None:
        fitting = [criterion for criterion in criteria if criterion.kind == kind]
        return fitting[0] if len(fitting) == 1 else None
    match = _named(command.criterion, criteria)
    if isinstance(match, DetectorCriterion):
        listed = " or ".join(f"'{name}'" for name in match.part_names)
        return Refusal(f"'{match.name}' is judged by its two rates", f"Attach a result file for {listed}.")
    if not isinstance(match, Refusal) and kind not in {match.kind, "attested"}:
        return Refusal(
            f"'{match.name}' needs evidence of kind {match.kind}, not {kind}",
            f"Attach evidence of kind {match.kind}.",
        )
    return match


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Evidence,
    parse=parse,
    act=act,
    receipt=evidence_receipt,
)
