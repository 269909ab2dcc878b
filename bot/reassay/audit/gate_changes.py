"""Changes that passed or bypassed the merge gate: one row for each pull request, and for each push that bypassed it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from reassay.audit.audit_input import AuditInput
from reassay.audit.branch_merges import BranchMerge, merges_by_pull
from reassay.audit.sign_offs import signature_of, signed_at, taken_back_by
from reassay.ledger.entry import Entry
from reassay.ledger.pull_requests import (
    ChangeAnswered,
    ChangeDissented,
    ChangeHeld,
    ChangeReleased,
    ChangeSigned,
    ChangeWithdrawn,
    Landed,
    Overridden,
)
from reassay.ledger.sweep_records import Bypass
from reassay.register.base import Strict

BodyT = TypeVar("BodyT", bound=Strict)
POLICY = "policy"


@dataclass(frozen=True, slots=True)
class GateChangeRow:
    """One pull request with entries in the ledger, or one push that bypassed the merge gate."""

    request: str
    """`#` and the number of the pull request; `push` without one."""
    objects: tuple[str, ...]
    """Objects that were answered or signed, or that an override or a bypass had re-assessed."""
    direction: str
    """`looser` or `not looser` by what was asked for each object, `policy` for the policy; "" where nothing was signed."""
    signed: tuple[str, ...]
    """Each signature: its kind, role, person, instant in UTC, rows, entry, and the entry that took it back."""
    answers: tuple[str, ...]
    """Each answer, likewise."""
    decided: tuple[str, ...]
    """Re-assessments of what the pull request proposes, with their verdicts."""
    verdict: str
    """What let it in: `passed`, `overridden`, `bypassed`, `not enforced`; "" if no merge is known."""
    merged: str
    """`yes`, or `not seen`: neither the ledger nor the branch shows a merge until the end of the period."""
    merged_on: date | None
    commit: str
    """The commit that brought it to the branch."""
    merged_by: str
    """What shows the merge: an entry, a merge commit of a signed head, or the number in a commit's subject."""
    overridden: tuple[str, ...]
    bypassed: tuple[str, ...]
    held: tuple[str, ...]
    dissented: tuple[str, ...]
    withdrawn: tuple[str, ...]
    entries: tuple[int, ...]
    """Seqs of all its entries until the end of the period."""


def gate_changes(audit: AuditInput) -> tuple[GateChangeRow, ...]:
    """Pull requests with an entry in the period or merged in it, by number; then bypassing pushes, in ledger order."""
    by_pull: dict[int, list[Entry]] = {}
    for entry in audit.until_end:
        number = _pull(entry, audit)
        if number is not None:
            by_pull.setdefault(number, []).append(entry)
    changes = [_PullRequest(number, tuple(entries), audit) for number, entries in sorted(by_pull.items())]
    rows = [change.row for change in changes if change.belongs]
    pushes = (entry for entry in audit.in_period if isinstance(entry.body, Bypass) and entry.body.pull is None)
    return (*rows, *(_push(entry, audit) for entry in pushes))


def _pull(entry: Entry, audit: AuditInput) -> int | None:
    """The pull request that an entry is about, also by a re-assessment of what it proposes."""
    stated = getattr(entry.body, "pull", None)
    if isinstance(stated, int):
        return stated
    reassessment = audit.reassessment(entry)
    return reassessment.proposal.pull if reassessment and reassessment.proposal else None


@dataclass(frozen=True)
class _PullRequest:
    number: int
    entries: tuple[Entry, ...]
    audit: AuditInput

    @property
    def belongs(self) -> bool:
        """Whether it is of the period."""
        period, merge = self.audit.period, self._merge
        return any(period.contains(entry.recorded_at) for entry in self.entries) or (
            merge is not None and period.contains(merge.at)
        )

    @cached_property
    def _merge(self) -> BranchMerge | None:
        """Its merge on the branch until the end of the period."""
        heads = frozenset(
            entry.body.head for entry in self.entries if isinstance(entry.body, ChangeSigned | Overridden)
        )
        until = [merge for merge in self.audit.merges if merge.at <= self.audit.period.closing]
        return merges_by_pull(until, {self.number: heads}).get(self.number)

    def _of(self, kind: type[BodyT]) -> Iterator[tuple[Entry, BodyT]]:
        return ((entry, entry.body) for entry in self.entries if isinstance(entry.body, kind))

    @property
    def row(self) -> GateChangeRow:
        items = [name for entry in self.entries for name in _items(entry)]
        overridden, bypasses = list(self._of(Overridden)), list(self._of(Bypass))
        objects = [*map(_object, items), *(name for _, body in overridden for name in body.subjects)]
        merged, on, commit, shown = self._merged(bypasses)
        return GateChangeRow(
            request=f"#{self.number}",
            objects=tuple(dict.fromkeys(objects)),
            direction=_direction(items),
            signed=tuple(self._signed()),
            answers=tuple(self._answers()),
            decided=tuple(self._decided()),
            verdict=self._verdict(is_merged=merged == "yes", bypasses=bypasses, overridden=overridden),
            merged=merged,
            merged_on=on,
            commit=commit,
            merged_by=shown,
            overridden=tuple(
                f"{self._act(entry)} as {body.role}, head {body.head[:12]}, until {body.until}: {self.audit.text(body.because)}"
                for entry, body in overridden
            ),
            bypassed=tuple(f"{body.why}, entry {entry.seq}" for entry, body in bypasses),
            held=tuple(self._held()),
            dissented=tuple(
                f"{self._act(entry)} as {body.role}: {self.audit.text(body.because)}"
                for entry, body in self._of(ChangeDissented)
            ),
            withdrawn=tuple(
                f"{self._act(entry)}: {', '.join(body.items)}" for entry, body in self._of(ChangeWithdrawn)
            ),
            entries=tuple(entry.seq for entry in self.entries),
        )

    def _act(self, entry: Entry) -> str:
        """Who did it, when, and where it is recorded."""
        return f"{self.audit.person(entry.actor) or 'bot'} at {signed_at(entry):%Y-%m-%d %H:%M}Z, entry {entry.seq}"

    def _signed(self) -> Iterator[str]:
        for entry in self.entries:
            given = signature_of(entry)
            if given is None or isinstance(entry.body, ChangeAnswered):
                continue
            gone = taken_back_by(entry, given, self.audit)
            lent = f", lent by {self.audit.person(given.for_account)}" if given.for_account is not None else ""
            back = f", taken back by entry {gone}" if gone else ""
            yield f"{given.says} as {given.role}{lent}: {', '.join(given.items)}; by {self._act(entry)}{back}"

    def _answers(self) -> Iterator[str]:
        for entry, body in self._of(ChangeAnswered):
            stamp = "" if body.signed else ", not signed"
            yield f"{body.item}: {body.answer} as {body.role}; by {self._act(entry)}{stamp}"

    def _decided(self) -> Iterator[str]:
        for reassessment in self.audit.history.reassessments.values():
            if reassessment.proposal is not None and reassessment.proposal.pull == self.number:
                verdict = reassessment.decided.verdict if reassessment.decided else reassessment.state
                yield f"{reassessment.id}: {verdict}"

    def _held(self) -> Iterator[str]:
        releases = {body.held_seq: entry for entry, body in self._of(ChangeReleased)}
        for entry, body in self._of(ChangeHeld):
            release = releases.get(entry.seq)
            ended = f"; lifted by {self._act(release)}" if release else "; not lifted"
            yield f"{self._act(entry)} as {body.role}: {self.audit.text(body.because)}{ended}"

    def _merged(self, bypasses: Sequence[tuple[Entry, Bypass]]) -> tuple[str, date | None, str, str]:
        """Whether it was merged, when, as which commit, and what shows it."""
        merge, day = self._merge, self.audit.period.day
        landed = [(entry, body.commit) for entry, body in self._of(Landed) if body.commit]
        entry, commit = next(
            ((own, name) for own, name in (*landed, *((e, b.commit) for e, b in bypasses))), (None, "")
        )
        if entry is not None and commit:
            at = merge.at if merge and merge.commit == commit else entry.recorded_at
            return "yes", day(at), commit, f"entry {entry.seq}"
        if merge is None:
            return "not seen", None, "", ""
        return "yes", day(merge.at), merge.commit, "merge commit" if merge.head else "number in the commit's subject"

    def _verdict(
        self,
        *,
        is_merged: bool,
        bypasses: Sequence[tuple[Entry, Bypass]],
        overridden: Sequence[tuple[Entry, Overridden]],
    ) -> str:
        if bypasses:
            return "bypassed"
        if not is_merged:
            return ""
        mode = self.entries[-1].mode
        if mode != "enforce":
            return f"not enforced (mode {mode})"
        return "overridden" if overridden else "passed"


def _items(entry: Entry) -> tuple[str, ...]:
    """Ids of the rows that an entry answers or signs."""
    match entry.body:
        case ChangeSigned() as body:
            return tuple(item.item for item in body.items)
        case ChangeAnswered() as body:
            return (body.item,)
        case _:
            return ()


def _object(item: str) -> str:
    """The object of a row: its id up to the question or the step."""
    return re.split(r"[?:]", item, maxsplit=1)[0]


def _direction(items: Sequence[str]) -> str:
    """The direction of a change, by what the gate asked for: only what is not looser is signed by one light review."""
    words = [
        POLICY if _object(item) == POLICY else "not looser" if item.endswith(":review") else "looser" for item in items
    ]
    return ", ".join(word for word in ("looser", POLICY, "not looser") if word in words)


def _push(entry: Entry, audit: AuditInput) -> GateChangeRow:
    body = entry.body
    assert isinstance(body, Bypass)  # noqa: S101 -- for the type checker
    return GateChangeRow(
        request="push",
        objects=audit.bypassed_subjects.get(body.commit, ()),
        direction="",
        signed=(),
        answers=(),
        decided=(),
        verdict="bypassed",
        merged="yes",
        merged_on=audit.day(entry),
        commit=body.commit,
        merged_by=f"entry {entry.seq}",
        overridden=(),
        bypassed=(f"{body.why}, by {audit.person(body.committer) or 'nobody that GitHub knows'}, entry {entry.seq}",),
        held=(),
        dissented=(),
        withdrawn=(),
        entries=(entry.seq,),
    )
