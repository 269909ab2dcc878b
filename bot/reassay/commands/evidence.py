"""evidence: attaches evidence, and compares it with the criterion."""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, cast

from reassay.approvals.command_context import (
    CommandContext,
    Effect,
    Keep,
    Receipt,
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
    read_day,
    word_shown,
)
from reassay.evidence.criterion_verdicts import ON_A_WORD, criterion_verdicts, verdict_words
from reassay.ledger.answers import Attached, EvidenceFigures
from reassay.ledger.reassessment import LedgerRecord
from reassay.register.mitigation import Mitigation

NAME = "evidence"
KINDS = ("attested", "judgement", "census", "exercise")
HELP = VerbHelp(
    usage=(
        "evidence [<path>[@<commit>] | sealed:<place> sha256:<digest> custodian <who> until <date>]"
        " attested|judgement|census <n>/<all>|exercise passed|failed [for <criterion>] because <findings and limits>"
    ),
    who="the assessor or the owner",
    effect=(
        "attaches evidence and compares it with the criterion. A path is a file of this repository; confidential content is"
        " sealed with `reassay evidence seal FILE`. URLs are not fetched"
    ),
    example="/reassay evidence reports/training.csv census 117/120 for staff trained because the list of 1 Dec, leave excluded",
)
_SEALED = re.compile(
    r"sealed:(?P<place>\S+)\s+(?P<digest>sha256:[0-9a-f]{64})"
    r"(?:\s+custodian\s+(?P<custodian>\S+))?(?:\s+until\s+(?P<until>\S+))?",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(\d{1,9})/(\d{1,9})")


NO_FIGURES = EvidenceFigures()


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """The location of the evidence."""

    locator: str
    digest: str | None = None
    """Salted digest of sealed content; None for a file."""
    commit: str | None = None
    custodian: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence(Command):
    """The arguments: kind, reason, location, figures and criterion."""

    verb: ClassVar[str] = NAME
    kind: str
    because: str
    source: EvidenceSource | None = None
    figures: EvidenceFigures = NO_FIGURES
    criterion: str | None = None


def parse(rest: str) -> Evidence:
    """Reads location, kind, figures, criterion and reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "evidence")
    words, _, criterion = _partition(words, " for ")
    source, words = _source(words)
    kind, _, figures = words.strip().partition(" ")
    # A sealed line may come straight from `evidence seal`, without a kind.
    kind = one_of(kind or ("attested" if source else ""), KINDS, "kind of evidence")
    return Evidence(kind, because, source, _figures(kind, figures.strip()), criterion.strip() or None)


def _partition(words: str, at: str) -> tuple[str, str, str]:
    before, separator, after = f"{words} ".partition(at)
    return before.strip(), separator, after


def _source(words: str) -> tuple[EvidenceSource | None, str]:
    if "://" in words.split(" ", 1)[0]:
        raise BadCommandError(
            "URLs are not fetched; commit the file to this repository, or seal it with `reassay evidence seal FILE`"
        )
    match = _SEALED.match(words)
    if match:
        until = read_day(match["until"], "`until`") if match["until"] else None
        custodian = (match["custodian"] or "").lstrip("@") or None
        return EvidenceSource(match["place"], match["digest"].lower(), None, custodian, until), words[match.end() :]
    first, _, after = words.partition(" ")
    if not first or first.lower() in KINDS:
        return None, words
    path, _, commit = first.partition("@")
    if path.startswith("/") or ".." in path.split("/") or "\\" in path:
        raise BadCommandError(f"{word_shown(path)} is not a path in this repository; write e.g. `reports/training.csv`")
    if commit and not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise BadCommandError(f"{word_shown(commit)} is not a full commit id of 40 digits")
    return EvidenceSource(path, None, commit or None), after


def _figures(kind: str, words: str) -> EvidenceFigures:
    if kind == "census":
        match = _COUNT.fullmatch(words)
        if match is None or not 0 <= int(match[1]) <= int(match[2]) or int(match[2]) == 0:
            raise BadCommandError("the figures of a census are missing; write e.g. `census 117/120`")
        return EvidenceFigures(counted=int(match[1]), total=int(match[2]))
    if kind == "exercise":
        return EvidenceFigures(passed=one_of(words, ("passed", "failed"), "outcome") == "passed")
    if words:
        raise BadCommandError(f"{word_shown(words)} is not valid here; write the findings after `because`")
    return EvidenceFigures()


def act(command: Evidence, context: CommandContext) -> Effect | Refusal:
    """The record of the evidence; refused if a named file does not exist."""
    reassessment, subject = context.reassessment, context.subject
    if subject is None:
        return unreadable(reassessment)
    roles = parties(subject, *context.facts)
    seat = context.seat(*roles)
    if seat is None:
        return not_yours("attach evidence", roles, context.people(*roles))
    if refused := closed(reassessment):
        return refused
    criterion = _criterion(command, context)
    if isinstance(criterion, Refusal):
        return criterion
    source, keep = command.source, Keep()
    digest = _digest(source, context)
    if source is not None and digest is None:
        where = f" at {source.commit[:7]}" if source.commit else ""
        return Refusal(
            f"there is no file '{source.locator}'{where} in this repository",
            "Commit it first, or seal it with `reassay evidence seal FILE`.",
        )
    body = Attached(
        reassessment=reassessment.id,
        evidence=cast("Literal['attested', 'judgement', 'census', 'exercise']", command.kind),
        provenance="word" if source is None else "sealed" if source.digest else "file",
        criterion=criterion,
        figures=command.figures,
        locator=keep(_locator(source, context)) if source else None,
        digest=digest,
        says=keep(command.because),
        role=seat.recorded,
        independent=not owns(context.by, subject, context.assessment_input),
        retention_until=source.until if source else None,
    )
    return Effect((body,), keep.objects)


def _locator(source: EvidenceSource, context: CommandContext) -> dict[str, str]:
    if source.digest:
        return {"sealed": source.locator, "custodian": source.custodian or ""}
    return {"path": source.locator, "commit": source.commit or context.commit}


def _digest(source: EvidenceSource | None, context: CommandContext) -> str | None:
    if source is None:
        return None
    if source.digest:
        return f"salted:{source.digest}"
    return context.files.get((source.locator, source.commit or context.commit))


def _criterion(command: Evidence, context: CommandContext) -> str | Refusal | None:
    subject = context.subject
    criteria = subject.target.criteria if isinstance(subject, Mitigation) and subject.target else ()
    if command.criterion is None:
        fitting = [criterion.name for criterion in criteria if criterion.kind == command.kind]
        return fitting[0] if len(fitting) == 1 else None
    wanted = command.criterion.casefold()
    match = next((criterion for criterion in criteria if criterion.name.casefold() == wanted), None)
    if match is None:
        listed = ", ".join(f"'{criterion.name}' ({criterion.kind})" for criterion in criteria)
        return Refusal(
            f"'{command.criterion}' is not a criterion here",
            f"Criteria are {listed}." if listed else "The register has none.",
        )
    if command.kind not in {match.kind, "attested"}:
        return Refusal(
            f"'{match.name}' needs evidence of kind {match.kind}, not {command.kind}",
            f"Attach evidence of kind {match.kind}.",
        )
    return match.name


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The evidence, compared with the criterion."""
    body, subject = records[0].body, context.subject
    if not isinstance(body, Attached) or subject is None:
        return None
    where = {
        "file": f"a file of this repository, `{(body.digest or '')[-64:][:12]}`",
        "sealed": f"sealed, `{(body.digest or '')[-64:][:12]}`",
        "word": f"{ON_A_WORD}, so its basis is attested",
    }[body.provenance]
    verdicts = [
        verdict_words(verdict)
        for verdict in criterion_verdicts(subject, context.reassessment)
        if verdict.name == body.criterion
    ]
    more = (
        *verdicts,
        "" if body.independent else "You own the mitigation, so this is marked self-assessed",
        "This version does not read workflow artifacts and result files of tools"
        if body.evidence == "attested"
        else "",
    )
    return Receipt(
        f"@{context.by.login}, {context.spoken(body.role)}, attached {body.evidence} evidence ({where})",
        tuple(filter(None, more)),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Evidence,
    parse=parse,
    act=act,
    receipt=receipt,
)
