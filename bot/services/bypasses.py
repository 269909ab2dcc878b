"""What came past the gate, in a pass: what there is to record of it, and the issue that says it."""

from collections.abc import Mapping

from bot.domain.bypasses import Reported, claimed, past_the_gate
from bot.domain.cells import Situation
from bot.domain.ledger.entry import Record
from bot.domain.plan import Claim
from bot.domain.world import IssueDraft
from bot.rendering.bypass_view import bypass_body, bypass_title
from bot.services.gather import World
from bot.services.ports import Ports
from bot.services.proposals import passed_facts
from bot.services.pull_requests import merged_red

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
    merges = ports.contents.passed(commit for each in found for commit in each.commits)
    branch = world.content.branch
    contents = {commit: passed_facts(commit, merge, branch, situation) for commit, merge in merges.items()}
    body, objects = claimed(
        found, contents, situation, Claim(claim.run, [ports.nonce()], claim.lease_until, claim.commit)
    )
    return (*records, *([Record(body=body)] if body else [])), objects


def bypass_draft(each: Reported, world: World) -> IssueDraft:
    """Made from the ledger alone, so that whichever run makes it says the same."""
    content = world.objects.get(each.claim.passed)
    body = bypass_body(each, content, world.situation, world.content.branch, world.look.repository.url)
    return IssueDraft(bypass_title(each, world.content.branch), body, labels=(), assignees=())
