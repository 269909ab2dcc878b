"""Landed changes: each merge is compared with the content and the validity of the verdict that let it in.

A merge is a bypass if the newest run of our check on its head had not passed, if it was valid until a day before, if other
content landed than it had judged, or if what landed fails when it is judged as it landed: with everything that landed
before it, and with the ledger as it was at the merge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from reassay.approvals.proposal import Proposal
from reassay.assessment.cells import AssessmentInput, snapshots
from reassay.common.calendar import local_date
from reassay.common.errors import UnavailableError, UpstreamError
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.github.repository_state import ArrivedCommit, CompletedCheck, Pull, RepositoryQuery
from reassay.ledger.entry import Entry, Superseded
from reassay.ledger.history import CLOCKS_APART, History
from reassay.ledger.pull_requests import Landed
from reassay.ledger.sweep_records import Bypass, BypassReason
from reassay.people.people import Directory, names_in
from reassay.register.configuration_in_force import is_settled
from reassay.register.prior_configuration import PriorConfiguration
from reassay.register.register import Register
from reassay.sweep.bypasses import BypassGroup
from reassay.sweep.input import SweepInput
from reassay.sweep.judged_content import JudgedContent, landing_digest
from reassay.sweep.needed_objects import SETTLING, digests_needed
from reassay.sweep.repository.pair import RegisterPair
from reassay.sweep.run_context import RunContext

RECENT = timedelta(hours=1)
"""Merges this long before the last sweep are checked again: it did not read GitHub at one instant."""


@dataclass(frozen=True, slots=True)
class MergedContent:
    """What a pull request brought, on the line of the default branch."""

    before: str
    """The commit before it."""
    pair: RegisterPair
    prior: PriorConfiguration | None = None
    """The earlier configuration that was in force before it; None if that of the branch could be read."""

    @property
    def digest(self) -> str:
        """Digest that the check run of the verdict names."""
        return landing_digest(self.pair.base, self.pair.merged, self.pair.files)


@dataclass(frozen=True, slots=True)
class LandingReview:
    """Reviews the merges that a round sees."""

    inputs: SweepInput
    context: RunContext

    def bypasses(self) -> Iterator[BypassGroup]:
        """Merges that are bypasses and not recorded yet, by number."""
        history = self.inputs.assessment_input.history
        recorded = {body.pull for _, body in history.records_of(Bypass)}
        for number in sorted(set(self._numbers())):
            pull = self.inputs.pull_requests.pulls.get(number)
            if pull is None or pull.merged_as is None or number in recorded:
                continue
            why = self._why(pull)
            if why is not None and not self._came_by_another(pull):
                body = Bypass(commit=pull.merged_as, why=why, pull=number, committer=pull.merged_by)
                yield BypassGroup(body, (pull.merged_as,), self._stood(pull))

    def _numbers(self) -> Iterator[int]:
        """Merges that brought a commit since the last sweep, and those that are newer than it."""
        last = self.inputs.assessment_input.history.last_sweep_until(self.inputs.assessment_input.now)
        if last is None:
            return
        yield from {number for commit in self.inputs.repository_state.arrived for number in commit.pulls}
        for number, pull in self.inputs.pull_requests.pulls.items():
            if pull.merged_at is not None and pull.merged_at >= last - RECENT:
                yield number

    def _came_by_another(self, pull: Pull) -> bool:
        """Whether all that it brought came by another pull request too, whose own merge is in order.

        GitHub marks a pull request as merged as soon as another one brings its commits.
        """
        arrived: Sequence[ArrivedCommit] = [
            commit for commit in self.inputs.repository_state.arrived if pull.number in commit.pulls
        ] or self.context.github.arrived([pull.merged_as or ""])
        return bool(arrived) and all(
            any(self._is_in_order(number) for number in commit.pulls if number != pull.number) for commit in arrived
        )

    def _is_in_order(self, number: int) -> bool:
        pull = self.inputs.pull_requests.pulls.get(number)
        if pull is None:
            wanted = RepositoryQuery(pulls=(number,), branch=self.inputs.content.branch)
            pull = self.context.github.look((), wanted).pulls.get(number)
        return pull is not None and self._why(pull) is None

    def _why(self, pull: Pull) -> BypassReason | None:
        """Why a merge is a bypass; None if it is none, or brought nothing that is guarded.

        What cannot be read cannot be shown to be what was judged. Raises UnavailableError where it may be read later.
        """
        try:
            return self._reason(pull)
        except UnavailableError:
            raise
        except UpstreamError:
            return "other-content"

    def _reason(self, pull: Pull) -> BypassReason | None:
        if pull.merged_as is None or pull.merged_at is None or pull.base_ref != self.inputs.content.branch:
            return None
        checks = self._checks(pull, pull.head)
        judged = JudgedContent.read(checks[-1].external_id) if checks else JudgedContent("", "")
        landed, history = self._landed(pull, judged), self._history(pull)
        # The ledger says it from the next sweep on, and the base from the merge on that switched the gate on.
        enforced = history.enforced or landed.pair.base.configuration.mode == "enforce"
        if not landed.pair.paths or not enforced:
            return None
        if not checks or checks[-1].conclusion != "success":
            return "no-green-verdict"
        timezone = landed.pair.base.configuration.timezone
        if judged.until is not None and judged.until < local_date(pull.merged_at, timezone):
            return "expired-verdict"
        return self._as_judged(pull, judged, landed, history)

    def _as_judged(
        self, pull: Pull, judged: JudgedContent, landed: MergedContent, history: History
    ) -> BypassReason | None:
        """Why what landed by a green and valid verdict is a bypass; None if it is none."""
        if not self._is_judged(pull, judged, landed):
            return "other-content"
        group = self._checks(pull, pull.merged_as or "")[-1:]
        passes = all(run.conclusion == "success" for run in group)
        return None if passes and decide(self._as_landed(pull, landed, history)).passes else "failed-as-landed"

    def _checks(self, pull: Pull, commit: str) -> tuple[CompletedCheck, ...]:
        """Our runs on a commit that were there when it was merged, oldest first."""
        return tuple(
            check
            for check in self.inputs.pull_requests.own_checks(pull)
            if check.head == commit and pull.merged_at is not None and check.at <= pull.merged_at
        )

    def _landed(self, pull: Pull, judged: JudgedContent) -> MergedContent:
        """What it brought, read by the configuration that was in force when it was merged."""
        landed = self._brought(pull, judged)
        if is_settled(landed.pair.base):
            return landed
        entries = [entry for entry in self.inputs.content.ledger.entries if _was_there(entry, pull)]
        prior = self.context.contents.prior(entries, besides=landed.before)
        return landed if prior is None else self._brought(pull, judged, prior)

    def _brought(self, pull: Pull, judged: JudgedContent, prior: PriorConfiguration | None = None) -> MergedContent:
        """What it brought: by a merge commit or a squash one commit, by a rebase several."""
        reader, commit = self.context.contents.merge_reader(prior), pull.merged_as or ""
        if commit == pull.head or reader.is_merge(commit):
            before = self._before(pull)
            return MergedContent(before, reader.between(before, commit), prior)
        one = self._line(commit, 1, prior)
        count = pull.commits_total
        if count <= 1 or one.digest == judged.landing:
            return one
        line = self.context.contents.brought(commit, count)
        own = {arrived.commit for arrived in self.context.github.arrived(line) if pull.number in arrived.pulls}
        brought = next((index for index, name in enumerate(line) if name not in own), len(line))
        return self._line(commit, max(1, brought), prior)

    def _before(self, pull: Pull) -> str:
        """Where the branch stood before a merge, or before it moved forward to the head. Raises UpstreamError."""
        own = tuple(commit.oid for commit in pull.commits) if pull.all_commits else ()
        return self.context.contents.merge_reader().before(pull.merged_as or "", pull.head, own)

    def _stood(self, pull: Pull) -> str:
        """Where the branch stood before a merge whose parents do not say it: several are not the pull request's own."""
        reader, commit = self.context.contents.merge_reader(), pull.merged_as or ""
        try:
            return self._before(pull) if reader.is_odd_merge(commit, pull.head) else ""
        except UnavailableError:
            raise
        except UpstreamError:
            return ""

    def _line(self, commit: str, count: int, prior: PriorConfiguration | None) -> MergedContent:
        pair, before = self.context.contents.merge_reader(prior).landed(commit, count)
        return MergedContent(before, pair, prior)

    def _is_judged(self, pull: Pull, judged: JudgedContent, landed: MergedContent) -> bool:
        """Whether what landed is what was judged, or what git makes of it where the base moved on meanwhile."""
        own = landed.digest
        if own in {judged.landing, landing_digest(Register(), Register(), {})}:
            return True
        merged = self.context.contents.merge_reader(landed.prior).merge_of(landed.before, pull.head)
        return merged is not None and own == landing_digest(merged.base, merged.merged, merged.files)

    def _history(self, pull: Pull) -> History:
        """The ledger as it was at the merge.

        A pull request takes no command once it is closed, so whatever is recorded about it was there.
        """
        until = (pull.merged_at or self.inputs.assessment_input.now) + CLOCKS_APART
        opened = {own.id for own in self.inputs.assessment_input.history.opened_from(pull.number)}
        return History.of(
            entry
            for entry in self.inputs.content.ledger.entries
            if not _is_of_the_end(entry, opened)
            and (entry.recorded_at <= until or _is_about(entry, pull.number, opened))
        )

    def _as_landed(self, pull: Pull, landed: MergedContent, history: History) -> GateInput:
        """The merge as if it was proposed at that moment. Who may sign was judged before: nobody is excluded here."""
        register, now = landed.pair.base, pull.merged_at or self.inputs.assessment_input.now
        ledger = self.inputs.content.ledger
        objects = {
            **self.inputs.objects,
            **self.context.contents.objects(ledger, digests_needed(history, now - SETTLING)),
        }
        proposal = Proposal(
            base_ref=pull.base_ref,
            base_commit=landed.before,
            head=pull.head,
            base=register,
            merged=landed.pair.merged,
            files=landed.pair.files,
            pulls=(pull.number,),
            heads={pull.number: pull.head},
        )
        people = self._people(register)
        return GateInput(
            proposal, AssessmentInput(register, history, snapshots(objects), now, people, results=objects), objects
        )

    def _people(self, register: Register) -> Directory:
        """The accounts behind the logins of the register as it was, also of those it does not name any more."""
        known = self.inputs.assessment_input.people
        logins, teams = names_in(register)
        more = RepositoryQuery(
            tuple(name for name in logins if name not in known.accounts),
            tuple(name for name in teams if name not in known.teams),
        )
        if not more.logins and not more.teams:
            return known
        state = self.context.github.look((), more)
        return replace(known, accounts={**known.accounts, **state.accounts}, teams={**known.teams, **state.teams})


def _was_there(entry: Entry, pull: Pull) -> bool:
    """Whether an entry was recorded before a pull request was merged."""
    return pull.merged_at is not None and entry.recorded_at <= pull.merged_at


def _is_of_the_end(entry: Entry, opened: set[str]) -> bool:
    """Whether an entry follows from the end of the pull request."""
    return isinstance(entry.body, Landed | Superseded) and entry.body.reassessment in opened


def _is_about(entry: Entry, number: int, opened: set[str]) -> bool:
    body = entry.body
    return getattr(body, "pull", None) == number or getattr(body, "reassessment", None) in opened
