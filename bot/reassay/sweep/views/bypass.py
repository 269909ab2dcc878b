"""The issue about a bypass of the merge gate."""

from reassay.assessment.cells import AssessmentInput
from reassay.common.environment import render
from reassay.common.inert import Markdown, inert, inert_title, mention
from reassay.github.section import LIMIT, Section
from reassay.people.people import may_act, spoken_role
from reassay.sweep.bypasses import BypassContent, BypassReport, BypassRequirement

_WHY = {
    "expired-verdict": "its verdict had expired before it was merged",
    "other-content": "its check judged other content than the content that landed",
    "rewritten": "the branch was force-pushed: commits that had landed are gone, and their changes with them",
    "failed-as-landed": "its check was green, but the change fails when it is judged as it landed, with what landed before it",
}
NAME = "bypass"
"""The name in the issue's marker, in place of the id of a re-assessment."""


def bypass_title(report: BypassReport, branch: str) -> str:
    """`Bypass: commit 4f2c1aa reached main without a green verdict`."""
    count = len(report.claim.commits)
    what = f"commit {report.claim.commits[0][:7]} reached" if count == 1 else f"{count} commits reached"
    return inert_title(f"Bypass: {what} {branch} without a green verdict")


def bypass_body(  # noqa: PLR0913, PLR0917 -- everything that the text is made of
    report: BypassReport, content: object, assessment_input: AssessmentInput, branch: str, url: str, ledger: str
) -> str:
    """The text of the issue with its marker.

    `content` is the claim's ledger object, None if it was removed; `ledger` the marker of an anchor.
    """
    passed = content if isinstance(content, dict) else {}
    text = render(
        "sweep/bypass",
        branch=branch,
        entry=report.record.seq,
        unknown=not passed,
        commits=[Markdown(_commit(name, url)) for name in report.claim.commits],
        passed=[
            _commit_values(name, passed[name], assessment_input, url) for name in report.claim.commits if name in passed
        ],
        subjects=report.claim.subjects,
        review_by=report.claim.review_by,
    )
    return Section(NAME, report.claim.nonce, str(text), ledger).within(LIMIT)


def _commit_values(name: str, content: object, assessment_input: AssessmentInput, url: str) -> dict[str, object]:
    commit = BypassContent.model_validate(content, strict=False)
    directory = assessment_input.people
    return {
        "link": Markdown(_commit(name, url)),
        "pull": Markdown(f"#{commit.pull}") if commit.pull else "",
        "by": _person(directory.login(commit.by)) if commit.by is not None else "",
        "problem": commit.problem,
        "why": _WHY.get(commit.why, ""),
        "changes": commit.changes,
        "more": commit.more,
        "asks": [_ask(row, assessment_input) for row in commit.asks],
    }


def _ask(row: BypassRequirement, assessment_input: AssessmentInput) -> dict[str, object]:
    """One requirement, with the people who hold its role now."""
    directory, register = assessment_input.people, assessment_input.register
    roles = [spoken_role(role, directory) for role in row.roles]
    people = {login for role in roles for login in may_act(role, register, directory, assessment_input.today)}
    return {
        "about": row.about,
        "what": row.what,
        "roles": [role for role in roles if role not in people],
        "people": sorted(people),
    }


def _person(login: str) -> Markdown:
    """A mention of an account, or words where only its number is known."""
    return inert(login) if " " in login else mention(login)


def _commit(name: str, url: str) -> str:
    return f"[`{name[:7]}`]({url}/commit/{name})"
