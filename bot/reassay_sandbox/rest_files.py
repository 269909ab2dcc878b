"""REST: artifacts of workflow runs, and assets of releases."""

from reassay_sandbox.files import KEPT, ReleaseAsset, SandboxArtifact, SandboxRelease
from reassay_sandbox.rest_base import JSON, RestAnswer, RestCall, Route, page_of
from reassay_sandbox.shapes import stamp, user

FORBIDDEN = RestAnswer(403, {"message": "Resource not accessible by integration"})


def may_read(call: RestCall, permission: str) -> bool:
    """A workflow's artifact is downloaded with a token only, also from a public repository; a public release is everybody's."""
    if permission == "contents" and not call.repo.is_private:
        return True
    return call.token.permissions.get(permission) in {"read", "write", "admin"} or call.token.through is not None


def list_artifacts(call: RestCall) -> RestAnswer:
    if call.repo.is_private and not may_read(call, "actions"):
        return FORBIDDEN
    run, name = int(call.arguments["run"]), call.request.query.get("name")
    kept = [own for own in call.repo.storage.artifacts if own.run == run and name in {None, own.name}]
    if not kept and run not in {own.run for own in call.repo.storage.artifacts}:
        return RestAnswer(404, {"message": "Not Found"})
    rows = [artifact_shape(own, call) for own in reversed(kept)]
    part, links = page_of(call.request, call.base, rows)
    return RestAnswer(200, {"total_count": len(rows), "artifacts": part}, links)


def artifact_shape(own: SandboxArtifact, call: RestCall) -> JSON:
    """An artifact, as GitHub lists it."""
    url = f"{call.base}/api/v3/repos/{call.repo.full_name}/actions/artifacts/{own.id}"
    return {
        "id": own.id,
        "node_id": f"A_{own.id}",
        "name": own.name,
        "size_in_bytes": len(own.archive),
        "url": url,
        "archive_download_url": f"{url}/zip",
        "expired": own.is_expired(call.actions.clock.now()),
        "created_at": stamp(own.created_at),
        "expires_at": stamp(own.created_at + KEPT),
        "updated_at": stamp(own.created_at),
        "workflow_run": {
            "id": own.run,
            "repository_id": call.repo.id,
            "head_repository_id": own.head_repository,
            "head_branch": "main",
            "head_sha": own.head_commit,
        },
    }


def download_artifact(call: RestCall) -> RestAnswer:
    if not may_read(call, "actions"):
        return FORBIDDEN
    wanted = int(call.arguments["artifact"])
    own = next(kept for kept in call.repo.storage.artifacts if kept.id == wanted)
    if own.is_expired(call.actions.clock.now()):
        return RestAnswer(410, {"message": "Artifact has expired"})
    return RestAnswer(302, None, {"location": f"{call.base}{call.repo.storage.sign(own.archive)}"})


def get_release(call: RestCall) -> RestAnswer:
    if not may_read(call, "contents"):
        return FORBIDDEN
    own = next(kept for kept in call.repo.storage.releases if kept.tag == call.arguments["tag"])
    return RestAnswer(200, _release(own, call))


def _release(own: SandboxRelease, call: RestCall) -> JSON:
    url = f"{call.base}/api/v3/repos/{call.repo.full_name}/releases"
    return {
        "id": own.id,
        "node_id": f"RE_{own.id}",
        "url": f"{url}/{own.id}",
        "tag_name": own.tag,
        "target_commitish": "main",
        "name": own.tag,
        "draft": False,
        "prerelease": False,
        "created_at": stamp(own.created_at),
        "published_at": stamp(own.created_at),
        "author": user(call.actor, call.base),
        "assets": [_asset(asset, url, own, call) for asset in own.assets],
    }


def _asset(asset: ReleaseAsset, url: str, own: SandboxRelease, call: RestCall) -> JSON:
    return {
        "id": asset.id,
        "node_id": f"RA_{asset.id}",
        "url": f"{url}/assets/{asset.id}",
        "name": asset.name,
        "label": None,
        "state": "uploaded",
        "content_type": "application/octet-stream",
        "size": len(asset.content),
        "download_count": 0,
        "created_at": stamp(own.created_at),
        "updated_at": stamp(own.created_at),
        "uploader": user(call.actor, call.base),
    }


def download_asset(call: RestCall) -> RestAnswer:
    """A redirection, if the caller accepts the file itself; else what is known of it."""
    if not may_read(call, "contents"):
        return FORBIDDEN
    wanted = int(call.arguments["asset"])
    own, asset = next(
        (release, asset) for release in call.repo.storage.releases for asset in release.assets if asset.id == wanted
    )
    if "application/octet-stream" not in call.request.headers.get("accept", ""):
        url = f"{call.base}/api/v3/repos/{call.repo.full_name}/releases"
        return RestAnswer(200, _asset(asset, url, own, call))
    return RestAnswer(302, None, {"location": f"{call.base}{call.repo.storage.sign(asset.content)}"})


ROUTES = (
    Route("GET", "/repos/{owner}/{repo}/actions/runs/{run}/artifacts", list_artifacts),
    Route("GET", "/repos/{owner}/{repo}/actions/artifacts/{artifact}/zip", download_artifact),
    Route("GET", "/repos/{owner}/{repo}/releases/tags/{tag}", get_release),
    Route("GET", "/repos/{owner}/{repo}/releases/assets/{asset}", download_asset),
)
