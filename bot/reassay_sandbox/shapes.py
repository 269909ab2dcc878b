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


def user(each: User | None, base: str) -> JSON | None:
    """An account; a deleted one is the ghost."""
    if each is None:
        return {
            "login": "ghost",
            "id": 10137,
            "node_id": "U_ghost",
            "type": "User",
            "site_admin": False,
            "url": f"{base}/api/v3/users/ghost",
        }
    return {
        "login": each.login,
        "id": each.id,
        "node_id": f"U_{each.id}",
        "type": "Bot" if each.is_bot else "User",
        "site_admin": False,
        "url": f"{base}/api/v3/users/{each.login}",
        "html_url": f"{base}/{each.login}",
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


def label(each: SandboxLabel, repo: Repo, base: str) -> JSON:
    """A label."""
    return {
        "id": each.id,
        "node_id": f"LA_{each.id}",
        "name": each.name,
        "color": each.color,
        "description": each.description,
        "default": False,
        "url": f"{base}/api/v3/repos/{repo.full_name}/labels/{each.name}",
    }


def issue(each: SandboxIssue, repo: Repo, base: str) -> JSON:
    """An issue."""
    url = f"{base}/api/v3/repos/{repo.full_name}/issues/{each.number}"
    return {
        "id": each.id,
        "node_id": f"I_{each.id}",
        "number": each.number,
        "title": each.title,
        "body": each.body,
        "state": each.state,
        "state_reason": each.state_reason,
        "user": user(each.author, base),
        "labels": [label(repo.labels[name.lower()], repo, base) for name in each.labels],
        "assignees": [user(person, base) for person in each.assignees],
        "assignee": user(each.assignees[0], base) if each.assignees else None,
        "comments": len(each.comments),
        "locked": False,
        "author_association": "MEMBER",
        "created_at": stamp(each.created_at),
        "updated_at": stamp(each.updated_at),
        "closed_at": stamp(each.closed_at) if each.closed_at else None,
        "url": url,
        "html_url": f"{base}/{repo.full_name}/issues/{each.number}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "labels_url": f"{url}/labels{{/name}}",
        "repository_url": f"{base}/api/v3/repos/{repo.full_name}",
        **({"pull_request": {"url": f"{base}/api/v3/repos/{repo.full_name}/pulls/{each.number}"}} if each.pull else {}),
    }


def comment(each: SandboxComment, number: int, repo: Repo, base: str) -> JSON:
    """A comment."""
    return {
        "id": each.id,
        "node_id": f"IC_{each.id}",
        "body": each.body,
        "user": user(each.author, base),
        "author_association": "MEMBER",
        "created_at": stamp(each.created_at),
        "updated_at": stamp(each.updated_at),
        "url": f"{base}/api/v3/repos/{repo.full_name}/issues/comments/{each.id}",
        "html_url": f"{base}/{repo.full_name}/issues/{number}#issuecomment-{each.id}",
        "issue_url": f"{base}/api/v3/repos/{repo.full_name}/issues/{number}",
    }


def reaction(each: Reaction, base: str, at: datetime) -> JSON:
    """A reaction."""
    return {
        "id": each.id,
        "node_id": f"REA_{each.id}",
        "user": user(each.user, base),
        "content": each.content,
        "created_at": stamp(at),
    }


def pull(each: SandboxIssue, repo: Repo, base: str) -> JSON:
    """A pull request."""
    if each.pull is None:
        raise LookupError(f"#{each.number} is no pull request")
    head, target, fork = each.pull.head, each.pull.base, each.pull.fork or repo
    return {
        "id": each.id,
        "node_id": f"PR_{each.id}",
        "number": each.number,
        "state": each.state,
        "title": each.title,
        "body": each.body,
        "draft": each.pull.is_draft,
        "user": user(each.author, base),
        "labels": [],
        "created_at": stamp(each.created_at),
        "updated_at": stamp(each.updated_at),
        "closed_at": stamp(each.closed_at) if each.closed_at else None,
        "merged_at": stamp(each.pull.merged_at) if each.pull.merged_at else None,
        "merge_commit_sha": each.pull.merge_commit,
        "head": {
            "ref": head,
            "sha": head_of(repo, each),
            "label": f"{fork.owner}:{head}",
            "repo": {"id": fork.id, "full_name": fork.full_name, "fork": fork is not repo},
        },
        "base": {"ref": target, "sha": repo.git.head(target), "label": f"{repo.owner}:{target}"},
        "url": f"{base}/api/v3/repos/{repo.full_name}/pulls/{each.number}",
        "html_url": f"{base}/{repo.full_name}/pull/{each.number}",
    }


def commit_comment(each: CommitComment, repo: Repo, base: str) -> JSON:
    """A comment on a commit."""
    return {
        "id": each.id,
        "node_id": f"CC_{each.id}",
        "body": each.body,
        "commit_id": each.commit,
        "path": None,
        "position": None,
        "line": None,
        "user": user(each.author, base),
        "author_association": "MEMBER",
        "created_at": stamp(each.created_at),
        "updated_at": stamp(each.updated_at),
        "url": f"{base}/api/v3/repos/{repo.full_name}/comments/{each.id}",
        "html_url": f"{base}/{repo.full_name}/commit/{each.commit}#commitcomment-{each.id}",
    }


def review(each: SandboxReview, repo: Repo, number: int, base: str) -> JSON:
    """A review."""
    return {
        "id": each.id,
        "node_id": f"PRR_{each.id}",
        "user": user(each.author, base),
        "body": None,
        "state": each.state.lower(),
        "commit_id": each.commit,
        "submitted_at": stamp(each.at),
        "author_association": "MEMBER",
        "html_url": f"{base}/{repo.full_name}/pull/{number}#pullrequestreview-{each.id}",
        "pull_request_url": f"{base}/api/v3/repos/{repo.full_name}/pulls/{number}",
    }


def account(login: str, store: Store, base: str) -> JSON:
    """The owner of repositories: an organisation, if no person has that name."""
    person = store.users.get(login.lower())
    shown = user(person or User(organisation_id(login), login), base) or {}
    return shown | ({} if person else {"type": "Organization"})


def installation(app: App, each: SandboxInstallation, store: Store, base: str) -> JSON:
    """An App on an account."""
    where, url = account(each.account, store, base), f"{base}/api/v3/app/installations/{each.id}"
    return {
        "id": each.id,
        "client_id": app.client_id,
        "account": where,
        "repository_selection": "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{base}/api/v3/installation/repositories",
        "html_url": f"{base}/settings/installations/{each.id}",
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": where["id"],
        "target_type": where["type"],
        "permissions": each.permissions,
        "events": list(app.events),
        "created_at": stamp(each.created_at),
        "updated_at": stamp(each.created_at),
        "single_file_name": None,
        "suspended_by": where if each.suspended_at else None,
        "suspended_at": stamp(each.suspended_at) if each.suspended_at else None,
    }


def check_run(each: CheckRun, repo: Repo, base: str, app: int) -> JSON:
    """A check run; `app` is the id of whose it is. GitHub names only pull requests of the same repository."""
    pulls = [
        one
        for one in repo.issues.values()
        if one.pull and one.state == "open" and one.pull.fork is None and head_of(repo, one) == each.head
    ]
    return {
        "id": each.id,
        "node_id": f"CR_{each.id}",
        "name": each.name,
        "head_sha": each.head,
        "external_id": each.external_id,
        "status": "completed",
        "conclusion": each.conclusion.lower(),
        "started_at": stamp(each.at),
        "completed_at": stamp(each.at),
        "output": {"title": each.title, "summary": each.summary, "annotations_count": len(each.annotations)},
        "app": {"id": app, "slug": each.app.slug, "name": each.app.slug},
        "pull_requests": [{"id": one.id, "number": one.number} for one in pulls],
        "url": f"{base}/api/v3/repos/{repo.full_name}/check-runs/{each.id}",
        "html_url": f"{base}/{repo.full_name}/runs/{each.id}",
    }
