"""REST: pull requests, the branches they come from, and comments on commits."""

from reassay_sandbox import shapes
from reassay_sandbox.actions import InvalidError, MergeRefusedError
from reassay_sandbox.rest_base import BODY_LIMIT, TITLE_LIMIT, RestAnswer, RestCall, Route, text
from reassay_sandbox.state import CommitComment, SandboxIssue, SandboxPull


def _pull(call: RestCall) -> SandboxIssue:
    issue = call.issue()
    if issue.pull is None:
        raise LookupError(f"#{issue.number} is no pull request")
    return issue


def list_pulls(call: RestCall) -> RestAnswer:
    query = call.request.query
    owner, _, branch = query.get("head", "").partition(":")
    rows = [
        issue
        for issue in call.repo.issues.values()
        if issue.pull is not None
        and query.get("state", "open") in {"all", issue.state}
        and (not branch or (owner.lower() == call.repo.owner.lower() and issue.pull.head == branch))
    ]
    rows.sort(key=lambda pull: pull.number, reverse=query.get("direction", "desc") == "desc")
    return call.page([shapes.pull(row, call.repo, call.base) for row in rows])


def create_pull(call: RestCall) -> RestAnswer:
    data = call.json("title", "head", "base", "body", "draft", "maintainer_can_modify")
    title, body = text(data, "title", TITLE_LIMIT, required=True), text(data, "body", BODY_LIMIT)
    head, base = str(data["head"]).rpartition(":")[2], str(data["base"])
    git = call.repo.git
    if git.head(head) is None or git.head(base) is None:
        raise InvalidError("head" if git.head(head) is None else "base", "invalid", resource="PullRequest")
    if git.head(head) == git.head(base):
        raise InvalidError("head", "custom", f"No commits between {base} and {head}", resource="PullRequest")
    same_branches = [
        issue for issue in call.repo.issues.values() if issue.pull and issue.pull.head == head and issue.state == "open"
    ]
    if same_branches:
        message = f"A pull request already exists for {call.repo.owner}:{head}."
        raise InvalidError("head", "custom", message, resource="PullRequest")
    call.judge.markdown(call.repo, call.actor, body, f"body of a new pull request '{title}'")
    pull = call.actions.open_pull(call.repo, call.actor, title, body, SandboxPull(head, base))
    return RestAnswer(201, shapes.pull(pull, call.repo, call.base))


def get_pull(call: RestCall) -> RestAnswer:
    return RestAnswer(200, shapes.pull(_pull(call), call.repo, call.base))


def merge_pull(call: RestCall) -> RestAnswer:
    """Refused as GitHub does while a required check is missing or failed."""
    pull = _pull(call)
    call.json("commit_title", "commit_message", "sha", "merge_method")
    try:
        call.actions.merge(call.repo, pull, call.actor)
    except MergeRefusedError as error:
        return RestAnswer(405, {"message": str(error)})
    return RestAnswer(200, {"sha": pull.pull.merge_commit if pull.pull else "", "merged": True, "message": "merged"})


def list_activity(call: RestCall) -> RestAnswer:
    """Pushes to a branch, newest first, with who was authenticated."""
    branch = call.request.query.get("ref", "").removeprefix("refs/heads/")
    rows = [
        {
            "id": index,
            "node_id": f"PSH_{index}",
            "before": "0" * 40,
            "after": push.after,
            "ref": f"refs/heads/{push.branch}",
            "timestamp": shapes.stamp(push.at),
            "activity_type": "push",
            "actor": shapes.user(push.actor, call.base),
        }
        for index, push in enumerate(call.repo.pushes, 1)
        if push.branch == branch
    ]
    return call.page(rows[::-1])


def patch_pull(call: RestCall) -> RestAnswer:
    data = call.json("title", "body", "state", "base", "maintainer_can_modify")
    pull = _pull(call)
    title = text(data, "title", TITLE_LIMIT) if "title" in data else None
    body = text(data, "body", BODY_LIMIT) if "body" in data else None
    call.judge.markdown(call.repo, call.actor, body or "", f"body of #{pull.number}")
    call.actions.edit(call.repo, pull, call.actor, title, body)
    if data.get("state") in {"open", "closed"}:
        call.actions.set_state(call.repo, pull, call.actor, data["state"], None)
    return RestAnswer(200, shapes.pull(pull, call.repo, call.base))


def delete_reference(call: RestCall) -> RestAnswer:
    branch = call.arguments["ref"].removeprefix("heads/")
    commit = call.repo.git.head(branch)
    if commit is None:
        return RestAnswer(422, {"message": "Reference does not exist"})
    call.repo.git.delete_branch(branch, commit)
    call.actions.removed(call.repo, call.actor, branch, commit)
    return RestAnswer(204)


def list_commit_comments(call: RestCall) -> RestAnswer:
    return call.page(
        [shapes.commit_comment(commit_comment, call.repo, call.base) for commit_comment in call.repo.commit_comments]
    )


def create_commit_comment(call: RestCall) -> RestAnswer:
    body = text(call.json("body", "path", "position", "line"), "body", BODY_LIMIT, required=True)
    commit = call.repo.git.resolve(call.arguments["sha"])
    if commit is None:
        return RestAnswer(422, {"message": f"No commit found for SHA: {call.arguments['sha']}"})
    call.judge.markdown(call.repo, call.actor, body, f"comment on commit {commit[:7]}")
    comment = call.actions.comment_commit(call.repo, call.actor, commit, body)
    return RestAnswer(201, shapes.commit_comment(comment, call.repo, call.base))


def _commit_comment(call: RestCall) -> CommitComment:
    wanted = int(call.arguments["comment"])
    return next(commit_comment for commit_comment in call.repo.commit_comments if commit_comment.id == wanted)


def patch_commit_comment(call: RestCall) -> RestAnswer:
    body, comment = text(call.json("body"), "body", BODY_LIMIT, required=True), _commit_comment(call)
    call.judge.markdown(call.repo, call.actor, body, f"comment on commit {comment.commit[:7]}")
    comment.body, comment.updated_at = body, call.actions.clock.now()
    return RestAnswer(200, shapes.commit_comment(comment, call.repo, call.base))


ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/pulls", list_pulls),
    Route("POST", "/repos/{owner}/{repo}/pulls", create_pull, "pull_requests", creates=True),
    Route("GET", "/repos/{owner}/{repo}/pulls/{number}", get_pull),
    Route("PATCH", "/repos/{owner}/{repo}/pulls/{number}", patch_pull, "pull_requests"),
    Route("PUT", "/repos/{owner}/{repo}/pulls/{number}/merge", merge_pull, "contents"),
    Route("GET", "/repos/{owner}/{repo}/activity", list_activity),
    Route("DELETE", "/repos/{owner}/{repo}/git/refs/{ref}", delete_reference, "contents"),
    Route("GET", "/repos/{owner}/{repo}/comments", list_commit_comments),
    Route("POST", "/repos/{owner}/{repo}/commits/{sha}/comments", create_commit_comment, "contents", creates=True),
    Route("PATCH", "/repos/{owner}/{repo}/comments/{comment}", patch_commit_comment, "contents"),
)
