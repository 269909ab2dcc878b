"""The sandbox as a whole: starting it, seeding it, looking at what happened."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reassay_sandbox.actions import SandboxActions
from reassay_sandbox.apps import App
from reassay_sandbox.clock import MovableClock
from reassay_sandbox.dispatcher import RequestDispatcher
from reassay_sandbox.faults import Faults
from reassay_sandbox.gitstore import GitStore
from reassay_sandbox.http_server import HttpServer
from reassay_sandbox.installing import Installing
from reassay_sandbox.judge import Judge
from reassay_sandbox.limits import SandboxLimits
from reassay_sandbox.metering import HOUR
from reassay_sandbox.pages import SandboxPages
from reassay_sandbox.pages.registering import RegisteringPages
from reassay_sandbox.people import PERSONAL
from reassay_sandbox.repositories import SandboxRepositories
from reassay_sandbox.sandbox_repository import SandboxRepository
from reassay_sandbox.state import Repo, Store, Token, User
from reassay_sandbox.traffic import Exchange
from reassay_sandbox.webhooks import Webhooks


@dataclass(slots=True)
class Sandbox:
    """A local GitHub. `start` gives one that is answering and takes it down at the end of the block."""

    dispatcher: RequestDispatcher
    url: str
    folder: Path
    registering_pages: RegisteringPages

    @staticmethod
    @contextlib.contextmanager
    def start(now: datetime | None = None, port: int = 0) -> "Iterator[Sandbox]":
        """Everything it keeps on disk is gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="sandbox-"))
        store, clock = Store(), MovableClock(now or datetime(2026, 12, 1, 9, tzinfo=UTC))
        actions = SandboxActions(store, clock)
        dispatcher = RequestDispatcher(store, clock, actions, Judge(store), SandboxPages(store, actions))
        dispatcher.hooks.now = clock.now
        actions.apps = dispatcher.apps
        registering = RegisteringPages(dispatcher.registering, dispatcher.pages.html, Installing(dispatcher).install)
        dispatcher.pages.others.append(registering.answer)
        box = Sandbox(dispatcher, "", folder, registering)
        server = HttpServer(port)
        actions.base = server.url
        server.start(dispatcher)
        try:
            box.url = server.url
            yield box
        finally:
            dispatcher.hooks.close()
            server.close()
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def api_url(self) -> str:
        """Of REST; GraphQL is beside it, as on GitHub Enterprise Server."""
        return f"{self.url}/api/v3"

    @property
    def clock(self) -> MovableClock:
        """Its time."""
        return self.dispatcher.clock

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        return self.dispatcher.faults

    @property
    def limits(self) -> SandboxLimits:
        """Content creation."""
        return self.dispatcher.limits

    def requests(self, installation: int) -> int:
        """How many an installation's tokens made so far."""
        return self.dispatcher.meter.counts[installation]

    def exhaust(self, installation: int, wait: timedelta = HOUR) -> None:
        """Its rate limit is reached, for so long."""
        with self.dispatcher.lock:
            self.dispatcher.meter.exhaust(installation, self.clock.now(), wait)

    @property
    def traffic(self) -> list[Exchange]:
        """Everything that went over the wire, in order."""
        return self.dispatcher.traffic

    @property
    def complaints(self) -> list[str]:
        """What it found wrong with what it got."""
        return self.dispatcher.judge.complaints

    @property
    def banner(self) -> str:
        """Shown on top of every page."""
        return self.dispatcher.pages.banner

    @banner.setter
    def banner(self, text: str) -> None:
        self.dispatcher.pages.banner = text

    def sign_in_everywhere(self, login: str) -> None:
        """Every browser is signed in with this account, which has agreed to every App: nobody is asked."""
        self.registering_pages.signed_in = login

    def add_page_action(self, label: str, act: Callable[[], object]) -> None:
        """A button on top of every page."""
        self.dispatcher.pages.actions[label] = act

    def on_event(self, listener: Callable[[str, dict[str, Any]], None]) -> None:
        """Called with (event name, payload) after each change."""
        self.dispatcher.actions.listeners.append(listener)

    def writes(self) -> list[Exchange]:
        """What took effect through the API."""
        return [request for request in self.traffic if request.committed and request.path.startswith("/api/")]

    @contextlib.contextmanager
    def readonly(self) -> Iterator[None]:
        """Raises AssertionError naming the first request that wrote."""
        before = len(self.traffic)
        yield
        wrote = [f"{request.operation} {request.path}" for request in self.traffic[before:] if request.is_write]
        if wrote:
            raise AssertionError(f"something wrote: {wrote}")

    def add_user(self, login: str) -> User:
        """An account; one that is there already is fine."""
        return self._account(login, is_bot=False)

    def add_advisory(self, advisory: Mapping[str, Any]) -> None:
        """A global security advisory."""
        with self.dispatcher.lock:
            self.dispatcher.store.advisories.append(dict(advisory))

    def add_team(self, name: str, *logins: str) -> None:
        """`organisation/team`, with exactly these members."""
        with self.dispatcher.lock:
            store = self.dispatcher.store
            if name.lower() not in store.teams:
                store.team_ids[name.lower()] = store.next_id()
            store.teams[name.lower()] = [login.lower() for login in logins]

    def rename_team(self, name: str, new_name: str) -> None:
        """Another name for a team, which keeps its id and members; anybody may take the old name."""
        with self.dispatcher.lock:
            store = self.dispatcher.store
            store.teams[new_name.lower()] = store.teams.pop(name.lower())
            store.team_ids[new_name.lower()] = store.team_ids.pop(name.lower())

    def rename_user(self, login: str, new_login: str) -> None:
        """Another login for an account, which keeps its id; anybody may take the old login."""
        with self.dispatcher.lock:
            users = self.dispatcher.store.users
            users[new_login.lower()] = replace(users.pop(login.lower()), login=new_login)

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
        with self.dispatcher.lock:
            number = self.dispatcher.store.next_id()
            app = App(number, user, public_key, dict(permissions), events, hook_url, hook_secret)
            self.dispatcher.apps[number] = app
        if repository:
            self.install(number, repository)
        return number

    def install(self, app: int, *full_names: str) -> int:
        """On repositories of one owner, beside those that it has there; returns the installation's id."""
        return Installing(self.dispatcher).install(app, full_names)

    def ping(self, app: int) -> None:
        """A first delivery, as after setting an App up."""
        self.dispatcher.hooks.ping(self.dispatcher.apps[app])

    def uninstall(self, app: int, installation: int) -> None:
        """Its tokens end, too."""
        Installing(self.dispatcher).uninstall(app, installation)

    def suspend(self, app: int, installation: int, *, suspended: bool = True) -> None:
        """Or no longer."""
        Installing(self.dispatcher).suspend(app, installation, suspended=suspended)

    def take_away(self, app: int, full_name: str) -> None:
        """A repository is no longer among those that were chosen. Raises LookupError."""
        Installing(self.dispatcher).take_away(app, full_name)

    def grant(self, app: int, installation: int, permissions: Mapping[str, str]) -> None:
        """The owner accepts other permissions."""
        Installing(self.dispatcher).grant(app, installation, permissions)

    @property
    def hooks(self) -> Webhooks:
        """Deliveries to Apps, and what can go wrong with them."""
        return self.dispatcher.hooks

    def _account(self, login: str, *, is_bot: bool) -> User:
        with self.dispatcher.lock:
            store = self.dispatcher.store
            return store.users.setdefault(login.lower(), User(store.next_id(), login, is_bot))

    def add_repo(
        self,
        full_name: str,
        *,
        files: Mapping[str, bytes],
        private: bool = True,
        collaborators: Mapping[str, str] | None = None,
        labels: Iterable[str] = (),
    ) -> SandboxRepository:
        """A repository with one commit, if there are files, and with labels that issues may have."""
        owner, _, name = full_name.partition("/")
        with self.dispatcher.lock:
            store = self.dispatcher.store
            git = GitStore.create(self.folder / owner / f"{name}.git")
            repo = Repo(store.next_id(), owner, name, private, git, dict(collaborators or {}))
            store.repos[full_name.lower()] = repo
            for label in labels:
                self.dispatcher.actions.ensure_label(repo, label)
            # The name is its own now, whatever it led to.
            store.renamed.pop(full_name.lower(), None)
            if files:
                git.commit(dict(files), "the framework", "maintainer", "main", self.clock.now())
        return SandboxRepository(self.dispatcher, full_name)

    def add_repos(
        self,
        owner: str,
        count: int,
        files: Mapping[str, bytes],
        *,
        prefix: str = "framework",
        collaborators: Mapping[str, str] | None = None,
    ) -> tuple[SandboxRepository, ...]:
        """Many private repositories `owner/prefix-0001` and on, alike at first; a thousand take about a second."""
        names = [f"{prefix}-{number:04d}" for number in range(1, count + 1)]
        first = self.add_repo(f"{owner}/{names[0]}", files=files, collaborators=collaborators)
        with self.dispatcher.lock:
            store = self.dispatcher.store
            git = store.repos[first.full_name.lower()].git
            for name in names[1:]:
                twin = git.twin(self.folder / owner / f"{name}.git")
                repo = Repo(store.next_id(), owner, name, True, twin, dict(collaborators or {}))  # noqa: FBT003 -- a field
                store.repos[repo.full_name.lower()] = repo
        return tuple(SandboxRepository(self.dispatcher, f"{owner}/{name}") for name in names)

    def repo(self, full_name: str) -> SandboxRepository:
        """A handle; whether it is there shows when it is used."""
        return SandboxRepository(self.dispatcher, full_name)

    def rename(self, full_name: str, new_name: str, login: str | None = None) -> None:
        """Another name or another owner; the old name leads to the new one. Apps that are not with the owner lose it."""
        with self.dispatcher.lock:
            repo = self._there(full_name)
            self._repositories().rename(repo, new_name, self.dispatcher.store.user(login) if login else None)
            lost = [
                app.id
                for app in self.dispatcher.apps.values()
                if (where := app.on(repo)) and where.account.lower() != repo.owner.lower()
            ]
        self.dispatcher.deliver()
        for app in lost:
            self.take_away(app, new_name)

    def delete(self, full_name: str, login: str | None = None) -> None:
        """For good."""
        with self.dispatcher.lock:
            repo = self._there(full_name)
            self._repositories().delete(repo, self.dispatcher.store.user(login) if login else None)
        self.dispatcher.deliver()
        with self.dispatcher.lock:
            for app in self.dispatcher.apps.values():
                for where in app.installations.values():
                    where.repositories.discard(repo.id)

    def _there(self, full_name: str) -> Repo:
        repo = self.dispatcher.store.find(full_name)
        if repo is None:
            raise LookupError(full_name)
        return repo

    def _repositories(self) -> SandboxRepositories:
        return SandboxRepositories(self.dispatcher.store, self.dispatcher.actions)

    def sign_in(self, app: int, login: str) -> str:
        """A person's token through an App, as at the end of signing in."""
        with self.dispatcher.lock:
            return self.dispatcher.registering.sign_in(self.dispatcher.apps[app], login)

    def personal_token(self, login: str) -> str:
        """A token that somebody made for themselves: reads what they may read."""
        with self.dispatcher.lock:
            store = self.dispatcher.store
            value = f"github_pat_sandbox{store.next_id():024d}"
            store.tokens[value] = Token(value, store.user(login), "", {}, frozenset(), through=PERSONAL)
        return value

    def token(self, login: str, repository: str, *, permissions: Mapping[str, str]) -> str:
        """A credential for one repository."""
        with self.dispatcher.lock:
            store = self.dispatcher.store
            value = f"ghs_sandbox{store.next_id():024d}"
            store.tokens[value] = Token(value, store.user(login), repository, dict(permissions))
        return value
