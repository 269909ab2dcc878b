"""The register of a pack: the commit of an instant, and its files as a reproducible tar archive."""

import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from reassay.ledger.entry import Entry
from reassay.register.files import MAX_FILE_BYTES, File, Mode, Tree


@dataclass(frozen=True, slots=True)
class BranchCommit:
    """One commit of the branch's first-parent line."""

    id: str
    at: datetime
    """Committer date, in UTC."""


@dataclass(frozen=True, slots=True)
class CommitChoice:
    """The chosen commit and the reason for the choice."""

    commit: BranchCommit | None
    """None if the branch had no commit yet."""
    because: str
    """Half a sentence."""


def read_branch_log(text: str) -> tuple[BranchCommit, ...]:
    """The commits that `git log --first-parent --format='%H %ct'` prints, newest first. Raises ValueError."""
    commits = []
    for line in text.splitlines():
        name, _, seconds = line.partition(" ")
        if len(name) not in {40, 64} or not name.isalnum():
            raise ValueError(f"{line[:80]!r} names no commit")
        commits.append(BranchCommit(name, datetime.fromtimestamp(int(seconds), UTC)))
    return tuple(commits)


def register_commit_at(line: Sequence[BranchCommit], entries: Iterable[Entry], instant: datetime) -> CommitChoice:
    """The branch's commit at `instant`; `line` is newest first."""
    oldest_first = list(reversed(line))
    places = {commit.id: number for number, commit in enumerate(oldest_first)}
    by_date = max((number for number, commit in enumerate(oldest_first) if commit.at <= instant), default=-1)
    before, after = _bounds(places, entries, instant)
    if before is not None and places[before.register_commit] > by_date:
        why = f"entry {before.seq} of the ledger, recorded by then, names it; its own date is later"
        return CommitChoice(oldest_first[places[before.register_commit]], why)
    if after is not None and by_date > places[after.register_commit]:
        why = f"entry {after.seq} of the ledger, recorded after that, still names it; later commits give earlier dates"
        return CommitChoice(oldest_first[places[after.register_commit]], why)
    if by_date < 0:
        return CommitChoice(None, "the branch had no commit by then")
    return CommitChoice(oldest_first[by_date], "the last commit of the branch that is dated until then")


def _bounds(
    places: Mapping[str, int], entries: Iterable[Entry], instant: datetime
) -> tuple[Entry | None, Entry | None]:
    """The last entry recorded until `instant` and the first one after it, of the entries that name a commit of the branch."""
    named = [entry for entry in entries if entry.register_commit in places]
    before = [entry for entry in named if entry.recorded_at <= instant]
    after = [entry for entry in named if entry.recorded_at > instant]
    return (before[-1] if before else None), (after[0] if after else None)


_MODE, _SIZE, _UNREAD = "REASSAY.mode", "REASSAY.size", "REASSAY.unread"


@dataclass(frozen=True)
class RecordingTree:
    """A tree that records which files were read."""

    tree: Tree
    seen: dict[str, File] = field(default_factory=dict)

    def read(self, path: str) -> File | None:
        """The file at `path`, or None; it is recorded."""
        file = self.tree.read(path)
        if file is not None:
            self.seen[file.path] = file
        return file

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`, each recorded when it is read."""
        for file in self.tree.list(folder):
            self.seen.setdefault(file.path, file)
            yield file


@dataclass(frozen=True)
class ArchivedTree:
    """The tree of the files in an archive."""

    files: Mapping[str, File]

    def read(self, path: str) -> File | None:
        """The file at `path`, or None."""
        return self.files.get(path)

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`; folders that begin with a dot are passed over."""
        prefix = folder.rstrip("/") + "/"
        return [file for path, file in self.files.items() if path.startswith(prefix) and not _is_hidden(path, prefix)]


def _is_hidden(path: str, prefix: str) -> bool:
    return any(part.startswith(".") for part in path.removeprefix(prefix).split("/")[:-1])


def pack(files: Iterable[File], commit: str | None) -> bytes:
    """The archive of some files, in order of path, without dates and owners, so the same files give the same bytes.

    A link is stored as a regular file with its target.
    """
    data = io.BytesIO()
    headers = {"comment": commit} if commit else {}
    with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT, pax_headers=headers) as tar:
        for file in sorted(files, key=lambda file: file.path):
            content = file.data or b""
            info = tarfile.TarInfo(file.path)
            info.size = len(content)
            info.mode = 0o644
            info.pax_headers = dict(_headers(file))
            tar.addfile(info, io.BytesIO(content))
    return data.getvalue()


def _headers(file: File) -> Iterator[tuple[str, str]]:
    if file.mode is not Mode.FILE:
        yield _MODE, str(file.mode)
    if file.data is None:
        yield _UNREAD, "yes"
        yield _SIZE, str(file.size)


def unpack(data: bytes) -> tuple[Mapping[str, File], str | None]:
    """The files of an archive, and their commit. Raises ValueError for anything that `pack` does not write."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as tar:
            files = {member.name: _file(tar, member) for member in tar.getmembers()}
            return files, tar.pax_headers.get("comment")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise ValueError(f"it cannot be read ({type(error).__name__})") from error


def _file(tar: tarfile.TarFile, member: tarfile.TarInfo) -> File:
    if not member.isreg() or member.issparse() or member.size > MAX_FILE_BYTES:
        raise ValueError(f"{member.name!r} is not a regular file of a register")
    stream = tar.extractfile(member)
    content = stream.read() if stream else b""
    headers = member.pax_headers
    mode = Mode(headers.get(_MODE, Mode.FILE))
    if headers.get(_UNREAD):
        return File(member.name, None, mode, int(headers.get(_SIZE, "0")))
    return File(member.name, content, mode, len(content))


def git_ids(files: Mapping[str, File]) -> Mapping[str, str]:
    """Git blob id by path, of each file that was read."""
    return {path: _blob(file.data) for path, file in files.items() if file.data is not None}


def _blob(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content), usedforsecurity=False).hexdigest()
