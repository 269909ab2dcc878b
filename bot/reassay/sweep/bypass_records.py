"""What came past the gate, in a pass: what there is to record of it, and the issue that says it."""

from collections.abc import Mapping
from dataclasses import replace

from reassay.assessment.cells import Situation
from reassay.assessment.schedule.plan import Claim
from reassay.common.errors import UnavailableError, UpstreamError
from reassay.github.repository_state import IssueDraft
from reassay.ledger.entry import Record
from reassay.sweep.bypasses import Passage, Reported, claimed, past_the_gate
from reassay.sweep.gather import World
from reassay.sweep.ports import Ports
from reassay.sweep.proposals import passed_facts
from reassay.sweep.pull_requests import merged_red
from reassay.sweep.views.bypass import bypass_body, bypass_title

BYPASS = "bypass"
"""What such an issue is called where a re-assessment has its id."""


def bypass_records(
    situation: Situation, world: World, ports: Ports, claim: Claim
) -> tuple[tuple[Record, ...], Mapping[str, bytes]]:
    """Entries for what is new, and the claim of one issue for all of it. Content is read only where there is something."""
    by_event = tuple(merged_red(situation, world))
    named = {each.body.pull for each in by_event}
    found = (
        *by_event,
        *(each for each in past_the_gate(situation, world.look.direct) if each.body.pull not in named - {None}),
    )
    records = [Record(body=each.body) for each in found]
    if not found or not situation.history.enforced:
        return tuple(records), {}
    found = tuple(each if each not in by_event else _whole(each, world, ports) for each in found)
    merges = ports.contents.passed(commit for each in found for commit in each.commits)
    branch = world.content.branch
    contents = {commit: passed_facts(commit, merge, branch, situation) for commit, merge in merges.items()}
    body, objects = claimed(
        found, contents, situation, Claim(claim.run, [ports.nonce()], claim.lease_until, claim.commit)
    )
    return (*records, *([Record(body=body)] if body else [])), objects


def _whole(each: Passage, world: World, ports: Ports) -> Passage:
    """With every commit that the pull request came as: its event names the last of them alone.

    As it is where they cannot be read: one that is broken keeps nothing else from being recorded.
    """
    pull = world.proposals.pulls[each.body.pull or 0]
    try:
        brought = ports.contents.brought(each.body.commit, max(1, pull.commits_total))
    except UnavailableError:
        raise
    except UpstreamError:
        return each
    others = [commit for commit in brought if commit != each.body.commit]
    if not others:
        return each
    # A squash has commits of others before it; which of them are its own GitHub knows.
    own = {one.commit for one in ports.github.past_the_gate(others, verdicts=True) if one.pull == each.body.pull}
    return replace(each, commits=tuple(commit for commit in reversed(brought) if commit in {*own, each.body.commit}))


def bypass_draft(each: Reported, world: World) -> IssueDraft:
    """Made from the ledger alone, so that whichever run makes it says the same."""
    content = world.objects.get(each.claim.passed)
    body = bypass_body(each, content, world.situation, world.content.branch, world.look.repository.url)
    return IssueDraft(bypass_title(each, world.content.branch), body, labels=(), assignees=())
