"""REST: the routes that are used, with GitHub's shapes and refusals. A route that is not here fails loudly."""

import base64
import json
from collections.abc import Mapping
from urllib.parse import unquote

from reassay_sandbox import rest_files, rest_pulls, rest_runs, rest_settings, rest_workflows, shapes
from reassay_sandbox.actions import REACTIONS, InvalidError
from reassay_sandbox.gitstore import GitError
from reassay_sandbox.rest_base import BODY_LIMIT, TITLE_LIMIT, RestAnswer, RestCall, Route, text
from reassay_sandbox.state import Token, User
from reassay_sandbox.traffic import SandboxResponse


def get_repo(call: RestCall) -> RestAnswer:
    return RestAnswer(200, shapes.repository(call.repo, call.base))


def list_issues(call: RestCall) -> RestAnswer:
    query = call.request.query
    rows = [
        issue
        for issue in call.repo.issues.values()
        if query.get("state", "open") in {"all", issue.state}
        and shapes.stamp(issue.updated_at) >= query.get("since", "")
        and (not query.get("creator") or (issue.author and issue.author.login == query["creator"]))
    ]
    rows.sort(key=lambda issue: issue.number, reverse=query.get("direction", "desc") == "desc")
    return call.page([shapes.issue(row, call.repo, call.base) for row in rows])


def create_issue(call: RestCall) -> RestAnswer:
    data = call.json("title", "body", "labels", "assignees", "milestone", "type")
    title, body = text(data, "title", TITLE_LIMIT, required=True), text(data, "body", BODY_LIMIT)
    assignees = [_assignee(call, login) for login in data.get("assignees", [])]
    call.judge.markdown(call.repo, call.actor, body, f"body of a new issue '{title}'")
    issue = call.actions.open_issue(
        call.repo, call.actor, title, body, labels=list(data.get("labels", [])), assignees=assignees
    )
    return RestAnswer(201, shapes.issue(issue, call.repo, call.base))


def _assignee(call: RestCall, login: str) -> User:
    if login.lower() not in {name.lower() for name in call.repo.collaborators}:
        raise InvalidError("assignees", "invalid")
    return call.store.user(login)


def get_issue(call: RestCall) -> RestAnswer:
    return RestAnswer(200, shapes.issue(call.issue(), call.repo, call.base))


def patch_issue(call: RestCall) -> RestAnswer:
    data = call.json("title", "body", "state", "state_reason", "labels", "assignees", "milestone")
    issue = call.issue()
    if "title" in data or "body" in data:
        title = text(data, "title", TITLE_LIMIT) if "title" in data else None
        body = text(data, "body", BODY_LIMIT) if "body" in data else None
        call.judge.markdown(call.repo, call.actor, body or "", f"body of #{issue.number}")
        call.actions.edit(call.repo, issue, call.actor, title, body)
    if data.get("state") in {"open", "closed"}:
        call.actions.set_state(call.repo, issue, call.actor, data["state"], data.get("state_reason"))
    return RestAnswer(200, shapes.issue(issue, call.repo, call.base))


def list_comments(call: RestCall) -> RestAnswer:
    issue = call.issue()
    return call.page([shapes.comment(comment, issue.number, call.repo, call.base) for comment in issue.comments])


def list_all_comments(call: RestCall) -> RestAnswer:
    since = call.request.query.get("since", "")
    rows = [
        shapes.comment(comment, issue.number, call.repo, call.base)
        for issue in call.repo.issues.values()
        for comment in issue.comments
        if shapes.stamp(comment.updated_at) >= since
    ]
    return call.page(rows)


def create_comment(call: RestCall) -> RestAnswer:
    body, issue = text(call.json("body"), "body", BODY_LIMIT, required=True), call.issue()
    if issue.is_locked:
        return RestAnswer(403, {"message": "Unable to create comment because issue is locked."})
    call.judge.markdown(call.repo, call.actor, body, f"comment on #{issue.number}")
    comment = call.actions.comment(call.repo, issue, call.actor, body)
    return RestAnswer(201, shapes.comment(comment, issue.number, call.repo, call.base))


def add_labels(call: RestCall) -> RestAnswer:
    issue = call.issue()
    for name in call.json("labels")["labels"]:
        call.actions.label(call.repo, issue, call.actor, str(name))
    return RestAnswer(
        200, [shapes.label(call.repo.labels[name.lower()], call.repo, call.base) for name in issue.labels]
    )


def remove_label(call: RestCall) -> RestAnswer:
    issue = call.issue()
    if not call.actions.unlabel(call.repo, issue, call.actor, call.arguments["name"]):
        return RestAnswer(404, {"message": "Label does not exist"})
    return RestAnswer(
        200, [shapes.label(call.repo.labels[name.lower()], call.repo, call.base) for name in issue.labels]
    )


def list_labels(call: RestCall) -> RestAnswer:
    return call.page([shapes.label(label, call.repo, call.base) for label in call.repo.labels.values()])


def create_label(call: RestCall) -> RestAnswer:
    data = call.json("name", "color", "description")
    if str(data["name"]).lower() in call.repo.labels:
        raise InvalidError("name", "already_exists", resource="Label")
    label = call.actions.ensure_label(call.repo, data["name"], data.get("color", "ededed"), data.get("description", ""))
    return RestAnswer(201, shapes.label(label, call.repo, call.base))


def create_reaction(call: RestCall) -> RestAnswer:
    content = call.json("content").get("content")
    if content not in REACTIONS:
        raise InvalidError("content", "invalid", resource="Reaction")
    wanted = int(call.arguments["comment"])
    target = next(comment for issue in call.repo.issues.values() for comment in issue.comments if comment.id == wanted)
    reaction, is_new = call.actions.react(target, call.actor, content)
    return RestAnswer(201 if is_new else 200, shapes.reaction(reaction, call.base, call.actions.clock.now()))


def create_tree(call: RestCall) -> RestAnswer:
    data = call.json("tree", "base_tree")
    entries = [
        (str(entry["path"]), str(entry["mode"]), entry.get("sha") or call.repo.git.blob(str(entry["content"]).encode()))
        for entry in data["tree"]
    ]
    tree = call.repo.git.tree(entries, data.get("base_tree"))
    return RestAnswer(
        201, {"sha": tree, "url": f"{call.base}{call.request.path}/{tree}", "tree": [], "truncated": False}
    )


def create_blob(call: RestCall) -> RestAnswer:
    data = call.json("content", "encoding")
    raw = base64.b64decode(data["content"]) if data.get("encoding") == "base64" else str(data["content"]).encode()
    blob = call.repo.git.blob(raw)
    return RestAnswer(201, {"sha": blob, "url": f"{call.base}{call.request.path}/{blob}"})


def create_commit(call: RestCall) -> RestAnswer:
    data = call.json("message", "tree", "parents", "author", "committer", "signature")
    now = call.actions.clock.now()
    commit = call.repo.git.commit_tree(data["tree"], data.get("parents", []), data["message"], call.actor.login, now)
    return RestAnswer(
        201,
        {
            "sha": commit,
            "message": data["message"],
            "tree": {"sha": data["tree"]},
            "parents": [],
            "url": f"{call.base}{call.request.path}/{commit}",
        },
    )


def create_reference(call: RestCall) -> RestAnswer:
    data = call.json("ref", "sha")
    branch = str(data["ref"]).removeprefix("refs/heads/")
    if call.repo.git.head(branch):
        return RestAnswer(422, {"message": "Reference already exists"})
    try:
        call.repo.git.set_branch(branch, data["sha"], None)
    except GitError:
        return RestAnswer(422, {"message": "Object does not exist"})
    call.actions.pushed(call.repo, call.actor, branch, data["sha"], created=True)
    return RestAnswer(201, {"ref": data["ref"], "object": {"type": "commit", "sha": data["sha"]}})


def get_reference(call: RestCall) -> RestAnswer:
    commit = call.repo.git.head(unquote(call.arguments["ref"]).removeprefix("heads/"))
    return (
        RestAnswer(200, {"ref": f"refs/{call.arguments['ref']}", "object": {"type": "commit", "sha": commit}})
        if commit
        else RestAnswer(404, {"message": "Not Found"})
    )


def list_branches(call: RestCall) -> RestAnswer:
    """Part of the content: metadata alone does not show them."""
    if call.token.through != 0 and call.token.permissions.get("contents") not in {"read", "write"}:
        return RestAnswer(403, {"message": "Resource not accessible by integration"})
    rows = call.repo.git.run("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads").decode()
    url = f"{call.base}/api/v3/repos/{call.repo.full_name}/commits"
    pairs = [row.rpartition(" ")[::2] for row in rows.splitlines()]
    return call.page(
        [{"name": name, "commit": {"sha": oid, "url": f"{url}/{oid}"}, "protected": False} for name, oid in pairs]
    )


def get_permission(call: RestCall) -> RestAnswer:
    login = call.arguments["login"]
    right = next((value for name, value in call.repo.collaborators.items() if name.lower() == login.lower()), "none")
    return RestAnswer(
        200, {"permission": right, "role_name": right, "user": shapes.user(call.store.user(login), call.base)}
    )


def dispatch(call: RestCall) -> RestAnswer:
    data = call.json("event_type", "client_payload")
    if not data.get("event_type") or len(data.get("client_payload") or {}) > MOST_KEYS:
        errors = [{"field": "client_payload", "code": "invalid"}]
        return RestAnswer(422, {"message": "Validation Failed", "errors": errors})
    call.repo.dispatches.append(data)
    return RestAnswer(204)


MOST_KEYS = 10
"""Keys that the payload of a `repository_dispatch` event may have."""
ROUTES = (
    Route("POST", "/repos/{owner}/{repo}/dispatches", dispatch, "contents"),
    Route("GET", "/repos/{owner}/{repo}", get_repo),
    Route("GET", "/repos/{owner}/{repo}/issues", list_issues),
    Route("POST", "/repos/{owner}/{repo}/issues", create_issue, "issues", creates=True),
    Route("GET", "/repos/{owner}/{repo}/issues/comments", list_all_comments),
    Route("GET", "/repos/{owner}/{repo}/issues/{number}", get_issue),
    Route("PATCH", "/repos/{owner}/{repo}/issues/{number}", patch_issue, "issues"),
    Route("GET", "/repos/{owner}/{repo}/issues/{number}/comments", list_comments),
    Route("POST", "/repos/{owner}/{repo}/issues/{number}/comments", create_comment, "issues", creates=True),
    Route("POST", "/repos/{owner}/{repo}/issues/{number}/labels", add_labels, "issues"),
    Route("DELETE", "/repos/{owner}/{repo}/issues/{number}/labels/{name}", remove_label, "issues"),
    Route("POST", "/repos/{owner}/{repo}/issues/comments/{comment}/reactions", create_reaction, "issues"),
    Route("GET", "/repos/{owner}/{repo}/labels", list_labels),
    Route("POST", "/repos/{owner}/{repo}/labels", create_label, "issues"),
    Route("POST", "/repos/{owner}/{repo}/git/blobs", create_blob, "contents"),
    Route("POST", "/repos/{owner}/{repo}/git/trees", create_tree, "contents"),
    Route("POST", "/repos/{owner}/{repo}/git/commits", create_commit, "contents"),
    Route("POST", "/repos/{owner}/{repo}/git/refs", create_reference, "contents"),
    Route("GET", "/repos/{owner}/{repo}/git/ref/{ref}", get_reference),
    Route("GET", "/repos/{owner}/{repo}/branches", list_branches),
    Route("GET", "/repos/{owner}/{repo}/collaborators/{login}/permission", get_permission),
    *rest_pulls.ROUTES,
    *rest_settings.ROUTES,
    *rest_files.ROUTES,
    *rest_runs.ROUTES,
    *rest_workflows.ROUTES,
)


def find_route(method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """The route of a request, and what its path names."""
    for route in ROUTES:
        match = route.pattern.fullmatch(path) if route.method == method else None
        if match:
            return route, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


def as_response(answer: RestAnswer, route: Route, token: Token) -> SandboxResponse:
    """JSON on the wire."""
    body = b"" if answer.data is None else json.dumps(answer.data).encode()
    headers = {"content-type": "application/json; charset=utf-8", **(answer.headers or {})}
    return SandboxResponse(
        answer.status, body, headers, f"{route.method} {route.template}", route.permission is not None, token.user.login
    )
