"""Real git repositories of generated files, each made by one process."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from reassay.git.git import Git

ELSEWHERE = "1" * 40
"""A commit of another repository, for submodules."""


class Linked(str):
    """A symbolic link: its target."""

    __slots__ = ()


class Sub(str):
    """A submodule."""

    __slots__ = ()


Tree = Mapping[str, "bytes | Linked | Sub"]
COMMIT = "commit refs/heads/{branch}\nmark :{mark}\nauthor {who} <{who}@example.org> 0 +0000\ncommitter x <x@example.org> 0 +0000\ndata 1\nx\n"


def repository(folder: Path, branches: Mapping[str, Sequence[Tree]]) -> Git:
    """A new bare repository. `main` is one tree; every other branch begins there, one commit for each tree."""
    git = Git.new(folder)
    stream, mark = [], 0
    for branch, trees in {"main": branches["main"], **branches}.items():
        for index, tree in enumerate(trees):
            mark += 1
            stream.append(COMMIT.format(branch=branch, mark=mark, who="auditor").encode())
            if branch != "main" and index == 0:
                stream.append(b"from refs/heads/main\n")
            stream.append(b"deleteall\n")
            stream += [_file(path, data) for path, data in sorted(tree.items())]
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=b"".join(stream), check=True)
    return git


def _file(path: str, data: "bytes | Linked | Sub") -> bytes:
    if isinstance(data, Sub):
        return f"M 160000 {ELSEWHERE} {path}\n".encode()
    mode, content = ("120000", data.encode()) if isinstance(data, Linked) else ("100644", data)
    return b"M %s inline %s\ndata %d\n%s\n" % (mode.encode(), path.encode(), len(content), content)


def commits(git: Git, branch: str) -> list[str]:
    """The commits of a branch after main, oldest first."""
    return git.run("rev-list", "--reverse", branch, "^main").decode().split()
