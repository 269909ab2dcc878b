"""git: reading the register and the ledger without an API call. Run with argument lists, never through a shell."""

import base64
import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reassay.common.errors import NotFoundError, UnavailableError, UpstreamError

TIMEOUT_SECONDS = 120
LEDGER_BRANCH = "reassay-ledger"
LEDGER_PLACES = (f"refs/remotes/origin/{LEDGER_BRANCH}", f"refs/heads/{LEDGER_BRANCH}")
"""Where a clone has it; the first that is there counts."""
_FIELDS = 2
_CONFLICT = 1
_UNREACHABLE = re.compile(
    r"returned error: (5\d\d|429)|Could not resolve host|Failed to connect|Couldn't connect|Connection (refused|reset|timed out)"
    r"|Empty reply from server|unexpected disconnect|early EOF|Operation timed out|remote end hung up"
)
"""How git, in English, says that the other side was not there: the repository itself may be fine."""


@dataclass(frozen=True, slots=True)
class Remote:
    """What a remote says it has."""

    default_branch: str
    head: str
    """Commit of the default branch."""
    ledger_head: str | None


class TreeEntry(NamedTuple):
    """A file of a commit. A tuple, since registers have ten thousand."""

    path: str
    mode: str
    """As git writes it: 100644, 100755, 120000 (a symbolic link), 160000 (a submodule)."""
    oid: str
    size: int


@dataclass(frozen=True, slots=True)
class Git:
    """One repository on disk."""

    folder: Path
    credentials: tuple[tuple[str, str], ...] = ()
    """Environment that carries a token to one address; it never stands on a command line."""

    @staticmethod
    def new(folder: Path) -> "Git":
        """An empty bare repository."""
        folder.mkdir(parents=True, exist_ok=True)
        git = Git(folder)
        git.run("init", "--quiet", "--bare", "--initial-branch=main", ".")
        return git

    def with_token(self, url: str, token: str) -> "Git":
        """The same repository, talking to `url` with a token."""
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        variables = (
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", f"http.{url}.extraHeader"),
            ("GIT_CONFIG_VALUE_0", f"Authorization: Basic {basic}"),
        )
        return Git(self.folder, variables)

    def run(self, *arguments: str, data: bytes | None = None) -> bytes:
        """Standard output of `git ARGUMENTS`. Raises UpstreamError with git's own last line."""
        process = self._process(arguments, data)
        if process.returncode:
            message = _last_line(process.stderr)
            kind = UnavailableError if _UNREACHABLE.search(message) else UpstreamError
            raise kind(f"git {arguments[0]} failed: {message}")
        return process.stdout

    def ask(self, *arguments: str) -> tuple[int, bytes]:
        """Exit code and standard output, where the code is an answer. Raises UpstreamError if git cannot be run."""
        process = self._process(arguments, None)
        return process.returncode, process.stdout

    def _environment(self) -> Mapping[str, str]:
        """What git gets to know of this process's own, and that it must never ask a person."""
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "LC_ALL": "C",
            **dict(self.credentials),
        }

    def _process(self, arguments: tuple[str, ...], data: bytes | None) -> "subprocess.CompletedProcess[bytes]":
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=self.folder,
                env=self._environment(),
                input=data if data is not None else b"",
                capture_output=True,
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise UpstreamError("git was not found on this machine.", remedy="Install git and try again.") from error
        except subprocess.TimeoutExpired as error:
            raise UnavailableError(
                f"git {arguments[0]} took longer than {TIMEOUT_SECONDS} s", remedy="Try again."
            ) from error

    def resolve(self, *names: str) -> str | None:
        """Commit of the first of `names` that exists."""
        return next((commit for commit in self.commits(*names) if commit is not None), None)

    def commits(self, *names: str) -> Sequence[str | None]:
        """The commit of each of `names`; None where there is none, and everywhere if this is no repository.

        Raises UpstreamError if git cannot be run.
        """
        valid = [name for name in names if "\n" not in name and "\0" not in name]
        data = "".join(f"{name}^{{commit}}\n" for name in valid).encode("utf-8", "surrogateescape")
        process = self._process(("cat-file", "--batch-check"), data)
        if process.returncode:
            return [None] * len(names)
        by_name = dict(zip(valid, map(_commit, process.stdout.decode("utf-8", "replace").splitlines()), strict=False))
        return [by_name.get(name) for name in names]

    def look(self, url: str) -> Remote:
        """The default branch and the ledger's head. Raises NotFoundError for a repository without commits."""
        output = self._ask("ls-remote", "--symref", url, "HEAD", f"refs/heads/{LEDGER_BRANCH}").decode()
        heads: dict[str, str] = {}
        branch = "main"
        for line in output.splitlines():
            what, _, name = line.partition("\t")
            if what.startswith("ref: refs/heads/"):
                branch = what.removeprefix("ref: refs/heads/")
            else:
                heads[name] = what
        if "HEAD" not in heads:
            raise NotFoundError("the repository has no commit yet", where=url, remedy="Push the register first.")
        return Remote(branch, heads["HEAD"], heads.get(f"refs/heads/{LEDGER_BRANCH}"))

    def fetch(self, url: str, *commits: str, depth: int = 1) -> None:
        """Brings commits here, without their history, or with so many generations of it."""
        self._ask("fetch", "--quiet", "--no-tags", f"--depth={depth}", "--no-write-fetch-head", url, *commits)

    def _ask(self, *arguments: str) -> bytes:
        """Asks a remote; once more if it did not answer, because reading changes nothing."""
        try:
            return self.run(*arguments)
        except UpstreamError:
            return self.run(*arguments)

    def fetch_history(self, url: str, *commits: str) -> None:
        """Brings commits here, with all of their history."""
        self._ask("fetch", "--quiet", "--no-tags", "--depth=2147483647", "--no-write-fetch-head", url, *commits)

    def branch_tip(self, url: str, branch: str) -> str:
        """Commit of a remote branch. Raises NotFoundError."""
        output = self._ask("ls-remote", url, f"refs/heads/{branch}").decode()
        if not output.strip():
            raise NotFoundError(f"there is no branch {branch}", where=url)
        return output.split()[0]

    def has_parents(self, commit: str) -> bool:
        """Whether every parent of a commit is here: a shallow one is cut off from its own."""
        code, output = self.ask("cat-file", "commit", commit)
        if code:
            return False
        parents = [
            line.split()[1] for line in output.decode("utf-8", "replace").splitlines() if line.startswith("parent ")
        ]
        shallow = self.ask("rev-parse", "--verify", "--quiet", f"{commit}^")[0] != 0
        return not parents or (not shallow and all(self.resolve(parent) is not None for parent in parents))

    def changed(self, before: str, after: str) -> Mapping[str, tuple[str | None, str | None]]:
        """Paths that differ between two commits or trees, with their object ids. A rename is a loss and a find."""
        output = self.run("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", before, after)
        parts = _text(output).split("\0")
        ids: dict[str, tuple[str | None, str | None]] = {}
        for head, path in zip(parts[::2], parts[1::2], strict=False):
            _, _, old, new, _ = head.split()
            ids[path] = (_object(old), _object(new))
        return ids

    def is_ancestor(self, before: str, after: str) -> bool:
        """Whether one commit led to the other, as far as that can be seen here."""
        return self.ask("merge-base", "--is-ancestor", before, after)[0] == 0

    def arrived(self, before: str, after: str, paths: Sequence[str], most: int) -> tuple[str, ...]:
        """Commits that `after` has and `before` has not, and that touch paths, newest first, at most so many.

        With full history: a merge that takes its content from one parent alone hides nothing.
        """
        limits = ("--full-history", f"--max-count={most}")
        return tuple(self.run("rev-list", *limits, after, f"^{before}", "--", *paths).decode().split())

    def line_of(self, commit: str, count: int) -> tuple[str, ...]:
        """A commit and those before it, by first parents, at most so many."""
        return tuple(self.run("rev-list", "--first-parent", f"--max-count={count}", commit, "--").decode().split())

    def merged_tree(self, base: str, head: str) -> str | None:
        """The tree that a merge would give; None for a conflict. Both with their history. Raises UpstreamError otherwise."""
        code, output = self.ask("merge-tree", "--write-tree", "--no-messages", base, head)
        tree = output.decode().split("\n", 1)[0].strip()
        if code == 0 and tree:
            return tree
        if code == _CONFLICT:
            return None
        raise UpstreamError(f"git could not merge {head[:7]} into {base[:7]}.", remedy="Fetch both with their history.")

    def touched_by(self, commit: str) -> tuple[str, ...]:
        """Paths that a commit changes by itself; of a merge, only what differs from every parent."""
        output = self.run(
            "diff-tree", "-r", "-z", "-c", "--root", "--name-only", "--no-commit-id", "--no-renames", commit
        )
        return tuple(path for path in _text(output).split("\0") if path)

    def list(self, commit: str, folder: str = "") -> tuple[TreeEntry, ...]:
        """Every file of a commit under a folder, by path; nothing if there is no such folder."""
        below = ("--", f"{folder.rstrip('/')}/") if folder else ()
        output = self.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit, *below)
        return tuple(_tree_entry(line) for line in _lines(output))

    def find(self, commit: str, path: str) -> TreeEntry | None:
        """One file of a commit."""
        output = self.run("ls-tree", "-z", "-l", "--full-tree", commit, "--", path)
        lines = _lines(output)
        return _tree_entry(lines[0]) if lines and lines[0].split("\t")[0].split()[1] != "tree" else None

    def read(self, oids: Iterable[str]) -> Mapping[str, bytes]:
        """Contents by object id, in one process however many they are."""
        wanted = list(dict.fromkeys(oids))
        if not wanted:
            return {}
        output = self.run("cat-file", "--batch", "--buffer", data="".join(f"{oid}\n" for oid in wanted).encode())
        return _contents(wanted, output)

    def is_clean(self, folder: str) -> bool:
        """Whether the working tree's folder is as committed."""
        return not self.run("status", "--porcelain", "--", folder).strip()


def _text(output: bytes) -> str:
    """What git wrote of paths, whatever bytes they have."""
    return output.decode("utf-8", "surrogateescape")


def _lines(output: bytes) -> Sequence[str]:
    """A listing, a line for each file."""
    return _text(output).split("\0")[:-1]


def _contents(oids: Iterable[str], output: bytes) -> Mapping[str, bytes]:
    """The contents by object id, of all that were asked for in this order and are there.

    Raises UpstreamError if that is not all that was asked for.
    """
    contents: dict[str, bytes] = {}
    offset = 0
    for oid in oids:
        end = output.find(b"\n", offset)
        if end < 0:
            raise UpstreamError("git cat-file said less than it was asked.", remedy="Try again.")
        header = output[offset:end].split()
        if len(header) <= _FIELDS:
            offset = end + 1
            continue
        size = int(header[2])
        contents[oid] = output[end + 1 : end + 1 + size]
        offset = end + 1 + size + 1
    return contents


def _tree_entry(line: str) -> TreeEntry:
    """A line of a listing."""
    head, _, path = line.partition("\t")
    mode, _kind, oid, size = head.split()
    return TreeEntry(path, mode, oid, int(size) if size.isdigit() else 0)


def _commit(line: str) -> str | None:
    """`<id> commit <size>`; where there is none, the name that was asked for and why."""
    words = line.split()
    return words[0] if len(words) == _FIELDS + 1 and words[1] == "commit" else None


def _object(name: str) -> str | None:
    return name if name.strip("0") else None


def _last_line(stderr: bytes) -> str:
    """What git said last."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else "no message"
