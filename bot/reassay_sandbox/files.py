"""Workflow artifacts and release assets: what is kept, and the storage host that a download is redirected to."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from reassay_sandbox.traffic import SandboxRequest, SandboxResponse

if TYPE_CHECKING:
    from reassay_sandbox.judge import Judge

KEPT = timedelta(days=90)
STORAGE = "/_storage/"
"""Path of the signed addresses. On GitHub they are on another host, which must never see a token."""


@dataclass(slots=True)
class SandboxArtifact:
    """A workflow artifact: one zip archive."""

    id: int
    name: str
    run: int
    archive: bytes
    created_at: datetime
    head_commit: str
    head_repository: int
    """Id of the repository whose code ran: a fork's for a pull request of a fork."""
    is_deleted: bool = False

    def is_expired(self, now: datetime) -> bool:
        """Whether GitHub keeps it no longer."""
        return self.is_deleted or now >= self.created_at + KEPT


@dataclass(slots=True)
class ReleaseAsset:
    """A file of a release."""

    id: int
    name: str
    content: bytes


@dataclass(slots=True)
class SandboxRelease:
    """A release with its files."""

    id: int
    tag: str
    created_at: datetime
    assets: list[ReleaseAsset] = field(default_factory=list)


@dataclass(slots=True)
class Storage:
    """Files of a repository besides git."""

    artifacts: list[SandboxArtifact] = field(default_factory=list)
    releases: list[SandboxRelease] = field(default_factory=list)
    signed: dict[str, bytes] = field(default_factory=dict)
    """What signed addresses lead to, by their signature."""

    def sign(self, content: bytes) -> str:
        """The path of a signed address."""
        name = hashlib.sha256(content).hexdigest()[:24]
        self.signed[name] = content
        return f"{STORAGE}{name}"


def archive_of(files: Mapping[str, bytes]) -> bytes:
    """A zip archive, as `actions/upload-artifact` makes one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def from_storage(request: SandboxRequest, storages: "list[Storage]", judge: "Judge") -> SandboxResponse:
    """What a signed address leads to. A token that comes along is complained of: the host is another one."""
    if "authorization" in request.headers:
        judge.say(f"{request.method} {request.path}: a token was sent to the storage host")
    name = request.path.removeprefix(STORAGE)
    content = next((storage.signed[name] for storage in storages if name in storage.signed), None)
    if content is None:
        return SandboxResponse(404, b"", {}, "STORAGE")
    return SandboxResponse(200, content, {"content-type": "application/octet-stream"}, "STORAGE")
