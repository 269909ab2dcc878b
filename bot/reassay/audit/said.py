"""The words for exceptions: what each kind is called, what it did, and how it stands at the end of the period."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

from reassay.audit.facts import Facts
from reassay.ledger.answering import Dissented
from reassay.ledger.bypassing import BypassClaimed
from reassay.ledger.deferring import Extended, Held, SideExit, Snoozed, Waived
from reassay.ledger.entry import Body, Decided, Entry
from reassay.ledger.keys import KeyAdded, KeyRevoked, key_id, short
from reassay.ledger.risks import Accepted, Contained, Corrected, Ratified
from reassay.ledger.watching import BotWasDown, Bypass, PolicyChanged, RoleChanged

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
    "key-added": "key change",
    "key-revoked": "key change",
}
"""A kind of entry as auditors call it; any other one is called as the ledger does."""


def name_of(body: Body) -> str:
    """What an exception is called."""
    return NAMES.get(body.kind, body.kind)


def said(body: Body) -> str:  # noqa: PLR0911, PLR0912, C901 -- one line for each kind
    """What it did, in half a sentence of our own."""
    match body:
        case Decided():
            return f"{body.decision} ({body.basis}), decided by an owner or without an assessor of its own"
        case Extended():
            return f"due date moved to {body.until}" + ("; interim measures are named" if body.interim else "")
        case Snoozed():
            return f"no reminders until {body.until}; the state stayed as it was"
        case SideExit():
            return body.how.replace("-", " ") + (f" {body.into}" if body.into else "")
        case Accepted():
            return f"a risk is borne until {body.until}"
        case Waived():
            return f"left out until {body.until}, by the ground {body.condition}"
        case Contained():
            return f"{body.action}, by one person as {body.role}; to be ratified by {body.ratify_by}"
        case Corrected():
            return "erratum: read together with the record" if body.how == "erratum" else "decision withdrawn"
        case Dissented() | Held():
            return f"as {body.role}"
        case BotWasDown():
            return f"no sweep from {_minute(body.since)} to {_minute(body.until)}"
        case Bypass():
            who = f", by account {body.committer}" if body.committer is not None else ""
            way = "without a pull request" if body.pull is None else f"by #{body.pull} without a green verdict"
            return f"commit {body.commit[:12]} came {way}{who}"
        case RoleChanged() | PolicyChanged() | KeyAdded() | KeyRevoked():
            return _changed(body)
        case _:
            return f"recorded as {body.kind}"


def _changed(body: RoleChanged | PolicyChanged | KeyAdded | KeyRevoked) -> str:
    match body:
        case RoleChanged():
            people = ", ".join(map(str, body.people)) or "nobody"
            missing = f"; names that led to no account: {body.unresolved}" if body.unresolved else ""
            return f"{body.role}: accounts {people}{missing}"
        case PolicyChanged():
            return (
                "policy as first recorded"
                if body.before is None
                else "configuration, roles, checklists or approval steps"
            )
        case KeyAdded():
            return f"key {short(key_id(body.public_key))} came in by {body.how}"
        case KeyRevoked():
            return f"key {short(body.key)} is not believed from entry {body.revoked_from} on"


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def how_it_stands(entry: Entry, facts: Facts) -> str:
    """At the end of the period; "" where there is nothing to say."""
    found = STANDS.get(entry.body.kind)
    return found(entry, facts) if found else _dated(entry, facts)


def until_of(body: Body) -> date | None:
    """The last day on which it holds, where it states one."""
    until = getattr(body, "until", None)
    return until if isinstance(until, date) and not isinstance(until, datetime) else None


def _dated(entry: Entry, facts: Facts) -> str:
    until = until_of(entry.body)
    return "" if until is None else "active" if until >= facts.period.end else "expired"


def _while_open(entry: Entry, facts: Facts) -> str:
    each = facts.reassessment(entry)
    return _dated(entry, facts) if each is not None and each.state == "open" else "ended with its re-assessment"


def ratified_on(entry: Entry, facts: Facts) -> date | None:
    """When a containment was ratified; None if it was not by the end of the period."""
    each = facts.reassessment(entry)
    found = each.noted(Ratified) if each else ()
    return next((facts.period.day(noted.at) for noted, body in found if body.contained_seq == entry.seq), None)


def _ratified(entry: Entry, facts: Facts) -> str:
    if not isinstance(entry.body, Contained):
        return ""
    day, by = ratified_on(entry, facts), entry.body.ratify_by
    if day is not None:
        return "ratified" if day <= by else f"ratified late, on {day}"
    return "not ratified" if facts.period.end > by else "not ratified yet"


def _bypass(entry: Entry, facts: Facts) -> str:
    """Whether what it touched was decided about since."""
    body = entry.body
    if not isinstance(body, Bypass):
        return ""
    claims = ((noted, each) for noted, each in facts.history.noted(BypassClaimed) if noted.seq > entry.seq)
    found = next(((noted, each) for noted, each in claims if body.commit in each.commits), None)
    if found is None:
        return ""
    noted, claim = found
    decided = {
        each.subject
        for each in facts.history.reassessments.values()
        if (each.decided_seq or 0) > noted.seq and each.counts
    }
    left = [name for name in claim.subjects if facts.history.present(name) not in decided]
    return (
        f"to be re-assessed by {claim.review_by}: {', '.join(left)}"
        if left
        else "re-assessed"
        if claim.subjects
        else "in an issue"
    )


def _role(entry: Entry, facts: Facts) -> str:
    body = entry.body
    before = any(
        isinstance(each.body, RoleChanged) and isinstance(body, RoleChanged) and each.body.role == body.role
        for each in facts.known
        if each.seq < entry.seq
    )
    return "changed" if before else "first recorded"


def _policy(entry: Entry, _: Facts) -> str:
    return "first recorded" if getattr(entry.body, "before", None) is None else "changed"


STANDS: Final[Mapping[str, Callable[[Entry, Facts], str]]] = {
    "extended": _while_open,
    "snoozed": _while_open,
    "contained": _ratified,
    "bypass": _bypass,
    "role-changed": _role,
    "policy-changed": _policy,
}
