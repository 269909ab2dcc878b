"""Runs git on a local repository, with argument lists and never through a shell."""

import base64
import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from reassay.common.errors import NotFoundError, UnavailableError, UpstreamError
from reassay.git.listings import Listings, TreeEntry

TIMEOUT_SECONDS = 120
_KEPT = frozenset({"GIT_ALLOW_PROTOCOL"})
"""Variables of git that are passed on: they can only forbid."""
LEDGER_BRANCH = "reassay-ledger"
SYMLINK, SUBMODULE = "120000", "160000"
"""Modes in git's notation."""
_KEEPS_TO_ITSELF = ("--no-write-fetch-head", "--no-auto-maintenance")
"""Options of a fetch into a repository that is thrown away, or tended by the App."""
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_FIELDS = 2
_CONFLICT = 1
_UNREACHABLE = re.compile(
    r"returned error: (5\d\d|429)|Could not resolve host|Failed to connect|Couldn't connect|Connection (refused|reset|timed out)"
    r"|Empty reply from server|unexpected disconnect|early EOF|Operation timed out|remote end hung up"
)
"""Messages of git, in English, that mean the remote was unavailable."""


@dataclass(frozen=True, slots=True)
class Remote:
    """The heads of a remote repository."""

    default_branch: str
    head: str
    """Commit of the default branch."""
    ledger_head: str | None


class PathChange(NamedTuple):
    """A path that differs between two trees."""

    path: str
    old: str | None
    """Object id before; None where the path is absent."""
    new: str | None
    modes: tuple[str, str]
    """Modes before and after, in git's notation; 000000 where the path is absent."""

    @property
    def is_special(self) -> bool:
        """Whether it is a symbolic link or a submodule on either side."""
        return bool({SYMLINK, SUBMODULE} & set(self.modes))


@dataclass(frozen=True, slots=True)
class Git:
    """A git repository on disk."""

    folder: Path
    credentials: tuple[tuple[str, str], ...] = ()
    """Environment variables, such as a token for one URL, so that it is never on a command line."""
    listings: Listings = field(default_factory=Listings, compare=False, repr=False)

    @staticmethod
    def new(folder: Path) -> "Git":
        """A new empty bare repository."""
        folder.mkdir(parents=True, exist_ok=True)
        git = Git(folder)
        git.run("init", "--quiet", "--bare", "--template=", "--initial-branch=main", ".")
        return git

    def with_token(self, url: str, token: str) -> "Git":
        """The same repository, authenticated to `url` with a token."""
        basic = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        variables = (
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", f"http.{url}.extraHeader"),
            ("GIT_CONFIG_VALUE_0", f"Authorization: Basic {basic}"),
        )
        return replace(self, credentials=variables)

    def with_new_objects_in(self, scratch: Path) -> "Git":
        """The same repository, that writes new objects, such as the tree of a merge, into another folder."""
        own = self.run("rev-parse", "--git-path", "objects").decode("utf-8", "surrogateescape").rstrip("\n")
        objects = str((self.folder / own).absolute())
        if ":" in objects or objects.startswith('"'):
            # Git quotes such a path in a list of paths as in C.
            objects = '"' + objects.replace("\\", "\\\\").replace('"', '\\"') + '"'
        variables = (("GIT_OBJECT_DIRECTORY", str(scratch)), ("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects))
        return replace(self, credentials=(*self.credentials, *variables))

    def run(self, *arguments: str, data: bytes | None = None) -> bytes:
        """The standard output of `git ARGUMENTS`. Raises UpstreamError with the last line of git's message."""
        process = self._process(arguments, data)
        if process.returncode:
            message = _last_line(process.stderr)
            kind = UnavailableError if _UNREACHABLE.search(message) else UpstreamError
            name = next((word for word in arguments if not word.startswith("--")), "")
            raise kind(f"git {name} failed: {message}")
        return process.stdout

    def ask(self, *arguments: str) -> tuple[int, bytes]:
        """The exit code and standard output of `git ARGUMENTS`. Raises UpstreamError if git cannot be run."""
        process = self._process(arguments, None)
        return process.returncode, process.stdout

    def _environment(self) -> Mapping[str, str]:
        """The environment of git: that of this process without GIT_* variables, prompts, and writes that only make it quicker."""
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _KEPT},
            "GIT_OPTIONAL_LOCKS": "0",
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
        """The commit of the first of `names` that exists; None if none does."""
        return next((commit for commit in self.commits(*names) if commit is not None), None)

    def commits(self, *names: str) -> Sequence[str | None]:
        """The commit of each of `names`; None if it does not exist or the folder is not a repository.

        Raises UpstreamError if git cannot be run.
        """
        valid = [name for name in names if "\n" not in name and "\0" not in name]
        data = "".join(f"{name}^{{commit}}\n" for name in valid).encode("utf-8", "surrogateescape")
        process = self._process(("cat-file", "--batch-check"), data)
        if process.returncode:
            return [None] * len(names)
        by_name = dict(zip(valid, map(_commit, process.stdout.decode("utf-8", "replace").splitlines()), strict=False))
        return [by_name.get(name) for name in names]

    def remote_heads(self, url: str) -> Remote:
        """The heads of a remote repository. Raises NotFoundError if it has no commits."""
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
            raise NotFoundError("the repository has no commit yet.", where=url, remedy="Push the register first.")
        return Remote(branch, heads["HEAD"], heads.get(f"refs/heads/{LEDGER_BRANCH}"))

    def fetch(self, url: str, *commits: str, depth: int = 1) -> None:
        """Fetches commits with `depth` generations of their history; 1 is the commits alone."""
        self._ask("fetch", "--quiet", "--no-tags", f"--depth={depth}", *_KEEPS_TO_ITSELF, url, *commits)

    def _ask(self, *arguments: str) -> bytes:
        """The output of a git command that reads a remote, tried twice."""
        try:
            return self.run(*arguments)
        except UpstreamError:
            return self.run(*arguments)

    def fetch_history(self, url: str, *commits: str) -> None:
        """Fetches commits with all of their history."""
        self._ask("fetch", "--quiet", "--no-tags", "--depth=2147483647", *_KEEPS_TO_ITSELF, url, *commits)

    def branch_tip(self, url: str, branch: str) -> str:
        """The commit of a remote branch. Raises NotFoundError."""
        output = self._ask("ls-remote", url, f"refs/heads/{branch}").decode()
        if not output.strip():
            raise NotFoundError(f"there is no branch {branch}", where=url)
        return output.split()[0]

    def has_history(self, commit: str) -> bool:
        """Whether all ancestors of a commit are present; a root that has parents elsewhere is where the history was cut."""
        code, output = self.ask("rev-list", "--max-parents=0", commit, "--")
        roots = output.decode().split()
        return code == 0 and all(b"\nparent " not in self.run("cat-file", "commit", root) for root in roots)

    def branches_at(self, url: str, commit: str, pattern: str) -> tuple[str, ...]:
        """Remote branches of a pattern whose tip is a commit."""
        rows = self._ask("ls-remote", url, f"refs/heads/{pattern}").decode().splitlines()
        return tuple(name for oid, _, name in (row.partition("\t") for row in rows) if oid == commit)

    def changed(self, before: str, after: str) -> Mapping[str, tuple[str | None, str | None]]:
        """Paths that differ between two commits or trees, with old and new object id; None where the file is absent.

        A rename is a deletion and an addition.
        """
        return {change.path: (change.old, change.new) for change in self.differences(before, after)}

    def differences(self, before: str, after: str) -> tuple[PathChange, ...]:
        """Paths that differ between two commits or trees, with their modes. A rename is a deletion and an addition."""
        output = self.run("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", before, after)
        parts = _text(output).split("\0")
        return tuple(_path_change(head, path) for head, path in zip(parts[::2], parts[1::2], strict=False))

    def parents(self, commits: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """The parents of commits as they were made, whether or not these are present; commits that are missing are left out."""
        contents = self.read(commits)
        heads = {commit: data.partition(b"\n\n")[0].decode("utf-8", "replace") for commit, data in contents.items()}
        return {
            commit: tuple(line.split()[1] for line in head.splitlines() if line.startswith("parent "))
            for commit, head in heads.items()
        }

    def introduced(self, commit: str, parents: Sequence[str]) -> tuple[PathChange, ...]:
        """Paths that a commit itself changes; for a merge of two, those that differ from the merge that git computes.

        So a merge of the base brings nothing, and neither taking one side whole nor an edit made while merging hides. A merge
        of more than two counts everything that it brings to its first parent. Raises UpstreamError if history is missing.
        """
        if len(parents) != _FIELDS:
            return self.differences(parents[0] if parents else _EMPTY_TREE, commit)
        code, output = self.ask("merge-tree", "--write-tree", "--no-messages", *parents)
        tree = output.decode("utf-8", "replace").split("\n", 1)[0].strip()
        if code not in {0, _CONFLICT} or not tree:
            raise UpstreamError(f"git could not repeat the merge {commit[:7]}.", remedy="Fetch it with its history.")
        return self.differences(tree, commit)

    def is_ancestor(self, before: str, after: str) -> bool:
        """Whether one commit is an ancestor of the other, by the history that is present."""
        return self.ask("merge-base", "--is-ancestor", before, after)[0] == 0

    def commits_touching(self, before: str, after: str, paths: Sequence[str], most: int) -> tuple[str, ...]:
        """Commits of `after` that `before` lacks and that change paths, newest first, at most `most`.

        It uses full history, so that merges which take one parent's content hide no commits.
        """
        limits = ("--full-history", f"--max-count={most}")
        return tuple(self.run("rev-list", *limits, after, f"^{before}", "--", *paths).decode().split())

    def first_parents(self, commit: str, count: int) -> tuple[str, ...]:
        """A commit and its first-parent ancestors, newest first, at most `count`."""
        return tuple(self.run("rev-list", "--first-parent", f"--max-count={count}", commit, "--").decode().split())

    def merged_tree(self, base: str, head: str) -> str | None:
        """The tree of a merge; None for a conflict. Raises UpstreamError if history is missing."""
        code, output = self.ask("merge-tree", "--write-tree", "--no-messages", base, head)
        tree = output.decode().split("\n", 1)[0].strip()
        if code == 0 and tree:
            return tree
        if code == _CONFLICT:
            return None
        raise UpstreamError(f"git could not merge {head[:7]} into {base[:7]}.", remedy="Fetch both with their history.")

    def list(self, commit: str, folder: str = "") -> tuple[TreeEntry, ...]:
        """Every file of a commit below a folder, by path; empty if there is no such folder.

        After the listing of a whole commit, its parts need no process: the last few are kept.
        """
        known = self.listings.below(commit, folder) if folder else self.listings.of(commit)
        if known is not None:
            return known
        below = ("--", f"{folder.rstrip('/')}/") if folder else ()
        output = self.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit, *below)
        entries = tuple(_tree_entry(line) for line in _lines(output))
        if not folder:
            self.listings.keep(commit, entries)
        return entries

    def find(self, commit: str, path: str) -> TreeEntry | None:
        """One file of a commit; None if there is none."""
        if "\0" in path:
            return None
        if (known := self.listings.at(commit, path)) is not None:
            return known[0] if known else None
        output = self.run("--literal-pathspecs", "ls-tree", "-z", "-l", "--full-tree", commit, "--", path)
        lines = _lines(output)
        return _tree_entry(lines[0]) if lines and lines[0].split("\t")[0].split()[1] != "tree" else None

    def specials(self, commit: str) -> tuple[TreeEntry, ...]:
        """Symbolic links and submodules anywhere in a commit; their sizes are not read."""
        if (known := self.listings.of(commit)) is not None:
            return tuple(entry._replace(size=0) for entry in known if entry.mode in {SYMLINK, SUBMODULE})
        lines = _lines(self.run("ls-tree", "-r", "-z", "--full-tree", commit))
        return tuple(_tree_entry(line) for line in lines if line.startswith((SYMLINK, SUBMODULE)))

    def named(self, commit: str, paths: Iterable[str]) -> Mapping[str, TreeEntry]:
        """The entries of some paths of a commit, folders too (mode 040000); paths that do not exist are left out."""
        wanted = sorted({path for path in paths if path and "\0" not in path})
        if not wanted:
            return {}
        output = self.run("--literal-pathspecs", "ls-tree", "-z", "--full-tree", commit, "--", *wanted)
        entries = (_tree_entry(line) for line in _lines(output))
        return {entry.path: entry for entry in entries}

    def read(self, oids: Iterable[str]) -> Mapping[str, bytes]:
        """Contents by object id, read in one process; ids that do not exist are left out."""
        wanted = list(dict.fromkeys(oids))
        if not wanted:
            return {}
        output = self.run("cat-file", "--batch", "--buffer", data="".join(f"{oid}\n" for oid in wanted).encode())
        return _contents(wanted, output)

    def author(self, commit: str) -> str:
        """The name of a commit's author, as the commit states it: nothing proves it."""
        return self.run("log", "-1", "--format=%an", commit, "--").decode("utf-8", "replace").strip()

    def is_clean(self, folder: str) -> bool:
        """Whether a folder of the working tree has no uncommitted changes."""
        return not self.run("status", "--porcelain", "--", folder).strip()


def _text(output: bytes) -> str:
    """The output of git as text; paths may have any bytes."""
    return output.decode("utf-8", "surrogateescape")


def _lines(output: bytes) -> Sequence[str]:
    """The entries of a listing, one for each file."""
    return _text(output).split("\0")[:-1]


def _contents(oids: Iterable[str], output: bytes) -> Mapping[str, bytes]:
    """The contents by object id, from the output for `oids` in this order; missing objects are left out.

    Raises UpstreamError if the output is incomplete.
    """
    contents: dict[str, bytes] = {}
    offset = 0
    for oid in oids:
        end = output.find(b"\n", offset)
        if end < 0:
            raise UpstreamError("the output of git cat-file is incomplete.", remedy="Try again.")
        header = output[offset:end].split()
        if len(header) <= _FIELDS:
            offset = end + 1
            continue
        size = int(header[2])
        contents[oid] = output[end + 1 : end + 1 + size]
        offset = end + 1 + size + 1
    return contents


def _tree_entry(line: str) -> TreeEntry:
    """The tree entry of a line of a listing."""
    head, _, path = line.partition("\t")
    mode, _kind, oid, *size = head.split()
    return TreeEntry(path, mode, oid, int(size[0]) if size and size[0].isdigit() else 0)


def _path_change(head: str, path: str) -> PathChange:
    """The change of a line of a raw difference."""
    before, after, old, new, _ = head.lstrip(":").split()
    return PathChange(path, _object(old), _object(new), (before, after))


def _commit(line: str) -> str | None:
    """The commit id of a line `<id> commit <size>`; None for any other line."""
    words = line.split()
    return words[0] if len(words) == _FIELDS + 1 and words[1] == "commit" else None


def _object(name: str) -> str | None:
    return name if name.strip("0") else None


def _last_line(stderr: bytes) -> str:
    """The last line of git's messages."""
    lines = [line for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else "no message"
