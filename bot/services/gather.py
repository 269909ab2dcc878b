"""Gathering: what git, the ledger and GitHub say now, as one value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.calendar import local_date
from bot.domain.cells import Situation
from bot.domain.ledger.entry import Body
from bot.domain.ledger.history import History
from bot.domain.people import Directory, names_in
from bot.domain.register.base import Depth
from bot.domain.register.register import Register
from bot.domain.world import Look
from bot.services.named_files import files_named
from bot.services.ports import Content, Ports, Wanted

SETTLING = timedelta(days=30)
"""For so long after a decision its issue is looked at again, in case a run ended before closing it."""


OVERLAP = timedelta(hours=1)
"""Comments written shortly before the last sign of life are looked at again: an answered one carries a reaction."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything one pass decides from."""

    content: Content
    situation: Situation
    look: Look
    objects: Mapping[str, object]
    """Parsed ledger objects by digest: snapshots, checklists, reasons."""
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Digests of files that commands name, by (path, commit)."""


def gather(ports: Ports, extra_issues: Iterable[int] = ()) -> World:
    """Two git requests and one API request, however many cells there are (one more for every 50 open issues)."""
    content = ports.contents.read()
    now = ports.clock.now()
    history = History.of(content.ledger.entries)
    objects = ports.contents.objects(content.ledger, digests_needed(history, now - SETTLING))
    extra = {*extra_issues, *_left_unheard(content.register, history, now, ports)}
    numbers = {each.issue for each in (*history.open, *history.closed_since(now - SETTLING)) if each.issue}
    look = ports.github.look(numbers | extra, wanted(content.register, history))
    people = Directory(look.accounts, look.teams, is_known=True)
    situation = Situation(content.register, history, snapshots(objects), now, people)
    files = ports.contents.files(files_named(look.issues, content.commit))
    return World(content, situation, look, objects, files)


def _left_unheard(register: Register, history: History, now: datetime, ports: Ports) -> frozenset[int]:
    """Issues with commands whose event may have been lost: looked for once a day, from mode `record` on."""
    zone = register.configuration.timezone
    last = history.last_sweep
    if not register.configuration.records or last is None or local_date(last, zone) >= local_date(now, zone):
        return frozenset()
    return ports.github.issues_with_commands(last - OVERLAP)


def wanted(register: Register, history: History) -> Wanted:
    """Whose accounts have to be known, and from mode `record` on which commits came without a pull request."""
    logins, teams = names_in(register)
    configuration = register.configuration
    if not configuration.records or history.last_sweep is None:
        return Wanted(logins, teams)
    paths = (configuration.register_folder.rstrip("/"), ".github/reassay.yml")
    return Wanted(logins, teams, paths, history.last_sweep)


def digests_needed(history: History, since: datetime) -> frozenset[str]:
    """Snapshots that cells are compared with, and the words of records that are still shown."""
    found = {each.decided.snapshot for depth in Depth for each in history.last_decisions(depth).values()}
    for each in history.reassessments.values():
        if each.state == "open" or (each.closed_at and each.closed_at >= since):
            found.add(each.opened.checklist)
            found |= {trigger.because for trigger in each.triggers if trigger.because}
            found |= {name for noted in each.log for name in texts_of(noted.body)}
            if each.decided:
                found |= {promise.text for promise in each.decided.follow_ups}
                found |= {each.decided.because} if each.decided.because else set()
    return frozenset(found)


def texts_of(body: Body) -> Iterator[str]:
    """Digests of what people wrote, which views show."""
    for name in ("because", "note", "party", "interim", "says", "locator"):
        value = getattr(body, name, None)
        if isinstance(value, str):
            yield value


def snapshots(objects: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    """Those objects that are snapshots."""
    return {name: value for name, value in objects.items() if isinstance(value, dict)}


def with_ledger(world: World, content: Content, objects: Mapping[str, object]) -> World:
    """The same look with a longer ledger."""
    together = {**world.objects, **objects}
    situation = replace(world.situation, history=History.of(content.ledger.entries), snapshots=snapshots(together))
    return World(content, situation, world.look, together, world.files)


def ours(world: World) -> frozenset[str]:
    """Accounts whose issues and comments are this bot's own."""
    viewer = world.look.viewer
    return frozenset({viewer, viewer.removesuffix("[bot]"), f"{viewer.removesuffix('[bot]')}[bot]"}) | frozenset(
        world.situation.register.configuration.bots
    )
