"""A real bare repository on disk, driven by git's own plumbing and served by git's own upload-pack."""

import hashlib
import os
import secrets
import shutil
import subprocess
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_ENVIRONMENT = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C"}
_SWITCHES = "[uploadpack]\n\tallowAnySHA1InWant = true\n\tallowFilter = true\n\tallowTipSHA1InWant = true\n"


class GitError(Exception):
    """git refused."""


class SymbolicLink(bytes):
    """A file of a commit that is a symbolic link: its target."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class SandboxCommit:
    """One commit, for the pages."""

    oid: str
    subject: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class GitStore:
    """One repository."""

    folder: Path

    @staticmethod
    def create(folder: Path) -> "GitStore":
        """Empty, with `main` as default branch."""
        folder.mkdir(parents=True)
        store = GitStore(folder)
        store.run("init", "--quiet", "--bare", "--template=", "--initial-branch=main", ".")
        with (folder / "config").open("a", encoding="utf-8") as config:
            config.write(_SWITCHES)
        return store

    def copy(self, folder: Path) -> "GitStore":
        """A fork: all branches as they are now."""
        copy = GitStore.create(folder)
        copy.run("fetch", "--quiet", str(self.folder), "refs/heads/*:refs/heads/*")
        return copy

    def twin(self, folder: Path) -> "GitStore":
        """One more with the same branches, whose objects are this one's: made without running git, for many at once."""
        shutil.copytree(self.folder / "refs", folder / "refs")
        (folder / "objects" / "info").mkdir(parents=True)
        (folder / "objects" / "info" / "alternates").write_text(f"{self.folder / 'objects'}\n", encoding="utf-8")
        for name in ("HEAD", "config"):
            shutil.copyfile(self.folder / name, folder / name)
        return GitStore(folder)

    def run(self, *arguments: str, data: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        """Standard output. Raises GitError."""
        base = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**base, **_ENVIRONMENT, **(environment or {})},
            input=data,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise GitError(done.stderr.decode("utf-8", "replace").strip())
        return done.stdout

    def head(self, branch: str) -> str | None:
        """Commit of a branch."""
        loose = self.folder / "refs" / "heads" / branch
        if ".." not in branch and not (self.folder / "packed-refs").exists():
            # As git would say it, without a process: many repositories are looked at in one request.
            return loose.read_text(encoding="ascii").strip() if loose.is_file() else None
        try:
            return self.run("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}").decode().strip()
        except GitError:
            return None

    def resolve(self, reference: str) -> str | None:
        """Commit of a branch name or a commit id."""
        for name in (f"refs/heads/{reference}", reference):
            try:
                return self.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
            except GitError:
                continue
        return None

    def read(self, reference: str, path: str) -> bytes | None:
        """A file of a commit."""
        try:
            return self.run("cat-file", "blob", f"{reference}:{path}")
        except GitError:
            return None

    def ls(self, reference: str) -> tuple[str, ...]:
        """Paths of every file of a commit."""
        try:
            output = self.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", reference)
        except GitError:
            return ()
        return tuple(path for path in output.decode("utf-8", "replace").split("\0") if path)

    def log(self, reference: str, limit: int = 100) -> tuple[SandboxCommit, ...]:
        """The latest commits first."""
        try:
            output = self.run("log", f"-{limit}", "--format=%H%x1f%s%x1f%an%x1f%aI", reference, "--").decode()
        except GitError:
            return ()
        return tuple(SandboxCommit(*line.split("\x1f")) for line in output.splitlines())

    def blob(self, data: bytes) -> str:
        """Stores a file's content, as `git hash-object -w` does, without a process for each file."""
        content = b"blob %d\0" % len(data) + data
        oid = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        file = self.folder / "objects" / oid[:2] / oid[2:]
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            new = file.with_name(f"tmp_obj_{secrets.token_hex(8)}")
            new.write_bytes(zlib.compress(content, 1))
            new.chmod(0o444)
            new.replace(file)
        return oid

    def tree(self, entries: Sequence[tuple[str, str, str | None]], base: str | None) -> str:
        """A tree from (path, mode, oid); oid None removes the path of `base`."""
        index = {"GIT_INDEX_FILE": str(self.folder / f"index.{os.getpid()}.{id(entries)}")}
        try:
            self.run("read-tree", *([base] if base else ["--empty"]), environment=index)
            lines = [f"0 {'0' * 40}\t{path}" if oid is None else f"{mode} {oid}\t{path}" for path, mode, oid in entries]
            data = "".join(f"{line}\0" for line in lines).encode()
            self.run("update-index", "-z", "--index-info", data=data, environment=index)
            return self.run("write-tree", environment=index).decode().strip()
        finally:
            Path(index["GIT_INDEX_FILE"]).unlink(missing_ok=True)

    def commit_tree(self, tree: str, parents: Sequence[str], message: str, author: str, at: datetime) -> str:
        """A commit object; no branch moves."""
        stamp = f"{int(at.timestamp())} +0000"
        who = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", author), ("EMAIL", _email(author)), ("DATE", stamp))
        }
        flags = [flag for parent in parents for flag in ("-p", parent)]
        return self.run("commit-tree", tree, *flags, data=message.encode(), environment=who).decode().strip()

    def set_branch(self, branch: str, commit: str, expected: str | None) -> None:
        """Compare and swap. Raises GitError if the branch is not at `expected` (None: is not there)."""
        self.run("update-ref", f"refs/heads/{branch}", commit, expected or "0" * 40)

    def delete_branch(self, branch: str, expected: str) -> None:
        """Compare and delete."""
        self.run("update-ref", "-d", f"refs/heads/{branch}", expected)

    def merge(self, head: str, base: str, message: str, author: str, at: datetime) -> str:
        """A merge commit on `base`. Raises GitError for a conflict."""
        ours, theirs = self.head(base), self.head(head) or self.resolve(head)
        if ours is None or theirs is None:
            raise GitError(f"{base} or {head} is no branch")
        tree = self.run("merge-tree", "--write-tree", ours, theirs).decode().split("\n", 1)[0].strip()
        merge = self.commit_tree(tree, [ours, theirs], message, author, at)
        self.set_branch(base, merge, ours)
        return merge

    def squash(self, head: str, base: str, message: str, author: str, at: datetime) -> str:
        """One commit on `base` with everything that `head` brings. Raises GitError for a conflict."""
        ours, theirs = self.head(base) or "", self.resolve(head) or ""
        tree = self.run("merge-tree", "--write-tree", ours, theirs).decode().split("\n", 1)[0].strip()
        commit = self.commit_tree(tree, [ours], message, author, at)
        self.set_branch(base, commit, ours)
        return commit

    def rebase(self, head: str, base: str, author: str, at: datetime) -> tuple[str, ...]:
        """Every commit of `head` once more on `base`. Raises GitError for a conflict."""
        onto, tip = self.head(base) or "", self.resolve(head) or ""
        start = self.run("merge-base", onto, tip).decode().strip()
        commits: list[str] = []
        for commit in self.run("rev-list", "--reverse", "--no-merges", f"{start}..{tip}").decode().split():
            above = [*commits[-1:], onto][0]
            # Beside the commit, so that its own parent is what both are compared with.
            beside = self.commit_tree(
                self.run("rev-parse", f"{above}^{{tree}}").decode().strip(), [f"{commit}^"], "", author, at
            )
            tree = self.run("merge-tree", "--write-tree", beside, commit).decode().split("\n", 1)[0].strip()
            commits.append(self.commit_tree(tree, [above], f"{commit[:7]} again", author, at))
        self.set_branch(base, commits[-1], onto)
        return tuple(commits)

    def brought_by(self, branch: str, head: str, most: int = 50) -> str | None:
        """The first commit of a branch's own line that has `head` in its history; None if it has not."""
        if not self.is_ancestor(head, f"refs/heads/{branch}"):
            return None
        line = self.run("rev-list", "--first-parent", f"--max-count={most}", f"refs/heads/{branch}").decode().split()
        holding = [commit for commit in line if self.is_ancestor(head, commit)]
        return holding[-1] if holding else None

    def moved_forward(self, head: str, tips: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """Where a branch stood before it moved to `head`, by its earlier tips, and the commits since, oldest first."""
        before = tips[-1] if tips else self.run("rev-list", "--max-parents=0", head).decode().split()[-1]
        came = self.run("rev-list", "--reverse", head, f"^{before}").decode().split()
        return before, tuple(came) or (head,)

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Whether a commit is in another one's history."""
        try:
            self.run("merge-base", "--is-ancestor", commit, of)
        except GitError:
            return False
        return True

    def came_by(self, commit: str, merge: str) -> bool:
        """Whether a commit is a merge, or was brought by it."""
        brought = self.run("rev-list", f"{merge}^1..{merge}").decode().split()
        return commit in brought

    def difference(self, base: str, head: str) -> str:
        """What `head` changes, as a patch; nothing if either is gone."""
        try:
            return self.run("diff", f"refs/heads/{base}...{head}").decode("utf-8", "replace")
        except GitError:
            return ""

    def commit(self, files: Mapping[str, bytes | None], message: str, author: str, branch: str, at: datetime) -> str:
        """Files added, changed or (None) removed on a branch, which is created if it is not there.

        Raises GitError if the branch moved meanwhile. One process of git, because a test makes many commits.
        """
        parent = self.head(branch)
        text = message.encode()
        lines = [
            f"commit refs/heads/{branch}\nmark :1\ncommitter {_person(author)} {int(at.timestamp())} +0000\n".encode(),
            b"data %d\n%b\n" % (len(text), text),
            f"from {parent}\n".encode() if parent else b"",
        ]
        # What goes first makes room for what comes.
        lines += [f"D {_quoted(path)}\n".encode() for path, data in files.items() if data is None]
        lines += [_file(path, data) for path, data in files.items() if data is not None]
        imported = b"".join((*lines, b"get-mark :1\n"))
        options = ("-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--cat-blob-fd=1")
        return self.run(*options, data=imported).decode().strip()


def _file(path: str, data: bytes) -> bytes:
    mode = "120000" if isinstance(data, SymbolicLink) else "100644"
    return f"M {mode} inline {_quoted(path)}\n".encode() + b"data %d\n%b\n" % (len(data), data)


def _quoted(path: str) -> str:
    """A path as `git fast-import` reads it."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _person(author: str) -> str:
    return f"{author} <{_email(author)}>"


def _email(author: str) -> str:
    return f"{author.replace('[bot]', '')}@users.noreply.example.org"
