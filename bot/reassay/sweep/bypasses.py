"""Bypasses: changes that reached the register without a green verdict.

Where the gate was enforced, an issue reports them and re-assessments open. In the earlier modes only the ledger entry is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reassay.approvals.row import Requirement
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.plan import Claim
from reassay.changes.words import change_words
from reassay.common.canonical import canonical, digest
from reassay.gate.input import GateInput
from reassay.github.repository_state import ArrivedCommit
from reassay.ledger.history import History, LedgerRecord
from reassay.ledger.pull_requests import REVIEW_DAYS
from reassay.ledger.sweep_records import Bypass, BypassClaimed, BypassIssue
from reassay.people.people import recorded_role
from reassay.register.base import Strict

MOST_CHANGES = 40
"""Changes of one commit that are kept in words; the rest are counted."""


class BypassChange(Strict):
    """One change in words."""

    about: str
    """`deployment public-api`."""
    words: str
    why: str
    place: str
    """`path:line`; empty if it was removed."""
    significant: bool


class BypassRequirement(Strict):
    """One requirement that a pull request with this content would have had."""

    about: str
    """`deployment/public-api`."""
    what: str
    roles: tuple[str, ...]
    """Roles as the ledger names them: see `recorded_role`."""


class BypassContent(Strict):
    """The changes of one commit, as the ledger keeps them."""

    pull: int | None = None
    """The pull request of the commit; None without one."""
    by: int | None = None
    """Account id of the person who merged or pushed it."""
    changes: tuple[BypassChange, ...] = ()
    more: int = 0
    """Number of changes that are not listed."""
    asks: tuple[BypassRequirement, ...] = ()
    problem: str = ""
    """Why the changes could not be read; empty if they could."""
    why: str = ""
    """`expired-verdict`, `other-content`, `failed-as-landed` or `rewritten`; empty for any other push or merge."""


@dataclass(frozen=True, slots=True)
class BypassGroup:
    """One bypass: a commit, or a pull request with all of its commits that touched the register."""

    body: Bypass
    commits: tuple[str, ...]
    before: str = ""
    """The commit that the content of its own commit is compared with; empty for the parent of each."""


@dataclass(frozen=True, slots=True)
class BypassReport:
    """One issue about bypasses."""

    record: LedgerRecord
    claim: BypassClaimed
    issue: int | None = None
    """Its number, once recorded."""


def is_watched(assessment_input: AssessmentInput) -> bool:
    """Whether bypasses are recorded: from mode `record` on, and forever once the gate was enforced."""
    return assessment_input.register.configuration.records or assessment_input.history.enforced


def pushed_past_the_gate(
    assessment_input: AssessmentInput, arrived: Sequence[ArrivedCommit], rewritten: tuple[str, str] | None = None
) -> tuple[BypassGroup, ...]:
    """Bypasses among the commits since the last sweep that no pull request brought.

    `rewritten` are a commit that the branch has lost, and its present tip: nothing that lands shows what was taken out.
    """
    if not is_watched(assessment_input) or assessment_input.history.last_sweep is None:
        return ()
    recorded = {body.commit for _, body in assessment_input.history.records_of(Bypass)}
    lost = []
    if rewritten is not None:
        before, tip = rewritten
        lost.append(BypassGroup(Bypass(commit=tip, why="rewritten"), (tip,), before))
    return *lost, *(
        BypassGroup(Bypass(commit=commit.commit, committer=commit.committer, why="no-pull-request"), (commit.commit,))
        for commit in reversed(arrived)
        if not commit.pulls and commit.commit not in recorded
    )


def claimed(
    passages: Sequence[BypassGroup],
    contents: Mapping[str, GateInput | str],
    assessment_input: AssessmentInput,
    claim: Claim,
) -> tuple[BypassClaimed | None, Mapping[str, bytes]]:
    """The claim of one issue for the bypasses of a run, with its ledger object; None if none needs a review.

    `contents` are the commits as if each was proposed now, or the reason why one could not be read.
    """
    passed = {
        commit: passed_by(passage.body, content)
        for passage in passages
        for commit in passage.commits
        for content in [contents.get(commit, "its content was not read")]
        if _needs_eyes(content)
    }
    if not passed:
        return None, {}
    data = canonical({commit: own.model_dump(mode="json", exclude=_left_out(own)) for commit, own in passed.items()})
    inputs = [own for commit in passed if isinstance(own := contents.get(commit), GateInput)]
    body = BypassClaimed(
        nonce=claim.nonces[0],
        run=claim.run,
        lease_until=claim.lease_until,
        commits=tuple(passed),
        subjects=tuple(sorted({name for own in inputs for name in own.touched})),
        review_by=assessment_input.register.configuration.working_days.add(assessment_input.today, REVIEW_DAYS),
        passed=digest(data),
    )
    return body, {digest(data): data}


def _needs_eyes(content: GateInput | str) -> bool:
    """Whether people must review it: not for incidents and evidence, which anyone may record."""
    return not isinstance(content, GateInput) or bool(content.changed_objects)


def passed_by(body: Bypass, content: GateInput | str) -> BypassContent:
    """The changes of one commit in words."""
    if not isinstance(content, GateInput):
        return BypassContent(pull=body.pull, by=body.committer, problem=content, why=_why(body))
    changes = tuple(
        BypassChange(
            about=f"{change.kind} {change.name}",
            words=change_words(change),
            why=change.why,
            place=f"{change.at.path}:{change.at.line}" if change.at and change.after is not None else "",
            significant=change.significant,
        )
        for change in content.changes
    )
    asks = tuple(
        BypassRequirement(
            about=requirement.about, what=_what(requirement), roles=_roles(requirement, content.assessment_input)
        )
        for requirement in content.requirements
    )
    more = max(0, len(changes) - MOST_CHANGES)
    return BypassContent(
        pull=body.pull, by=body.committer, changes=changes[:MOST_CHANGES], more=more, asks=asks, why=_why(body)
    )


def _why(body: Bypass) -> str:
    return "" if body.why in {"no-pull-request", "no-green-verdict"} else body.why


def _left_out(content: BypassContent) -> set[str]:
    """Fields that are not written: what an earlier version could not say."""
    return set() if content.why else {"why"}


def _roles(requirement: Requirement, assessment_input: AssessmentInput) -> tuple[str, ...]:
    """Roles as the ledger names them: a role that is a login is personal data."""
    return tuple(recorded_role(role, assessment_input.register, assessment_input.people) for role in requirement.roles)


def _what(requirement: Requirement) -> str:
    if requirement.question is not None:
        return f"an answer to '{requirement.question}'"
    return (
        f"{requirement.min} signatures to {requirement.kind}"
        if requirement.min > 1
        else f"a signature to {requirement.kind}"
    )


def reports(history: History) -> tuple[BypassReport, ...]:
    """Every claimed issue about bypasses, in order."""
    numbers = {body.nonce: body.issue for _, body in history.records_of(BypassIssue)}
    return tuple(
        BypassReport(record, body, numbers.get(body.nonce)) for record, body in history.records_of(BypassClaimed)
    )


def unsaid(history: History) -> frozenset[str]:
    """Digests of objects that are still needed, because their issue is not created yet."""
    return frozenset(report.claim.passed for report in reports(history) if report.issue is None)
