"""evidence: attaches what shows something, and says how it reads against the criterion."""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, cast

from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, closed, not_yours, unreadable
from reassay.assessment.authority import owns, parties
from reassay.commands.base import BadCommandError, Command, VerbHelp, needs_reason, one_of, read_day, word_shown
from reassay.commands.slash_command import SlashCommand
from reassay.evidence.criterion_verdicts import criterion_verdicts, verdict_words
from reassay.ledger.answers import Attached, EvidenceFigures
from reassay.ledger.reassessment import Noted
from reassay.register.mitigation import Mitigation

NAME = "evidence"
KINDS = ("attested", "judgement", "census", "exercise")
HELP = VerbHelp(
    usage=(
        "evidence [<path>[@<commit>] | sealed:<place> sha256:<digest> custodian <who> until <date>]"
        " attested|judgement|census <n>/<all>|exercise passed|failed [for <criterion>] because <what it shows, and its limits>"
    ),
    who="the assessor or the owner",
    effect=(
        "attaches evidence and answers how it reads against the criterion. A path is a file of this repository; confidential"
        " content is sealed with `reassay evidence seal FILE`. No address is fetched"
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
class Source:
    """Where the evidence is."""

    locator: str
    digest: str | None = None
    """Of sealed content, with its salt."""
    commit: str | None = None
    custodian: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence(Command):
    """Evidence to attach."""

    verb: ClassVar[str] = NAME
    kind: str
    because: str
    source: Source | None = None
    figures: EvidenceFigures = NO_FIGURES
    criterion: str | None = None


def parse(rest: str) -> Evidence:
    """Reads source, kind, figures, criterion and words. Raises BadCommandError."""
    words, because = needs_reason(rest, "evidence")
    words, _, criterion = _partition(words, " for ")
    source, words = _source(words)
    kind, _, figures = words.strip().partition(" ")
    # A sealed line may come straight from `evidence seal`, without a kind.
    kind = one_of(kind or ("attested" if source else ""), KINDS, "kind of evidence")
    return Evidence(kind, because, source, _figures(kind, figures.strip()), criterion.strip() or None)


def _partition(words: str, at: str) -> tuple[str, str, str]:
    before, found, after = f"{words} ".partition(at)
    return before.strip(), found, after


def _source(words: str) -> tuple[Source | None, str]:
    if "://" in words.split(" ", 1)[0]:
        raise BadCommandError(
            "no address is fetched: put the file into this repository, or seal it with `reassay evidence seal FILE`"
        )
    match = _SEALED.match(words)
    if match:
        until = read_day(match["until"], "`until`") if match["until"] else None
        custodian = (match["custodian"] or "").lstrip("@") or None
        return Source(match["place"], match["digest"].lower(), None, custodian, until), words[match.end() :]
    first, _, after = words.partition(" ")
    if not first or first.lower() in KINDS:
        return None, words
    path, _, commit = first.partition("@")
    if path.startswith("/") or ".." in path.split("/") or "\\" in path:
        raise BadCommandError(f"{word_shown(path)} is no path of this repository")
    if commit and not re.fullmatch(r"[0-9a-f]{40}", commit):
        raise BadCommandError(f"a commit has 40 digits, not {word_shown(commit)}")
    return Source(path, None, commit or None), after


def _figures(kind: str, words: str) -> EvidenceFigures:
    if kind == "census":
        match = _COUNT.fullmatch(words)
        if match is None or not 0 <= int(match[1]) <= int(match[2]) or int(match[2]) == 0:
            raise BadCommandError("a census counts everybody: write for example `census 117/120`")
        return EvidenceFigures(counted=int(match[1]), total=int(match[2]))
    if kind == "exercise":
        return EvidenceFigures(passed=one_of(words, ("passed", "failed"), "outcome") == "passed")
    if words:
        raise BadCommandError(f"{word_shown(words)} is not understood; say what it shows after `because`")
    return EvidenceFigures()


def act(command: Evidence, asking: Asking) -> Effect | Refusal:
    """Attached, with its provenance. A file that is named has to be there."""
    each, subject = asking.reassessment, asking.subject
    if subject is None:
        return unreadable(each)
    roles = parties(subject)
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("attaching evidence", roles, asking.people(*roles))
    if refused := closed(each):
        return refused
    criterion = _criterion(command, asking)
    if isinstance(criterion, Refusal):
        return criterion
    source, keep = command.source, Keep()
    digest = _digest(source, asking)
    if source is not None and digest is None:
        where = f" at {source.commit[:7]}" if source.commit else ""
        return Refusal(
            f"there is no file '{source.locator}'{where} in this repository",
            "Commit it first, or seal it with `reassay evidence seal FILE`.",
        )
    body = Attached(
        reassessment=each.id,
        evidence=cast("Literal['attested', 'judgement', 'census', 'exercise']", command.kind),
        provenance="word" if source is None else "sealed" if source.digest else "file",
        criterion=criterion,
        figures=command.figures,
        locator=keep(_locator(source, asking)) if source else None,
        digest=digest,
        says=keep(command.because),
        role=seat.recorded,
        independent=not owns(asking.by, subject, asking.situation),
        retention_until=source.until if source else None,
    )
    return Effect((body,), keep.objects)


def _locator(source: Source, asking: Asking) -> dict[str, str]:
    if source.digest:
        return {"sealed": source.locator, "custodian": source.custodian or ""}
    return {"path": source.locator, "commit": source.commit or asking.commit}


def _digest(source: Source | None, asking: Asking) -> str | None:
    if source is None:
        return None
    if source.digest:
        return f"salted:{source.digest}"
    return asking.files.get((source.locator, source.commit or asking.commit))


def _criterion(command: Evidence, asking: Asking) -> str | Refusal | None:
    subject = asking.subject
    known = subject.target.criteria if isinstance(subject, Mitigation) and subject.target else ()
    if command.criterion is None:
        fitting = [each.name for each in known if each.kind == command.kind]
        return fitting[0] if len(fitting) == 1 else None
    match = next((each for each in known if each.name.casefold() == command.criterion.casefold()), None)
    if match is None:
        listed = ", ".join(f"'{each.name}' ({each.kind})" for each in known)
        return Refusal(
            f"there is no criterion '{command.criterion}'", f"There are: {listed}." if listed else "None is stated."
        )
    if command.kind not in {match.kind, "attested"}:
        return Refusal(
            f"'{match.name}' is a criterion of kind {match.kind}, and this is {command.kind}",
            f"Attach {match.kind} evidence for it.",
        )
    return match.name


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """How it reads against the criterion."""
    body, subject = noted[0].body, asking.subject
    if not isinstance(body, Attached) or subject is None:
        return None
    where = {
        "file": f"a file of this repository, `{(body.digest or '')[-64:][:12]}`",
        "sealed": f"sealed, `{(body.digest or '')[-64:][:12]}`",
        "word": "nothing but what was said",
    }[body.provenance]
    verdicts = [
        verdict_words(each) for each in criterion_verdicts(subject, asking.reassessment) if each.name == body.criterion
    ]
    more = (
        *verdicts,
        "" if body.independent else "You own what is assessed: this is marked self-assessed",
        "Workflow artifacts and result files of tools cannot be read by this version"
        if body.evidence == "attested"
        else "",
    )
    return Receipt(
        f"@{asking.by.login}, {asking.spoken(body.role)}, attached {body.evidence} evidence ({where})",
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
