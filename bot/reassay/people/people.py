"""Holders of roles, compared by account id because a login can change hands."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from reassay.common.sentences import alternatives
from reassay.people.account import Account
from reassay.register.assessable import Assessable
from reassay.register.pins import bare, pinned
from reassay.register.register import Register
from reassay.register.trigger_specs import ManualSpec, flat_triggers

_ACCOUNT = re.compile(r"account-(\d+)")


@dataclass(frozen=True, slots=True)
class Directory:
    """GitHub accounts and teams of the names in a register, at one moment."""

    accounts: Mapping[str, int] = field(default_factory=dict)
    """Login in small letters -> account id; logins without account are left out."""
    teams: Mapping[str, tuple[Account, ...]] = field(default_factory=dict)
    """`organisation/team` in small letters -> members; unreadable teams are left out."""
    is_known: bool = False
    """False if GitHub was not asked; then logins are compared, and roles are not proved."""
    team_ids: Mapping[str, int] = field(default_factory=dict)
    """`organisation/team` in small letters -> id of the team."""
    former: Mapping[str, int] = field(default_factory=dict)
    """Names that lead to another account or team than the one recorded for them -> the recorded id. They give nobody a
    role: whoever frees a login or renames a team leaves its name to anybody."""

    def account(self, login: str) -> Account:
        """The account of a login, with its id if it has one. `login#id` is that account, whoever has the login now.

        A login that now leads to another account than before has no id, and so no role.
        """
        name, number = bare(login), pinned(login)
        if number is not None:
            return Account(name, number)
        return Account(name, None if name.lower() in self.former else self.accounts.get(name.lower()))

    def members(self, team: str) -> tuple[Account, ...] | None:
        """The members of a team, `organisation/team` or `organisation/team#id`; None if it cannot be read, or is another."""
        name, number = bare(team).lower(), pinned(team)
        is_same = name not in self.former if number is None else self.team_ids.get(name) == number
        return self.teams.get(name) if is_same else None

    def led_to(self, name: str) -> str:
        """Why a name gives nobody a role although it leads somewhere, as a sentence without its full stop; empty if it may."""
        key, number = bare(name).lower(), pinned(name)
        ids = self.team_ids if "/" in key else self.accounts
        what = "team" if "/" in key else "account"
        now = ids.get(key)
        if number is not None:
            differs = what == "team" and now is not None and now != number
            return f"@{key} is team {now} now, and the configuration names team {number}" if differs else ""
        if now is None or key not in self.former:
            return ""
        return (
            f"@{key} led to {what} {self.former[key]} and is {what} {now} now, so it holds nothing. If that is right, write"
            f" `{key}#{now}` under `roles`, in a pull request that the policy's roles sign"
        )

    def login(self, account_id: int | None) -> str:
        """The login of an account that the register names, or else its id in words."""
        logins = {member.id: member.login for members in self.teams.values() for member in members}
        logins |= {number: login for login, number in self.accounts.items()}
        return logins.get(account_id, f"account {account_id}" if account_id is not None else "somebody with that right")

    def unheld(self, account: Account) -> tuple[str, ...]:
        """Why an account holds nothing by its login or by a team of it, a sentence for each such name."""
        teams = (team for team, members in self.teams.items() if any(own.id == account.id for own in members))
        return tuple(filter(None, (self.led_to(name) for name in (account.login, *teams))))


@dataclass(frozen=True, slots=True)
class Seat:
    """A role in which a person acts, with the lender if the role is lent."""

    role: str
    for_account: Account | None = None
    """The lender; None for an own role."""
    recorded: str = ""
    """Name of the role in the ledger, see `recorded_role`."""

    @property
    def lender_id(self) -> int | None:
        """Account id of the lender; None for an own role."""
        return self.for_account.id if self.for_account else None


_MADE_UP: Final = 2**62
"""Far above every account id of GitHub."""


def made_up_account(login: str) -> int:
    """An account id for a login of which none is known: the same each time, and never one of GitHub's."""
    return _MADE_UP + int(hashlib.sha256(login.lower().encode()).hexdigest()[:12], 16)


def names_in(register: Register) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Logins and teams that a register names, in small letters, without repetition."""
    logins, teams = _written_names(register)
    return _names(bare(login) for login in logins), _names(bare(team) for team in teams)


def unpinned_names(register: Register) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """As `names_in`, without names that are always written with their id."""
    logins, teams = _written_names(register)
    return _names(login for login in logins if pinned(login) is None), _names(
        team for team in teams if pinned(team) is None
    )


def logins_written(register: Register) -> frozenset[str]:
    """Logins as a register writes them, with the number of those that are pinned."""
    return _written_names(register)[0]


def _written_names(register: Register) -> tuple[frozenset[str], frozenset[str]]:
    configuration = register.configuration
    logins = {role for role in roles_in(register) if role not in configuration.roles}
    logins |= {user for role in configuration.roles.values() for user in role.users}
    for entry in register.delegations.values():
        logins |= {entry.value.from_, entry.value.to}
    teams = {team for role in configuration.roles.values() for team in role.teams}
    return frozenset(logins), frozenset(teams)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name.lower() for name in names}))


def roles_in(register: Register) -> tuple[str, ...]:
    """Roles that are declared or used, sorted."""
    configuration = register.configuration
    roles = {role for carrier in register.carriers for role in _roles_of(carrier)}
    roles |= set(_calling_roles(register))
    roles |= {entry.value.owner for entry in register.evidence_items.values() if entry.value.owner}
    gate = configuration.gate
    roles |= {
        *configuration.roles,
        *filter(None, (configuration.on_call, gate.override, configuration.reminders.escalate_to)),
    }
    roles |= {step.role for step in (*gate.loosening, *gate.policy)} | {question.role for question in gate.questions}
    return tuple(sorted(roles))


def _roles_of(subject: Assessable) -> Iterator[str]:
    yield subject.owner
    yield from subject.assessor_names
    yield from (step.role for step in subject.approval)
    yield from (item.role for item in subject.checklist if item.role and item.role not in {"owner", "assessor"})


def _calling_roles(register: Register) -> Iterator[str]:
    """The roles that `manual` triggers name."""
    lists = [entry.value.triggers for entry in register.commitments.values()]
    lists += [entry.value.reassess.triggers for entry in register.mitigations.values() if entry.value.reassess]
    for triggers in lists:
        for spec in flat_triggers(triggers):
            if isinstance(spec, ManualSpec):
                yield from spec.roles


def holders(role: str, register: Register, directory: Directory) -> tuple[Account, ...]:
    """Accounts that hold a role, without repetition. A login without account has no id and cannot act."""
    declared = register.configuration.roles.get(role)
    if declared is None:
        return (directory.account(role),)
    accounts = [directory.account(login) for login in declared.users]
    accounts += [member for team in declared.teams for member in directory.members(team) or ()]
    return tuple({(account.id or account.login.lower()): account for account in accounts}.values())


def unheld_names(role: str, register: Register, directory: Directory) -> tuple[str, ...]:
    """Why names of a role give it to nobody although they lead to an account or team, a sentence for each such name."""
    declared = register.configuration.roles.get(role)
    names = (*declared.users, *declared.teams) if declared else (role,)
    return tuple(filter(None, (directory.led_to(name) for name in names)))


def holds(account: Account, role: str, register: Register, directory: Directory) -> bool:
    """Whether an account holds a role, without delegations."""
    return any(is_same(account, holder, directory) for holder in holders(role, register, directory))


def is_same(account: Account, other: Account, directory: Directory) -> bool:
    """Whether two accounts are the same, by id, or by login if GitHub was not asked and one of them has no id that is written."""
    if directory.is_known:
        return account.id is not None and account.id == other.id
    if account.id is not None and other.id is not None and max(account.id, other.id) < _MADE_UP:
        return account.id == other.id
    return account.login.lower() == other.login.lower()


def seat(account: Account, role: str, register: Register, directory: Directory, today: date) -> Seat | None:
    """The seat of an account in a role today, held or lent directly by a holder; None if it may not act in the role."""
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
    """Name of a role in the ledger: as declared, or `account-<id>` for a login, which is personal data.

    The login itself where GitHub was not asked and its account is not known.
    """
    number = None if role in register.configuration.roles else directory.account(role).id
    if role in register.configuration.roles or (number is None and not directory.is_known):
        return role
    return f"account-{number or 'unknown'}"


def spoken_role(recorded: str, directory: Directory) -> str:
    """Name of a recorded role for people."""
    match = _ACCOUNT.fullmatch(recorded)
    return directory.login(int(match[1])) if match else recorded


def may_act(role: str, register: Register, directory: Directory, today: date) -> tuple[str, ...]:
    """Logins of the people who may act in a role today; delegates come last."""
    able = (holder for holder in holders(role, register, directory) if holder.id is not None or not directory.is_known)
    own = [account.login for account in able]
    lent = [
        bare(entry.value.to)
        for entry in register.delegations.values()
        if seat(directory.account(entry.value.to), role, register, directory, today) is not None
    ]
    return tuple({login.lower(): login for login in reversed([*own, *lent])}.values())[::-1]


def logins(roles: Sequence[str], register: Register, directory: Directory, today: date) -> tuple[str, ...]:
    """Logins of all who may act in one of some roles today, without repetition and regardless of case."""
    every = (login for role in roles for login in may_act(role, register, directory, today))
    unique: dict[str, str] = {}
    for login in every:
        unique.setdefault(login.lower(), login)
    return tuple(unique.values())


def who(logins: tuple[str, ...]) -> str:
    """Logins in words, of whom one is enough: `@a, @b or @c`; "nobody" for none."""
    return alternatives(*(f"@{login}" for login in logins)) if logins else "nobody"
