"""Gathering: the state of git, the ledger and GitHub as one value."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from reassay.assessment.cells import AssessmentInput, snapshots
from reassay.assessment.first_seen import first_seen_digests
from reassay.changes.policy import GUARDED
from reassay.common.calendar import local_date
from reassay.github.repository_state import DirectCommit, QueueEntry, RepositoryQuery, RepositoryState
from reassay.ledger.entry import Body, Observation
from reassay.ledger.history import History
from reassay.ledger.loss import LedgerLossError, ledger_loss
from reassay.people.people import Directory, names_in
from reassay.register.base import Depth
from reassay.register.register import Register
from reassay.sweep.bypasses import unsaid
from reassay.sweep.content import MergeResult, RepositoryContent
from reassay.sweep.first_contact import PATH
from reassay.sweep.input import SweepInput
from reassay.sweep.issue_comments import files_named
from reassay.sweep.options import EVERYTHING, Focus
from reassay.sweep.published_anchors import published_anchors
from reassay.sweep.pull_requests import PullRequests
from reassay.sweep.run_context import RunContext

SETTLING = timedelta(days=30)
"""Time after a decision in which its issue is still read, in case a run ended before closing it."""
NO_GROUP = "that commit is no longer in the merge queue"
OVERLAP = timedelta(hours=1)
"""Comments written this long before the last sweep are read again; answered ones have a reaction."""


REREADS = 3
"""Times that the ledger is read again because another run appended to it meanwhile."""


def gather(context: RunContext, focus: Focus = EVERYTHING) -> SweepInput:
    """The input of one round, from two git requests and one API request.

    Another API request for every 50 open issues, and for every 10 pull requests where the gate is on.
    Raises BrokenLedgerError, and LedgerLossError for a ledger that lacks an entry which this bot has published.
    """
    inputs = _gathered(context.contents.read(), context, focus)
    for _ in range(REREADS):
        if _loss(inputs, context) is None:
            return inputs
        # Another run may have appended, and published that, after the ledger was read here.
        newer = context.contents.read()
        if newer.ledger.head == inputs.content.ledger.head:
            break
        inputs = _gathered(newer, context, focus)
    loss = _loss(inputs, context)
    if loss is not None:
        raise loss
    return inputs


def _loss(inputs: SweepInput, context: RunContext) -> LedgerLossError | None:
    return ledger_loss(inputs.content.ledger, published_anchors(inputs, context.anchors))


def gather_without_ledger(context: RunContext, focus: Focus) -> SweepInput:
    """The input of a round that refuses the ledger: nothing is taken from it."""
    return _gathered(context.contents.read_register(), context, focus)


def _gathered(content: RepositoryContent, context: RunContext, focus: Focus) -> SweepInput:
    now = context.clock.now()
    history = History.of(content.ledger.entries)
    objects = context.contents.objects(content.ledger, digests_needed(history, now - SETTLING))
    asked = _wanted(content.register, history, focus)
    look = context.github.look(_issues(content, history, now, focus, context), asked)
    look = _with_pulls(look, content.register, focus, context)
    direct, unknown = _arrived(content, look, asked, context)
    look = replace(look, direct=direct)
    people = Directory(look.accounts, look.teams, is_known=True)
    members = _members(look, focus)
    return SweepInput(
        content=content,
        assessment_input=AssessmentInput(content.register, history, snapshots(objects), now, people),
        look=look,
        objects=objects,
        files=context.contents.files(files_named(look.issues, content.commit)),
        pull_requests=PullRequests(look.viewer, look.pulls, _merges(look, content, context)),
        members=members,
        group=_group(members, focus, content, context),
        unknown=unknown,
    )


def _merges(look: RepositoryState, content: RepositoryContent, context: RunContext) -> Mapping[int, MergeResult | str]:
    """Both sides of each pull request, or the reason why they could not be read."""
    merges = context.contents.merges(look.pulls.values()) if look.pulls else {}
    return {number: _on_register(merge, content) for number, merge in merges.items()}


def _group(
    members: Sequence[QueueEntry], focus: Focus, content: RepositoryContent, context: RunContext
) -> MergeResult | str:
    return _on_register(context.contents.group(focus.base, members[-1]), content) if members else NO_GROUP


def _on_register(merge: MergeResult | str, content: RepositoryContent) -> MergeResult | str:
    """A base that is the default branch itself is the register that was read already: its cells are evaluated once."""
    if isinstance(merge, MergeResult) and merge.base_commit == content.commit:
        return replace(merge, base=content.register)
    return merge


def _arrived(
    content: RepositoryContent, look: RepositoryState, asked: RepositoryQuery, context: RunContext
) -> tuple[tuple[DirectCommit, ...], str]:
    """Commits outside pull requests since the last sweep, and the reason if they are not known.

    Git tells which commits are new, because committers can write any date.
    """
    since = asked.since
    if since is None or not asked.register:
        return (), ""
    swept = (entry for entry in content.ledger.entries if isinstance(entry.body, Observation) and entry.body.swept)
    before = max(swept, key=lambda entry: entry.seq).register_commit
    arrived = context.contents.arrived(before, content.commit, asked.register)
    if isinstance(arrived, str):
        return tuple(direct for direct in look.direct if direct.at > since), arrived
    further = tuple(commit for commit in arrived if commit not in look.dated)
    more = context.github.past_the_gate(further, verdicts=asked.verdicts) if further else ()
    commits = (*(direct for direct in look.direct if direct.commit in arrived), *more)
    return tuple(sorted(commits, key=lambda direct: (direct.at, direct.commit), reverse=True)), ""


def _issues(
    content: RepositoryContent, history: History, now: datetime, focus: Focus, context: RunContext
) -> frozenset[int]:
    if focus.group is not None:
        return frozenset()
    if focus.pull is not None:
        return frozenset(own.issue for own in history.opened_from(focus.pull) if own.issue)
    reassessments = (*history.open, *history.closed_since(now - SETTLING))
    extra = {focus.issue} if focus.issue else set()
    unheard = _left_unheard(content.register, history, now, context)
    return frozenset({own.issue for own in reassessments if own.issue} | extra | unheard)


def _wanted(register: Register, history: History, focus: Focus) -> RepositoryQuery:
    """The query of this round; it always includes pull requests with re-assessments, and what the bot published last."""
    gate = register.configuration
    usual = replace(wanted(register, history), recent="labelled" if gate.labels else "any", recent_pulls=gate.gates)
    if focus.pull is not None:
        return replace(usual, pulls=(focus.pull,), pushers=asks_for_pushers(register), register=(), since=None)
    if focus.group is not None:
        return replace(usual, queue=focus.base, register=(), since=None)
    return replace(
        usual, pulls=history.proposals, open_pulls=gate.gates, pushers=gate.gates and asks_for_pushers(register)
    )


def asks_for_pushers(register: Register) -> bool:
    """Whether an approval step excludes pushers, so that pushers must be queried."""
    gate = register.configuration.gate
    steps = (
        *gate.loosening,
        *gate.policy,
        *(step for entry in register.subjects.values() for step in entry.value.approval),
    )
    return any("pusher" in step.excludes for step in steps)


def _with_pulls(look: RepositoryState, register: Register, focus: Focus, context: RunContext) -> RepositoryState:
    """The state with pull requests that only the first query named."""
    named = {number for pull in look.pulls.values() for number in pull.siblings}
    named |= set(look.open_pulls) | {entry.number for entry in _members(look, focus)}
    missing = tuple(sorted(named - look.pulls.keys()))
    if not missing or not register.configuration.gates:
        return look
    more = context.github.look((), RepositoryQuery(pulls=missing, pushers=asks_for_pushers(register)))
    return replace(look, pulls={**look.pulls, **more.pulls})


def _members(look: RepositoryState, focus: Focus) -> tuple[QueueEntry, ...]:
    """The pull requests of a group: the one that it ends with, and all before it in the queue."""
    last = next((entry for entry in look.queue if focus.group is not None and entry.group == focus.group), None)
    return tuple(entry for entry in look.queue if last is not None and entry.position <= last.position)


def _left_unheard(register: Register, history: History, now: datetime, context: RunContext) -> frozenset[int]:
    """Issues with commands whose event may have been lost, once a day from mode `record` on."""
    zone = register.configuration.timezone
    last = history.last_sweep
    if not register.configuration.records or last is None or local_date(last, zone) >= local_date(now, zone):
        return frozenset()
    return context.github.issues_with_commands(last - OVERLAP)


def wanted(register: Register, history: History) -> RepositoryQuery:
    """The accounts to query, and from mode `record` on the paths whose commits need a pull request."""
    logins, teams = names_in(register)
    configuration = register.configuration
    if not (configuration.records or history.enforced) or history.last_sweep is None:
        return RepositoryQuery(logins, teams)
    # Workflows and owners decide who is asked: they are policy where the gate is enforced.
    policy = GUARDED if history.enforced else (PATH,)
    paths = (configuration.register_folder.rstrip("/"), *(path.rstrip("/") for path in policy))
    return RepositoryQuery(logins, teams, paths, history.last_sweep, verdicts=history.enforced)


def digests_needed(history: History, since: datetime) -> frozenset[str]:
    """Digests of snapshots that cells are compared with, and of texts that views show, also for those closed `since`."""
    decided = [last.decided for depth in Depth for last in history.last_decisions(depth).values()]
    decided += [own.decided for own in history.reassessments.values() if own.decided and own.proposal]
    digests = {decision.snapshot for decision in decided} | first_seen_digests(history) | unsaid(history)
    for reassessment in history.reassessments.values():
        if reassessment.state == "open" or (reassessment.closed_at and reassessment.closed_at >= since):
            digests.add(reassessment.opened.checklist)
            digests |= {trigger.because for trigger in reassessment.triggers if trigger.because}
            digests |= {name for record in reassessment.log for name in texts_of(record.body)}
            if reassessment.decided:
                digests |= {promise.text for promise in reassessment.decided.follow_ups}
                digests |= {reassessment.decided.because} if reassessment.decided.because else set()
    return frozenset(digests)


def texts_of(body: Body) -> Iterator[str]:
    """Digests of texts that people wrote, which views show."""
    for name in ("because", "note", "party", "interim", "says", "locator"):
        value = getattr(body, name, None)
        if isinstance(value, str):
            yield value
