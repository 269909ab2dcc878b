"""REST: workflow runs, the list of a repository's artifacts, and the comparison of two commits."""

from reassay_sandbox.rest_base import JSON, RestAnswer, RestCall, Route, page_of
from reassay_sandbox.rest_files import FORBIDDEN, artifact_shape, may_read
from reassay_sandbox.shapes import stamp, user
from reassay_sandbox.state import SandboxRun


def list_all_artifacts(call: RestCall) -> RestAnswer:
    if call.repo.is_private and not may_read(call, "actions"):
        return FORBIDDEN
    name = call.request.query.get("name")
    kept = [own for own in call.repo.storage.artifacts if name in {None, own.name}]
    rows = [artifact_shape(own, call) for own in reversed(kept)]
    part, links = page_of(call.request, call.base, rows)
    return RestAnswer(200, {"total_count": len(rows), "artifacts": part}, links)


def get_run(call: RestCall) -> RestAnswer:
    if call.repo.is_private and not may_read(call, "actions"):
        return FORBIDDEN
    return RestAnswer(200, run_shape(call.repo.runs[int(call.arguments["run"])], call))


def run_shape(own: SandboxRun, call: RestCall) -> JSON:
    url = f"{call.base}/api/v3/repos/{call.repo.full_name}/actions/runs/{own.id}"
    return {
        "id": own.id,
        "node_id": f"WFR_{own.id}",
        "name": own.path,
        "path": own.path,
        "head_branch": own.branch,
        "head_sha": own.commit,
        "run_number": 1,
        "run_attempt": own.attempt,
        "event": own.event,
        "status": own.status,
        "conclusion": own.conclusion,
        "workflow_id": 1,
        "check_suite_id": 1,
        "url": url,
        "html_url": f"{call.base}/{call.repo.full_name}/actions/runs/{own.id}",
        "created_at": stamp(own.created_at),
        "updated_at": stamp(own.updated_at),
        "run_started_at": stamp(own.created_at),
        "actor": user(call.actor, call.base),
    }


def compare(call: RestCall) -> RestAnswer:
    base, _, head = call.arguments["basehead"].partition("...")
    git = call.repo.git
    if not (git.resolve(base) and git.resolve(head)):
        return RestAnswer(404, {"message": "Not Found"})
    if base == head:
        status = "identical"
    elif git.is_ancestor(base, head):
        status = "ahead"
    else:
        status = "behind" if git.is_ancestor(head, base) else "diverged"
    return RestAnswer(
        200, {"status": status, "ahead_by": 0, "behind_by": 0, "total_commits": 0, "commits": [], "files": []}
    )


ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/actions/artifacts", list_all_artifacts),
    Route("GET", "/repos/{owner}/{repo}/actions/runs/{run}", get_run),
    Route("GET", "/repos/{owner}/{repo}/compare/{basehead}", compare),
)
