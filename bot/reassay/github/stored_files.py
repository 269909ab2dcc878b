"""Files that GitHub stores besides git: artifacts of workflow runs, and assets of releases. They are downloaded with bounds.

GitHub redirects a download to a storage host with a signed address. The token goes to GitHub's API alone, never further.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from reassay.common.errors import NotAllowedError, NotFoundError
from reassay.github.client import Client
from reassay.github.download import download
from reassay.github.odd_answers import reads

LARGEST_DOWNLOAD = 200_000_000
"""Bytes of an artifact's archive or of a release's asset; larger ones are refused before they are downloaded."""
PAGE = 100
ACTIONS_READ = (
    "Reading artifacts needs `actions: read`. In a workflow, add it to `permissions`; for an App, accept it in the settings of"
    " the installation. Or commit the file to this repository."
)


class NoStoredFileError(Exception):
    """A stored file that does not exist, exists no longer, or must not be taken. The message says why, without a full stop."""

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why)
        self.remedy = remedy
        """What to do instead, as a sentence."""


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """Reader of the stored files of one repository. A file costs one request to find it, and one to download it."""

    client: Client
    full_name: str
    repository: int
    """GitHub's id of the repository."""

    def artifact(self, run: int, name: str, target: Path) -> str:
        """Downloads the archive of an artifact to `target`. Returns the commit that the run was of.

        Raises NoStoredFileError, and UpstreamError if GitHub is not available.
        """
        number, commit = self._artifact(run, name)
        try:
            download(self.client, f"{self._path}/actions/artifacts/{number}/zip", target, LARGEST_DOWNLOAD)
        except NotAllowedError as error:
            raise NoStoredFileError("the token may not read artifacts", ACTIONS_READ) from error
        except NotFoundError as error:
            raise NoStoredFileError(f"the artifact '{name}' of run {run} has expired", COMMIT_SOONER) from error
        return commit

    @reads
    def _artifact(self, run: int, name: str) -> tuple[int, str]:
        """Id and commit of the newest artifact of this name: a run that was started again has several."""
        try:
            answer = self.client.read(f"{self._path}/actions/runs/{run}/artifacts", {"name": name, "per_page": PAGE})
        except NotFoundError as error:
            raise NoStoredFileError(f"there is no workflow run {run} in this repository", CHECK_RUN) from error
        except NotAllowedError as error:
            raise NoStoredFileError("the token may not read artifacts", ACTIONS_READ) from error
        rows = [row for row in answer["artifacts"] if row["name"] == name]
        if not rows:
            raise NoStoredFileError(f"run {run} has no artifact '{name}'", CHECK_RUN)
        row = max(rows, key=lambda row: int(row["id"]))
        if row["expired"]:
            raise NoStoredFileError(f"the artifact '{name}' of run {run} has expired", COMMIT_SOONER)
        origin: Mapping[str, Any] = row["workflow_run"]
        if origin["head_repository_id"] != self.repository:
            raise NoStoredFileError(
                f"run {run} ran the code of another repository (a fork), which can write any numbers",
                "Run the evaluation in this repository.",
            )
        _refuse_size(int(row["size_in_bytes"]), f"the artifact '{name}'")
        return int(row["id"]), str(origin["head_sha"])

    def asset(self, tag: str, name: str, target: Path) -> None:
        """Downloads an asset of a release to `target`.

        Raises NoStoredFileError, and UpstreamError if GitHub is not available.
        """
        number = self._asset(tag, name)
        try:
            download(self.client, f"{self._path}/releases/assets/{number}", target, LARGEST_DOWNLOAD)
        except (NotFoundError, NotAllowedError) as error:
            raise NoStoredFileError(
                f"the asset '{name}' of release {tag} cannot be downloaded", CHECK_RELEASE
            ) from error

    @reads
    def _asset(self, tag: str, name: str) -> int:
        try:
            answer = self.client.read(f"{self._path}/releases/tags/{quote(tag, safe='')}")
        except (NotFoundError, NotAllowedError) as error:
            raise NoStoredFileError(
                f"there is no published release with the tag {tag} in this repository", CHECK_RELEASE
            ) from error
        row: Mapping[str, Any] | None = next((row for row in answer["assets"] if row["name"] == name), None)
        if row is None:
            raise NoStoredFileError(f"release {tag} has no asset '{name}'", CHECK_RELEASE)
        _refuse_size(int(row["size"]), f"the asset '{name}'")
        return int(row["id"])

    @property
    def _path(self) -> str:
        return f"/repos/{self.full_name}"


COMMIT_SOONER = "Run the evaluation again, or commit its result file to this repository."
CHECK_RUN = "Check the number in the run's address, and the name in its list of artifacts."
CHECK_RELEASE = "Check the tag and the name on the release's page."


def _refuse_size(size: int, what: str) -> None:
    if size > LARGEST_DOWNLOAD:
        raise NoStoredFileError(
            f"{what} has {size:,} bytes, more than {LARGEST_DOWNLOAD:,}",
            "Split the result by task, or leave out what is not counted, such as transcripts.",
        )
