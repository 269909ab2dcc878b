"""Gathering: what git, the ledger and GitHub say now, as one value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from reassay.assessment.cells import Situation, snapshots
from reassay.assessment.first_seen import first_seen_digests
from reassay.changes.policy import GUARDED
from reassay.common.calendar import local_date
from reassay.github.wanted import Wanted
from reassay.github.world import DirectCommit, Look, QueueEntry
from reassay.ledger.entry import Body, Observation
from reassay.ledger.history import History, Reassessment
from reassay.people.people import Directory, names_in
from reassay.register.base import Depth
from reassay.register.register import Register
from reassay.sweep.bypasses import unsaid
from reassay.sweep.content import Content, Merge
from reassay.sweep.named_files import files_named
from reassay.sweep.onboarding import PATH
from reassay.sweep.ports import Ports
from reassay.sweep.proposals import Proposals

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
    proposals: Proposals = field(default_factory=lambda: Proposals(""))
    """Pull requests, as far as this pass looks at them."""
    members: tuple[QueueEntry, ...] = ()
    """Of the group of a merge queue that is asked about, in order."""
    group: Merge | str = "no group is asked about"
    """What that group would merge."""
    unknown: str = ""
    """Why it is not known what reached the default branch since the last sign of life; empty if it is."""

    def situation_of(self, each: Reassessment, situation: Situation) -> Situation | None:
        """What a re-assessment is about; None while that is not known."""
        return self.proposals.situation_of(each, situation, self.objects)


@dataclass(frozen=True, slots=True)
class Focus:
    """What a run is about; everything if nothing is said."""

    issue: int | None = None
    """An issue an event was about, which may be no re-assessment's."""
    pull: int | None = None
    """Only this pull request, and what it opened."""
    group: str | None = None
    """Only this commit of a merge queue."""
    base: str = ""
    """The branch that the group is merged into."""

    @property
    def is_narrow(self) -> bool:
        """Whether the rest of the repository is left to another run."""
        return self.pull is not None or self.group is not None


def gather(ports: Ports, focus: Focus = Focus()) -> World:
    """Two git requests and one API request, however many cells there are (one more for every 50 open issues).

    One more for every 10 pull requests, where the gate is on.
    """
    content = ports.contents.read()
    now = ports.clock.now()
    history = History.of(content.ledger.entries)
    objects = ports.contents.objects(content.ledger, digests_needed(history, now - SETTLING))
    wanted_of = _wanted(content.register, history, focus)
    look = ports.github.look(_issues(content, history, now, focus, ports), wanted_of)
    look = _with_pulls(look, content.register, focus, ports)
    direct, unknown = _arrived(content, look, wanted_of, ports)
    look = replace(look, direct=direct)
    people = Directory(look.accounts, look.teams, is_known=True)
    situation = Situation(content.register, history, snapshots(objects), now, people)
    files = ports.contents.files(files_named(look.issues, content.commit))
    proposals = Proposals(look.viewer, look.pulls, ports.contents.merges(look.pulls.values()) if look.pulls else {})
    members = _members(look, focus)
    group = ports.contents.group(focus.base, members[-1]) if members else "the queue does not hold that commit any more"
    return World(content, situation, look, objects, files, proposals, members, group, unknown)


def _arrived(content: Content, look: Look, asked: Wanted, ports: Ports) -> tuple[tuple[DirectCommit, ...], str]:
    """What reached the default branch past the gate since the last sign of life, and what is not known of that.

    Which commits are new, git says: the dates by which GitHub lists them are whatever a committer wrote.
    """
    since = asked.since
    if since is None or not asked.register:
        return (), ""
    swept = (each for each in content.ledger.entries if isinstance(each.body, Observation) and each.body.swept)
    before = max(swept, key=lambda each: each.seq).register_commit
    found = ports.contents.arrived(before, content.commit, asked.register)
    if isinstance(found, str):
        return tuple(each for each in look.direct if each.at > since), found
    further = tuple(each for each in found if each not in look.dated)
    more = ports.github.past_the_gate(further, verdicts=asked.verdicts) if further else ()
    known = (*(each for each in look.direct if each.commit in found), *more)
    return tuple(sorted(known, key=lambda each: (each.at, each.commit), reverse=True)), ""


def _issues(content: Content, history: History, now: datetime, focus: Focus, ports: Ports) -> frozenset[int]:
    if focus.group is not None:
        return frozenset()
    if focus.pull is not None:
        return frozenset(each.issue for each in history.opened_from(focus.pull) if each.issue)
    own = (*history.open, *history.closed_since(now - SETTLING))
    extra = {focus.issue} if focus.issue else set()
    unheard = _left_unheard(content.register, history, now, ports)
    return frozenset({each.issue for each in own if each.issue} | extra | unheard)


def _wanted(register: Register, history: History, focus: Focus) -> Wanted:
    """Pull requests whose re-assessments wait are always looked at: what they are about is what would be merged."""
    usual = wanted(register, history)
    gate = register.configuration
    if focus.pull is not None:
        return replace(usual, pulls=(focus.pull,), pushers=asks_for_pushers(register), register=(), since=None)
    if focus.group is not None:
        return replace(usual, queue=focus.base, register=(), since=None)
    return replace(
        usual, pulls=history.proposals, open_pulls=gate.gates, pushers=gate.gates and asks_for_pushers(register)
    )


def asks_for_pushers(register: Register) -> bool:
    """Whether some step excludes whoever pushed: only then is it asked who did."""
    gate = register.configuration.gate
    steps = (
        *gate.loosening,
        *gate.policy,
        *(step for each in register.subjects.values() for step in each.value.approval),
    )
    return any("pusher" in step.excludes for step in steps)


def _with_pulls(look: Look, register: Register, focus: Focus, ports: Ports) -> Look:
    """A second look at pull requests that only the first one named."""
    named = {number for each in look.pulls.values() for number in each.siblings}
    named |= set(look.open_pulls) | {each.number for each in _members(look, focus)}
    missing = tuple(sorted(named - look.pulls.keys()))
    if not missing or not register.configuration.gates:
        return look
    more = ports.github.look((), Wanted(pulls=missing, pushers=asks_for_pushers(register)))
    return replace(look, pulls={**look.pulls, **more.pulls})


def _members(look: Look, focus: Focus) -> tuple[QueueEntry, ...]:
    """The pull requests of a group: the one that it ends with, and all before it in the queue."""
    last = next((each for each in look.queue if focus.group is not None and each.group == focus.group), None)
    return tuple(each for each in look.queue if last is not None and each.position <= last.position)


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
    if not (configuration.records or history.enforced) or history.last_sweep is None:
        return Wanted(logins, teams)
    # Workflows and owners decide who is asked: they are policy where the gate is enforced.
    policy = GUARDED if history.enforced else (PATH,)
    paths = (configuration.register_folder.rstrip("/"), *(each.rstrip("/") for each in policy))
    return Wanted(logins, teams, paths, history.last_sweep, verdicts=history.enforced)


def digests_needed(history: History, since: datetime) -> frozenset[str]:
    """Snapshots that cells are compared with, and the words of records that are still shown."""
    found = {each.decided.snapshot for depth in Depth for each in history.last_decisions(depth).values()}
    found |= {each.decided.snapshot for each in history.reassessments.values() if each.decided and each.proposal}
    found |= first_seen_digests(history) | unsaid(history)
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


def with_ledger(world: World, content: Content, objects: Mapping[str, object]) -> World:
    """The same look with a longer ledger."""
    together = {**world.objects, **objects}
    situation = replace(world.situation, history=History.of(content.ledger.entries), snapshots=snapshots(together))
    return replace(world, content=content, situation=situation, objects=together)


def ours(world: World) -> frozenset[str]:
    """Accounts whose issues and comments are this bot's own."""
    viewer = world.look.viewer
    return frozenset({viewer, viewer.removesuffix("[bot]"), f"{viewer.removesuffix('[bot]')}[bot]"}) | frozenset(
        world.situation.register.configuration.bots
    )
