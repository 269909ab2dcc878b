"""Smart HTTP: git's own backend behind the dispatcher."""

import os
import subprocess
from pathlib import Path

from reassay_sandbox.state import Repo
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

SERVICES = frozenset({"git-upload-pack"})


def serve(request: SandboxRequest, repo: Repo, rest: str) -> SandboxResponse:
    """`rest` is what follows `OWNER/NAME.git`. Pushing is refused: people commit through the sandbox's own interface."""
    service = request.query.get("service") or rest.removeprefix("/")
    if service not in SERVICES:
        return SandboxResponse(403, b"only fetching is served here", operation=f"GIT {service}")
    folder = repo.git.folder
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        "GIT_PROJECT_ROOT": str(folder.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH_INFO": f"/{folder.name}{rest}",
        "QUERY_STRING": request.raw_query,
        "REQUEST_METHOD": request.method,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
    }
    done = subprocess.run(
        ["git", "http-backend"], env=environment, input=request.body, capture_output=True, check=False, cwd=Path(folder)
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
    status = int(headers.pop("Status", "200").split()[0])
    return SandboxResponse(
        status,
        body,
        {key.lower(): value for key, value in headers.items()},
        operation=f"GIT {service.removeprefix('git-')}",
    )
