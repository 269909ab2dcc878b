"""Exceptions of the period: overrides, extensions, waivers, bypasses and the like.

Every kind of ledger entry that is not in `ORDINARY` is an exception, so a new kind is shown without a change here.
An entry in `NAMES` gives it a name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from reassay.audit.audit_input import AuditInput
from reassay.audit.exception_status import exception_status, lifted_on, ratified_on, readable_on, until_of
from reassay.ledger.answers import Dissented
from reassay.ledger.deferrals import Extended, Held, SideExit, Snoozed, Waived
from reassay.ledger.digests import Asked
from reassay.ledger.entry import Body, Decided, Entry, basis_word
from reassay.ledger.keys import KeyAdded, KeyRevoked, key_id, short
from reassay.ledger.protection import loosened
from reassay.ledger.pull_requests import ChangeDissented, ChangeHeld, Overridden
from reassay.ledger.reassessment import decision_of
from reassay.ledger.risks import Accepted, Contained, Corrected
from reassay.ledger.runs import RunEnded, RunRefused
from reassay.ledger.sweep_records import (
    BotWasDown,
    Bypass,
    PolicyChanged,
    ProtectionChanged,
    RoleChanged,
    UnreadableClaimed,
)

NAMES: Final[Mapping[str, str]] = {
    "decided": "self-assessed decision",
    "extended": "extension",
    "overridden": "override",
    "corrected": "correction",
    "bot-was-down": "outage",
    "contained": "containment",
    "waived": "waiver",
    "accepted": "risk acceptance",
    "snoozed": "snooze",
    "dissented": "dissent",
    "held": "hold",
    "change-held": "hold on a pull request",
    "change-dissented": "dissent on a pull request",
    "side-exit": "side exit",
    "role-changed": "role change",
    "policy-changed": "policy change",
    "protection-changed": "protection change",
    "unreadable-claimed": "unreadable",
    "key-added": "key change",
    "key-revoked": "key change",
    "run-ended": "run without a result",
    "run-refused": "refused run",
}
"""Kind of entry -> the auditor's term for it. Other kinds keep the name that the ledger uses."""


def kind_name(body: Body) -> str:
    """The name of a kind of exception."""
    return NAMES.get(body.kind, body.kind)


def description(body: Body, audit: AuditInput) -> str:  # noqa: PLR0911, PLR0912, C901 -- one line for each kind
    """What the entry did, as half a sentence."""
    match body:
        case Decided():
            return f"{body.decision} ({basis_word(body.basis)}), decided by an owner or without an independent assessor"
        case Extended():
            return f"due date moved to {body.until}" + ("; interim measures are named" if body.interim else "")
        case Snoozed():
            return f"no reminders until {body.until}; the state did not change"
        case SideExit():
            return body.how.replace("-", " ") + (f" {body.into}" if body.into else "")
        case Accepted():
            return f"risk accepted until {body.until}"
        case Waived():
            return f"waived until {body.until}, on condition {body.condition}"
        case Contained():
            return f"{body.action}, by one person as {body.role}; to be ratified by {body.ratify_by}"
        case Corrected():
            return "erratum: read together with the record" if body.how == "erratum" else "decision withdrawn"
        case Dissented() | Held():
            return f"as {body.role}"
        case Overridden():
            return f"#{body.pull} at {body.head[:12]} may be merged until {body.until} without what is asked, as {body.role}"
        case ChangeDissented() | ChangeHeld():
            return f"#{body.pull}, as {body.role}"
        case BotWasDown():
            return f"no sweep from {_minute(body.since)} to {_minute(body.until)}"
        case Bypass():
            who = f", by {audit.person(body.committer)}" if body.committer is not None else ""
            way = "without a pull request" if body.pull is None else f"through #{body.pull} without a passing check"
            return f"commit {body.commit[:12]} was merged {way}{who}"
        case ProtectionChanged():
            return "; ".join(loosened(body.before, body.after)) or "protection of the branches changed, nothing looser"
        case UnreadableClaimed():
            earlier = f"; the configuration of {body.configuration[:12]} was in force" if body.configuration else ""
            return f"could not be read from then on: {', '.join(body.objects)}{earlier}"
        case RunEnded():
            return f"run {body.run}: {body.how}" + (f"; {body.why}" if body.why else "")
        case RunRefused():
            return f"artifact {body.artifact} of workflow run {body.workflow_run} was refused: {body.why}"
        case RoleChanged() | PolicyChanged() | KeyAdded() | KeyRevoked():
            return _changed(body, audit)
        case _:
            return f"recorded as {body.kind}"


def _changed(body: RoleChanged | PolicyChanged | KeyAdded | KeyRevoked, audit: AuditInput) -> str:
    match body:
        case RoleChanged():
            people = ", ".join(map(audit.person, body.people)) or "nobody"
            missing = f"; names without an account: {body.unresolved}" if body.unresolved else ""
            return f"{body.role}: {people}{missing}"
        case PolicyChanged():
            return (
                "policy as first recorded"
                if body.before is None
                else "configuration, roles, checklists or approval steps changed"
            )
        case KeyAdded():
            return f"key {short(key_id(body.public_key))} added ({body.how})"
        case KeyRevoked():
            return f"key {short(body.key)} is revoked from entry {body.revoked_from} on"


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


ORDINARY: Final = frozenset({
    "opened", "due", "decided", "superseded", "observation", "answered", "signed-off", "withdrawn", "attached",
    "waiting-on", "released", "asserted", "triaged", "missed", "ratified",
    "first-seen", "change-answered", "change-signed", "change-withdrawn", "change-released", "landed",
    "bypass-claimed", "bypass-issue", "removed", "unreadable-issue", "readable-again",
    "run-registered",
    "follow-up-claimed", "follow-up-issue", "follow-up-done", "follow-up-checked",
    "signals-received", "source-read", "triage-claimed", "triage-issue", "triage-done",
    "paged", "paging-began", "deployment-observed", "dashboard-claimed", "dashboard-issue", "dashboard-ended",
})  # fmt: skip
"""Kinds of entry that are routine, or that other tables show."""
WHILE_OPEN: Final = frozenset({"extended", "snoozed", "held"})
"""Kinds that end when their re-assessment does."""


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """One exception."""

    kind: str
    on: date | None
    seq: int | None
    """Seq of the ledger entry; None for an exception of the register or one that follows from several entries."""
    record: str
    subject: str
    cells: tuple[str, ...]
    by: str
    """An account, or a role for an exception of the register."""
    second: str
    """The second person, where the action needs two."""
    until: date | None
    status: str
    """At the end of the period."""
    what: str
    text: str
    """The person's own text."""


def recorded_exceptions(audit: AuditInput) -> Iterator[ExceptionRow]:
    """Exceptions recorded in the period or in force during it, in order of the ledger."""
    for entry in audit.until_end:
        if _is_exception(entry.body) and (audit.period.contains(entry.recorded_at) or _in_force(entry, audit)):
            yield _row(entry, audit)


def _is_exception(body: Body) -> bool:
    if isinstance(body, Decided):
        return body.self_assessed
    if isinstance(body, KeyAdded):
        return body.how != "first"
    if isinstance(body, RunEnded):
        return body.how != "result"
    return body.kind not in ORDINARY


def _in_force(entry: Entry, audit: AuditInput) -> bool:
    """Whether an exception recorded before the period was in force during it."""
    start, reassessment = audit.period.start, audit.reassessment(entry)
    if isinstance(entry.body, Contained):
        day = ratified_on(entry, audit)
        return day is None or day >= start or entry.body.ratify_by >= start
    if isinstance(entry.body, UnreadableClaimed):
        day = readable_on(entry, audit)
        return day is None or day >= start
    closed = audit.period.day(reassessment.closed_at) if reassessment and reassessment.closed_at else None
    if entry.body.kind in WHILE_OPEN and closed is not None and closed < start:
        return False
    if isinstance(entry.body, Held | ChangeHeld):
        day = lifted_on(entry, audit)
        return day is None or day >= start
    until = until_of(entry.body)
    return until is not None and until >= start


def _row(entry: Entry, audit: AuditInput) -> ExceptionRow:
    body, reassessment = entry.body, audit.reassessment(entry)
    asked = getattr(body, "asked", None)
    confirmed = getattr(body, "confirmed_by", None)
    subject = getattr(body, "subject", None) or (reassessment.subject if reassessment else "")
    return ExceptionRow(
        kind=kind_name(body),
        on=audit.day(entry),
        seq=entry.seq,
        record=getattr(body, "reassessment", None) or "",
        subject=audit.history.present(str(subject)),
        cells=tuple(getattr(body, "cells", None) or (reassessment.cells if reassessment else ())),
        by=audit.person(asked.by if isinstance(asked, Asked) else entry.actor),
        second=audit.person(confirmed if isinstance(confirmed, int) else None),
        until=until_of(body),
        status=exception_status(entry, audit),
        what=description(decision_of(entry, body, reassessment) if isinstance(body, Decided) else body, audit),
        text=audit.text(getattr(body, "because", None)),
    )
