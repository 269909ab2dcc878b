"""Who holds which role: by account id, because a login can change hands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date

from reassay.common.sentences import names
from reassay.common.values import dataclass
from reassay.people.account import Account
from reassay.register.assessable import Assessable
from reassay.register.register import Register

_ACCOUNT = re.compile(r"account-(\d+)")


@dataclass(frozen=True, slots=True)
class Directory:
    """What GitHub says of the names that a register uses, at one moment."""

    accounts: Mapping[str, int] = field(default_factory=dict)
    """Account id by login in small letters; a login that leads to no account is left out."""
    teams: Mapping[str, tuple[Account, ...]] = field(default_factory=dict)
    """Members by `organisation/team` in small letters; a team that could not be read is left out."""
    is_known: bool = False
    """False where nobody asked GitHub: then logins are compared, and no role is proved."""

    def account(self, login: str) -> Account:
        """With its id, if it has one."""
        return Account(login, self.accounts.get(login.lower()))

    def login(self, account_id: int | None) -> str:
        """Of an account that the register names now; else its number, in words."""
        logins = {member.id: member.login for members in self.teams.values() for member in members}
        logins |= {number: login for login, number in self.accounts.items()}
        return logins.get(account_id, f"account {account_id}" if account_id is not None else "somebody who may")


@dataclass(frozen=True, slots=True)
class Seat:
    """In which role somebody acts, and for whom if the role is lent."""

    role: str
    for_account: Account | None = None
    """Who lent it; None for a role of one's own."""
    recorded: str = ""
    """The role as the ledger names it: see `recorded_role`."""


def names_in(register: Register) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Logins and teams whose accounts a run has to know, each once, in small letters."""
    configuration = register.configuration
    logins = {role for role in roles_in(register) if role not in configuration.roles}
    logins |= {user for role in configuration.roles.values() for user in role.users}
    for entry in register.delegations.values():
        logins |= {entry.value.from_, entry.value.to}
    teams = {team for role in configuration.roles.values() for team in role.teams}
    return tuple(sorted({login.lower() for login in logins})), tuple(sorted({team.lower() for team in teams}))


def roles_in(register: Register) -> tuple[str, ...]:
    """Every role that is declared or used, sorted."""
    configuration = register.configuration
    roles = {role for entry in register.subjects.values() for role in _roles_of(entry.value)}
    gate = configuration.gate
    roles |= {*configuration.roles, *filter(None, (configuration.on_call, gate.override))}
    roles |= {step.role for step in (*gate.loosening, *gate.policy)} | {question.role for question in gate.questions}
    return tuple(sorted(roles))


def _roles_of(subject: Assessable) -> Iterator[str]:
    yield subject.owner
    yield from subject.assessor_names
    yield from (step.role for step in subject.approval)
    yield from (item.role for item in subject.checklist if item.role and item.role not in {"owner", "assessor"})


def holders(role: str, register: Register, directory: Directory) -> tuple[Account, ...]:
    """The accounts that hold a role, each once; a login that leads to no account has no id and can do nothing."""
    declared = register.configuration.roles.get(role)
    if declared is None:
        return (directory.account(role),)
    accounts = [directory.account(login) for login in declared.users]
    accounts += [member for team in declared.teams for member in directory.teams.get(team.lower(), ())]
    return tuple({(account.id or account.login.lower()): account for account in accounts}.values())


def holds(account: Account, role: str, register: Register, directory: Directory) -> bool:
    """Whether somebody holds a role of one's own."""
    return any(is_same(account, holder, directory) for holder in holders(role, register, directory))


def is_same(account: Account, other: Account, directory: Directory) -> bool:
    """By id; by login only where nobody asked GitHub."""
    if directory.is_known:
        return account.id is not None and account.id == other.id
    return account.login.lower() == other.login.lower()


def seat(account: Account, role: str, register: Register, directory: Directory, today: date) -> Seat | None:
    """How somebody may act in a role today: by holding it, or because somebody who holds it lent it. Never by two steps."""
    if holds(account, role, register, directory):
        return Seat(role, None, recorded_role(role, register, directory))
    for entry in register.delegations.values():
        lent = entry.value
        lender = directory.account(lent.from_)
        if (
            lent.role == role
            and lent.start <= today <= lent.end
            and is_same(account, directory.account(lent.to), directory)
            and holds(lender, role, register, directory)
        ):
            return Seat(role, lender, recorded_role(role, register, directory))
    return None


def recorded_role(role: str, register: Register, directory: Directory) -> str:
    """How the ledger names a role: as declared; a login, which is personal data, as `account-<id>`."""
    if role in register.configuration.roles or not directory.is_known:
        return role
    return f"account-{directory.accounts.get(role.lower(), 'unknown')}"


def spoken_role(recorded: str, directory: Directory) -> str:
    """A role out of the ledger as people know it."""
    match = _ACCOUNT.fullmatch(recorded)
    return directory.login(int(match[1])) if match else recorded


def may_act(role: str, register: Register, directory: Directory, today: date) -> tuple[str, ...]:
    """Logins of all who may act in a role today, those it is lent to last."""
    able = (holder for holder in holders(role, register, directory) if holder.id is not None or not directory.is_known)
    own = [account.login for account in able]
    lent = [
        entry.value.to
        for entry in register.delegations.values()
        if seat(directory.account(entry.value.to), role, register, directory, today) is not None
    ]
    return tuple({login.lower(): login for login in reversed([*own, *lent])}.values())[::-1]


def who(logins: tuple[str, ...]) -> str:
    """`@a, @b and @c`."""
    return names(*(f"@{login}" for login in logins)) if logins else "nobody who is known"
