"""RunContext of a repository on GitHub, for the Action, `sweep` and `doctor`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from reassay.cli.settings import GitHubSettings
from reassay.common.clock import Clock, SystemClock, random_nonce
from reassay.dashboard.branch_update import sweep_with_dashboard
from reassay.git.git import Git
from reassay.ledger.store.configured_keys import keyring_of_keys
from reassay.ledger.store.keyring import Keyring
from reassay.people.writers import SOMEBODY, RunOrigin
from reassay.signals.fetching.lazy_reader import LazyHttpReader
from reassay.signals.fetching.page_sender import PageSender
from reassay.sweep.interpreters import Budget, Progress
from reassay.sweep.options import Options
from reassay.sweep.report import Report
from reassay.sweep.repository.contents import RepositoryContents
from reassay.sweep.run_context import RunContext

if TYPE_CHECKING:
    from reassay.doctor.diagnosis import Diagnosis


@contextmanager
def remote_ports(repository: str, settings: GitHubSettings, clock: Clock | None = None) -> Iterator[RunContext]:
    """The ports of one run. The temporary git repository is deleted afterwards."""
    from reassay.github.client import Client
    from reassay.github.ledger import GitHubLedger
    from reassay.github.repository import GitHubRepository

    keyring = keyring_of(settings)
    # A token that somebody gave is not the App's.
    app = settings.app.id if settings.app is not None and not settings.token else None
    settings = with_token(repository, settings)
    with TemporaryDirectory(prefix="reassay-", ignore_cleanup_errors=True) as folder:
        url = f"{settings.server_url}/{repository}.git"
        git = Git.new(Path(folder)).with_token(url, settings.token)
        clock = clock or SystemClock()
        client = Client.connect(settings.token, settings.api_url, write_pause=settings.write_pause, sleep=clock.sleep)
        http = LazyHttpReader(settings.sources, repository, clock)
        try:
            yield RunContext(
                repository=repository,
                host=settings.host,
                github=GitHubRepository(client, repository, app=app),
                contents=RepositoryContents(git, url, keyring),
                ledger=GitHubLedger(client, repository, keyring),
                clock=clock,
                nonce=random_nonce,
                run=settings.run or random_nonce(),
                acting=RunOrigin("action") if settings.in_workflow else SOMEBODY,
                http=http,
                events=settings.events,
                pages=PageSender(settings.sources, repository, clock),
                products=lambda _repository: client,
            )
        finally:
            client.close()
            http.close()


def with_token(repository: str, settings: GitHubSettings) -> GitHubSettings:
    """The settings; if an App acts, with a new installation token for this repository. Raises UsageError, UpstreamError."""
    if settings.app is None or settings.token:
        return settings
    from reassay.github.tokens import installation_token

    token = installation_token(settings.app.id, settings.app.key, repository, settings.api_url)
    return replace(settings, token=token)


def keyring_of(settings: GitHubSettings) -> Keyring:
    """The ledger keys of the settings. Raises UsageError, which never shows a key."""
    return keyring_of_keys(settings.ledger_keys)


def run_sweep(  # noqa: PLR0913, PLR0917 -- what a run is started with
    repository: str,
    settings: GitHubSettings,
    options: Options,
    budget: Budget,
    progress: Progress,
    dispatched: tuple[Mapping[str, object], ...] = (),
) -> Report:
    """One sweep of one repository on GitHub, and its dashboard. `dispatched`: payloads of observations that its event brings."""
    with remote_ports(repository, settings) as ports:
        return sweep_with_dashboard(replace(ports, dispatched=dispatched), options, budget, progress)


def run_doctor(repository: str, settings: GitHubSettings, clock: Clock | None = None) -> "Diagnosis":
    """The examination of one repository on GitHub for ways around the gate."""
    from reassay.doctor.diagnosis import diagnose
    from reassay.github.client import Client
    from reassay.github.repository_settings import RepositorySettings

    settings = with_token(repository, settings)
    client = Client.connect(settings.token, settings.api_url, write_pause=settings.write_pause)
    try:
        with remote_ports(repository, settings, clock) as ports:
            return diagnose(ports, RepositorySettings(client, repository))
    finally:
        client.close()
