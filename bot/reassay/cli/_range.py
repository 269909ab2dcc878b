"""What `diff` and `gate` share: two git revisions of one checkout, and what a merge of them would give."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reassay.common.errors import UsageError

if TYPE_CHECKING:
    from reassay.git.ahead import Ahead
    from reassay.git.git import Git
    from reassay.sweep.repository.revisions import Revisions


@dataclass(frozen=True, slots=True)
class Range:
    """A base, a head, and the registers before and after."""

    git: "Git"
    base: str
    head: str
    revisions: "Revisions"
    mergeable: bool
    ledger: str | None
    """The last commit of the ledger that this clone knows."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What git was asked for."""

    ahead: "Ahead"
    head: str
    mergeable: bool
    ledger: str | None


@contextmanager
def reading(path: str, base: str, head: str) -> Iterator[Callable[[], Range]]:
    """The merge result beside the base; the head itself where it cannot be merged. Raises UsageError.

    git reads both from here on; what is given waits for it. Whatever else a command needs is loaded in between, which
    takes about as long as git does.
    """
    from reassay.git.git import Git
    from reassay.git.meanwhile import Meanwhile

    git = Git(Path(path))
    if not Path(path).is_dir():
        raise UsageError("there is no such folder.", where=path, remedy="Name a checkout of a framework repository.")
    with ExitStack() as open_until_then:
        asked = Meanwhile(lambda: _asked(git, base, head, open_until_then))
        try:
            from reassay.sweep.repository.revisions import revisions_of

            yield lambda: _read(asked.result(), revisions_of)
        finally:
            asked.wait()


def _asked(git: "Git", base: str, head: str, stack: ExitStack) -> "_Asked":
    """Everything that git is asked for before anything is read."""
    from reassay.git.ahead import looking_ahead

    base, head, ledger = _commits(git, base, head)
    tree: list[str | None] = []

    def merged() -> str:
        tree.append(git.merged_tree(base, head))
        return tree[0] or head

    ahead = stack.enter_context(looking_ahead(git, base, merged))
    return _Asked(ahead, head, tree[0] is not None, ledger)


def _read(asked: "_Asked", revisions_of: "Callable[[Ahead], Revisions]") -> Range:
    ahead = asked.ahead
    return Range(ahead.git, ahead.base, asked.head, revisions_of(ahead), asked.mergeable, asked.ledger)


def _commits(git: "Git", base: str, head: str) -> tuple[str, str, str | None]:
    """Those of the range, and of the ledger if there is one."""
    from reassay.git.git import LEDGER_PLACES

    *found, here, there = git.commits(base, head, *LEDGER_PLACES)
    for name, commit in zip((base, head), found, strict=True):
        if commit is None or name.startswith("-"):
            raise UsageError(
                f"'{name}' is no commit here.", remedy="Fetch it first, or name a branch, a tag or a commit."
            )
    return str(found[0]), str(found[1]), here or there


def add_revisions(parser: argparse.ArgumentParser) -> None:
    """`BASE HEAD [PATH]`."""
    parser.add_argument("base", metavar="BASE", help="the revision that is merged into")
    parser.add_argument("head", metavar="HEAD", help="the revision with the changes")
