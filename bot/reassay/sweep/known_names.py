"""Names of the register and the accounts and teams they were first seen to lead to: a freed name gives nobody a role.

GitHub lets anybody take a login that was renamed away from, and the name of a renamed team. The ledger holds for each name the
digest of the name and the id it led to when it was first observed. A name that leads elsewhere later holds nothing, until the
configuration pins the id (`login#id`), which takes the signatures of a policy change. A name that the register no longer has is
forgotten, so that adding it again, a signed change as well, observes it again.
"""

from collections.abc import Mapping

from reassay.common.canonical import canonical, digest
from reassay.github.repository_state import RepositoryState
from reassay.ledger.entry import Observation, ObservedName
from reassay.ledger.history import History
from reassay.people.people import Directory, logins_written, made_up_account, unpinned_names
from reassay.register.pins import bare, pinned
from reassay.register.register import Register


def name_digest(name: str) -> str:
    """The digest of a login or team, regardless of case: the ledger holds no login."""
    return f"name:{digest(canonical(name.lower()))}"


def observed_names(history: History) -> Mapping[str, int]:
    """Account or team ids by digest of the name, as recorded."""
    names: dict[str, int] = {}
    for _, body in history.records_of(Observation):
        for dropped in body.dropped:
            names.pop(dropped, None)
        for observed in body.names:
            names.setdefault(observed.name, observed.id)
    return names


def logins_by_account(register: Register, history: History) -> Mapping[int, str]:
    """The logins that a register names, by the account they lead to: as pinned, or as the ledger first observed them.

    Accounts that it does not name are left out, because the ledger holds no login.
    """
    recorded = observed_names(history)
    logins = {name: pinned(name) or recorded.get(name_digest(name)) for name in sorted(logins_written(register))}
    return {number: bare(name) for name, number in logins.items() if number is not None}


def directory_of(state: RepositoryState, history: History) -> Directory:
    """Accounts and teams at this moment, with the names that led elsewhere before."""
    recorded = observed_names(history)
    now = {**state.accounts, **state.team_ids}
    former = {
        name: recorded[key]
        for name, number in now.items()
        if (key := name_digest(name)) in recorded and recorded[key] != number
    }
    return Directory(state.accounts, state.teams, is_known=True, team_ids=state.team_ids, former=former)


def directory_without_github(register: Register, history: History) -> Directory:
    """Accounts of the logins that a register names, where GitHub is not asked: as the ledger first observed them.

    Logins that it has not observed get an account id that is nobody's, so that people can be told apart. Teams stay unread.
    """
    observed = {login.lower(): number for number, login in logins_by_account(register, history).items()}
    logins = {bare(name).lower() for name in logins_written(register)}
    return Directory({login: observed.get(login) or made_up_account(login) for login in sorted(logins)})


def names_to_record(
    register: Register, directory: Directory, history: History
) -> tuple[tuple[ObservedName, ...], tuple[str, ...]]:
    """What to record now: ids of names that are not recorded, and digests of names that the register no longer has.

    Names without account or readable team are not recorded: nothing is known of them.
    """
    recorded = observed_names(history)
    logins, teams = unpinned_names(register)
    present = {
        name_digest(name): directory.accounts.get(name, directory.team_ids.get(name)) for name in (*logins, *teams)
    }
    fresh = (
        ObservedName(name=key, id=number)
        for key, number in sorted(present.items())
        if number is not None and key not in recorded
    )
    return tuple(fresh), tuple(sorted(recorded.keys() - present.keys()))
