"""Pull requests in a pass: what they open and close in the ledger, what their comments get for an answer, what is published."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from reassay.approvals.digests import content_of
from reassay.approvals.reviews import signed_by_review
from reassay.assessment.cells import Situation
from reassay.assessment.schedule.plan import Claim, PlannedRecords
from reassay.gate.openings import proposal_plan
from reassay.gate.views.check_run import Published
from reassay.github.world import Issue, Pull
from reassay.ledger.entry import Record, Superseded
from reassay.ledger.gating import Landed
from reassay.ledger.history import Reassessment
from reassay.ledger.watching import Bypass
from reassay.people.trust_level import trust_words
from reassay.sweep.actions import AddComment, IssueAction, Publish, React
from reassay.sweep.bypasses import Passage
from reassay.sweep.command import Answer
from reassay.sweep.content import Merge
from reassay.sweep.gather import World, ours
from reassay.sweep.issue_changes import keys_said
from reassay.sweep.proposals import PREFIX, group_facts
from reassay.sweep.verdicts import group_publication, publication

After = Callable[[Sequence[Record]], Situation]
"""The situation once some records are appended."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing's actions: if one fails, the other things go on."""

    what: str
    actions: tuple[IssueAction | Publish, ...]


def with_proposals(planned: PlannedRecords, claim: Claim, after: After, world: World) -> PlannedRecords:
    """The plan, and what there is to record of pull requests: openings, and reviews that count."""
    records, objects = list(planned.records), dict(planned.objects)
    used = sum(record.body.kind == "opened" for record in records)
    if world.situation.register.configuration.gates:
        for number in sorted(world.proposals.pulls):
            situation = after(records)
            found = world.proposals.facts(number, situation, world.objects)
            if found is None or world.members:
                continue
            records += signed_by_review(found.source)
            more = proposal_plan(found, replace(claim, nonces=claim.nonces[used:]))
            used += sum(record.body.kind == "opened" for record in more.records)
            records += more.records
            objects |= more.objects
    return replace(planned, records=tuple(records), objects=objects)


def ended(situation: Situation, world: World) -> tuple[Record, ...]:
    """Pull requests that were closed or merged: what was opened from them ends, or counts from now on."""
    return tuple(Record(body=body) for body in _ended(situation, world))


def merged_red(situation: Situation, world: World) -> Iterator[Passage]:
    """Merged past a verdict that was not green, seen by the event of the merge: dates of commits prove nothing.

    Whether it was enforced then is asked of the ledger: what was merged may have switched the gate off.
    """
    if not situation.history.enforced:
        return
    known = {body.pull for _, body in situation.history.noted(Bypass)}
    for number, pull in world.proposals.pulls.items():
        merge = world.proposals.merges.get(number)
        if not pull.is_merged or number in known or not isinstance(merge, Merge) or pull.merged_as is None:
            continue
        runs = [each for each in world.proposals.own_checks(pull) if each.head == pull.head]
        if merge.touching and pull.base_ref == world.content.branch and not (runs and runs[-1].conclusion == "success"):
            body = Bypass(commit=pull.merged_as, why="no-green-verdict", pull=number, committer=pull.merged_by)
            yield Passage(body, (pull.merged_as,))


def _ended(situation: Situation, world: World) -> Iterator[Superseded | Landed]:
    for each in situation.history.reassessments.values():
        pull = world.proposals.pulls.get(each.proposal.pull) if each.proposal else None
        if pull is None or pull.issue.is_open:
            continue
        if each.state == "open":
            how = "was merged before this was decided" if pull.is_merged else "was closed without being merged"
            yield Superseded(reassessment=each.id, reason=f"#{pull.number} {how}")
        elif each.decided is not None and each.landed is None:
            landed = _landed(each, pull, world.proposals.merges.get(pull.number))
            if landed is not None:
                yield landed


def _landed(each: Reassessment, pull: Pull, merge: Merge | str | None) -> Landed | None:
    """None while it cannot be read what was merged: it is looked at again."""
    if not pull.is_merged:
        return Landed(reassessment=each.id, pull=pull.number, merged=False)
    if not isinstance(merge, Merge) or merge.landed is None or each.decided is None:
        return None
    same = each.decided.covered == content_of(each.subject, each.cells, merge.landed)
    return Landed(reassessment=each.id, pull=pull.number, merged=same, commit=pull.merged_as if same else None)


def pull_actions(world: World, answers: Collection[Answer]) -> Iterator[Item]:
    """Answers first, then the verdict that follows from what was recorded."""
    mine = ours(world)
    for pull in world.proposals.pulls.values():
        own = [answer for answer in answers if answer.number == pull.number]
        actions = tuple(action for answer in own for action in replies(answer, pull.issue, mine))
        if actions:
            yield Item(f"pull request #{pull.number}", actions)
    if not world.situation.register.configuration.gates:
        return
    about = published(world)
    if world.members:
        yield from _group(world, about)
        return
    for number in sorted(world.proposals.pulls):
        made = publication(number, world.proposals, world.situation, world.objects, about)
        if made is not None:
            yield Item(f"verdict on #{number}", (made,))


def _group(world: World, about: Published) -> Iterator[Item]:
    base = world.members[-1]
    branch = next((pull.base_ref for pull in world.proposals.pulls.values()), world.content.branch)
    facts = group_facts(world.members, world.group, branch, world.proposals, world.situation)
    slug = world.look.viewer.removesuffix("[bot]")
    seen = tuple(each.external_id for each in base.checks if each.app == slug and each.name == f"{PREFIX}{branch}")
    made = group_publication(facts, seen[-1:], about)
    if made is not None and base.group:
        yield Item(f"verdict on the group of #{base.number}", (made,))


def published(world: World) -> Published:
    """What every publication says alike."""
    configuration = world.situation.register.configuration
    return Published(
        repository=world.look.repository_node,
        url=world.look.repository.url,
        enforces=configuration.mode == "enforce",
        trust=trust_words(configuration.app_id, world.look.viewer),
        anchor=world.content.ledger.anchor,
        policy=f"{world.content.branch}@{world.content.commit[:7]}",
        now=world.situation.now,
        timezone=configuration.timezone,
        ours=ours(world),
    )


def replies(answer: Answer, issue: Issue, mine: frozenset[str]) -> Iterator[IssueAction]:
    """What is to be said to a comment, and that it was heard; nothing if another run has answered meanwhile."""
    if any(comment.id == answer.comment.id and comment.reacted for comment in issue.comments):
        return
    said = keys_said(issue, mine)
    for each in answer.said:
        if each.key not in said:
            yield AddComment(issue.number, each.key, each.body)
    yield React(issue.number, answer.comment, answer.reaction)
