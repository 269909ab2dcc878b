"""Roles: every name has an account, and owners and assessors are different people."""

from collections.abc import Iterator

from reassay.assessment.authority import assessors
from reassay.assessment.joined import assessor_roles
from reassay.doctor.checks.base import Check, DoctorInput
from reassay.people.people import holders, names_in, roles_in, unpinned_names
from reassay.register.base import Status
from reassay.register.mitigation import Mitigation


def examine(inputs: DoctorInput) -> Iterator[Check]:
    """Checks names without account, unreadable teams, and people who own and assess."""
    problems = (*_gone(inputs), *_taken(inputs), *_teams(inputs), *_both_sides(inputs))
    yield from problems
    if not problems:
        yield Check(
            "roles", "ok", "Every name in the roles has an account, and owners and assessors are different people."
        )


def _gone(inputs: DoctorInput) -> Iterator[Check]:
    register, people = inputs.assessment_input.register, inputs.assessment_input.people
    logins, _ = names_in(register)
    for login in logins:
        if login in people.accounts:
            continue
        roles = [
            role
            for role in roles_in(register)
            if any(holder.login.lower() == login for holder in holders(role, register, people))
        ]
        what = f"@{login} has no account: renamed, deleted, or misspelt."
        means = f"Nobody holds {', '.join(roles) or 'its roles'} through it, but anybody who registers the name would."
        yield Check("account-gone", "weak", what, means, "Change the name in the register, in a pull request.")


def _taken(inputs: DoctorInput) -> Iterator[Check]:
    register, people = inputs.assessment_input.register, inputs.assessment_input.people
    logins, teams = unpinned_names(register)
    for name in (*logins, *teams):
        if name not in people.former:
            continue
        now, what = people.accounts.get(name, people.team_ids.get(name)), "team" if "/" in name else "account"
        yield Check(
            "name-taken",
            "weak",
            f"@{name} led to {what} {people.former[name]}, and is {what} {now} now.",
            "It gives nobody a role: somebody else may have taken the name.",
            f"If {now} is right, write `{name}#{now}` under `roles`, in a pull request; else remove the name.",
        )


def _teams(inputs: DoctorInput) -> Iterator[Check]:
    register, people = inputs.assessment_input.register, inputs.assessment_input.people
    for team in names_in(register)[1]:
        if team not in people.teams:
            what = f"The team @{team} cannot be read."
            means = "Its members hold no role and cannot sign off."
            yield Check("team-unreadable", "weak", what, means, "Use an App with `members: read`, or list accounts.")


def _both_sides(inputs: DoctorInput) -> Iterator[Check]:
    register, people = inputs.assessment_input.register, inputs.assessment_input.people
    today = inputs.assessment_input.today
    for name, entry in register.mitigations.items():
        mitigation: Mitigation = entry.value
        if mitigation.status is not Status.ACTIVE or not assessor_roles(mitigation, register, today):
            continue
        owners = {holder.id for holder in holders(mitigation.owner, register, people) if holder.id}
        both = [
            holder.login
            for role in assessors(mitigation, register, today)
            for holder in holders(role, register, people)
            if holder.id in owners
        ]
        if both:
            what = f"{name}: owned and assessed by @{', @'.join(dict.fromkeys(both))}."
            means = "Their decisions are self-assessed, although an assessor is named."
            yield Check("both-sides", "weak", what, means, "Name another assessor.")
