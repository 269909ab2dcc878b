"""Result files that commands name: of a commit, of a workflow's artifact or of a release. They are fetched, read and deleted."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

from reassay.common.errors import LimitError, UpstreamError
from reassay.evidence.files.archive_member import unpack
from reassay.evidence.files.result_file import result_file
from reassay.evidence.read_result import read_result, reader_of
from reassay.evidence.readers.base import UnreadableResultError
from reassay.evidence.result_request import (
    ResultContent,
    ResultOutcome,
    ResultRefusal,
    ResultRequest,
    ResultUnavailable,
)
from reassay.github.stored_files import NoStoredFileError, StoredFiles
from reassay.sweep.repository.contents import LARGEST_FILE, RepositoryContents

_CHUNK = 1 << 20
_LFS = b"version https://git-lfs.github.com/"
_TABLES = frozenset({"csv", "json"})
SEAL = "seal it with `reassay evidence seal FILE`"


@dataclass(frozen=True, slots=True)
class _FetchedFile:
    """A file on this machine, and where it is from."""

    path: Path
    commit: str = ""
    member: str = ""


@dataclass(frozen=True, slots=True)
class ResultFiles:
    """Reader of the result files of one repository. Files that are not in git cost two API requests each."""

    contents: RepositoryContents
    stored: StoredFiles

    def read(self, requests: Iterable[ResultRequest]) -> Mapping[ResultRequest, ResultOutcome]:
        """What came of each request. Raises LimitError, so that the run waits."""
        return {request: self._outcome(request) for request in dict.fromkeys(requests)}

    def _outcome(self, request: ResultRequest) -> ResultOutcome:
        with TemporaryDirectory(prefix="reassay-", ignore_cleanup_errors=True) as folder:
            try:
                fetched = self._fetch(request, Path(folder))
            except (NoStoredFileError, UnreadableResultError) as error:
                return ResultRefusal(str(error), error.remedy)
            except LimitError:
                raise
            except UpstreamError as error:
                return ResultUnavailable(str(error))
            return _read(fetched, request)

    def _fetch(self, request: ResultRequest, folder: Path) -> _FetchedFile:
        kind, _, place = request.locator.partition(":")
        target = folder / "result"
        if kind == "artifact":
            run, _, rest = place.partition("/")
            name, _, member = rest.partition("/")
            commit = self.stored.artifact(int(run), unquote(name), folder / "archive")
            member = unpack(folder / "archive", unquote(member), target)
            return _FetchedFile(target, commit, member)
        if kind == "release":
            tag, _, name = place.rpartition("/")
            self.stored.asset(unquote(tag), unquote(name), target)
            return _FetchedFile(target)
        target.write_bytes(self._blob(request))
        return _FetchedFile(target)

    def _blob(self, request: ResultRequest) -> bytes:
        data = self.contents.blob(request.locator, request.commit)
        where = f"'{request.locator}' at {request.commit[:7]}"
        if data is None:
            raise NoStoredFileError(f"there is no file {where} in this repository", f"Commit it first, or {SEAL}.")
        if isinstance(data, int):
            raise NoStoredFileError(
                f"{where} has {data:,} bytes, more than the {LARGEST_FILE:,} that are read from a commit",
                f"Attach it to a release (`release:<tag>/<asset>`) or upload it as an artifact, or {SEAL}.",
            )
        if data.startswith(_LFS):
            raise NoStoredFileError(
                f"{where} is a pointer of Git LFS, and the file itself is not in the commit",
                "Attach the file to a release (`release:<tag>/<asset>`), or commit it without Git LFS.",
            )
        return data


def _read(fetched: _FetchedFile, request: ResultRequest) -> ResultOutcome:
    opened = result_file(fetched.path, name=fetched.member or request.locator)
    reader = reader_of(opened)
    # Any text with a comma is CSV: a table is a result only if it has a column that is declared.
    columns = request.options.columns
    is_declared = columns is not None and columns.outcome.encode() in opened.head
    is_recognised = reader is not None and (reader.name not in _TABLES or is_declared)
    try:
        readings = read_result(opened, request.options)
    except UnreadableResultError as error:
        return ResultRefusal(str(error), error.remedy, is_recognised=is_recognised)
    return ResultContent(_digest(fetched.path), readings, fetched.commit, fetched.member)


def _digest(path: Path) -> str:
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha.update(chunk)
    return f"file:sha256:{sha.hexdigest()}"
