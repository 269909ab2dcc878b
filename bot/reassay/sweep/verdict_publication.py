"""Publication of verdicts: the difference between the published and the present verdict, as actions. Pure."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from reassay.common.environment import render
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.gate.verdict import Verdict
from reassay.gate.views.check_run import PublicationContext, annotations, sticky_body, summary, title
from reassay.github.drafts import CheckDraft, StickyDraft
from reassay.github.repository_state import Pull
from reassay.github.section import key_of
from reassay.people.account import Comment
from reassay.people.trust_level import trust_words
from reassay.sweep.actions import Publish
from reassay.sweep.input import SweepInput
from reassay.sweep.judged_content import JudgedContent, landing_digest
from reassay.sweep.pull_requests import PREFIX, QueueGroup
from reassay.sweep.views.configuration import judged_by

CLOSED = "closed"
"""In place of digests, in the check of a pull request that was closed unmerged."""
STICKY = "gate-"
"""The start of the key of the comment, before its digest."""


def publications(inputs: SweepInput) -> Iterator[tuple[str, Publish]]:
    """Verdicts to publish, each with its name in the report; none where the gate is off or the verdict is published."""
    register = inputs.assessment_input.register
    if not register.configuration.gates and register.has_rules:
        return
    if not inputs.is_about_a_group:
        for number, pull in sorted(inputs.pull_requests.pulls.items()):
            publish = _publication(pull, inputs, with_comment=not pull.issue.is_locked)
            if publish is not None:
                yield f"verdict on #{number}", publish
    # Whatever changed the verdict on a pull request changes that on every group that holds it: GitHub looks at the group's.
    for group in inputs.groups:
        publish = _group_publication(group, inputs)
        if publish is not None:
            yield f"verdict on the group of #{group.last.number}", publish


def withheld_comments(inputs: SweepInput) -> Iterator[int]:
    """Numbers of pull requests whose comment cannot be written, because their conversation is locked."""
    if not inputs.assessment_input.register.configuration.gates or inputs.is_about_a_group:
        return
    for number, pull in sorted(inputs.pull_requests.pulls.items()):
        if pull.issue.is_locked:
            publish = _publication(pull, inputs, with_comment=True)
            if publish is not None and publish.sticky is not None:
                yield number


def _publication(pull: Pull, inputs: SweepInput, *, with_comment: bool) -> Publish | None:
    """The verdict on an open pull request; None if it is already published.

    A check belongs to a commit, so it must be valid for every open pull request of that head into that base.
    """
    own = inputs.gate_input(pull.number)
    if own is None:
        return _closing(pull, inputs)
    # In order of number, so that each of them publishes the same: else each run would write over what another wrote.
    siblings = {number: inputs.gate_input(number) for number in sorted({pull.number, *pull.siblings})}
    judged = [(number, sibling, decide(sibling)) for number, sibling in siblings.items() if sibling is not None]
    own_verdict = next(verdict for number, _, verdict in judged if number == pull.number)
    shown, gate_input, verdict = next((row for row in judged if not row[2].passes), judged[0])
    about = publication_context(inputs)
    check, digest = _check(gate_input, verdict, about, shown)
    if own.changed_objects and verdict is not own_verdict:
        # People sign the content of their own pull request, whichever of several is blocked.
        content = replace(JudgedContent.read(check.external_id), content=own_verdict.content)
        check = replace(check, external_id=content.text)
    on_head = [run for run in inputs.pull_requests.own_checks(pull) if run.head == pull.head]
    latest = (on_head[-1].external_id, on_head[-1].conclusion) if on_head else None
    sticky = _sticky(pull, gate_input, verdict, about, digest) if with_comment else None
    if latest == (check.external_id, check.conclusion) and sticky is None:
        return None
    return Publish(pull.number, about.repository, check, sticky)


def _closing(pull: Pull, inputs: SweepInput) -> Publish | None:
    """A failing check in place of a green one on the head of a pull request that was closed unmerged.

    Its verdict would let that commit in at any later time, without being judged again. None where another open pull request
    has this head, whose verdict is published there.
    """
    about = publication_context(inputs)
    published = [run for run in inputs.pull_requests.own_checks(pull) if run.head == pull.head]
    is_green = bool(published) and published[-1].conclusion == "success"
    if pull.is_merged or pull.siblings or not about.enforces or not is_green:
        return None
    check = CheckDraft(
        name=f"{PREFIX}{pull.base_ref}",
        head=pull.head,
        conclusion="failure",
        external_id=JudgedContent(CLOSED, CLOSED).text,
        title="Closed without merging; judged again once it is re-opened",
        summary=str(render("gate/gate_closed", number=pull.number, anchor=about.anchor)),
    )
    return Publish(pull.number, about.repository, check, None)


def _group_publication(group: QueueGroup, inputs: SweepInput) -> Publish | None:
    """The verdict on the commit of a merge queue's group; None if it is already published."""
    pull_requests = inputs.pull_requests
    gate_input = pull_requests.group_input(group, inputs.assessment_input, inputs.objects)
    about = publication_context(inputs)
    check, _ = _check(gate_input, decide(gate_input), about, 0)
    published = pull_requests.own(group.last.checks, group.base)[-1:]
    if any((run.external_id, run.conclusion) == (check.external_id, check.conclusion) for run in published):
        return None
    return Publish(0, about.repository, check, None)


def publication_context(inputs: SweepInput) -> PublicationContext:
    """Everything that the publications of a round have in common."""
    register, branch = inputs.assessment_input.register, inputs.content.branch
    configuration = register.configuration
    return PublicationContext(
        repository=inputs.repository_state.repository_node,
        url=inputs.repository_state.repository.url,
        enforces=register.enforces,
        trust=trust_words(configuration.app_id, inputs.repository_state.viewer, inputs.repository_state.acting_app),
        anchor=inputs.content.ledger.anchor,
        policy=f"{branch}@{(register.prior.commit if register.prior else inputs.content.commit)[:7]}",
        now=inputs.assessment_input.now,
        timezone=configuration.timezone,
        bot_accounts=inputs.bot_accounts,
        notice=judged_by(register, branch),
    )


def _check(gate_input: GateInput, verdict: Verdict, about: PublicationContext, number: int) -> tuple[CheckDraft, str]:
    """The check run, and a digest of its text."""
    proposal = gate_input.proposal
    words = summary(verdict, gate_input, about, number)
    heading = title(verdict, about)
    passes = verdict.passes or not about.enforces
    landing = landing_digest(proposal.base, proposal.merged, proposal.files)
    digest = hashlib.sha256(f"{heading}\n{words.stable}\n{passes}".encode()).hexdigest()[:16]
    draft = CheckDraft(
        name=f"{PREFIX}{proposal.base_ref}",
        head=proposal.head,
        conclusion="success" if passes else "failure",
        external_id=JudgedContent(verdict.content, digest, landing, verdict.valid_until).text,
        title=heading,
        summary=words.text,
        annotations=annotations(verdict),
    )
    return draft, digest


def _sticky(
    pull: Pull, gate_input: GateInput, verdict: Verdict, about: PublicationContext, digest: str
) -> StickyDraft | None:
    """The comment to write or update; None if it is up to date, or nothing is required."""
    comment = _own_comment(pull, about.bot_accounts)
    key = f"{STICKY}{digest}"
    if comment is None and not gate_input.changed_objects and verdict.passes:
        # The check alone says so.
        return None
    if comment is not None and key_of(comment.body) == key and comment.edited_by in {None, "", *about.bot_accounts}:
        return None
    body = sticky_body(key, verdict, gate_input, about, pull.number)
    return StickyDraft(pull.node_id, body, comment.node_id if comment else None)


def _own_comment(pull: Pull, bot_accounts: frozenset[str]) -> Comment | None:
    """The bot's comment with the verdict; a marker in another person's comment is just text."""
    own = (comment for comment in pull.issue.comments if comment.author and comment.author.login in bot_accounts)
    return next((comment for comment in own if (key_of(comment.body) or "").startswith(STICKY)), None)
