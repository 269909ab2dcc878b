"""The input of the merge gate for a range of commits of a checkout, computed without GitHub."""

from dataclasses import dataclass, replace
from pathlib import Path

from reassay.approvals.proposal import LedgerProblem, Proposal
from reassay.cli.commit_range import CommitRange, read_range
from reassay.gate.input import GateInput
from reassay.sweep.known_names import directory_without_github
from reassay.sweep.repository.checkout import assessment_input_of


@dataclass(frozen=True, slots=True)
class RangeQuestion:
    """What the gate is asked about a range."""

    base: str
    """Revision that is merged into."""
    head: str
    at: str | None = None
    """Date or instant to answer for; None for now."""
    base_name: str | None = None
    """Name of the base branch in the ledger; None: as `base` says."""
    pull: int | None = None
    """Number of the pull request, whose sign-offs are read; None without one."""
    assumed: tuple[tuple[str, str], ...] = ()
    """Role and login of each assumed sign-off."""
    scratch: Path | None = None
    """Folder for what git writes; None for the repository itself."""


def range_input(path: str, question: RangeQuestion) -> GateInput:
    """The input, with the sign-offs that are assumed. Raises UsageError, UpstreamError, BrokenLedgerError."""
    commit_range = read_range(path, question.base, question.head, question.scratch)
    # The rules of the base decide: a change must not judge itself.
    base, ledger = commit_range.registers.base, commit_range.ledger.commit
    assessment_input = assessment_input_of(commit_range.git, base, ledger, question.at)
    people = directory_without_github(assessment_input.register, assessment_input.history)
    known, proposal = replace(assessment_input, people=people), _proposal(commit_range, question)
    if not question.assumed:
        return GateInput(proposal, known)
    from reassay.commands.assumed import assuming, signers_in_roles

    known, signers = signers_in_roles(question.assumed, known)
    return assuming(GateInput(proposal, known), signers)


def _proposal(commit_range: CommitRange, question: RangeQuestion) -> Proposal:
    place, configuration = commit_range.ledger, commit_range.registers.base.configuration
    how = f"Fetch it: `{place.fetch}`. If that finds no branch, no sweep has run yet: create it with `reassay sweep`."
    problem = LedgerProblem("the ledger is not in this clone, so sign-offs, decisions and holds are not read", how)
    pull = question.pull
    return Proposal(
        base_ref=(question.base_name or question.base).removeprefix("origin/"),
        base_commit=commit_range.base,
        head=commit_range.head,
        base=commit_range.registers.base,
        merged=commit_range.registers.merged,
        files=commit_range.registers.files,
        pulls=(pull,) if pull else (),
        heads={pull: commit_range.head} if pull else {},
        mergeable="yes" if commit_range.mergeable else "no",
        ledger=problem if place.is_unread and configuration.mode is not None else None,
    )
