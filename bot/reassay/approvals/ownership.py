"""An owner cannot call news about their own mitigation not material (source: 1-domain, "A verdict has consequences")."""

from collections.abc import Iterable, Sequence

from reassay.approvals.command_context import CommandContext, Refusal
from reassay.people.account import Account
from reassay.people.people import seat, who
from reassay.register.assessable import Assessable


def owners_among(subjects: Iterable[Assessable], context: CommandContext) -> tuple[str, ...]:
    """Ids of the subjects that the person owns, or stands in for the owner of."""
    return tuple(subject.id for subject in subjects if _owns(context.by, subject, context))


def _owns(person: Account, subject: Assessable, context: CommandContext) -> bool:
    facts = context.assessment_input
    return seat(person, subject.owner, facts.register, facts.people, facts.today) is not None


def people_who_own_none(people: Sequence[str], subject: Assessable | None, context: CommandContext) -> tuple[str, ...]:
    """Logins of those who do not own a subject."""
    directory = context.assessment_input.people
    return tuple(login for login in people if subject is None or not _owns(directory.account(login), subject, context))


def not_own(what: str, own: Sequence[str], roles: Sequence[str], context: CommandContext) -> Refusal:
    """Refuses an owner, and names who can: the people in `roles` who own none of it."""
    register = context.assessment_input.register
    people = context.people(*roles)
    for name in own:
        people = people_who_own_none(people, register.subjects[name].value, context)
    why = f"you own {', '.join(own)}, and an owner cannot {what} news about their own mitigation as not material"
    if people:
        return Refusal(why, f"Ask {who(people)}. To say that it is material, nobody else is needed.")
    return Refusal(
        why, "Nobody else can either: name an assessor who is not the owner in the register, or treat it as material."
    )
