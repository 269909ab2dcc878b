"""Creation of issues: they are claimed in the ledger, searched by nonce, created, and their numbers recorded.

The next run can continue after any of these steps, and no issue is created twice.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from reassay.assessment.follow_ups import ClaimedFollowUp
from reassay.common.errors import IssuesOffError
from reassay.github.drafts import DECLARED, LABELS, IssueDraft
from reassay.ledger.dashboard import DashboardIssue
from reassay.ledger.entry import Body, IssueNumber, Observation, Record
from reassay.ledger.follow_ups import FollowUpIssue
from reassay.ledger.history import CLOCKS_APART, Reassessment
from reassay.ledger.signals import TriageIssue
from reassay.ledger.sweep_records import BypassIssue, UnreadableIssue
from reassay.sweep.actions import CreateIssue, CreateLabel
from reassay.sweep.bypass_records import BYPASS, bypass_draft
from reassay.sweep.bypasses import reports
from reassay.sweep.dashboard_issue import dashboard_draft
from reassay.sweep.dashboard_reports import has_dashboard
from reassay.sweep.follow_up_issue import follow_up_draft
from reassay.sweep.follow_up_records import tracked
from reassay.sweep.input import SweepInput
from reassay.sweep.issue_changes import draft
from reassay.sweep.reconciliation import LEASE, Reconciliation
from reassay.sweep.repository_issues import DASHBOARD, TRIAGE, UNREADABLE, RepositoryIssue, RepositoryIssueKind
from reassay.sweep.triage_issue import triage_draft
from reassay.sweep.triage_reports import something_waits
from reassay.sweep.unreadable_issue import unreadable_draft
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.issue_model import issue_model

SETTLED = timedelta(hours=1)
"""Time after which a missing issue counts as deleted, not as new."""


def create_missing(reconciliation: Reconciliation, issue_context: IssueContext) -> None:
    """Creates the labels and all issues that are claimed and missing. Raises LimitError."""
    create_labels(reconciliation)
    create_issues(reconciliation, issue_context)
    create_bypass_issues(reconciliation)
    create_unreadable_issue(reconciliation)
    create_triage_issue(reconciliation)
    create_follow_up_issues(reconciliation)
    # Last: it lists the others.
    create_dashboard_issue(reconciliation)


def create_labels(reconciliation: Reconciliation) -> None:
    """Creates missing labels, once there is an open re-assessment or follow-up.

    Raises IssuesOffError where there can be no issue.
    """
    if not reconciliation.inputs.repository_state.repository.has_issues:
        raise IssuesOffError("issues are turned off")
    if not reconciliation.inputs.assessment_input.register.configuration.labels:
        return
    history = reconciliation.inputs.assessment_input.history
    promised = not reconciliation.focus.is_narrow and any(follow_up.is_open for follow_up in tracked(history))
    if not promised and not any(reconciliation.is_in_focus(reassessment) for reassessment in history.open):
        return
    for label in LABELS if promised else DECLARED:
        if label.name not in reconciliation.inputs.repository_state.repository.labels:
            reconciliation.carry_out(f"label '{label.name}'", [CreateLabel(label)])


def create_issues(reconciliation: Reconciliation, issue_context: IssueContext) -> None:
    """Creates missing issues of claimed re-assessments, and records their numbers. Raises LimitError."""
    inputs, numbers = reconciliation.inputs, reconciliation.run_state.numbers
    missing = [
        reassessment
        for reassessment in inputs.assessment_input.history.open
        if _is_missing(reassessment, reconciliation)
    ]
    _find(reconciliation, [(own.opened.nonce, own.id, own.opened_at) for own in missing if own.id not in numbers])
    try:
        for reassessment in missing:
            name, about = reassessment.id, inputs.assessment_input_of(reassessment, inputs.assessment_input)
            if name not in numbers and about is not None and reconciliation.is_certain(name, name):
                created = reconciliation.carry_out(name, [draft(issue_model(reassessment, about, issue_context))])
                numbers |= {name: created} if created else {}
    finally:
        existing = {reassessment.id for reassessment in missing} & numbers.keys()
        # What an earlier run claimed may have changed since: its issue is compared in another round.
        reconciliation.unseen = reconciliation.unseen or bool(existing - reconciliation.fresh)
        issues = tuple(IssueNumber(reassessment=name, issue=numbers[name]) for name in sorted(existing))
        reconciliation.append([Record(body=Observation(issues=issues))] if issues else [])


def create_bypass_issues(reconciliation: Reconciliation) -> None:
    """Creates missing issues about bypasses in the same steps. Raises LimitError."""
    numbers = reconciliation.run_state.numbers
    missing = [
        report
        for report in reports(reconciliation.inputs.assessment_input.history)
        if report.issue is None and _is_free(BYPASS, report.claim.run, report.claim.lease_until, reconciliation)
    ]
    _find(reconciliation, [(report.claim.nonce, report.claim.nonce, report.record.at) for report in missing])
    try:
        for report in missing:
            nonce = report.claim.nonce
            if nonce not in numbers and reconciliation.is_certain(nonce, BYPASS):
                created = reconciliation.carry_out(
                    nonce, [CreateIssue(BYPASS, bypass_draft(report, reconciliation.inputs))]
                )
                numbers |= {nonce: created} if created else {}
    finally:
        existing = sorted({report.claim.nonce for report in missing} & numbers.keys())
        reconciliation.append([Record(body=BypassIssue(nonce=nonce, issue=numbers[nonce])) for nonce in existing])


def create_unreadable_issue(reconciliation: Reconciliation) -> None:
    """Creates the missing issue about what cannot be read in the same steps, unless all can be read by now."""
    is_wanted = bool(reconciliation.inputs.assessment_input.register_index.unreadable)
    _create_repository_issue(
        reconciliation,
        UNREADABLE,
        unreadable_draft,
        lambda nonce, number: UnreadableIssue(nonce=nonce, issue=number),
        is_wanted=is_wanted,
    )


def create_triage_issue(reconciliation: Reconciliation) -> None:
    """Creates the missing issue about what waits for triage in the same steps, unless nothing does by now."""
    is_wanted = something_waits(reconciliation.inputs.assessment_input)
    _create_repository_issue(
        reconciliation,
        TRIAGE,
        triage_draft,
        lambda nonce, number: TriageIssue(nonce=nonce, issue=number),
        is_wanted=is_wanted,
    )


def create_dashboard_issue(reconciliation: Reconciliation) -> None:
    """Creates the missing dashboard in the same steps, unless it is switched off by now, and pins it."""

    def numbered(nonce: str, number: int) -> Body:
        return DashboardIssue(nonce=nonce, issue=number, pinned=reconciliation.pin(number))

    is_wanted = has_dashboard(reconciliation.inputs.assessment_input)
    _create_repository_issue(reconciliation, DASHBOARD, dashboard_draft, numbered, is_wanted=is_wanted)


def _create_repository_issue(
    reconciliation: Reconciliation,
    kind: RepositoryIssueKind,
    draft_of: Callable[[RepositoryIssue, SweepInput], IssueDraft],
    numbered: Callable[[str, int], Body],
    *,
    is_wanted: bool,
) -> None:
    """Creates a claimed issue that is missing or gone, and records its number; or its end, if it is not wanted any more.

    Raises LimitError.
    """
    inputs, numbers = reconciliation.inputs, reconciliation.run_state.numbers
    issue = kind.latest(inputs.assessment_input.history)
    if issue is None or issue.ended is not None or reconciliation.focus.is_narrow:
        return
    nonce, claim, claimed_at = issue.claim.nonce, issue.claim, issue.record.at
    is_new = claimed_at + SETTLED > inputs.assessment_input.now
    if issue.number is not None and (issue.number in inputs.repository_state.issues or is_new):
        return
    if not _is_free(kind.name, claim.run, claim.lease_until, reconciliation):
        return
    _find(reconciliation, [(nonce, nonce, claimed_at)])
    if nonce not in numbers and not is_wanted:
        reconciliation.append([Record(body=kind.over(nonce=nonce))])
        return
    try:
        if nonce not in numbers and reconciliation.is_certain(nonce, kind.name):
            created = reconciliation.carry_out(nonce, [CreateIssue(kind.name, draft_of(issue, reconciliation.inputs))])
            numbers |= {nonce: created} if created else {}
    finally:
        if nonce in numbers and numbers[nonce] != issue.number:
            reconciliation.append([Record(body=numbered(nonce, numbers[nonce]))])


def create_follow_up_issues(reconciliation: Reconciliation) -> None:
    """Creates missing issues of follow-ups in the same steps, and again where one is gone. Raises LimitError."""
    inputs, numbers = reconciliation.inputs, reconciliation.run_state.numbers
    if reconciliation.focus.is_narrow:
        return
    missing = [
        (follow_up, follow_up.claimed)
        for follow_up in tracked(inputs.assessment_input.history)
        if follow_up.is_open
        and follow_up.claimed is not None
        and _lacks_issue(follow_up.name, follow_up.claimed, reconciliation)
    ]
    _find(reconciliation, [(own.claim.nonce, own.claim.nonce, own.record.at) for _, own in missing])
    try:
        for follow_up, own in missing:
            nonce = own.claim.nonce
            if nonce not in numbers and reconciliation.is_certain(nonce, follow_up.name):
                created = reconciliation.carry_out(
                    nonce, [CreateIssue(follow_up.name, follow_up_draft(follow_up, inputs))]
                )
                numbers |= {nonce: created} if created else {}
    finally:
        found = [(own, numbers[own.claim.nonce]) for _, own in missing if own.claim.nonce in numbers]
        new = [FollowUpIssue(nonce=own.claim.nonce, issue=number) for own, number in found if number != own.issue]
        # Of what an earlier run claimed, what was said since is shown in another round.
        reconciliation.unseen = reconciliation.unseen or any(body.nonce not in reconciliation.fresh for body in new)
        reconciliation.append([Record(body=body) for body in new])


def _lacks_issue(name: str, own: ClaimedFollowUp, reconciliation: Reconciliation) -> bool:
    """Whether a claimed issue is to be created: it never was, or it is gone beyond doubt."""
    inputs = reconciliation.inputs
    if own.issue is not None:
        return (
            own.issue not in inputs.repository_state.issues and own.record.at + SETTLED <= inputs.assessment_input.now
        )
    return _is_free(name, own.claim.run, own.claim.lease_until, reconciliation)


def _is_missing(reassessment: Reassessment, reconciliation: Reconciliation) -> bool:
    """Whether this run should create the issue of a re-assessment."""
    if (
        not reconciliation.is_in_focus(reassessment)
        or reassessment.issue in reconciliation.inputs.repository_state.issues
    ):
        return False
    if reassessment.issue is not None:
        # Gone, or GitHub is not yet sure of what was just created: a new one only when there is no doubt.
        now = reconciliation.inputs.assessment_input.now
        return not now - SETTLED < reassessment.opened_at <= now + CLOCKS_APART
    return _is_free(reassessment.id, reassessment.opened.run, reassessment.opened.lease_until, reconciliation)


def _is_free(name: str, run: str, lease: datetime, reconciliation: Reconciliation) -> bool:
    """Whether no other run is creating it. A lease that ends later than any does was claimed by a clock that was ahead."""
    now = reconciliation.inputs.assessment_input.now
    if run == reconciliation.context.run or not now < lease <= now + LEASE + CLOCKS_APART:
        return True
    reconciliation.again_at = lease if reconciliation.again_at is None else max(lease, reconciliation.again_at)
    reconciliation.notes.append(f"{name}: another run is creating its issue, with a lease until {lease:%H:%M} UTC")
    return False


def _find(reconciliation: Reconciliation, claims: Sequence[tuple[str, str, datetime]]) -> None:
    """Finds issues whose number is not recorded, because an earlier run ended between the two steps.

    `claims` are (nonce, name, instant of the claim); those of this very round cannot have an issue yet.
    """
    older = [claim for claim in claims if claim[1] not in reconciliation.fresh]
    if not older:
        return
    names = {nonce: name for nonce, name, _ in older}
    since = min(at for _, _, at in older)
    issues = reconciliation.context.github.find_claims(tuple(names), since, reconciliation.inputs.bot_accounts)
    reconciliation.run_state.numbers |= {names[nonce]: number for nonce, number in issues.items()}
