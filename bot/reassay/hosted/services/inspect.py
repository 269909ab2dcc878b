"""Answers about one repository, made from what is there now: why, what if, what on another day. Writes nothing."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from reassay.assessment.cells import Situation, snapshots
from reassay.assessment.schedule.queue import scheduled
from reassay.assessment.views.documents import status_document
from reassay.common.errors import NotFoundError, RenamedError
from reassay.gate.decide import decide
from reassay.gate.views.documents import gate_document
from reassay.hosted.services.known import Repository
from reassay.ledger.history import History
from reassay.sweep.focus import Focus
from reassay.sweep.gather import SETTLING, gather
from reassay.sweep.input import SweepInput
from reassay.sweep.needed_objects import digests_needed
from reassay.sweep.run_context import RunContext

Document = Mapping[str, object]


class ReadingRoom(Protocol):
    """Gives a look at one repository of one installation."""

    def open(self, repository: Repository) -> AbstractContextManager[RunContext]:
        """RunContext whose token may read and nothing else. Raises UpstreamError."""
        ...


@dataclass(frozen=True, slots=True)
class Inspector:
    """Satisfies `entrypoints.web.parts.Inspector`. Raises UpstreamError, BrokenLedgerError."""

    room: ReadingRoom

    def cells(self, repository: Repository, subject: str, deployment: str | None) -> Document:
        """`reassay/status/v1` of one subject. Raises NotFoundError if the register has none of that name."""
        with self.room.open(repository) as ports:
            world = _world(ports, Focus())
        found = [
            each for each in scheduled(world.situation) if each.subject == subject and deployment in {None, each.cell}
        ]
        if not found:
            raise NotFoundError(f"'{subject}' is nothing that is assessed there.", remedy="See the status for names.")
        return status_document(found, world.situation.now, _provenance(world))

    def status(self, repository: Repository, at: Callable[[str], datetime]) -> Document:
        """`reassay/status/v1` as it would be at another time; `at` is given the register's time zone."""
        with self.room.open(repository) as ports:
            world = _world(ports, Focus())
            now = at(world.situation.register.configuration.timezone)
            situation = _at(ports, world, now)
        return status_document(scheduled(situation), now, _provenance(world))

    def verdict(self, repository: Repository, pull: int, assumed: tuple[tuple[str, str], ...]) -> Document:
        """`reassay/gate/v1` of an open pull request. Raises NotFoundError if it is none, or if nothing is gated there."""
        with self.room.open(repository) as ports:
            world = _world(ports, Focus(pull=pull))
        facts = world.gate_input(pull)
        if facts is None:
            raise NotFoundError(f"#{pull} is no open pull request.", remedy="Name one that is open.")
        facts = replace(facts, assumed=assumed)
        return gate_document(decide(facts), facts)


def _world(ports: RunContext, focus: Focus) -> SweepInput:
    world = gather(ports, focus)
    now = world.look.repository
    # A name may have become another repository's since the token was given.
    if ports.repository_id is not None and now.id != ports.repository_id:
        raise RenamedError(f"{now.full_name} is another repository now.", now.full_name)
    return world


def _at(ports: RunContext, world: SweepInput, now: datetime) -> Situation:
    """What was recorded later is not known; what was last decided by then is compared with."""
    ledger = world.content.ledger
    history = History.of(ledger.entries, until=now)
    objects = ports.contents.objects(ledger, digests_needed(history, now - SETTLING))
    return replace(world.situation, history=history, snapshots=snapshots(objects), now=now)


def _provenance(world: SweepInput) -> dict[str, str]:
    return {"register": world.content.commit[:12], "ledger": world.content.ledger.anchor}
