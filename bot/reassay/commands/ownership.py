"""What a person owns they do not call not material: somebody else says so (source: 1-domain, "A verdict has consequences")."""

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


def not_own(what: str, own: Sequence[str], roles: Sequence[str], context: CommandContext) -> Refusal:
    """Refuses an owner, and names who can: the people in `roles` who own none of it."""
    facts = context.assessment_input
    subjects = [facts.register.subjects[name].value for name in own]
    directory = facts.people
    people = tuple(
        login
        for login in context.people(*roles)
        if not any(_owns(directory.account(login), subject, context) for subject in subjects)
    )
    why = f"you own {', '.join(own)}, and an owner cannot {what} news about their own mitigation as not material"
    if people:
        return Refusal(why, f"Ask {who(people)}. To say that it is material, nobody else is needed.")
    return Refusal(
        why, "Nobody else can either: name an assessor who is not the owner in the register, or treat it as material."
    )
