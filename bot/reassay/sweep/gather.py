"""Gathering: the state of git, the ledger and GitHub as one value."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from reassay.assessment.cells import AssessmentInput, snapshots
from reassay.assessment.orders import ordering_records
from reassay.assessment.unreadable import LastReadableRegister
from reassay.changes.guarded_paths import GuardedPaths
from reassay.common.calendar import local_date
from reassay.common.errors import (
    IssuesOffError,
    LimitError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
    UpstreamError,
)
from reassay.github.repository_state import ArrivedCommit, QueueEntry, RepositoryQuery, RepositoryState
from reassay.github.stored_files import StoredFiles
from reassay.ledger.entry import Observation
from reassay.ledger.history import CLOCKS_APART, History
from reassay.ledger.loss import LedgerLossError, ledger_loss
from reassay.ledger.protection import Protection
from reassay.ledger.sweep_records import Bypass
from reassay.people.people import names_in
from reassay.register.register import Register
from reassay.sweep.content import MergeResult, RepositoryContent
from reassay.sweep.evaluation_runs import evaluation_runs
from reassay.sweep.follow_up_records import issues_to_read
from reassay.sweep.input import SweepInput
from reassay.sweep.issue_comments import files_named
from reassay.sweep.known_names import directory_of
from reassay.sweep.named_results import results_named
from reassay.sweep.needed_objects import SETTLING, digests_needed
from reassay.sweep.options import EVERYTHING, Focus
from reassay.sweep.product_reading import ProductObservation, product_observations
from reassay.sweep.published_anchors import published_anchors
from reassay.sweep.pull_requests import PullRequests, QueueGroup
from reassay.sweep.repository.result_files import ResultFiles
from reassay.sweep.repository_issues import REPOSITORY_ISSUES
from reassay.sweep.run_context import RunContext
from reassay.sweep.signal_sources import source_outcomes

PAUSES = (2.0, 5.0, 15.0)
"""Seconds that a run of the Action waits for a group that the queue does not show yet."""
QUEUES_NEED_AN_APP = (
    "Only an App with the permission `merge_queues: read` can read a merge queue: the token of a workflow cannot. Accept that"
    " permission in the settings of the App's installation, or let the hosted App judge merges; see docs/how-to/gate-merges.md."
)
OVERLAP = timedelta(hours=1)
"""Comments written this long before the last sweep are read again; answered ones have a reaction."""


REREADS = 3
"""Times that the ledger is read again because another run appended to it meanwhile."""


def gather(context: RunContext, focus: Focus = EVERYTHING) -> SweepInput:
    """The input of one round, from two git requests and one API request.

    Another API request for every 50 open issues, for every 10 pull requests where the gate is on, and from mode `record` on
    one for what protects the branches.
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
    asked = _wanted(content, history, focus, now)
    try:
        state = context.github.look(_issues(content, history, now, focus, context), asked)
    except NotAllowedError as error:
        if focus.group is None:
            raise
        raise NotAllowedError(_unread(focus.base, error), remedy=QUEUES_NEED_AN_APP) from error
    arrived, unknown = _arrived(content, state, asked, history, context)
    state = replace(state, arrived=arrived)
    state = _with_pulls(state, _named(state, content, history), content, context)
    queued, unread = _queued(state, content, focus, context)
    state = _with_pulls(state, (entry.number for _, members in queued for entry in members), content, context)
    people = directory_of(state, history)
    protection, protection_unknown = _protection(content, history, focus, context)
    inputs = SweepInput(
        content=content,
        assessment_input=AssessmentInput(
            content.register, history, snapshots(objects), now, people, _dated(content, now), objects
        ),
        repository_state=state,
        objects=objects,
        files=context.contents.files(files_named(state.issues, content.commit)),
        pull_requests=PullRequests(state.viewer, state.pulls, _merges(state, content, context)),
        groups=tuple(_group(base, members, content, context) for base, members in queued),
        is_about_a_group=focus.group is not None,
        unknown=unknown,
        unread_queues=unread,
        protection=protection,
        protection_unknown=protection_unknown,
        evaluations=evaluation_runs(content, history, now, focus, context),
        sources=() if focus.is_narrow else source_outcomes(content, history, now, context),
        products=_products(content, focus, context),
        rewritten=_rewritten(content, state, asked, history, context),
    )
    stored = StoredFiles(context.github.client, context.github.full_name, state.repository.id)
    return replace(inputs, results=ResultFiles(context.contents, stored).read(results_named(inputs)))


def _products(content: RepositoryContent, focus: Focus, context: RunContext) -> tuple[ProductObservation, ...]:
    if focus.is_narrow:
        return ()
    agreed_to = context.repository if context.products_agree else ""
    return product_observations(content.register, context.products, agreed_to=agreed_to)


def _dated(content: RepositoryContent, now: datetime) -> LastReadableRegister | None:
    """The last readable register. Where no entry is later than it, the rest is unread since today, as the next run says, too."""
    last = content.last_readable
    if last is None or last.unreadable_since is not None:
        return last
    return replace(last, unreadable_since=local_date(now, content.register.configuration.timezone))


def _protection(
    content: RepositoryContent, history: History, focus: Focus, context: RunContext
) -> tuple[Protection | None, str]:
    """What protects the two branches, asked for on every sweep from mode `record` on; else the reason why it is not known.

    Nothing else of a sweep waits for it.
    """
    if focus.is_narrow or not (content.register.configuration.records or history.enforced):
        return None, ""
    try:
        return context.github.protection(), ""
    except LimitError:
        raise
    except (NotAllowedError, NotFoundError):
        return Protection(), ""
    except UpstreamError as error:
        return None, str(error)


def _merges(state: RepositoryState, content: RepositoryContent, context: RunContext) -> Mapping[int, MergeResult | str]:
    """Both sides of each pull request, or the reason why they could not be read."""
    merges = context.contents.merges(state.pulls.values(), content.register.prior) if state.pulls else {}
    return {number: _on_register(merge, content) for number, merge in merges.items()}


def _group(base: str, members: tuple[QueueEntry, ...], content: RepositoryContent, context: RunContext) -> QueueGroup:
    merge = context.contents.group(base, members[-1], content.register.prior)
    return QueueGroup(base, members, _on_register(merge, content))


def _queued(
    state: RepositoryState, content: RepositoryContent, focus: Focus, context: RunContext
) -> tuple[tuple[tuple[str, tuple[QueueEntry, ...]], ...], tuple[str, ...]]:
    """Groups of merge queues that the run covers: the one it is about, or all that hold a pull request it is about.

    With the reasons why queues of the latter could not be read. Raises UnavailableError for a group that the queue does not
    show yet.
    """
    if not content.register.configuration.gates:
        return (), ()
    if focus.group is not None:
        groups = _one_group(state.queue, focus.base, focus.group, context)
        return tuple((focus.base, members) for members in groups), ()
    pulls = [pull for pull in state.pulls.values() if pull.is_queued]
    numbers = {pull.number for pull in pulls}
    queued: list[tuple[str, tuple[QueueEntry, ...]]] = []
    unread: list[str] = []
    for base in sorted({pull.base_ref for pull in pulls}):
        try:
            groups = tuple(_groups_of(context.github.queue(base)))
        except NotAllowedError as error:
            unread.append(f"{_unread(base, error)} {QUEUES_NEED_AN_APP}")
            continue
        queued += [(base, members) for members in groups if numbers & {member.number for member in members}]
    return tuple(queued), tuple(unread)


def _unread(base: str, error: NotAllowedError) -> str:
    return (
        f"the merge queue of {base} cannot be read, so its groups get no verdict, and a hold or a withdrawal does not reach"
        f" them ({error})."
    )


def _one_group(
    queue: Sequence[QueueEntry], base: str, commit: str, context: RunContext
) -> Sequence[tuple[QueueEntry, ...]]:
    """The group of a commit; none once it left the queue. A job of the App is run again later, an Action waits here."""
    for pause in (*(() if context.acting.program == "app" else PAUSES), None):
        groups = [members for members in _groups_of(queue) if members[-1].group == commit]
        if groups or not context.contents.is_queued(base, commit):
            return groups
        if pause is not None:
            context.clock.sleep(pause)
            queue = context.github.queue(base)
    raise UnavailableError(
        f"the merge queue of {base} does not show its group {commit[:7]} yet", remedy="The next sweep reads it again."
    )


def _groups_of(queue: Sequence[QueueEntry]) -> Iterator[tuple[QueueEntry, ...]]:
    """Every group of a queue that has its commit: each entry, with all before it."""
    for entry in queue:
        if entry.group is not None:
            yield tuple(other for other in queue if other.position <= entry.position)


def _on_register(merge: MergeResult | str, content: RepositoryContent) -> MergeResult | str:
    """A base that is the default branch itself is the register that was read already: its cells are evaluated once."""
    if isinstance(merge, MergeResult) and merge.base_commit == content.commit:
        return replace(merge, base=content.register)
    return merge


def _arrived(
    content: RepositoryContent,
    state: RepositoryState,
    asked: RepositoryQuery,
    history: History,
    context: RunContext,
) -> tuple[tuple[ArrivedCommit, ...], str]:
    """Commits to what is guarded since the last sweep, with their pull requests, and the reason if they are not known.

    Git tells which commits are new, because committers can write any date.
    """
    since = asked.since
    if since is None or not asked.register:
        return (), ""
    swept = (entry for entry in content.ledger.entries if isinstance(entry.body, Observation) and entry.body.swept)
    before = max(swept, key=lambda entry: entry.seq).register_commit
    arrived = context.contents.arrived(before, content.commit, content.register.prior, enforced=history.enforced)
    if isinstance(arrived, str):
        return tuple(commit for commit in state.arrived if commit.at > since), arrived
    listed = {commit.commit for commit in state.arrived}
    further = tuple(commit for commit in arrived if commit not in listed)
    more = context.github.arrived(further) if further else ()
    commits = (*(commit for commit in state.arrived if commit.commit in arrived), *more)
    return tuple(sorted(commits, key=lambda commit: (commit.at, commit.commit), reverse=True)), ""


def _rewritten(
    content: RepositoryContent,
    state: RepositoryState,
    asked: RepositoryQuery,
    history: History,
    context: RunContext,
) -> tuple[str, str] | None:
    """A commit that the default branch had and has lost, with the present tip; None where it only moved forward.

    It is known to have had what the ledger names and what was merged into it, since the last sweep or the last such loss.
    """
    if asked.since is None or not asked.register:
        return None
    lost = [record for record, body in history.records_of(Bypass) if body.why == "rewritten"]
    seq, at = max(((record.seq, record.at) for record in lost), default=(0, asked.since - CLOCKS_APART))
    merged = sorted(
        (pull.merged_at, pull.merged_as)
        for pull in state.pulls.values()
        if pull.merged_as is not None
        and pull.merged_at is not None
        and pull.merged_at > at
        and pull.base_ref == content.branch
    )
    entries = content.ledger.entries
    tips = [commit for _, commit in reversed(merged)]
    if entries and entries[-1].seq >= seq:
        tips.append(entries[-1].register_commit)
    for tip in dict.fromkeys(tips):
        if context.contents.is_rewritten(tip, content.commit, content.register.prior, enforced=history.enforced):
            return tip, content.commit
    return None


def _issues(
    content: RepositoryContent, history: History, now: datetime, focus: Focus, context: RunContext
) -> frozenset[int]:
    if focus.group is not None:
        return frozenset()
    if focus.pull is not None:
        return frozenset(own.issue for own in history.opened_from(focus.pull) if own.issue)
    ordering = (history.reassessments[name] for name in ordering_records(history))
    reassessments = (*history.open, *history.closed_since(now - SETTLING), *ordering)
    extra = {focus.issue} if focus.issue else set()
    unheard = _left_unheard(content.register, history, now, context)
    since = now - SETTLING
    extra |= {number for kind in REPOSITORY_ISSUES if (number := kind.number_to_read(history, since))}
    extra |= issues_to_read(history, since)
    return frozenset({own.issue for own in reassessments if own.issue} | extra | unheard)


def _wanted(content: RepositoryContent, history: History, focus: Focus, now: datetime) -> RepositoryQuery:
    """The query of this round; it always includes pull requests with re-assessments, and what the bot published last."""
    register = content.register
    gate = register.configuration
    gates = _gates(register)
    usual = wanted(register, history, content.guarded, now)
    usual = replace(usual, branch=content.branch, recent="labelled" if gate.labels else "any", recent_pulls=gates)
    if focus.pull is not None:
        return replace(usual, pulls=(focus.pull,), pushers=asks_for_pushers(register), register=(), since=None)
    if focus.group is not None:
        return replace(usual, queue=focus.base, register=(), since=None)
    last = history.last_sweep_until(now)
    return replace(
        usual,
        pulls=history.proposals,
        open_pulls=gates,
        pushers=gates and asks_for_pushers(register),
        # The event of a closing may have been lost, and its check would go on being green.
        closed_since=last - OVERLAP if gates and last is not None else None,
    )


def _gates(register: Register) -> bool:
    """Whether pull requests get a check: also where no rules are known, and the check says that."""
    return register.configuration.gates or not register.has_rules


def asks_for_pushers(register: Register) -> bool:
    """Whether an approval step excludes pushers, so that pushers must be queried."""
    gate = register.configuration.gate
    steps = (
        *gate.loosening,
        *gate.policy,
        *(step for carrier in register.carriers for step in carrier.approval),
    )
    return any("pusher" in step.excludes for step in steps)


def _named(state: RepositoryState, content: RepositoryContent, history: History) -> Iterator[int]:
    """Pull requests that the first answer names."""
    if _gates(content.register):
        yield from (number for pull in state.pulls.values() for number in pull.siblings)
        yield from (*state.open_pulls, *state.closed_pulls)
    if history.enforced or content.register.configuration.mode == "enforce":
        # What landed is compared with what was judged, also where the merge switched the gate off.
        yield from (number for commit in state.arrived for number in commit.pulls)


def _with_pulls(
    state: RepositoryState, named: Iterable[int], content: RepositoryContent, context: RunContext
) -> RepositoryState:
    """The state with pull requests that only an earlier answer named."""
    missing = tuple(sorted(set(named) - state.pulls.keys()))
    if not missing:
        return state
    pushers = asks_for_pushers(content.register)
    more = context.github.look((), RepositoryQuery(pulls=missing, branch=content.branch, pushers=pushers))
    return replace(state, pulls={**state.pulls, **more.pulls})


def _left_unheard(register: Register, history: History, now: datetime, context: RunContext) -> frozenset[int]:
    """Issues with commands whose event may have been lost, once a day from mode `record` on."""
    zone = register.configuration.timezone
    last = history.last_sweep_until(now)
    if not register.configuration.records or last is None or local_date(last, zone) >= local_date(now, zone):
        return frozenset()
    try:
        return context.github.issues_with_commands(last - OVERLAP)
    except IssuesOffError:
        # No issue has a command then; the run says that they are turned off.
        return frozenset()


def wanted(register: Register, history: History, guarded: GuardedPaths, now: datetime) -> RepositoryQuery:
    """The accounts to query, and from mode `record` on the guarded paths whose commits need a pull request."""
    logins, teams = names_in(register)
    configuration = register.configuration
    if not (configuration.records or history.enforced) or (last := history.last_sweep_until(now)) is None:
        return RepositoryQuery(logins, teams)
    # Workflows and owners decide who is asked: they are policy where the gate is enforced.
    paths = guarded.places(enforced=history.enforced)
    return RepositoryQuery(logins, teams, paths, last)
