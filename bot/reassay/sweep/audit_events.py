"""Audit events that a sweep records, from mode `record` on: missed obligations, outages, changed roles.

Every rule compares with the ledger, so a second sweep on the same day records nothing.
"""

from collections.abc import Iterator
from datetime import timedelta

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.checklists import as_data, every_item
from reassay.assessment.subjects import grace_of
from reassay.common.calendar import local_date
from reassay.ledger.entry import Body, Observation, ObservedName
from reassay.ledger.history import History
from reassay.ledger.protection import Protection, loosened
from reassay.ledger.sweep_records import BotWasDown, Bypass, Missed, PolicyChanged, ProtectionChanged, RoleChanged
from reassay.people.people import holders, recorded_role, roles_in
from reassay.register.c14n import content_digest
from reassay.register.configuration import Configuration
from reassay.sweep.bypasses import is_watched
from reassay.sweep.known_names import names_to_record

OUTAGE = timedelta(days=3)
"""Time without a sweep that counts as an outage; schedules may skip a day."""


def audit_events(assessment_input: AssessmentInput, protection: Protection | None = None) -> tuple[Body, ...]:
    """The events to record now; none in mode `remind`, except that the gate was switched off to get there."""
    if not is_watched(assessment_input):
        return ()
    return (
        *_outage(assessment_input),
        *_policy(assessment_input),
        *_protection(assessment_input, protection),
        *_roles(assessment_input),
        *_missed(assessment_input),
        *_sign_of_life(assessment_input, protection),
    )


def _outage(assessment_input: AssessmentInput) -> Iterator[Body]:
    last = assessment_input.history.last_sweep_until(assessment_input.now)
    if last is not None and assessment_input.now - last > OUTAGE:
        yield BotWasDown(since=last, until=assessment_input.now)


def _policy(assessment_input: AssessmentInput) -> Iterator[Body]:
    now = policy_digest(assessment_input.register.configuration)
    recorded = [body.policy for _, body in assessment_input.history.records_of(PolicyChanged)]
    if not recorded or recorded[-1] != now:
        yield PolicyChanged(policy=now, before=recorded[-1] if recorded else None)


def protection_seen(history: History) -> Protection | None:
    """What protected the two branches when it was recorded last; None if it never was."""
    seen = [(record.seq, body.protection) for record, body in history.records_of(Observation) if body.protection]
    seen += [(record.seq, body.after) for record, body in history.records_of(ProtectionChanged)]
    return max(seen, key=lambda row: row[0])[1] if seen else None


def _protection(assessment_input: AssessmentInput, protection: Protection | None) -> Iterator[Body]:
    """Any difference from what was seen last, in either direction."""
    before = protection_seen(assessment_input.history)
    if protection is not None and before is not None and not protection.same(before):
        yield ProtectionChanged(before=before, after=protection)


def _roles(assessment_input: AssessmentInput) -> Iterator[Body]:
    """Only where GitHub was asked: otherwise nobody would hold any role."""
    if not assessment_input.people.is_known:
        return
    recorded = {body.role: body for _, body in assessment_input.history.records_of(RoleChanged)}
    memberships = (_membership(role, assessment_input) for role in roles_in(assessment_input.register))
    now = {body.role: body for body in memberships}
    gone = {
        role: RoleChanged(role=role, people=()) for role, body in recorded.items() if role not in now and body.people
    }
    for role, body in sorted({**now, **gone}.items()):
        if recorded.get(role) != body:
            yield body


def _membership(role: str, assessment_input: AssessmentInput) -> RoleChanged:
    people = holders(role, assessment_input.register, assessment_input.people)
    declared = assessment_input.register.configuration.roles.get(role)
    unread = sum(assessment_input.people.members(team) is None for team in (declared.teams if declared else ()))
    ids = sorted({account.id for account in people if account.id is not None})
    return RoleChanged(
        role=recorded_role(role, assessment_input.register, assessment_input.people),
        people=tuple(ids),
        unresolved=sum(account.id is None for account in people) + unread,
    )


def _missed(assessment_input: AssessmentInput) -> Iterator[Body]:
    for reassessment in assessment_input.history.open:
        entry, due = assessment_input.register.subjects.get(reassessment.subject), reassessment.due
        grace = grace_of(entry.value).after(due) if entry else due
        recorded = {body.due for _, body in reassessment.records_of(Missed)}
        if grace < assessment_input.today and due not in recorded:
            yield Missed(reassessment=reassessment.id, subject=reassessment.subject, cells=reassessment.cells, due=due)


def _sign_of_life(assessment_input: AssessmentInput, protection: Protection | None) -> Iterator[Body]:
    last = assessment_input.history.last_sweep_until(assessment_input.now)
    zone = assessment_input.register.configuration.timezone
    # A sweep that is dated ahead, by a clock that was wrong, is no sign of life of today.
    first = (
        last is None or last != assessment_input.history.last_sweep or local_date(last, zone) < assessment_input.today
    )
    names, dropped = _names(assessment_input)
    before = protection_seen(assessment_input.history)
    # A branch that was not there yet is seen with the next sign of life.
    is_new = protection is not None and (before is None or (before.absent and not protection.absent))
    if first or names or dropped:
        prior = assessment_input.register.prior
        commit, seen = (prior.commit if prior else None), (protection if first and is_new else None)
        yield Observation(swept=first, names=names, dropped=dropped, configuration=commit, protection=seen)


def _names(assessment_input: AssessmentInput) -> tuple[tuple[ObservedName, ...], tuple[str, ...]]:
    """Names to record and to forget, where GitHub was asked and the configuration can be read."""
    register, people = assessment_input.register, assessment_input.people
    if not people.is_known or register.configuration_is_broken:
        return (), ()
    return names_to_record(register, people, assessment_input.history)


def note_of(body: Body, *, is_dry: bool = False) -> str:  # noqa: PLR0911 -- one line for each kind
    """A note for the report of a sweep; empty for what nobody has to act on. A dry run records nothing, and says so."""
    is_recorded = "it would be recorded" if is_dry else "it is recorded"
    match body:
        case Bypass(pull=int(number)):
            return f"#{number} was merged without a green verdict (commit {body.commit[:7]}); {is_recorded} as a bypass"
        case Bypass():
            return f"commit {body.commit[:7]} changed the register past a pull request; {is_recorded} as a bypass"
        case BotWasDown():
            return f"no sweep between {body.since:%Y-%m-%d} and {body.until:%Y-%m-%d}; {is_recorded} as an outage"
        case PolicyChanged() if body.before:
            return f"the policy (configuration, roles, checklists) changed; {is_recorded}"
        case ProtectionChanged() if not loosened(body.before, body.after):
            return f"the protection of the default branch or of the ledger's branch changed; {is_recorded}"
        case RoleChanged() if body.unresolved:
            names = "a name" if body.unresolved == 1 else f"{body.unresolved} names"
            where = "lead to no account or readable team, or to another than before"
            return f"role {body.role}: {names} in it {where}, and hold nothing"
        case _:
            return ""


def policy_digest(configuration: Configuration) -> str:
    """The policy in force, as `c14n/1:...`: configuration with its defaults, roles, and the standard checklists.

    It is separate from what is signed: changing a default voids no signature, and is recorded as a change of its own.
    """
    written = configuration.model_dump(mode="json", by_alias=True, exclude_none=True)
    return content_digest({"configuration": written, "checklists": as_data(every_item())})
