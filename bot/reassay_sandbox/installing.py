"""Installing Apps on accounts, and everything that ends or changes that. Apps are told of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reassay_sandbox import shapes
from reassay_sandbox.apps import App, Installation
from reassay_sandbox.door import Door
from reassay_sandbox.state import Repo

JSON = Mapping[str, Any]
SELECTED = "selected"
INVITED: JSON = {"repository_selection": SELECTED, "requester": None}


@dataclass(frozen=True, slots=True)
class Installing:
    """Of the Apps behind one door."""

    door: Door

    def install(self, app: int, full_names: Iterable[str]) -> int:
        """On repositories of one owner, beside those that it has there; returns the installation's id."""
        names = list(full_names)
        with self.door.lock:
            made = self.door.apps[app]
            chosen = [repo for name in names if (repo := self.door.store.find(name))]
            owner = names[0].partition("/")[0]
            known = next((each for each in made.installations.values() if each.account == owner), None)
            where = known or Installation(
                self.door.store.next_id(), owner, dict(made.permissions), self.door.clock.now()
            )
            made.installations[where.id] = where
            where.repositories |= {each.id for each in chosen}
        if known is None:
            self._tell(made, where, "installation", "created", {"repositories": _listed(chosen)})
        else:
            self._moved(made, where, "added", chosen)
        return where.id

    def uninstall(self, app: int, installation: int) -> None:
        """Its tokens end, too."""
        with self.door.lock:
            made = self.door.apps[app]
            gone = made.installations.pop(installation)
            self._end_tokens(installation)
            every = [each for each in self.door.store.repos.values() if each.id in gone.repositories]
        self._tell(made, gone, "installation", "deleted", {"repositories": _listed(every)})

    def suspend(self, app: int, installation: int, *, suspended: bool) -> None:
        """Or no longer."""
        with self.door.lock:
            made = self.door.apps[app]
            where = made.installations[installation]
            where.suspended_at = self.door.clock.now() if suspended else None
            self._end_tokens(installation)
        self._tell(made, where, "installation", "suspend" if suspended else "unsuspend", {})

    def take_away(self, app: int, full_name: str) -> None:
        """A repository is no longer among those that were chosen; tokens for others still work. Raises LookupError."""
        with self.door.lock:
            made, repo = self.door.apps[app], self.door.store.find(full_name)
            where = made.on(repo) if repo else None
            if repo is None or where is None:
                raise LookupError(full_name)
            where.repositories.discard(repo.id)
            self.door.store.tokens |= {
                value: replace(each, repositories=each.repositories - {repo.id})
                for value, each in self.door.store.tokens.items()
                if each.installation == where.id and each.repositories is not None
            }
        self._moved(made, where, "removed", [repo])

    def grant(self, app: int, installation: int, permissions: JSON) -> None:
        """The owner accepts other permissions; tokens that were made before keep theirs."""
        with self.door.lock:
            made = self.door.apps[app]
            where = made.installations[installation]
            where.permissions = dict(permissions)
        self._tell(made, where, "installation", "new_permissions_accepted", {})

    def _end_tokens(self, installation: int) -> None:
        tokens = self.door.store.tokens
        for value in [value for value, each in tokens.items() if each.installation == installation]:
            del tokens[value]

    def _moved(self, app: App, where: Installation, action: str, repos: list[Repo]) -> None:
        lists: dict[str, Any] = {
            "repositories_added": [],
            "repositories_removed": [],
            f"repositories_{action}": _listed(repos),
        }
        self._tell(app, where, "installation_repositories", action, {**lists, **INVITED})

    def _tell(self, app: App, where: Installation, event: str, action: str, more: JSON) -> None:
        base = self.door.happenings.base
        payload = {
            "action": action,
            "installation": shapes.installation(app, where, self.door.store, base),
            **more,
            "sender": shapes.user(self.door.store.users.get(where.account.lower()), base),
        }
        self.door.hooks.tell([app], event, payload)


def _listed(repos: list[Repo]) -> list[JSON]:
    return [
        {
            "id": each.id,
            "node_id": f"R_{each.id}",
            "name": each.name,
            "full_name": each.full_name,
            "private": each.is_private,
        }
        for each in repos
    ]
