"""Roles that do a follow-up and roles that verify it; two different people are needed."""

import re
from collections.abc import Iterable

from reassay.assessment.authority import approvers, assessors
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.follow_ups import TrackedFollowUp
from reassay.people.account import Account
from reassay.people.people import Seat, holders, logins, names_in, seat, spoken_role
from reassay.register.assessable import Assessable

_ACCOUNT = re.compile(r"account-(\d+)")


def doing_roles(stated: str | None, subject: Assessable | None) -> tuple[str, ...]:
    """The role that does a follow-up: the stated one, or the owner."""
    return (stated,) if stated else (subject.owner,) if subject else ()


def verifying_roles(
    stated: str | None, doing: tuple[str, ...], subject: Assessable | None, assessment_input: AssessmentInput
) -> tuple[str, ...]:
    """The roles that verify a follow-up: the stated one, or the assessors and approvers other than the role that does it."""
    if stated:
        return (stated,)
    if subject is None:
        return ()
    facts = (assessment_input.register, assessment_input.today)
    roles = tuple(dict.fromkeys((*assessors(subject, *facts), *approvers(subject, *facts))))
    return tuple(role for role in roles if role not in doing) or roles


def differ(doing: Iterable[str], verifying: Iterable[str], assessment_input: AssessmentInput) -> bool:
    """Whether two different people hold one of the first and one of the second roles."""
    first, second = (_people(roles, assessment_input) for roles in (doing, verifying))
    return any(does != checks for does in first for checks in second)


def _people(roles: Iterable[str], assessment_input: AssessmentInput) -> frozenset[int | str]:
    register, people = assessment_input.register, assessment_input.people
    accounts = (account for role in roles for account in holders(role, register, people))
    return frozenset(account.id or account.login.lower() for account in accounts if account.id or not people.is_known)


def holders_known(name: str, assessment_input: AssessmentInput) -> bool:
    """Whether a name is a role of the register, or a login that it names and that leads to an account."""
    register, people = assessment_input.register, assessment_input.people
    is_named = name.lower() in {login.lower() for login in names_in(register)[0]}
    return name in register.configuration.roles or (
        is_named and (people.account(name).id is not None or not people.is_known)
    )


def people_of(follow_up: TrackedFollowUp, assessment_input: AssessmentInput) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Logins of who may do a follow-up, and of who may verify it: of those nobody who has done it."""
    doing, verifying = roles_of(follow_up, assessment_input)
    done_by = follow_up.done.actor if follow_up.done else None
    others = (login for login in _logins(verifying, assessment_input) if not _is(login, done_by, assessment_input))
    able = _logins(doing, assessment_input)
    left = tuple(others)
    if done_by is None and len(able) == 1:
        left = tuple(login for login in left if login.lower() != able[0].lower())
    return able, left


def roles_of(follow_up: TrackedFollowUp, assessment_input: AssessmentInput) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles that do and that verify a follow-up, as the ledger or else the register names them.

    Where its subject cannot be read, the register that could be read last does.
    """
    entry, last = assessment_input.register.subjects.get(follow_up.subject), assessment_input.last_readable
    if entry is None and last and follow_up.subject in assessment_input.register_index.unreadable_subjects:
        entry = last.register.subjects.get(follow_up.subject)
    subject, promise = entry.value if entry else None, follow_up.promise
    doing = doing_roles(promise.by, subject)
    return doing, verifying_roles(promise.verified_by, doing, subject, assessment_input)


def role_words(roles: tuple[str, ...], assessment_input: AssessmentInput) -> str:
    """Roles in words; "nobody" for none."""
    return " or ".join(spoken_role(role, assessment_input.people) for role in roles) or "nobody"


def seat_in(by: Account, roles: tuple[str, ...], assessment_input: AssessmentInput) -> Seat | None:
    """The seat of an account in one of some roles as the ledger names them: an account by its id, else a role."""
    register, people = assessment_input.register, assessment_input.people
    for role in roles:
        match = _ACCOUNT.fullmatch(role)
        if match and by.id == int(match[1]):
            return Seat(role, None, role)
        own = seat(by, spoken_role(role, people), register, people, assessment_input.today)
        if own is not None:
            return own
    return None


def _logins(roles: tuple[str, ...], assessment_input: AssessmentInput) -> tuple[str, ...]:
    people = assessment_input.people
    spoken = tuple(spoken_role(role, people) for role in roles)
    able = logins(spoken, assessment_input.register, people, assessment_input.today)
    return tuple(login for login in able if " " not in login)


def _is(login: str, account_id: int | None, assessment_input: AssessmentInput) -> bool:
    return account_id is not None and assessment_input.people.account(login).id == account_id
