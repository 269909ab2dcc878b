"""Names and descriptions of exceptions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from reassay.ledger.answers import Dissented
from reassay.ledger.deferrals import Extended, Held, SideExit, Snoozed, Waived
from reassay.ledger.entry import Body, Decided
from reassay.ledger.keys import KeyAdded, KeyRevoked, key_id, short
from reassay.ledger.risks import Accepted, Contained, Corrected
from reassay.ledger.sweep_records import BotWasDown, Bypass, PolicyChanged, RoleChanged

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
"""Kind of entry -> the auditor's term for it. Other kinds keep the name that the ledger uses."""


def kind_name(body: Body) -> str:
    """The name of a kind of exception."""
    return NAMES.get(body.kind, body.kind)


def description(body: Body) -> str:  # noqa: PLR0911, PLR0912, C901 -- one line for each kind
    """What the entry did, as half a sentence."""
    match body:
        case Decided():
            return f"{body.decision} ({body.basis}), decided by an owner or without an independent assessor"
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
        case BotWasDown():
            return f"no sweep from {_minute(body.since)} to {_minute(body.until)}"
        case Bypass():
            who = f", by account {body.committer}" if body.committer is not None else ""
            way = "without a pull request" if body.pull is None else f"through #{body.pull} without a passing check"
            return f"commit {body.commit[:12]} was merged {way}{who}"
        case RoleChanged() | PolicyChanged() | KeyAdded() | KeyRevoked():
            return _changed(body)
        case _:
            return f"recorded as {body.kind}"


def _changed(body: RoleChanged | PolicyChanged | KeyAdded | KeyRevoked) -> str:
    match body:
        case RoleChanged():
            people = ", ".join(map(str, body.people)) or "nobody"
            missing = f"; names without an account: {body.unresolved}" if body.unresolved else ""
            return f"{body.role}: accounts {people}{missing}"
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
