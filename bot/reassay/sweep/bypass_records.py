"""Records about bypasses of the gate, and the issue that reports them."""

from collections.abc import Mapping
from dataclasses import replace

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.plan import Claim
from reassay.common.errors import UnavailableError, UpstreamError
from reassay.github.drafts import IssueDraft
from reassay.github.section import ledger_marker
from reassay.ledger.entry import Record
from reassay.sweep.bypasses import BypassGroup, BypassReport, claimed, pushed_past_the_gate
from reassay.sweep.input import SweepInput
from reassay.sweep.landings import LandingReview
from reassay.sweep.pull_requests import landed_input
from reassay.sweep.run_context import RunContext
from reassay.sweep.views.bypass import bypass_body, bypass_title

BYPASS = "bypass"
"""The name of such an issue in actions and markers, where a re-assessment has its id."""


def bypass_records(
    assessment_input: AssessmentInput, inputs: SweepInput, context: RunContext, claim: Claim
) -> tuple[tuple[Record, ...], Mapping[str, bytes]]:
    """Entries for new bypasses, and the claim of one issue for all of them. Content is read only if something landed."""
    enforced = assessment_input.history.enforced
    compared = enforced or assessment_input.register.configuration.mode == "enforce"
    by_merge = tuple(LandingReview(inputs, context).bypasses()) if compared else ()
    passages = (*by_merge, *pushed_past_the_gate(assessment_input, inputs.repository_state.arrived, inputs.rewritten))
    records = [Record(body=passage.body) for passage in passages]
    if not enforced:
        # Of what was pushed before the gate was on, the entry alone is kept.
        passages = by_merge
    if not passages:
        return tuple(records), {}
    passages = tuple(passage if passage not in by_merge else _whole(passage, inputs, context) for passage in passages)
    prior = inputs.content.register.prior
    merges = context.contents.passed((commit for passage in passages for commit in passage.commits), prior)
    branch = inputs.content.branch
    moved = {own.body.commit: own.before for own in passages if own.before}
    merges = {
        **merges,
        **{commit: context.contents.merge_reader(prior).moved(old, commit) for commit, old in moved.items()},
    }
    contents = {commit: landed_input(commit, merge, branch, assessment_input) for commit, merge in merges.items()}
    body, objects = claimed(
        passages, contents, assessment_input, Claim(claim.run, [context.nonce()], claim.lease_until, claim.commit)
    )
    return (*records, *([Record(body=body)] if body else [])), objects


def _whole(passage: BypassGroup, inputs: SweepInput, context: RunContext) -> BypassGroup:
    """With every commit that the pull request came as: its event names the last of them alone.

    As it is where they cannot be read: one that is broken keeps nothing else from being recorded.
    """
    pull = inputs.pull_requests.pulls[passage.body.pull or 0]
    try:
        brought = context.contents.brought(passage.body.commit, max(1, pull.commits_total))
    except UnavailableError:
        raise
    except UpstreamError:
        return passage
    others = [commit for commit in brought if commit != passage.body.commit]
    if not others:
        return passage
    # A squash has commits of others before it; which of them are its own GitHub knows.
    own = {arrived.commit for arrived in context.github.arrived(others) if passage.body.pull in arrived.pulls}
    return replace(
        passage, commits=tuple(commit for commit in reversed(brought) if commit in {*own, passage.body.commit})
    )


def bypass_draft(report: BypassReport, inputs: SweepInput) -> IssueDraft:
    """Made from the ledger alone, so that whichever run makes it says the same."""
    content = inputs.objects.get(report.claim.passed)
    repository, anchor = inputs.repository_state.repository, inputs.content.ledger.anchor_of(report.record.seq)
    marker = ledger_marker(repository.id, anchor)
    body = bypass_body(report, content, inputs.assessment_input, inputs.content.branch, repository.url, marker)
    return IssueDraft(bypass_title(report, inputs.content.branch), body, labels=(), assignees=())
