"""From what GitHub and git say of a pull request, or of a group of a merge queue, to the facts of its verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reassay.approvals.exclusions import Participants
from reassay.approvals.proposal import Proposal, Review, Shown
from reassay.assessment.cells import Situation
from reassay.gate.facts import GateFacts
from reassay.github.repository_state import CompletedCheck, Pull, QueueEntry
from reassay.ledger.history import Reassessment
from reassay.register.register import Register
from reassay.sweep.content import Merge

PREFIX = "reassay/"


@dataclass(frozen=True, slots=True)
class Proposals:
    """What one pass knows of pull requests."""

    viewer: str
    """The account that this program acts as."""
    pulls: Mapping[int, Pull] = field(default_factory=dict)
    merges: Mapping[int, Merge | str] = field(default_factory=dict)

    def facts(self, number: int, situation: Situation, objects: Mapping[str, object]) -> GateFacts | None:
        """Of an open pull request; None for any other. What could not be read is an error of the verdict."""
        pull = self.pulls.get(number)
        if pull is None or not pull.issue.is_open:
            return None
        return GateFacts(self._proposal(pull, self.merges.get(number)), situation, objects)

    def _proposal(self, pull: Pull, merge: Merge | str | None) -> Proposal:
        if not isinstance(merge, Merge):
            nothing = Register()
            problem = merge or "its content was not read"
            return Proposal(
                pull.base_ref,
                "",
                pull.head,
                nothing,
                nothing,
                pulls=(pull.number,),
                problems=(problem,),
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
            reviews=tuple(Review(each.id, each.by, each.commit, each.at) for each in pull.reviews if each.by),
            shown=self._shown(pull),
        )

    def _shown(self, pull: Pull) -> tuple[Shown, ...]:
        return tuple(
            Shown(content, each.head, each.at)
            for each in self.own_checks(pull)
            if (content := each.external_id.partition(" ")[0])
        )

    def own_checks(self, pull: Pull) -> tuple[CompletedCheck, ...]:
        """Our own runs of the check for its base: another app's of the same name proves nothing."""
        slug = self.viewer.removesuffix("[bot]")
        return tuple(each for each in pull.checks if each.app == slug and each.name == f"{PREFIX}{pull.base_ref}")

    def situation_of(self, each: Reassessment, situation: Situation, objects: Mapping[str, object]) -> Situation | None:
        """What a re-assessment is about: what is in force, or what its pull request would merge. None if that is not known."""
        if each.proposal is None or each.landed is not None:
            return situation
        pull = self.pulls.get(each.proposal.pull)
        if pull is None:
            return None
        if not pull.issue.is_open:
            return situation
        found = self.facts(pull.number, situation, objects)
        return found.then if found and not found.proposal.problems and found.proposal.mergeable == "yes" else None


def passed_facts(commit: str, merge: Merge | str, base: str, situation: Situation) -> GateFacts | str:
    """Of a commit that is merged already, as if it was proposed now; or why it could not be read."""
    if isinstance(merge, str):
        return merge
    proposal = Proposal(base, merge.base_commit, commit, merge.base, merge.merged, merge.files)
    return GateFacts(proposal, situation)


def group_facts(
    members: tuple[QueueEntry, ...], merge: Merge | str, base: str, known: Proposals, situation: Situation
) -> GateFacts:
    """Of a group of a merge queue, on its own commit: signatures carry over by what they signed."""
    last = members[-1]
    numbers = tuple(each.number for each in members)
    if isinstance(merge, str):
        nothing = Register()
        return GateFacts(
            Proposal(base, "", last.group or "", nothing, nothing, pulls=numbers, problems=(merge,)), situation
        )
    hands = {
        number: people(known.pulls[number], own)
        for number in numbers
        if number in known.pulls and isinstance(own := known.merges.get(number), Merge)
    }
    missing = tuple(f"#{number} could not be read" for number in numbers if number not in hands)
    proposal = Proposal(
        base_ref=base,
        base_commit=merge.base_commit,
        head=last.group or "",
        base=merge.base,
        merged=merge.merged,
        files=merge.files,
        pulls=numbers,
        heads={each.number: each.head for each in members},
        people=hands,
        problems=missing,
    )
    return GateFacts(proposal, situation)


def people(pull: Pull, merge: Merge) -> Participants:
    """Who wrote and pushed what is gated. An address is no proof: only what is authenticated excludes, or fails."""
    author = pull.issue.author
    surely = {author.id} if author and author.id is not None else set()
    surely |= pull.pushers or frozenset()
    if not merge.files and merge.touching == frozenset():
        return Participants(author, frozenset(), pull.pushers)
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
            if account is None:
                unknown.append(f"commit {commit.oid[:7]} is by an address that leads to no account")
            elif account in surely or commit.verified:
                contributors.add(account)
            else:
                unknown.append(f"commit {commit.oid[:7]} names an author, and no signature proves it")
    return Participants(
        author, None if unknown else frozenset(contributors), pull.pushers, tuple(dict.fromkeys(unknown))
    )
