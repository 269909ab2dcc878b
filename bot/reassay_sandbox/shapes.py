"""Records as GitHub's JSON."""

from datetime import UTC, datetime
from typing import Any

from reassay_sandbox.apps import App, SandboxInstallation
from reassay_sandbox.pulls import head_of
from reassay_sandbox.state import (
    CheckRun,
    CommitComment,
    Reaction,
    Repo,
    SandboxComment,
    SandboxIssue,
    SandboxLabel,
    SandboxReview,
    Store,
    User,
    organisation_id,
)

JSON = dict[str, Any]


def stamp(instant: datetime) -> str:
    """GitHub's form of time."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user(user: User | None, base: str) -> JSON | None:
    """An account; a deleted one is the ghost."""
    if user is None:
        return {
            "login": "ghost",
            "id": 10137,
            "node_id": "U_ghost",
            "type": "User",
            "site_admin": False,
            "url": f"{base}/api/v3/users/ghost",
        }
    return {
        "login": user.login,
        "id": user.id,
        "node_id": f"U_{user.id}",
        "type": "Bot" if user.is_bot else "User",
        "site_admin": False,
        "url": f"{base}/api/v3/users/{user.login}",
        "html_url": f"{base}/{user.login}",
    }


def repository(repo: Repo, base: str) -> JSON:
    """A repository."""
    owner = organisation_id(repo.owner)
    return {
        "id": repo.id,
        "node_id": f"R_{repo.id}",
        "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.is_private,
        "visibility": "private" if repo.is_private else "public",
        "archived": repo.is_archived,
        "default_branch": "main",
        "owner": {"login": repo.owner, "id": owner, "node_id": f"O_{owner}", "type": "Organization"},
        "url": f"{base}/api/v3/repos/{repo.full_name}",
        "html_url": f"{base}/{repo.full_name}",
        "clone_url": f"{base}/{repo.full_name}.git",
    }


def label(sandbox_label: SandboxLabel, repo: Repo, base: str) -> JSON:
    """A label."""
    return {
        "id": sandbox_label.id,
        "node_id": f"LA_{sandbox_label.id}",
        "name": sandbox_label.name,
        "color": sandbox_label.color,
        "description": sandbox_label.description,
        "default": False,
        "url": f"{base}/api/v3/repos/{repo.full_name}/labels/{sandbox_label.name}",
    }


def issue(sandbox_issue: SandboxIssue, repo: Repo, base: str) -> JSON:
    """An issue."""
    url = f"{base}/api/v3/repos/{repo.full_name}/issues/{sandbox_issue.number}"
    return {
        "id": sandbox_issue.id,
        "node_id": f"I_{sandbox_issue.id}",
        "number": sandbox_issue.number,
        "title": sandbox_issue.title,
        "body": sandbox_issue.body,
        "state": sandbox_issue.state,
        "state_reason": sandbox_issue.state_reason,
        "user": user(sandbox_issue.author, base),
        "labels": [label(repo.labels[name.lower()], repo, base) for name in sandbox_issue.labels],
        "assignees": [user(person, base) for person in sandbox_issue.assignees],
        "assignee": user(sandbox_issue.assignees[0], base) if sandbox_issue.assignees else None,
        "comments": len(sandbox_issue.comments),
        "locked": sandbox_issue.is_locked,
        "author_association": "MEMBER",
        "created_at": stamp(sandbox_issue.created_at),
        "updated_at": stamp(sandbox_issue.updated_at),
        "closed_at": stamp(sandbox_issue.closed_at) if sandbox_issue.closed_at else None,
        "url": url,
        "html_url": f"{base}/{repo.full_name}/issues/{sandbox_issue.number}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "labels_url": f"{url}/labels{{/name}}",
        "repository_url": f"{base}/api/v3/repos/{repo.full_name}",
        **(
            {"pull_request": {"url": f"{base}/api/v3/repos/{repo.full_name}/pulls/{sandbox_issue.number}"}}
            if sandbox_issue.pull
            else {}
        ),
    }


def comment(sandbox_comment: SandboxComment, number: int, repo: Repo, base: str) -> JSON:
    """A comment."""
    return {
        "id": sandbox_comment.id,
        "node_id": f"IC_{sandbox_comment.id}",
        "body": sandbox_comment.body,
        "user": user(sandbox_comment.author, base),
        "author_association": "MEMBER",
        "created_at": stamp(sandbox_comment.created_at),
        "updated_at": stamp(sandbox_comment.updated_at),
        "url": f"{base}/api/v3/repos/{repo.full_name}/issues/comments/{sandbox_comment.id}",
        "html_url": f"{base}/{repo.full_name}/issues/{number}#issuecomment-{sandbox_comment.id}",
        "issue_url": f"{base}/api/v3/repos/{repo.full_name}/issues/{number}",
    }


def reaction(reaction: Reaction, base: str, at: datetime) -> JSON:
    """A reaction."""
    return {
        "id": reaction.id,
        "node_id": f"REA_{reaction.id}",
        "user": user(reaction.user, base),
        "content": reaction.content,
        "created_at": stamp(at),
    }


def pull(sandbox_issue: SandboxIssue, repo: Repo, base: str) -> JSON:
    """A pull request."""
    if sandbox_issue.pull is None:
        raise LookupError(f"#{sandbox_issue.number} is no pull request")
    head, target, fork = sandbox_issue.pull.head, sandbox_issue.pull.base, sandbox_issue.pull.fork or repo
    return {
        "id": sandbox_issue.id,
        "node_id": f"PR_{sandbox_issue.id}",
        "number": sandbox_issue.number,
        "state": sandbox_issue.state,
        "title": sandbox_issue.title,
        "body": sandbox_issue.body,
        "draft": sandbox_issue.pull.is_draft,
        "user": user(sandbox_issue.author, base),
        "labels": [],
        "created_at": stamp(sandbox_issue.created_at),
        "updated_at": stamp(sandbox_issue.updated_at),
        "closed_at": stamp(sandbox_issue.closed_at) if sandbox_issue.closed_at else None,
        "merged_at": stamp(sandbox_issue.pull.merged_at) if sandbox_issue.pull.merged_at else None,
        "merge_commit_sha": sandbox_issue.pull.merge_commit,
        "head": {
            "ref": head,
            "sha": head_of(repo, sandbox_issue),
            "label": f"{fork.owner}:{head}",
            "repo": {"id": fork.id, "full_name": fork.full_name, "fork": fork is not repo},
        },
        "base": {"ref": target, "sha": repo.git.head(target), "label": f"{repo.owner}:{target}"},
        "url": f"{base}/api/v3/repos/{repo.full_name}/pulls/{sandbox_issue.number}",
        "html_url": f"{base}/{repo.full_name}/pull/{sandbox_issue.number}",
    }


def commit_comment(commit_comment: CommitComment, repo: Repo, base: str) -> JSON:
    """A comment on a commit."""
    return {
        "id": commit_comment.id,
        "node_id": f"CC_{commit_comment.id}",
        "body": commit_comment.body,
        "commit_id": commit_comment.commit,
        "path": None,
        "position": None,
        "line": None,
        "user": user(commit_comment.author, base),
        "author_association": "MEMBER",
        "created_at": stamp(commit_comment.created_at),
        "updated_at": stamp(commit_comment.updated_at),
        "url": f"{base}/api/v3/repos/{repo.full_name}/comments/{commit_comment.id}",
        "html_url": f"{base}/{repo.full_name}/commit/{commit_comment.commit}#commitcomment-{commit_comment.id}",
    }


def review(sandbox_review: SandboxReview, repo: Repo, number: int, base: str) -> JSON:
    """A review."""
    return {
        "id": sandbox_review.id,
        "node_id": f"PRR_{sandbox_review.id}",
        "user": user(sandbox_review.author, base),
        "body": sandbox_review.body or None,
        "state": sandbox_review.state.lower(),
        "commit_id": sandbox_review.commit,
        "submitted_at": stamp(sandbox_review.at),
        "author_association": "MEMBER",
        "html_url": f"{base}/{repo.full_name}/pull/{number}#pullrequestreview-{sandbox_review.id}",
        "pull_request_url": f"{base}/api/v3/repos/{repo.full_name}/pulls/{number}",
    }


def account(login: str, store: Store, base: str) -> JSON:
    """The owner of repositories: an organisation, if no person has that name."""
    person = store.users.get(login.lower())
    shown = user(person or User(organisation_id(login), login), base) or {}
    return shown | ({} if person else {"type": "Organization"})


def installation(app: App, sandbox_installation: SandboxInstallation, store: Store, base: str) -> JSON:
    """An App on an account."""
    where, url = (
        account(sandbox_installation.account, store, base),
        f"{base}/api/v3/app/installations/{sandbox_installation.id}",
    )
    return {
        "id": sandbox_installation.id,
        "client_id": app.client_id,
        "account": where,
        "repository_selection": "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{base}/api/v3/installation/repositories",
        "html_url": f"{base}/settings/installations/{sandbox_installation.id}",
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": where["id"],
        "target_type": where["type"],
        "permissions": sandbox_installation.permissions,
        "events": list(app.events),
        "created_at": stamp(sandbox_installation.created_at),
        "updated_at": stamp(sandbox_installation.created_at),
        "single_file_name": None,
        "suspended_by": where if sandbox_installation.suspended_at else None,
        "suspended_at": stamp(sandbox_installation.suspended_at) if sandbox_installation.suspended_at else None,
    }


def check_run(check_run: CheckRun, repo: Repo, base: str, app: int) -> JSON:
    """A check run; `app` is the id of whose it is. GitHub names only pull requests of the same repository."""
    pulls = [
        issue
        for issue in repo.issues.values()
        if issue.pull and issue.state == "open" and issue.pull.fork is None and head_of(repo, issue) == check_run.head
    ]
    return {
        "id": check_run.id,
        "node_id": f"CR_{check_run.id}",
        "name": check_run.name,
        "head_sha": check_run.head,
        "external_id": check_run.external_id,
        "status": "completed",
        "conclusion": check_run.conclusion.lower(),
        "started_at": stamp(check_run.at),
        "completed_at": stamp(check_run.at),
        "output": {
            "title": check_run.title,
            "summary": check_run.summary,
            "annotations_count": len(check_run.annotations),
        },
        "app": {"id": app, "slug": check_run.app.slug, "name": check_run.app.slug},
        "pull_requests": [{"id": pull.id, "number": pull.number} for pull in pulls],
        "url": f"{base}/api/v3/repos/{repo.full_name}/check-runs/{check_run.id}",
        "html_url": f"{base}/{repo.full_name}/runs/{check_run.id}",
    }
