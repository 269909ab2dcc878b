"""Answers questions about one repository from its current state: why, what if, at another time. Writes nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn
from urllib.parse import urlsplit

from reassay.assessment.cells import AssessmentInput, snapshots
from reassay.assessment.schedule.queue import scheduled
from reassay.assessment.views.documents import status_document
from reassay.commands.assumed import assuming, signers_in_roles
from reassay.common.clock import Clock, random_nonce
from reassay.common.errors import NotAllowedError, NotFoundError, RenamedError
from reassay.gate.decide import decide
from reassay.gate.views.documents import gate_document
from reassay.git.git import Git
from reassay.github.app_types import HostedRepository
from reassay.github.repository import GitHubRepository
from reassay.github.tokens import Tokens
from reassay.ledger.history import History
from reassay.ledger.state import Append
from reassay.ledger.store.keyring import Keyring
from reassay.sweep.gather import gather
from reassay.sweep.input import SweepInput
from reassay.sweep.needed_objects import SETTLING, digests_needed
from reassay.sweep.options import Focus
from reassay.sweep.repository.contents import RepositoryContents
from reassay.sweep.run_context import RunContext


@dataclass(frozen=True, slots=True)
class ReadOnlyAccess:
    """Read-only access to repositories; `tokens` are made with the permissions of `READINGS`."""

    tokens: Tokens
    keyring: Keyring
    clock: Clock
    server_url: str

    @contextmanager
    def open(self, repository: HostedRepository) -> Iterator[RunContext]:
        """Raises NotAllowedError, NotFoundError or RejectedError if the installation has no access to the repository."""
        access = self.tokens.for_repository(repository.installation, repository.id)
        with TemporaryDirectory(prefix="reassay-look-", ignore_cleanup_errors=True) as folder:
            url = f"{self.server_url}/{access.full_name}.git"
            git = Git.new(Path(folder)).with_token(url, access.token)
            yield RunContext(
                repository=access.full_name,
                host=urlsplit(self.server_url).netloc,
                github=GitHubRepository(access.client, access.full_name),
                contents=RepositoryContents(git, url, self.keyring),
                ledger=_NoLedger(),
                clock=self.clock,
                nonce=random_nonce,
                run=random_nonce(),
                repository_id=repository.id,
            )


@dataclass(frozen=True, slots=True)
class _NoLedger:
    """A `LedgerWriter` that refuses to write."""

    def append(self, append: Append) -> NoReturn:
        """Raises NotAllowedError."""
        raise NotAllowedError(f"read-only access cannot write {len(append.records)} ledger entries")


Document = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Inspector:
    """Methods raise UpstreamError and BrokenLedgerError."""

    access: ReadOnlyAccess

    def cells(self, repository: HostedRepository, subject: str, deployment: str | None) -> Document:
        """`reassay/status/v1` of one subject. Raises NotFoundError if the register has no such subject."""
        with self.access.open(repository) as ports:
            inputs = _sweep_input(ports, Focus())
        cells = [
            cell
            for cell in scheduled(inputs.assessment_input)
            if cell.subject == subject and deployment in {None, cell.cell}
        ]
        if not cells:
            raise NotFoundError(f"the register has no '{subject}' here.", remedy="See the status for names.")
        return status_document(cells, inputs.assessment_input, _provenance(inputs))

    def status(self, repository: HostedRepository, at: Callable[[str], datetime]) -> Document:
        """`reassay/status/v1` as it would be at another time; `at` is called with the register's time zone."""
        with self.access.open(repository) as ports:
            inputs = _sweep_input(ports, Focus())
            now = at(inputs.assessment_input.register.configuration.timezone)
            assessment_input = _at(ports, inputs, now)
        return status_document(scheduled(assessment_input), assessment_input, _provenance(inputs))

    def verdict(self, repository: HostedRepository, pull: int, assumed: tuple[tuple[str, str], ...]) -> Document:
        """`reassay/gate/v1` of an open pull request, with the sign-offs of `assumed`, each as (role, login).

        Raises NotFoundError if there is no such open pull request, UsageError for a role that somebody does not have.
        """
        with self.access.open(repository) as ports:
            inputs = _sweep_input(ports, Focus(pull=pull))
        facts = inputs.gate_input(pull)
        if facts is None:
            raise NotFoundError(f"#{pull} is not an open pull request.", remedy="Name one that is open.")
        if assumed:
            _, signers = signers_in_roles(assumed, facts.assessment_input)
            facts = assuming(facts, signers)
        return gate_document(decide(facts), facts)


def _sweep_input(ports: RunContext, focus: Focus) -> SweepInput:
    inputs = gather(ports, focus)
    repository = inputs.repository_state.repository
    # Another repository may have this name since the token was requested.
    if ports.repository_id is not None and repository.id != ports.repository_id:
        raise RenamedError(f"{repository.full_name} is another repository now.", repository.full_name)
    return inputs


def _at(ports: RunContext, inputs: SweepInput, now: datetime) -> AssessmentInput:
    """The situation at another time: entries recorded later are left out, and so are their snapshots."""
    ledger = inputs.content.ledger
    history = History.of(ledger.entries, until=now)
    objects = ports.contents.objects(ledger, digests_needed(history, now - SETTLING))
    return replace(inputs.assessment_input, history=history, snapshots=snapshots(objects), now=now, results=objects)


def _provenance(inputs: SweepInput) -> dict[str, str]:
    return {"register": inputs.content.commit[:12], "ledger": inputs.content.ledger.anchor}
