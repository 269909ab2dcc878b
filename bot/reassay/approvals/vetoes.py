"""Holds, dissents and overrides on a pull request."""

from datetime import date

from reassay.approvals.change_sheet import ChangeSheet
from reassay.commands.asking import Asking, Effect, Keep, Receipt, Refusal, not_yours, on
from reassay.commands.base import Command
from reassay.ledger.pull_requests import ChangeDissented, ChangeHeld, ChangeReleased, Overridden
from reassay.ledger.reassessment import Noted
from reassay.people.people import roles_in

REVIEW_DAYS = 3
"""Working days after which an override ends, and by which what it let through is reviewed."""


def _roles(asking: Asking) -> tuple[str, ...]:
    return roles_in(asking.situation.register)


def _pull(sheet: ChangeSheet) -> int:
    return sheet.facts.proposal.pulls[0]


def hold(command: Command, asking: Asking) -> Effect | Refusal:
    """Any role of the register may say stop."""
    roles = _roles(asking)
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("a hold", roles, asking.people(*roles))
    keep = Keep()
    because: str | None = getattr(command, "because", None)
    body = ChangeHeld(pull=_pull(asking.changes), role=seat.recorded, because=keep(because) if because else None)
    return Effect((body,), keep.objects)


def held_receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """How it is lifted."""
    body = noted[0].body
    role = asking.spoken(body.role) if isinstance(body, ChangeHeld) else ""
    lifted = f"Lifted by `/reassay unhold`, by @{asking.by.login} or anybody else in the role {role}"
    return Receipt(f"@{asking.by.login}, {role}, put a hold on this; it cannot be merged", (lifted,))


def unhold(_command: Command, asking: Asking) -> Effect | Refusal:
    """The holder's own, else those of a role that the person has."""
    held = asking.changes.holds
    if not held:
        return Refusal("nothing is held here", "`/reassay explain` says what is missing.")
    spoken = tuple(dict.fromkeys(asking.spoken(body.role) for _, body in held))
    mine = [noted for noted, body in held if noted.actor == asking.by.id or asking.seat(asking.spoken(body.role))]
    if not mine:
        return not_yours("lifting this hold", spoken, asking.people(*spoken))
    pull = _pull(asking.changes)
    return Effect(tuple(ChangeReleased(pull=pull, held_seq=noted.seq) for noted in mine))


def released_receipt(_noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Whether another hold stands."""
    left = len(asking.changes.holds)
    more = f"{left} more stand{'s' if left == 1 else ''}" if left else "The verdict is made anew"
    return Receipt(f"@{asking.by.login} lifted the hold", (more,))


def dissent(command: Command, asking: Asking) -> Effect | Refusal:
    """Kept with the record; blocks nothing."""
    roles = _roles(asking)
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("a dissent for the record", roles, asking.people(*roles))
    keep = Keep()
    body = ChangeDissented(
        pull=_pull(asking.changes), role=seat.recorded, because=keep(getattr(command, "because", ""))
    )
    return Effect((body,), keep.objects)


def dissent_receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Who disagrees."""
    body = noted[0].body
    role = asking.spoken(body.role) if isinstance(body, ChangeDissented) else ""
    kept = "It stays with the record, whatever is merged; it blocks nothing (`/reassay hold` does)"
    return Receipt(f"@{asking.by.login}, {role}, dissents", (kept,))


def override(command: Command, asking: Asking) -> Effect | Refusal:
    """Bound to the very head that was shown; opens re-assessments of what it lets through."""
    sheet = asking.changes
    role = asking.situation.register.configuration.gate.override
    if role is None:
        return Refusal(
            "nobody may override here", "A role for it stands under `gate: {override: ...}` of the configuration."
        )
    seat = asking.seat(role)
    if seat is None:
        return not_yours("an override", (role,), asking.people(role))
    proposal = sheet.facts.proposal
    if proposal.problems or proposal.mergeable != "yes":
        return Refusal("what a merge would give is not known, and that cannot be overridden", "The check says why.")
    seen = [each for each in proposal.shown if each.at < asking.comment.created_at]
    if not seen or seen[-1].head != proposal.head:
        shown = f"head {seen[-1].head[:7]}" if seen else "no verdict"
        return Refusal(
            f"{shown} was shown when that comment was written, and the head is {proposal.head[:7]} now",
            "Read the check on the present head, and write the command again.",
        )
    keep = Keep()
    body = Overridden(
        pull=_pull(sheet),
        base=proposal.base_ref,
        head=proposal.head,
        role=seat.recorded,
        because=keep(getattr(command, "because", "")),
        subjects=sheet.facts.touched,
        until=_until(asking),
    )
    return Effect((body,), keep.objects)


def _until(asking: Asking) -> date:
    days = asking.situation.register.configuration.working_days
    return days.add(asking.today, REVIEW_DAYS)


def overridden_receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Until when it holds, and what it opens."""
    body = noted[0].body
    if not isinstance(body, Overridden):
        return None
    opens = f"It opens re-assessments of {', '.join(body.subjects)}" if body.subjects else "It concerns no mitigation"
    more = (
        f"Holds for head {body.head[:7]} and no other, until {on(body.until)}",
        f"{opens}; auditors see it",
        "A hold, and what cannot be read or merged, it does not reach",
    )
    return Receipt(f"@{asking.by.login}, {asking.spoken(body.role)}, overrides the gate", more)
