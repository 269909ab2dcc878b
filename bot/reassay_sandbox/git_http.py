"""Smart HTTP: what git's own HTTP backend does for fetching, with git's own `upload-pack` behind the dispatcher."""

import gzip
import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from reassay_sandbox.gitstore import GitStore
from reassay_sandbox.state import Repo
from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

SERVICE = "git-upload-pack"
VERSION_2 = "version=2"
_UNCACHED = {"cache-control": "no-cache, max-age=0, must-revalidate"}
_FIRST_LINE = b"001e# service=git-upload-pack\n0000"
"""What older protocols begin with."""


def serve(request: SandboxRequest, repo: Repo, rest: str) -> SandboxResponse:
    """`rest` is what follows `OWNER/NAME.git`. Pushing is refused: people commit through the sandbox's own interface."""
    service = request.query.get("service") or rest.removeprefix("/")
    if service != SERVICE or (request.method, rest) not in {("GET", "/info/refs"), ("POST", f"/{SERVICE}")}:
        return SandboxResponse(403, b"only fetching is served here", operation=f"GIT {service}")
    protocol = request.headers.get("git-protocol", "")
    if request.method == "GET":
        body, kind = _advertisement(repo.git.folder, protocol), "advertisement"
    else:
        is_packed = request.headers.get("content-encoding", "") in {"gzip", "x-gzip"}
        data = gzip.decompress(request.body) if is_packed else request.body
        body, kind = _upload_pack(repo.git.folder, protocol, data), "result"
    headers = {"content-type": f"application/x-{SERVICE}-{kind}", **_UNCACHED}
    return SandboxResponse(200, body, headers, operation="GIT upload-pack")


def _advertisement(folder: Path, protocol: str) -> bytes:
    if protocol == VERSION_2:
        return _capabilities()
    return _FIRST_LINE + _upload_pack(folder, protocol, b"", "--advertise-refs")


@cache
def _capabilities() -> bytes:
    """Those of protocol 2. They name no reference, so that they are the same for every repository here: one is asked."""
    with TemporaryDirectory(prefix="sandbox-") as folder:
        store = GitStore.create(Path(folder) / "repository.git")
        return _upload_pack(store.folder, VERSION_2, b"", "--advertise-refs")


def _upload_pack(folder: Path, protocol: str, data: bytes, *options: str) -> bytes:
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_PROTOCOL": protocol,
    }
    command = ["git", "upload-pack", "--strict", "--stateless-rpc", *options, str(folder)]
    return subprocess.run(command, env=environment, input=data, capture_output=True, check=False).stdout
