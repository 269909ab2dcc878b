"""The sandbox as a whole: starting it, seeding it, looking at what happened."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox.actions import Happenings
from bot.sandbox.apps import App, Installation
from bot.sandbox.clock import MovableClock
from bot.sandbox.door import Door
from bot.sandbox.faults import Faults
from bot.sandbox.gitstore import GitStore
from bot.sandbox.handle import RepoHandle
from bot.sandbox.http_server import HttpServer
from bot.sandbox.judge import Judge
from bot.sandbox.limits import Limits
from bot.sandbox.pages import Pages
from bot.sandbox.pages.registering import RegisteringPages
from bot.sandbox.state import Repo, Store, Token, User
from bot.sandbox.traffic import Exchange
from bot.sandbox.webhooks import Webhooks


@dataclass(slots=True)
class Sandbox:
    """A local GitHub. `start` gives one that is answering and takes it down at the end of the block."""

    door: Door
    url: str
    folder: Path
    _secrets: list[str] = field(default_factory=list)

    @staticmethod
    @contextlib.contextmanager
    def start(now: datetime | None = None, port: int = 0) -> "Iterator[Sandbox]":
        """Everything it keeps on disk is gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="sandbox-"))
        store, clock = Store(), MovableClock(now or datetime(2026, 12, 1, 9, tzinfo=UTC))
        happenings = Happenings(store, clock)
        door = Door(store, clock, happenings, Judge(store), Pages(store, happenings))
        door.hooks.now = clock.now
        box = Sandbox(door, "", folder)
        door.pages.others.append(RegisteringPages(door.registering, door.pages.html, box.install).answer)
        server = HttpServer(port)
        happenings.base = server.url
        server.start(door)
        try:
            box.url = server.url
            yield box
        finally:
            door.hooks.close()
            server.close()
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def api_url(self) -> str:
        """Of REST; GraphQL is beside it, as on GitHub Enterprise Server."""
        return f"{self.url}/api/v3"

    @property
    def clock(self) -> MovableClock:
        """Its time."""
        return self.door.clock

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.door.faults

    @property
    def limits(self) -> Limits:
        """Content creation."""
        return self.door.limits

    @property
    def traffic(self) -> list[Exchange]:
        """Everything that went over the wire, in order."""
        return self.door.traffic

    @property
    def complaints(self) -> list[str]:
        """What it found wrong with what it got."""
        return self.door.judge.complaints

    @property
    def banner(self) -> str:
        """Shown on top of every page."""
        return self.door.pages.banner

    @banner.setter
    def banner(self, text: str) -> None:
        self.door.pages.banner = text

    def add_page_action(self, label: str, act: Callable[[], None]) -> None:
        """A button on top of every page."""
        self.door.pages.actions[label] = act

    def on_event(self, listener: Callable[[str, dict[str, Any]], None]) -> None:
        """Called with (event name, payload) after each change."""
        self.door.happenings.listeners.append(listener)

    def writes(self) -> list[Exchange]:
        """What took effect through the API."""
        return [each for each in self.traffic if each.committed and each.path.startswith("/api/")]

    @contextlib.contextmanager
    def readonly(self) -> Iterator[None]:
        """Raises AssertionError naming the first request that wrote."""
        before = len(self.traffic)
        yield
        wrote = [f"{each.operation} {each.path}" for each in self.traffic[before:] if each.is_write]
        if wrote:
            raise AssertionError(f"something wrote: {wrote}")

    def add_user(self, login: str) -> User:
        """An account; one that is there already is fine."""
        return self._account(login, is_bot=False)

    def add_team(self, name: str, *logins: str) -> None:
        """`organisation/team`, with exactly these members."""
        with self.door.lock:
            self.door.store.teams[name.lower()] = [login.lower() for login in logins]

    def add_bot(self, slug: str) -> User:
        """An App's account: its login ends in [bot]."""
        return self._account(f"{slug.removesuffix('[bot]')}[bot]", is_bot=True)

    def add_app(  # noqa: PLR0913 -- what an App is made of
        self,
        slug: str,
        public_key: str,
        repository: str,
        permissions: Mapping[str, str],
        *,
        events: tuple[str, ...] = (),
        hook_url: str = "",
        hook_secret: str = "",
    ) -> int:
        """An App of somebody's own, installed on one repository if it is named; returns its id."""
        user = self.add_bot(slug)
        with self.door.lock:
            number = self.door.store.next_id()
            made = App(number, user, public_key, dict(permissions), events, hook_url, hook_secret)
            self.door.apps[number] = made
        if repository:
            self.install(number, repository)
        return number

    def install(self, app: int, *full_names: str) -> int:
        """On repositories of one owner, beside those that it has there; returns the installation's id."""
        with self.door.lock:
            made = self.door.apps[app]
            chosen = [repo for name in full_names if (repo := self.door.store.find(name))]
            owner = full_names[0].partition("/")[0]
            known = next((each for each in made.installations.values() if each.account == owner), None)
            where = known or Installation(self.door.store.next_id(), owner, dict(made.permissions))
            made.installations[where.id] = where
            where.repositories |= {each.id for each in chosen}
            listed = [{"id": each.id, "full_name": each.full_name, "private": each.is_private} for each in chosen]
        if known is None:
            self._tell_installed(made, where, "installation", "created", {"repositories": listed})
        else:
            added = {"repositories_added": listed, "repositories_removed": [], "repository_selection": "selected"}
            self._tell_installed(made, where, "installation_repositories", "added", added)
        return where.id

    def uninstall(self, app: int, installation: int) -> None:
        """Its tokens end, too."""
        with self.door.lock:
            made = self.door.apps[app]
            gone = made.installations.pop(installation)
            self._end_tokens(installation)
        self._tell_installed(made, gone, "installation", "deleted", {})

    def suspend(self, app: int, installation: int, *, suspended: bool = True) -> None:
        """Or no longer."""
        with self.door.lock:
            made = self.door.apps[app]
            where = made.installations[installation]
            where.suspended_at = self.clock.now() if suspended else None
            self._end_tokens(installation)
        self._tell_installed(made, where, "installation", "suspend" if suspended else "unsuspend", {})

    def take_away(self, app: int, full_name: str) -> None:
        """A repository is no longer among those that were chosen."""
        with self.door.lock:
            made, repo = self.door.apps[app], self.door.store.find(full_name)
            where = made.on(repo) if repo else None
            if repo is None or where is None:
                raise LookupError(full_name)
            where.repositories.discard(repo.id)
            self._end_tokens(where.id)
            listed = [{"id": repo.id, "full_name": repo.full_name, "private": repo.is_private}]
        removed = {"repositories_added": [], "repositories_removed": listed, "repository_selection": "selected"}
        self._tell_installed(made, where, "installation_repositories", "removed", removed)

    def _end_tokens(self, installation: int) -> None:
        tokens = self.door.store.tokens
        for value in [value for value, each in tokens.items() if each.installation == installation]:
            del tokens[value]

    def _tell_installed(self, app: App, where: Installation, event: str, action: str, more: dict[str, Any]) -> None:
        account = {"login": where.account, "id": 1, "type": "Organization"}
        payload = {"action": action, "installation": {"id": where.id, "account": account, "app_id": app.id}, **more}
        self.door.hooks.tell([app], event, payload)

    @property
    def hooks(self) -> Webhooks:
        """Deliveries to Apps, and what can go wrong with them."""
        return self.door.hooks

    def _account(self, login: str, *, is_bot: bool) -> User:
        with self.door.lock:
            store = self.door.store
            return store.users.setdefault(login.lower(), User(store.next_id(), login, is_bot))

    def add_repo(
        self,
        full_name: str,
        *,
        files: Mapping[str, bytes],
        private: bool = True,
        collaborators: Mapping[str, str] | None = None,
    ) -> RepoHandle:
        """A repository with one commit, if there are files."""
        owner, _, name = full_name.partition("/")
        with self.door.lock:
            store = self.door.store
            git = GitStore.create(self.folder / owner / f"{name}.git")
            repo = Repo(store.next_id(), owner, name, private, git, dict(collaborators or {}))
            store.repos[full_name.lower()] = repo
            if files:
                git.commit(dict(files), "the framework", "maintainer", "main", self.clock.now())
        return RepoHandle(self.door, full_name)

    def repo(self, full_name: str) -> RepoHandle:
        """A handle; whether it is there shows when it is used."""
        return RepoHandle(self.door, full_name)

    def rename(self, full_name: str, new_name: str) -> None:
        """The old name leads to the new one."""
        with self.door.lock:
            store = self.door.store
            repo = store.repos.pop(full_name.lower())
            repo.owner, _, repo.name = new_name.partition("/")
            store.repos[new_name.lower()] = repo
            store.renamed[full_name.lower()] = new_name.lower()
            # A credential is for a repository, whatever that is called.
            store.tokens |= {
                value: replace(token, repository=new_name)
                for value, token in store.tokens.items()
                if token.repository.lower() == full_name.lower()
            }

    def token(self, login: str, repository: str, *, permissions: Mapping[str, str]) -> str:
        """A credential for one repository."""
        with self.door.lock:
            store = self.door.store
            value = f"ghs_sandbox{store.next_id():024d}"
            store.tokens[value] = Token(value, store.user(login), repository, dict(permissions))
        return value
