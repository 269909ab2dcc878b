"""One round of a sweep: gather, decide, apply. Whatever ends it early, the next round goes on from what is there."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from reassay.assessment.cells import Situation
from reassay.assessment.first_seen import first_seen_records
from reassay.assessment.schedule.plan import Ask, Claim, PlannedRecords, plan
from reassay.assessment.schedule.queue import scheduled
from reassay.common.errors import (
    LimitError,
    NotAllowedError,
    NotFoundError,
    ReassayError,
    RejectedError,
    StaleHeadError,
    UnavailableError,
)
from reassay.github.labels import DECLARED
from reassay.github.world import Issue
from reassay.ledger.bypassing import BypassClaimed, BypassIssue
from reassay.ledger.entry import IssueNumber, Observation, Opened, Record
from reassay.ledger.history import Reassessment
from reassay.sweep.actions import CreateIssue, CreateLabel, IssueAction, Publish
from reassay.sweep.apply import DryRun, Interpreter
from reassay.sweep.bypass_records import BYPASS, bypass_draft, bypass_records
from reassay.sweep.bypasses import reports
from reassay.sweep.command import Answer, handle_comments
from reassay.sweep.gather import Focus, World, ours, with_ledger
from reassay.sweep.issue_changes import closed_by_hand, differences, draft
from reassay.sweep.permission import may_not_ask
from reassay.sweep.ports import Ports
from reassay.sweep.pull_requests import ended, pull_actions, replies, with_proposals
from reassay.sweep.record import append_action, preview
from reassay.sweep.views.issue import Surroundings, facts
from reassay.sweep.watch import said_of, watch

LEASE = timedelta(minutes=5)
"""So long the run that claimed re-assessments has to create their issues before another one does."""
SETTLED = timedelta(hours=1)
"""After so long an issue that cannot be seen is gone, not new."""
CLAIMS_PER_PASS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that failed while the rest went on."""

    what: str
    message: str
    error: ReassayError | None = field(default=None, compare=False, repr=False)
    """What raised it: its kind says whether waiting helps."""


@dataclass(slots=True)
class Memory:
    """What a run knows of its own doing and GitHub may not show yet."""

    numbers: dict[str, int] = field(default_factory=dict)
    """Issues it created or found, by re-assessment, or by the nonce of what came past the gate."""
    uncertain: set[str] = field(default_factory=set)
    """Names of those whose creation got no clear answer: there may be an issue."""


@dataclass(slots=True)
class Pass:
    """Its state while it runs; `world` is what it ends with."""

    ports: Ports
    apply: Interpreter
    world: World
    ask: Ask | None = None
    memory: Memory = field(default_factory=Memory)
    problems: list[Problem] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    """Failed for a reason that trying again does not mend."""
    notes: list[str] = field(default_factory=list)
    left: int = 0
    focus: Focus = field(default_factory=Focus)
    limit: LimitError | None = None
    """A limit ended it early."""
    again_at: datetime | None = None
    """When it will be clear whether what another run is creating was left undone."""
    unseen: bool = False
    """Issues turned up that this pass did not look at."""
    fresh: frozenset[str] = frozenset()
    """Claimed in this very pass, by re-assessment or nonce: nobody can have created their issues."""

    def run(self) -> None:
        """Records first, then issues, then what is said. Raises StaleHeadError if somebody else was faster."""
        if self.world.unknown:
            what = "what came past the gate"
            self.problems.append(
                Problem(
                    what,
                    f"{self.world.unknown}; commits are found by their dates alone. Look through the branch yourself.",
                )
            )
        self._record()
        around = surroundings(self.world)
        heard = handle_comments(self.world, around)
        # What was overtaken while it was being recorded is decided again by the next pass.
        self.unseen = heard.unrecorded and not isinstance(self.apply, DryRun)
        answers = heard.answers
        try:
            self._labels()
            self._create(around)
            self._report_bypasses()
            for issue in self.world.look.issues.values():
                self._reconcile(around, issue, answers)
            for item in pull_actions(self.world, answers):
                self._item(item.what, item.actions)
        except LimitError as limit:
            self.limit = limit

    def _reconcile(self, around: Surroundings, issue: Issue, answers: Collection[Answer]) -> None:
        """One issue. It is read again just before it is written: people and other runs were not waiting for us."""
        what = f"issue #{issue.number}"
        if not list(self._issue(around, issue, answers)):
            return
        try:
            now = self.ports.github.look({issue.number}).issues.get(issue.number, issue)
        except LimitError:
            raise
        except ReassayError as error:
            self.problems.append(Problem(what, str(error), error))
            return
        self._item(what, list(self._issue(around, now, answers)))

    def _record(self) -> None:
        """Decisions and claims, all in one append."""
        world = self.world
        outcome = handle_comments(world, surroundings(world))
        # What became of pull requests comes first: what they decided is in force from then on.
        heard = (*outcome.records, *ended(self._after(outcome.records), world))
        claim = Claim(
            run=self.ports.run,
            nonces=[self.ports.nonce() for _ in range(CLAIMS_PER_PASS)],
            lease_until=world.situation.now + LEASE,
            commit=world.content.commit,
        )
        # Before the plan, because what came past the gate is re-assessed.
        bypassed, passed = bypass_records(self._after(heard), world, self.ports, claim)
        heard = (*heard, *bypassed)
        situation = self._after(heard)
        asks = (*outcome.asks, *self._allowed_ask())
        planned = PlannedRecords() if self.focus.is_narrow else plan(situation, claim, asks)
        planned = with_proposals(planned, claim, lambda records: self._after((*heard, *records)), world)
        self.left = planned.left
        self.fresh = frozenset(
            record.body.reassessment for record in planned.records if isinstance(record.body, Opened)
        ) | {record.body.nonce for record in bypassed if isinstance(record.body, BypassClaimed)}
        heard_and_planned = (*heard, *planned.records)
        # Watched last: what is opened only now may have been due before.
        watched = () if self.focus.is_narrow else watch(self._after(heard_and_planned))
        noteworthy = (*(record.body for record in bypassed), *watched)
        self.notes += [note for note in map(said_of, noteworthy) if note and note not in self.notes]
        seen, snapshots = ((), {}) if self.focus.is_narrow else first_seen_records(self.world.situation)
        records = (*heard_and_planned, *(Record(body=body) for body in (*watched, *seen)))
        self._append(records, {**outcome.objects, **passed, **planned.objects, **snapshots})

    def _after(self, records: Sequence[Record]) -> Situation:
        """The situation once these are recorded. Raises UpstreamError for another repository's ledger."""
        history = preview(self.world.content.ledger, records, self.world)
        # Where nothing is recorded the situation stays the same object, whose cells are evaluated already.
        return replace(self.world.situation, history=history) if records else self.world.situation

    def _append(self, records: Sequence[Record], objects: Mapping[str, bytes]) -> None:
        if records:
            ledger = self.apply.append(append_action(records, objects, self.world, self.ports))
            parsed = {name: json.loads(data) for name, data in objects.items()}
            self.world = with_ledger(self.world, replace(self.world.content, ledger=ledger), parsed)

    def _allowed_ask(self) -> tuple[Ask, ...]:
        refused = may_not_ask(self.ask, self.world.situation) if self.ask else None
        if refused and self.ask:
            self.refused.append(Problem(f"request for {self.ask.subject}", refused))
            return ()
        return (self.ask,) if self.ask else ()

    def _labels(self) -> None:
        if self.world.situation.register.configuration.labels and any(
            self._is_in_focus(each) for each in self.world.situation.history.open
        ):
            for label in DECLARED:
                if label.name not in self.world.look.repository.labels:
                    self._item(f"label '{label.name}'", [CreateLabel(label)])

    def _create(self, around: Surroundings) -> None:
        """Issues for claims that have none, found by nonce first; then their numbers are recorded, whatever failed."""
        missing = [
            each
            for each in self.world.situation.history.open
            if self._is_in_focus(each)
            and (each.issue is None or each.issue not in self.world.look.issues)
            and self._is_ours_to_create(each)
        ]
        numbers = self.memory.numbers
        numbers |= self._find([each for each in missing if each.id not in numbers])
        try:
            for each in missing:
                about = self.world.situation_of(each, self.world.situation)
                if each.id not in numbers and about is not None and self._is_certain(each.id, each.id):
                    created = self._item(each.id, [draft(facts(each, about, around))])
                    numbers |= {each.id: created} if created else {}
        finally:
            wanted = {each.id for each in missing} & numbers.keys()
            # What an earlier run claimed may have changed since: its issue is compared in another pass.
            self.unseen = self.unseen or bool(wanted - self.fresh)
            seen = tuple(IssueNumber(reassessment=name, issue=numbers[name]) for name in sorted(wanted))
            if seen:
                self._append((Record(body=Observation(issues=seen)),), {})

    def _report_bypasses(self) -> None:
        """Issues about what came past the gate, by the same steps: claimed, looked for by nonce, made, their numbers recorded."""
        missing = [each for each in reports(self.world.situation.history) if each.issue is None]
        wanted = [each for each in missing if self._is_free(BYPASS, each.claim.run, each.claim.lease_until)]
        older = [each for each in wanted if each.claim.nonce not in self.fresh]
        if older:
            since = min(each.noted.at for each in older)
            nonces = tuple(each.claim.nonce for each in older)
            self.memory.numbers |= self.ports.github.find_claims(nonces, since, ours(self.world))
        try:
            for each in wanted:
                name = each.claim.nonce
                if name not in self.memory.numbers and self._is_certain(name, BYPASS):
                    created = self._item(name, [CreateIssue(BYPASS, bypass_draft(each, self.world))])
                    self.memory.numbers |= {name: created} if created else {}
        finally:
            found = {each.claim.nonce for each in wanted} & self.memory.numbers.keys()
            seen = (BypassIssue(nonce=name, issue=self.memory.numbers[name]) for name in sorted(found))
            self._append(tuple(Record(body=body) for body in seen), {})

    def _is_in_focus(self, each: Reassessment) -> bool:
        """A run about one pull request creates no other issues."""
        return not self.focus.is_narrow or (each.proposal is not None and each.proposal.pull == self.focus.pull)

    def _is_ours_to_create(self, each: Reassessment) -> bool:
        if each.issue is not None:
            # Gone, or GitHub is not yet sure of what was just created: a new one only when there is no doubt.
            return each.opened_at + SETTLED <= self.world.situation.now
        return self._is_free(each.id, each.opened.run, each.opened.lease_until)

    def _is_free(self, name: str, run: str, lease: datetime) -> bool:
        """Whether no other run is at it."""
        if run == self.ports.run or lease <= self.world.situation.now:
            return True
        self.again_at = lease if self.again_at is None else max(lease, self.again_at)
        self.notes.append(f"{name}: another run is creating its issue; left to it until {lease:%H:%M} UTC")
        return False

    def _is_certain(self, key: str, name: str) -> bool:
        """A creation without a clear answer is not repeated in this run: GitHub may not show yet what it made."""
        if key in self.memory.uncertain:
            text = "GitHub gave no clear answer when its issue was created; the next run looks again and goes on"
            self.problems.append(Problem(name, text, UnavailableError(text)))
            return False
        return True

    def _find(self, missing: Sequence[Reassessment]) -> Mapping[str, int]:
        """Issues that exist although no number is recorded: an earlier run ended between the two."""
        older = [each for each in missing if each.id not in self.fresh]
        if not older:
            return {}
        by_nonce = {each.opened.nonce: each.id for each in older}
        since = min(each.opened_at for each in older)
        found = self.ports.github.find_claims(tuple(by_nonce), since, ours(self.world))
        return {by_nonce[nonce]: number for nonce, number in found.items()}

    def _issue(self, around: Surroundings, issue: Issue, answers: Collection[Answer]) -> Iterator[IssueAction]:
        mine = ours(self.world)
        each = self.world.situation.history.by_issue(issue.number)
        about = self.world.situation_of(each, self.world.situation) if each else None
        if each is not None and about is not None:
            found = facts(each, about, around)
            yield from differences(found, issue, mine)
            note = closed_by_hand(found, issue, mine)
            self.notes += [note] if note and note not in self.notes else []
        for answer in answers:
            if answer.number == issue.number:
                yield from replies(answer, issue, mine)

    def _item(self, what: str, actions: Sequence[IssueAction | CreateLabel | Publish]) -> int:
        """Carries out one item's actions; a failure is noted, and the other items go on. Limits end the pass."""
        number = 0
        try:
            for action in actions:
                if isinstance(action, CreateLabel):
                    self.apply.label(action)
                elif isinstance(action, Publish):
                    self.apply.publish(action)
                else:
                    number = self.apply.issue(action)
        except (LimitError, StaleHeadError):
            raise
        except ReassayError as error:
            if not isinstance(error, NotAllowedError | RejectedError | NotFoundError):
                self.memory.uncertain.add(what)
            self.problems.append(Problem(what, str(error), error))
            return 0
        return number


def surroundings(world: World) -> Surroundings:
    """What the words about a re-assessment need besides the situation."""
    return Surroundings(
        cells=scheduled(world.situation),
        objects=world.objects,
        overrides=world.content.overrides,
        repository_url=world.look.repository.url,
        viewer=world.look.viewer,
        anchor=world.content.ledger.anchor,
    )
