"""The register of a pack: the commit of an instant, and its files as a reproducible tar archive."""

import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from reassay.register.files import MAX_FILE_BYTES, File, Mode, Tree
from reassay.register.files.git_tree import is_hidden

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
        return [file for path, file in self.files.items() if path.startswith(prefix) and not is_hidden(path, prefix)]


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
