"""Installing Apps on accounts, and everything that ends or changes that. Apps are told of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from reassay_sandbox import shapes
from reassay_sandbox.apps import App, SandboxInstallation
from reassay_sandbox.dispatcher import RequestDispatcher
from reassay_sandbox.state import Repo

JSON = Mapping[str, Any]
SELECTED = "selected"
INVITED: JSON = {"repository_selection": SELECTED, "requester": None}


@dataclass(frozen=True, slots=True)
class Installing:
    """Installations of the Apps of one sandbox."""

    dispatcher: RequestDispatcher

    def install(self, app: int, full_names: Iterable[str]) -> int:
        """On repositories of one owner, beside those that it has there; returns the installation's id."""
        names = list(full_names)
        with self.dispatcher.lock:
            installed = self.dispatcher.apps[app]
            chosen = [repo for name in names if (repo := self.dispatcher.store.find(name))]
            owner = names[0].partition("/")[0]
            earlier = next(
                (installation for installation in installed.installations.values() if installation.account == owner),
                None,
            )
            where = earlier or SandboxInstallation(
                self.dispatcher.store.next_id(), owner, dict(installed.permissions), self.dispatcher.clock.now()
            )
            installed.installations[where.id] = where
            where.repositories |= {repo.id for repo in chosen}
        if earlier is None:
            self._tell(installed, where, "installation", "created", {"repositories": _listed(chosen)})
        else:
            self._moved(installed, where, "added", chosen)
        return where.id

    def uninstall(self, app: int, installation: int) -> None:
        """Its tokens end, too."""
        with self.dispatcher.lock:
            installed = self.dispatcher.apps[app]
            gone = installed.installations.pop(installation)
            self._end_tokens(installation)
            every = [repo for repo in self.dispatcher.store.repos.values() if repo.id in gone.repositories]
        self._tell(installed, gone, "installation", "deleted", {"repositories": _listed(every)})

    def suspend(self, app: int, installation: int, *, suspended: bool) -> None:
        """Or no longer."""
        with self.dispatcher.lock:
            installed = self.dispatcher.apps[app]
            where = installed.installations[installation]
            where.suspended_at = self.dispatcher.clock.now() if suspended else None
            self._end_tokens(installation)
        self._tell(installed, where, "installation", "suspend" if suspended else "unsuspend", {})

    def take_away(self, app: int, full_name: str) -> None:
        """A repository is no longer among those that were chosen; tokens for others still work. Raises LookupError."""
        with self.dispatcher.lock:
            installed, repo = self.dispatcher.apps[app], self.dispatcher.store.find(full_name)
            where = installed.on(repo) if repo else None
            if repo is None or where is None:
                raise LookupError(full_name)
            where.repositories.discard(repo.id)
            self.dispatcher.store.tokens |= {
                value: replace(token, repositories=token.repositories - {repo.id})
                for value, token in self.dispatcher.store.tokens.items()
                if token.installation == where.id and token.repositories is not None
            }
        self._moved(installed, where, "removed", [repo])

    def grant(self, app: int, installation: int, permissions: JSON) -> None:
        """The owner accepts other permissions; tokens that were made before keep theirs."""
        with self.dispatcher.lock:
            installed = self.dispatcher.apps[app]
            where = installed.installations[installation]
            where.permissions = dict(permissions)
        self._tell(installed, where, "installation", "new_permissions_accepted", {})

    def _end_tokens(self, installation: int) -> None:
        tokens = self.dispatcher.store.tokens
        for value in [value for value, token in tokens.items() if token.installation == installation]:
            del tokens[value]

    def _moved(self, app: App, where: SandboxInstallation, action: str, repos: list[Repo]) -> None:
        lists: dict[str, Any] = {
            "repositories_added": [],
            "repositories_removed": [],
            f"repositories_{action}": _listed(repos),
        }
        self._tell(app, where, "installation_repositories", action, {**lists, **INVITED})

    def _tell(self, app: App, where: SandboxInstallation, event: str, action: str, more: JSON) -> None:
        base = self.dispatcher.actions.base
        payload = {
            "action": action,
            "installation": shapes.installation(app, where, self.dispatcher.store, base),
            **more,
            "sender": shapes.user(self.dispatcher.store.users.get(where.account.lower()), base),
        }
        self.dispatcher.hooks.tell([app], event, payload)


def _listed(repos: list[Repo]) -> list[JSON]:
    return [
        {
            "id": repo.id,
            "node_id": f"R_{repo.id}",
            "name": repo.name,
            "full_name": repo.full_name,
            "private": repo.is_private,
        }
        for repo in repos
    ]
