"""Pull requests and groups of a merge queue, from GitHub and git, as inputs of the gate."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reassay.approvals.exclusions import Participants
from reassay.approvals.proposal import LedgerProblem, Proposal, Review, ShownContent
from reassay.assessment.cells import AssessmentInput
from reassay.gate.input import GateInput
from reassay.github.repository_state import CompletedCheck, Pull, QueueEntry
from reassay.ledger.history import Reassessment
from reassay.register.register import Register
from reassay.sweep.content import MergeResult

PREFIX = "reassay/"


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """A group of a merge queue: a pull request, and all that stand before it."""

    base: str
    """The branch that it is merged into."""
    members: tuple[QueueEntry, ...]
    """In order; the last one's commit is the group's."""
    merge: MergeResult | str
    """Both sides, or the reason why they could not be read."""

    @property
    def last(self) -> QueueEntry:
        """The entry that the group ends with."""
        return self.members[-1]


@dataclass(frozen=True, slots=True)
class PullRequests:
    """The pull requests of one round, with their merge results."""

    viewer: str
    """The account that the bot acts as."""
    pulls: Mapping[int, Pull] = field(default_factory=dict)
    merges: Mapping[int, MergeResult | str] = field(default_factory=dict)
    """Merge results by number, or the reason why one could not be read."""
    ledger: LedgerProblem | None = None
    """Why no verdict can be made from the ledger: no content is judged then."""
    _inputs: dict[int, GateInput] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The latest gate input of each, so that its sides are compared once in a round."""

    def gate_input(
        self, number: int, assessment_input: AssessmentInput, objects: Mapping[str, object]
    ) -> GateInput | None:
        """The input of an open pull request's verdict; None for any other number.

        Content that could not be read is a problem of the proposal, and so an error of the verdict.
        """
        pull = self.pulls.get(number)
        if pull is None or not pull.issue.is_open:
            return None
        latest = self._inputs.get(number)
        if latest is None:
            latest = GateInput(self._proposal(pull, self.merges.get(number)), assessment_input, objects)
        elif latest.assessment_input is not assessment_input or latest.objects is not objects:
            latest = latest.later(assessment_input, objects)
        self._inputs[number] = latest
        return latest

    def _proposal(self, pull: Pull, merge: MergeResult | str | None) -> Proposal:
        if self.ledger is not None:
            nothing = Register()
            number = (pull.number,)
            return Proposal(pull.base_ref, "", pull.head, nothing, nothing, pulls=number, ledger=self.ledger)
        if not isinstance(merge, MergeResult):
            nothing = Register()
            problem = merge or "its content could not be read"
            return Proposal(
                pull.base_ref,
                "",
                pull.head,
                nothing,
                nothing,
                pulls=(pull.number,),
                problems=(problem, *pull.problems),
                shown=self._shown(pull),
            )
        return Proposal(
            base_ref=pull.base_ref,
            base_commit=merge.base_commit,
            head=pull.head,
            base=merge.base,
            merged=merge.merged,
            files=merge.files,
            pulls=(pull.number,),
            heads={pull.number: pull.head},
            mergeable="yes" if merge.mergeable else "no",
            is_draft=pull.is_draft,
            people={pull.number: people(pull, merge)},
            reviews=tuple(
                Review(review.id, review.by, review.commit, review.at, review.approves)
                for review in pull.reviews
                if review.by
            ),
            shown=self._shown(pull),
            problems=pull.problems,
        )

    def _shown(self, pull: Pull) -> tuple[ShownContent, ...]:
        return tuple(
            ShownContent(content, check.head, check.at)
            for check in self.own_checks(pull)
            if (content := check.external_id.partition(" ")[0])
        )

    def own_checks(self, pull: Pull) -> tuple[CompletedCheck, ...]:
        """The bot's own runs of the check for its base; another app's check of the same name does not count."""
        return self.own(pull.checks, pull.base_ref)

    def own(self, checks: Iterable[CompletedCheck], base: str) -> tuple[CompletedCheck, ...]:
        """The bot's own runs of the check for a base, out of some."""
        slug = self.viewer.removesuffix("[bot]")
        return tuple(check for check in checks if check.app == slug and check.name == f"{PREFIX}{base}")

    def assessment_input_of(
        self, reassessment: Reassessment, assessment_input: AssessmentInput, objects: Mapping[str, object]
    ) -> AssessmentInput | None:
        """The situation of a re-assessment: the present one, or that after its pull request's merge; None if not known."""
        if reassessment.proposal is None or reassessment.landed is not None:
            return assessment_input
        pull = self.pulls.get(reassessment.proposal.pull)
        if pull is None:
            return None
        gate_input = self.gate_input(pull.number, assessment_input, objects)
        if gate_input is None:
            return assessment_input
        proposal = gate_input.proposal
        return gate_input.then if not proposal.problems and proposal.mergeable == "yes" else None

    def group_input(
        self, group: QueueGroup, assessment_input: AssessmentInput, objects: Mapping[str, object]
    ) -> GateInput:
        """The input of a merge queue's group, on its own commit: signatures carry over by the content they signed."""
        members, merge, head = group.members, group.merge, group.last.group or ""
        numbers = tuple(member.number for member in members)
        nothing = Register()
        if self.ledger is not None:
            proposal = Proposal(group.base, "", head, nothing, nothing, pulls=numbers, ledger=self.ledger)
            return GateInput(proposal, assessment_input)
        if isinstance(merge, str):
            return GateInput(
                Proposal(group.base, "", head, nothing, nothing, pulls=numbers, problems=(merge,)), assessment_input
            )
        hands = {
            number: people(self.pulls[number], own)
            for number in numbers
            if number in self.pulls and isinstance(own := self.merges.get(number), MergeResult)
        }
        proposal = Proposal(
            base_ref=group.base,
            base_commit=merge.base_commit,
            head=head,
            base=merge.base,
            merged=merge.merged,
            files=merge.files,
            pulls=numbers,
            heads={member.number: member.head for member in members},
            people=hands,
            problems=(
                *(f"#{number} could not be read" for number in numbers if number not in hands),
                *(problem for number in hands for problem in self.pulls[number].problems),
            ),
        )
        several = numbers if len(numbers) > 1 else ()
        inputs = (self.gate_input(number, assessment_input, objects) for number in several)
        return GateInput(proposal, assessment_input, objects, members=tuple(member for member in inputs if member))


def landed_input(
    commit: str, merge: MergeResult | str, base: str, assessment_input: AssessmentInput
) -> GateInput | str:
    """The input of a commit that is merged already, as if it was proposed now; or why it could not be read."""
    if isinstance(merge, str):
        return merge
    proposal = Proposal(base, merge.base_commit, commit, merge.base, merge.merged, merge.files)
    return GateInput(proposal, assessment_input)


def people(pull: Pull, merge: MergeResult) -> Participants:
    """Who wrote and pushed what is guarded. An address is not proof: only what is authenticated excludes, or fails."""
    author = pull.issue.author
    surely = {author.id} if author and author.id is not None else set()
    surely |= pull.pushers or frozenset()
    why_no_pushers = _unknown_pushers(pull)
    if not merge.files and merge.touching == frozenset():
        return Participants(author, frozenset(), pull.pushers, why_no_pushers=why_no_pushers)
    unknown: list[str] = []
    if not pull.all_commits:
        unknown.append(f"only {len(pull.commits)} of {pull.commits_total} commits could be listed")
    if merge.touching is None:
        unknown.append("its commits could not be read")
    contributors: set[int] = set()
    for commit in pull.commits:
        if merge.touching is not None and commit.oid not in merge.touching:
            continue
        for account in commit.accounts:
            if account is None and commit.verified and author is not None and author.is_bot:
                # A program's own commit: GitHub signs it, and a program has no user account.
                continue
            if account is None:
                unknown.append(f"commit {commit.oid[:7]} is by an address that leads to no account")
            elif account in surely or commit.verified:
                contributors.add(account)
            else:
                unknown.append(f"commit {commit.oid[:7]} names an author, and no signature proves it")
    return Participants(
        author,
        None if unknown else frozenset(contributors),
        pull.pushers,
        tuple(dict.fromkeys(unknown)),
        why_no_pushers,
    )


def _unknown_pushers(pull: Pull) -> str:
    if pull.pushers is not None:
        return ""
    if pull.is_fork:
        return (
            "it comes from a fork, and GitHub does not show who pushed to a fork; to get this row signed, push the same "
            "commits to a branch of this repository and open the pull request from there"
        )
    return "GitHub does not show who pushed to it; push once more, or open it again from a new branch"
