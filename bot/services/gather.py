"""Gathering: what git, the ledger and GitHub say now, as one value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.cells import Situation
from bot.domain.ledger.history import History
from bot.domain.world import Look
from bot.services.ports import Content, Ports

SETTLING = timedelta(days=30)
"""For so long after a decision its issue is looked at again, in case a run ended before closing it."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything one pass decides from."""

    content: Content
    situation: Situation
    look: Look
    objects: Mapping[str, object]
    """Parsed ledger objects by digest: snapshots, checklists, reasons."""


def gather(ports: Ports, extra_issues: Iterable[int] = ()) -> World:
    """Two git requests and one API request, however many cells there are (one more for every 50 open issues)."""
    content = ports.contents.read()
    now = ports.clock.now()
    history = History.of(content.ledger.entries)
    objects = ports.contents.objects(content.ledger, digests_needed(history, now - SETTLING))
    numbers = {each.issue for each in (*history.open, *history.closed_since(now - SETTLING)) if each.issue}
    look = ports.github.look(numbers | set(extra_issues))
    situation = Situation(content.register, history, snapshots(objects), now)
    return World(content, situation, look, objects)


def digests_needed(history: History, since: datetime) -> frozenset[str]:
    """Snapshots that cells are compared with, and the words of records that are still shown."""
    found = {decision.decided.snapshot for decision in history.last_decisions().values()}
    for each in history.reassessments.values():
        if each.state == "open" or (each.closed_at and each.closed_at >= since):
            found.add(each.opened.checklist)
            if each.decided:
                found |= {promise.text for promise in each.decided.follow_ups}
                found |= {each.decided.because} if each.decided.because else set()
    return frozenset(found)


def snapshots(objects: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    """Those objects that are snapshots."""
    return {name: value for name, value in objects.items() if isinstance(value, dict)}


def with_ledger(world: World, content: Content, objects: Mapping[str, object]) -> World:
    """The same look with a longer ledger."""
    together = {**world.objects, **objects}
    situation = replace(world.situation, history=History.of(content.ledger.entries), snapshots=snapshots(together))
    return World(content, situation, world.look, together)


def ours(world: World) -> frozenset[str]:
    """Accounts whose issues and comments are this bot's own."""
    viewer = world.look.viewer
    return frozenset({viewer, viewer.removesuffix("[bot]"), f"{viewer.removesuffix('[bot]')}[bot]"}) | frozenset(
        world.situation.register.configuration.bots
    )
