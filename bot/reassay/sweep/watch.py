"""What a sweep records by itself, from mode `record` on: missed obligations, outages, and who may do what.

Every rule compares with what is recorded already, so a second sweep on the same day records nothing.
"""

from collections.abc import Iterator
from datetime import timedelta

from reassay.assessment.cells import Situation
from reassay.assessment.checklists import as_data, every_item
from reassay.assessment.subjects import grace_of
from reassay.common.calendar import local_date
from reassay.ledger.entry import Body, Observation
from reassay.ledger.sweep_records import BotWasDown, Bypass, Missed, PolicyChanged, RoleChanged
from reassay.people.people import holders, recorded_role, roles_in
from reassay.register.c14n import content_digest
from reassay.register.configuration import Configuration
from reassay.sweep.bypasses import is_watched

OUTAGE = timedelta(days=3)
"""A sweep gives a sign of life once a day; so long without one is an outage (schedules may skip a day)."""


def watch(situation: Situation) -> tuple[Body, ...]:
    """What to record now; nothing in mode `remind`, except that the gate was switched off to get there."""
    if not is_watched(situation):
        return ()
    found = (*_outage(situation), *_policy(situation), *_roles(situation))
    return (*found, *_missed(situation), *_sign_of_life(situation))


def _outage(situation: Situation) -> Iterator[Body]:
    last = situation.history.last_sweep
    if last is not None and situation.now - last > OUTAGE:
        yield BotWasDown(since=last, until=situation.now)


def _policy(situation: Situation) -> Iterator[Body]:
    now = policy_digest(situation.register.configuration)
    known = [body.policy for _, body in situation.history.noted(PolicyChanged)]
    if not known or known[-1] != now:
        yield PolicyChanged(policy=now, before=known[-1] if known else None)


def _roles(situation: Situation) -> Iterator[Body]:
    """Only where GitHub was asked: otherwise nobody would hold any role."""
    if not situation.people.is_known:
        return
    known = {body.role: body for _, body in situation.history.noted(RoleChanged)}
    every = (_membership(role, situation) for role in roles_in(situation.register))
    now = {body.role: body for body in every}
    gone = {role: RoleChanged(role=role, people=()) for role in known if role not in now and known[role].people}
    for role, body in sorted({**now, **gone}.items()):
        if known.get(role) != body:
            yield body


def _membership(role: str, situation: Situation) -> RoleChanged:
    people = holders(role, situation.register, situation.people)
    declared = situation.register.configuration.roles.get(role)
    unread = sum(team.lower() not in situation.people.teams for team in (declared.teams if declared else ()))
    ids = sorted({each.id for each in people if each.id is not None})
    return RoleChanged(
        role=recorded_role(role, situation.register, situation.people),
        people=tuple(ids),
        unresolved=sum(each.id is None for each in people) + unread,
    )


def _missed(situation: Situation) -> Iterator[Body]:
    for each in situation.history.open:
        entry = situation.register.subjects.get(each.subject)
        grace = grace_of(entry.value).after(each.due) if entry else each.due
        known = {body.due for _, body in each.noted(Missed)}
        if grace < situation.today and each.due not in known:
            yield Missed(reassessment=each.id, subject=each.subject, cells=each.cells, due=each.due)


def _sign_of_life(situation: Situation) -> Iterator[Body]:
    last = situation.history.last_sweep
    zone = situation.register.configuration.timezone
    if last is None or local_date(last, zone) < situation.today:
        yield Observation(swept=True)


def said_of(body: Body) -> str:
    """A note for the account of a sweep; empty for what nobody has to act on."""
    match body:
        case Bypass(pull=int(number)):
            return (
                f"#{number} was merged without a green verdict (commit {body.commit[:7]}); it is recorded as a bypass"
            )
        case Bypass():
            return f"commit {body.commit[:7]} changed the register past a pull request; it is recorded as a bypass"
        case BotWasDown():
            return f"no sweep between {body.since:%Y-%m-%d} and {body.until:%Y-%m-%d}; recorded as an outage"
        case PolicyChanged() if body.before:
            return "the policy (configuration, roles, checklists) changed; it is recorded"
        case RoleChanged() if body.unresolved:
            names = "a name" if body.unresolved == 1 else f"{body.unresolved} names"
            return f"role {body.role}: {names} in it lead to no account or readable team, and hold nothing"
        case _:
            return ""


def policy_digest(configuration: Configuration) -> str:
    """The policy in force, as `c14n/1:...`: configuration with its defaults, roles, and the standard checklists.

    It is separate from what is signed: changing a default voids no signature, and is recorded as a change of its own.
    """
    written = configuration.model_dump(mode="json", by_alias=True, exclude_none=True)
    return content_digest({"configuration": written, "checklists": as_data(every_item())})
