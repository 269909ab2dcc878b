"""What is so now in the demo: in its repository, and in the App's last report."""

from reassay.dashboard.views.addresses import page_name
from reassay.ledger.history import History, Reassessment
from reassay_sandbox.demo.environment import CHECK, REPOSITORY, DemoEnvironment
from reassay_sandbox.sandbox_repository import SandboxIssueView
from reassay_sandbox.state import CheckRun

JOINER = "\u2060"
"""Put into names by the bot so that they mention nobody."""


def history(demo: DemoEnvironment) -> History:
    """The ledger's history as of the last report; empty before the first."""
    report = demo.hosted.latest
    return report.assessment_input.history if report and report.assessment_input else History()


def reassessment(demo: DemoEnvironment, subject: str) -> Reassessment | None:
    """The last re-assessment of a mitigation, open or not; None if there was none."""
    own = [each for each in history(demo).reassessments.values() if each.subject == subject]
    return max(own, key=lambda last: last.opened_seq, default=None)


def open_issue(demo: DemoEnvironment, subject: str) -> SandboxIssueView | None:
    """The issue of the open re-assessment; None without one."""
    last = reassessment(demo, subject)
    return issue_of(demo, subject) if last is not None and last.decided is None else None


def issue_of(demo: DemoEnvironment, subject: str) -> SandboxIssueView | None:
    """The issue of the last re-assessment; None without one."""
    last = reassessment(demo, subject)
    return demo.repo.issue(last.issue) if last is not None and last.issue is not None else None


def issue_named(demo: DemoEnvironment, beginning: str) -> SandboxIssueView | None:
    """The last issue whose title begins so; None without one."""
    return next((issue for issue in reversed(demo.repo.issues()) if issue.title.startswith(beginning)), None)


def states(demo: DemoEnvironment, subject: str) -> set[str]:
    """The states of a subject's cells as of the last report."""
    report = demo.hosted.latest
    return {str(cell.state) for cell in report.cells if cell.subject == subject} if report else set()


def words_of(issue: SandboxIssueView | None) -> str:
    """Title, body and comments, without what keeps names from being mentions."""
    if issue is None:
        return ""
    return "\n".join((issue.title, issue.body, *(comment.body for comment in issue.comments))).replace(JOINER, "")


def last_reply(issue: SandboxIssueView | None) -> str:
    """The last comment, without its markers; empty without one."""
    if issue is None or not issue.comments:
        return ""
    lines = issue.comments[-1].body.replace(JOINER, "").splitlines()
    return "\n".join(line for line in lines if not line.startswith("<!--"))


def pull_from(demo: DemoEnvironment, branch: str) -> SandboxIssueView | None:
    """The last pull request from a branch; None without one."""
    with demo.box.dispatcher.lock:
        issues = demo.box.dispatcher.store.repos[REPOSITORY].issues
        numbers = [number for number, issue in issues.items() if issue.pull and issue.pull.head == branch]
    return demo.repo.thread(max(numbers)) if numbers else None


def is_merged(demo: DemoEnvironment, pull: SandboxIssueView | None) -> bool:
    """Whether a pull request was merged."""
    if pull is None:
        return False
    own = demo.box.dispatcher.store.repos[REPOSITORY].issues[pull.number].pull
    return own is not None and own.merged_at is not None


def verdict(demo: DemoEnvironment, pull: SandboxIssueView | None) -> CheckRun | None:
    """The last check of the merge gate on a pull request's head; None without one."""
    if pull is None:
        return None
    runs = [run for run in demo.repo.checks(demo.repo.pull_head(pull.number)) if run.name == CHECK]
    return runs[-1] if runs else None


def subject_page(subject: str) -> str:
    """Page of a mitigation below the repository's dashboard."""
    return f"subjects/{page_name(subject)}.html"


def issue_path(issue: SandboxIssueView | None, *, at_end: bool = False) -> str:
    """Path of an issue's page, at its last comment if asked; the list of issues without one."""
    if issue is None:
        return f"/{REPOSITORY}/issues"
    anchor = f"#issuecomment-{issue.comments[-1].id}" if at_end and issue.comments else ""
    return f"/{REPOSITORY}/issues/{issue.number}{anchor}"
