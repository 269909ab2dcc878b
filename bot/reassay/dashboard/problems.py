"""The problems of a dashboard: everything that makes the rest less certain, what cannot be read first."""

from collections.abc import Iterable, Iterator
from typing import Literal

from reassay.assessment.explanation import explained_criterion
from reassay.assessment.source_states import unwell_sources
from reassay.assessment.unreadable import UnreadableObject
from reassay.common.sentences import sentence
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.ledger_lines import EntryTrusts
from reassay.dashboard.subject_values import SourcePlace
from reassay.dashboard.values import DashboardProblem
from reassay.ledger.store.codec import BrokenLedgerError
from reassay.register.finding import Finding
from reassay.sweep.report import SweepFailure
from reassay.sweep.repository_issues import UNREADABLE


def dashboard_problems(inputs: DashboardInput, trusts: EntryTrusts) -> tuple[DashboardProblem, ...]:
    """Everything unreadable, then errors, the ledger, blind sources, verdicts that are not confirmed, and the sweep."""
    return (
        *_unreadable(inputs),
        *_errors(inputs),
        *_ledger(inputs, trusts),
        *_blind(inputs),
        *_verdicts(inputs),
        *sweep_problems(inputs.sweep_problems),
    )


def place_of(finding: Finding) -> SourcePlace | None:
    """The line of a finding; None if it is about no file."""
    return SourcePlace(path=finding.at.path, line=finding.at.line) if finding.at.path else None


def _unreadable(inputs: DashboardInput) -> Iterator[DashboardProblem]:
    issue = UNREADABLE.open_number(inputs.assessment_input.history)
    for own in inputs.assessment_input.register_index.unreadable:
        yield DashboardProblem(
            kind="unreadable",
            what=own.name,
            why=_why(own),
            remedy=own.finding.remedy,
            place=place_of(own.finding),
            owner=own.owner or "",
            since=own.since,
            issue=issue,
        )


def _why(own: UnreadableObject) -> str:
    if own.is_declared:
        return sentence(f"it cannot be read: {own.finding.message}")
    return sentence(f"it is missing, and nobody can tell whether it was removed: {own.finding.message}")


def _errors(inputs: DashboardInput) -> Iterator[DashboardProblem]:
    """Errors of the register that do not hide anything that is listed already."""
    hiding = {own.finding for own in inputs.assessment_input.register_index.unreadable}
    for finding in inputs.assessment_input.register.errors:
        if finding not in hiding:
            yield DashboardProblem(
                kind="error",
                what=f"{finding.at.path}:{finding.at.line}",
                why=sentence(finding.message),
                remedy=finding.remedy,
                place=place_of(finding),
            )


def _ledger(inputs: DashboardInput, trusts: EntryTrusts) -> Iterator[DashboardProblem]:
    if inputs.ledger_problem:
        yield DashboardProblem(kind="ledger", what="the ledger", why=sentence(inputs.ledger_problem))
    read, kept = inputs.assessment_input.history.seq, len(inputs.ledger.entries)
    if read > kept:
        why = f"{read - kept} of the ledger's {read} entries were not verified here, and the states follow from all of them."
        yield DashboardProblem(
            kind="ledger", what="the ledger", why=sentence(why), remedy="Run `reassay ledger verify`."
        )
    for finding in trusts.findings:
        yield DashboardProblem(kind="ledger", what=finding.what, why=sentence(finding.why), remedy=finding.remedy)
    broken = sorted(seq for seq, trust in trusts.by_seq.items() if trust == "broken")
    if broken:
        entries = (
            f"entry {broken[0]}" if len(broken) == 1 else f"{len(broken)} entries, the first is entry {broken[0]},"
        )
        why = f"{entries} cannot be verified: the link or the key is not the one that belongs there."
        yield DashboardProblem(
            kind="ledger", what="the ledger", why=sentence(why), remedy="Run `reassay ledger verify`."
        )


def _blind(inputs: DashboardInput) -> Iterator[DashboardProblem]:
    for own in unwell_sources(inputs.assessment_input):
        yield DashboardProblem(
            kind="blind",
            what=f"source {own.source}",
            why=sentence(own.words),
            remedy=f"Run `reassay signals status`, and restore the source {own.source} or correct its settings.",
            since=own.since.date() if own.since else None,
        )


def _verdicts(inputs: DashboardInput) -> Iterator[DashboardProblem]:
    """Criteria of decisions in force whose verdict is another one if it is computed again, or cannot be computed."""
    for own in inputs.decisions_in_force:
        for result in own.decided.criteria if own.decided else ():
            explained = explained_criterion(result, inputs.objects) if result.inputs else None
            if explained is not None and (explained.differs or explained.is_unknown):
                again = "" if explained.differs else "it cannot be computed again: "
                yield DashboardProblem(
                    kind="verdict",
                    what=f"{own.id}: {result.name}",
                    why=sentence(f"recorded as {result.verdict}; {again}{explained.recomputed}"),
                    remedy=f"Run `reassay explain {own.id}` with the whole ledger; if it differs, re-assess {own.subject}.",
                    owner=inputs.owner(own.subject),
                    issue=own.issue,
                )


def sweep_problems(failures: Iterable[SweepFailure]) -> Iterator[DashboardProblem]:
    """What failed in a sweep."""
    for own in failures:
        remedy = own.error.remedy if own.error is not None else ""
        kind: Literal["ledger", "sweep"] = "ledger" if isinstance(own.error, BrokenLedgerError) else "sweep"
        yield DashboardProblem(kind=kind, what=own.what, why=sentence(own.message), remedy=remedy)
