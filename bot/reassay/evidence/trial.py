"""A trial: the verdicts on a mitigation's criteria if some result files were attached now. Nothing is recorded."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reassay.common.canonical import canonical, digest
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.criterion_verdicts import criterion_verdicts
from reassay.evidence.evidence_input import EvidenceInput, plan_object, readings_object
from reassay.evidence.reading import Reading
from reassay.evidence.result_request import MeasuredPart
from reassay.ledger.answers import Attached, AttachedResult
from reassay.ledger.entry import LedgerIdentity, Opened, Place, Record, Trigger
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.state import entries_for
from reassay.register.base import Depth
from reassay.register.mitigation import Mitigation

_NOWHERE = "sha256:" + "0" * 64
_ID = "R-2000-001"


@dataclass(frozen=True, slots=True)
class TrialResult:
    """A result file, and what is declared about it."""

    file: str
    """Its name, which verdicts show instead of the number of an entry."""
    readings: tuple[Reading, ...]
    part: MeasuredPart
    """What it would be attached for."""
    declared: AttachedResult
    """Arm, training, languages and deployments; its digest is replaced."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Verdicts as if the files were attached, and what else they rest on."""

    verdicts: tuple[CriterionVerdict, ...]
    reassessment: str | None
    """Id of the open re-assessment, whose evidence counts too; None without one."""
    earlier: int
    """Results that the ledger has of it."""


def trial(subject: Mitigation, results: Sequence[TrialResult], facts: EvidenceInput, now: datetime) -> Trial:
    """The verdicts on all criteria of a mitigation, by these files and by what the ledger has of the episode."""
    history = facts.history
    here = history.open_for(subject.id)
    objects = dict(facts.objects)
    records = [] if here else [Record(body=_opened(subject, now))]
    name = here.id if here else _ID
    records += [Record(body=_attached(subject, result, name, objects)) for result in results]
    identity = LedgerIdentity(host="", repository_id=0, ledger_id="")
    entries = entries_for(records, history.seq, identity, ("", _NOWHERE[7:47]), now)
    after = history.with_entries(entries)
    own = after.open_for(subject.id)
    if own is None:
        raise LookupError(subject.id)
    given = entries[len(entries) - len(results) :]
    files = {entry.seq: result.file for entry, result in zip(given, results, strict=True)}
    verdicts = criterion_verdicts(subject, own, replace(facts, history=after, objects=objects))
    shown = tuple(replace(verdict, why=_with_files(verdict.why, files)) for verdict in verdicts)
    return Trial(shown, here.id if here else None, _earlier(here))


_ENTRIES = re.compile(r"\bentr(?:y|ies) (\d+(?:, \d+)*)")


def _with_files(why: str, files: Mapping[int, str]) -> str:
    """A sentence with the names of the files in place of entries that the ledger does not have."""

    def words(match: re.Match[str]) -> str:
        numbers = [int(number) for number in match[1].split(", ")]
        return ", ".join(files.get(number, f"entry {number}") for number in numbers)

    return _ENTRIES.sub(words, why)


def _earlier(here: Reassessment | None) -> int:
    return sum(body.result is not None for _, body in here.records_of(Attached)) if here else 0


def _attached(subject: Mitigation, result: TrialResult, name: str, objects: dict[str, object]) -> Attached:
    def keep(value: object) -> str:
        key = digest(canonical(value))
        objects[key] = value
        return key

    body = result.declared.model_copy(
        update={
            "readings": keep(readings_object(result.readings)),
            "plan": keep(plan_object(result.part.criterion)),
            "version": subject.version,
        }
    )
    return Attached(
        reassessment=name,
        evidence="result",
        provenance="file",
        criterion=result.part.name,
        digest=f"file:{result.readings[0].digest}" if result.readings else None,
        role=subject.owner,
        independent=True,
        result=body,
    )


def _opened(subject: Mitigation, now: datetime) -> Opened:
    """A re-assessment in which the files would be attached, where none is open."""
    today = now.date()
    return Opened(
        reassessment=_ID,
        nonce="0" * 32,
        run="trial",
        lease_until=now + timedelta(minutes=1),
        subject=subject.id,
        version=subject.version,
        cells=subject.cells,
        depth=Depth.LIGHT,
        triggers=(Trigger(kind="manual", reason="to show what these files would say", cells=subject.cells),),
        opened_on=today,
        due=today,
        checklist=_NOWHERE,
        place=Place(commit=_NOWHERE[7:47], path="-", line=1),
    )
