"""REST: the workflows of a repository with their state, and the runs of one workflow."""

from reassay_sandbox.rest_base import JSON, RestAnswer, RestCall, Route, page_of
from reassay_sandbox.rest_files import FORBIDDEN, may_read
from reassay_sandbox.rest_runs import run_shape
from reassay_sandbox.shapes import stamp

FOLDER = ".github/workflows/"


def list_workflows(call: RestCall) -> RestAnswer:
    """The files on the default branch. A public repository shows them to everybody."""
    if call.repo.is_private and not may_read(call, "actions"):
        return FORBIDDEN
    rows = [_workflow(number, path, call) for number, path in enumerate(_paths(call), 1)]
    part, links = page_of(call.request, call.base, rows)
    return RestAnswer(200, {"total_count": len(rows), "workflows": part}, links)


def list_runs(call: RestCall) -> RestAnswer:
    """The runs of one workflow, newest first; `event` keeps those that it started."""
    if call.repo.is_private and not may_read(call, "actions"):
        return FORBIDDEN
    paths, number = _paths(call), call.arguments["workflow"]
    if not number.isdecimal() or not 0 < int(number) <= len(paths):
        return RestAnswer(404, {"message": "Not Found"})
    event = call.request.query.get("event")
    path = paths[int(number) - 1]
    runs = [run for run in call.repo.runs.values() if run.path == path and event in {None, run.event}]
    rows = [run_shape(run, call) for run in sorted(runs, key=lambda run: run.created_at, reverse=True)]
    part, links = page_of(call.request, call.base, rows)
    return RestAnswer(200, {"total_count": len(rows), "workflow_runs": part}, links)


def _paths(call: RestCall) -> list[str]:
    git = call.repo.git
    return sorted(path for path in git.ls("main") if path.startswith(FOLDER) and path.endswith((".yml", ".yaml")))


def _workflow(number: int, path: str, call: RestCall) -> JSON:
    url = f"{call.base}/api/v3/repos/{call.repo.full_name}/actions/workflows/{number}"
    created = stamp(call.repo.pushes[0].at if call.repo.pushes else call.actions.clock.now())
    return {
        "id": number,
        "node_id": f"W_{number}",
        "name": path.removeprefix(FOLDER),
        "path": path,
        "state": call.repo.workflow_states.get(path, "active"),
        "created_at": created,
        "updated_at": created,
        "url": url,
        "html_url": f"{call.base}/{call.repo.full_name}/blob/main/{path}",
        "badge_url": f"{call.base}/{call.repo.full_name}/workflows/{number}/badge.svg",
    }


ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/actions/workflows", list_workflows),
    Route("GET", "/repos/{owner}/{repo}/actions/workflows/{workflow}/runs", list_runs),
)
