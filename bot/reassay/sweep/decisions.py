"""The records of one round, step by step: docs/explanation/architecture.md lists the steps in this order."""

from collections.abc import Iterator

from reassay.assessment.ended_ids import removed_ids, reused_ids
from reassay.assessment.first_seen import first_seen_records
from reassay.assessment.schedule.plan import Ask, Claim, plan
from reassay.common.sentences import capitalised
from reassay.github.pull_queries import CHECK_PREFIX
from reassay.ledger.dashboard import DashboardClaimed
from reassay.ledger.entry import Opened, Record
from reassay.ledger.follow_ups import FollowUpClaimed
from reassay.ledger.protection import loosened, unread
from reassay.ledger.signals import TriageClaimed
from reassay.ledger.sweep_records import BypassClaimed, ProtectionChanged, UnreadableClaimed
from reassay.sweep.audit_events import audit_events, note_of
from reassay.sweep.bypass_records import bypass_records
from reassay.sweep.command_results import CommandResults
from reassay.sweep.dashboard_reports import dashboard_records
from reassay.sweep.follow_up_records import follow_up_records
from reassay.sweep.input import SweepInput
from reassay.sweep.ledger_records import LedgerDraft
from reassay.sweep.observation_records import add_observation_records
from reassay.sweep.pages import beginnings
from reassay.sweep.permissions import may_not_ask
from reassay.sweep.pull_request_records import add_pull_request_records, ended
from reassay.sweep.reconciliation import LEASE, Reconciliation
from reassay.sweep.report import SweepFailure
from reassay.sweep.run_records import add_run_records
from reassay.sweep.signal_records import add_signal_records
from reassay.sweep.signal_sources import unexpected_events
from reassay.sweep.triage_reports import triage_records
from reassay.sweep.unreadable_reports import unreadable_records

CLAIMS_PER_ROUND = 20


def decide(reconciliation: Reconciliation, commands: CommandResults) -> LedgerDraft:
    """The records of this round, in order: each step sees the situation after the steps before it."""
    inputs, draft, claim = reconciliation.inputs, commands.draft, _claim(reconciliation)
    if inputs.unknown:
        text = f"{inputs.unknown}; commits were found by their dates only. Check the commits of the branch yourself."
        reconciliation.problems.append(SweepFailure("bypasses of the gate", text))
    reconciliation.problems += [SweepFailure("merge queue", text) for text in inputs.unread_queues]
    reconciliation.problems += [SweepFailure(name, text) for name, text in inputs.unavailable]
    # The end of a pull request comes first: what it decided is in force from then on.
    draft.add(ended(draft.assessment_input, inputs))
    # Before the plan, because bypasses are re-assessed.
    draft.add(*bypass_records(draft.assessment_input, inputs, reconciliation.context, claim))
    # Before the plan, too: a result can be the reason for a re-assessment.
    add_run_records(draft)
    _say_runs(reconciliation)
    # An incident opens its re-assessment in the round in which it comes in.
    for received in add_signal_records(draft, inputs.sources):
        reconciliation.note(received.note)
    for words in unexpected_events(
        inputs.assessment_input.register.configuration.signals, reconciliation.context.events
    ):
        reconciliation.cannot_write(SweepFailure("signals", words))
    # A difference opens its re-assessment in the round in which it is seen.
    dispatched = () if reconciliation.focus.is_narrow else reconciliation.context.dispatched
    reconciliation.problems += [
        SweepFailure(problem.what, problem.message)
        for problem in add_observation_records(draft, inputs.products, dispatched)
    ]
    asks = (*commands.asks, *_allowed_ask(reconciliation))
    if not reconciliation.focus.is_narrow:
        planned = plan(draft.assessment_input, claim, asks)
        draft.add(planned.records, planned.objects)
        reconciliation.left = planned.left
        draft.add([*follow_up_records(draft.assessment_input, claim, reconciliation.context.nonce)])
    add_pull_request_records(draft, claim)
    if not reconciliation.focus.is_narrow:
        # Last: a re-assessment that opens only now may have been due before.
        draft.add([Record(body=body) for body in audit_events(draft.assessment_input, inputs.protection)])
        _say_protection(reconciliation, draft)
        draft.add([Record(body=body) for body in removed_ids(inputs.assessment_input)])
        reconciliation.problems += [
            _reused(name, former) for name, former in reused_ids(inputs.assessment_input).items()
        ]
        draft.add([*unreadable_records(inputs.assessment_input, claim, reconciliation.context.nonce())])
        draft.add([*triage_records(draft.assessment_input, claim, reconciliation.context.nonce())])
        draft.add([*dashboard_records(draft.assessment_input, claim, reconciliation.context.nonce())])
        bodies, snapshots = first_seen_records(inputs.assessment_input)
        draft.add([Record(body=body) for body in bodies], snapshots)
        # After what came in: it was there when a webhook that is new began to be told.
        draft.add([*beginnings(draft.assessment_input)])
    reconciliation.fresh = frozenset(_claimed(draft))
    for record in draft.records:
        reconciliation.note(note_of(record.body, is_dry=reconciliation.is_dry))
    return draft


def _say_runs(reconciliation: Reconciliation) -> None:
    evaluations = reconciliation.inputs.evaluations
    if evaluations.left:
        count = f"{len(evaluations.left)} more artifacts of evaluation runs wait"
        reconciliation.note(f"{count}, and the next sweep reads them. Until then their runs stay open.")
    if evaluations.forbidden:
        reconciliation.note(evaluations.unread)
    elif evaluations.unread:
        reconciliation.problems.append(SweepFailure("evaluation runs", evaluations.unread))


def _say_protection(reconciliation: Reconciliation, draft: LedgerDraft) -> None:
    """What was loosened, as a problem of the run that finds it; and once, when it is recorded, what the token may not read."""
    inputs = reconciliation.inputs
    for record in draft.records:
        if isinstance(record.body, ProtectionChanged) and (words := loosened(record.body.before, record.body.after)):
            text = f"{'; '.join(words)}. It is recorded; GitHub's audit log names who did it. {DOCTOR}"
            reconciliation.cannot_write(SweepFailure("protection of the branches", capitalised(text)))
    if is_unrequired(inputs):
        branch = inputs.content.branch
        text = f"the check {CHECK_PREFIX}{branch} is not required for {branch}: a pull request can be merged while it fails"
        reconciliation.note(f"{text}. {DOCTOR}")
    if inputs.protection_unknown:
        text = f"it could not be compared with what was seen last: {inputs.protection_unknown}"
        reconciliation.problems.append(SweepFailure("protection of the branches", text))
    recorded = any(
        isinstance(record.body, ProtectionChanged) or getattr(record.body, "protection", None)
        for record in draft.records
    )
    if recorded and inputs.protection is not None and (hidden := unread(inputs.protection)):
        reconciliation.note(
            f"not read, because the token may not: {'; '.join(hidden)}. A change there is not noticed. {DOCTOR}"
        )


def is_unrequired(inputs: SweepInput) -> bool:
    """Whether nothing requires the check although the gate is to block merges; not where a place was not read."""
    seen = inputs.protection
    if inputs.assessment_input.register.configuration.mode != "enforce" or seen is None:
        return False
    places = (seen.default_rulesets, seen.default_classic)
    name = f"{CHECK_PREFIX}{inputs.content.branch}"
    return all(rules is not None and all(check.name != name for check in rules.checks) for rules in places)


DOCTOR = "`reassay doctor`, with an administrator's token, shows it all."


def _reused(name: str, former: str) -> SweepFailure:
    text = (
        f"the id {former} belonged to a mitigation that was removed, and ids are never reused; give {name} another id"
    )
    return SweepFailure(f"{name} in the register", text if name == former else f"{text}, or delete it from 'formerly'")


def _claim(reconciliation: Reconciliation) -> Claim:
    return Claim(
        run=reconciliation.context.run,
        nonces=[reconciliation.context.nonce() for _ in range(CLAIMS_PER_ROUND)],
        lease_until=reconciliation.inputs.assessment_input.now + LEASE,
        commit=reconciliation.inputs.content.commit,
    )


def _allowed_ask(reconciliation: Reconciliation) -> tuple[Ask, ...]:
    """The re-assessment that the run was started for, if that person may request it."""
    request, state = reconciliation.run_state.request, reconciliation.inputs.repository_state
    if request is None:
        return ()
    by = request.by or state.viewer
    ask = Ask(request.subject, by, request.account_id or state.accounts.get(by.lower()), request.because)
    refused = may_not_ask(ask, reconciliation.inputs.assessment_input)
    if refused:
        reconciliation.run_state.refused.append(SweepFailure(f"request for {ask.subject}", refused))
        return ()
    return (ask,)


_CLAIMS = (BypassClaimed, UnreadableClaimed, FollowUpClaimed, TriageClaimed, DashboardClaimed)
"""Claims of issues other than those of re-assessments."""


def _claimed(draft: LedgerDraft) -> Iterator[str]:
    for record in draft.records:
        if isinstance(record.body, Opened):
            yield record.body.reassessment
        elif isinstance(record.body, _CLAIMS):
            yield record.body.nonce
