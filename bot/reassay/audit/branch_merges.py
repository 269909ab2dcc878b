"""Merges of pull requests on the register's branch, as the branch's own log names them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_MERGE = re.compile(r"Merge pull request #([1-9][0-9]{0,8}) from ")
_SQUASH = re.compile(r"\(#([1-9][0-9]{0,8})\)\Z")
_LINE = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) ([0-9]{1,12}) ([0-9a-f]{40}|[0-9a-f]{64}|-) ([1-9][0-9]{0,8}|-)")
LOG_FORMAT = "%H %ct %P%x09%s"
"""What `git log --first-parent` has to print for `merge_lines`."""


@dataclass(frozen=True, slots=True)
class BranchMerge:
    """One commit of the branch that merged a pull request."""

    commit: str
    at: datetime
    """Committer date, in UTC."""
    head: str
    """The merged head, of a merge commit; "" for a squash."""
    pull: int | None
    """The number that the commit's subject names, as GitHub writes it; None if it names none."""


def merge_lines(log: str) -> bytes:
    """The lines of `register-merges.txt` for the output of `git log` in `LOG_FORMAT`, newest first.

    Of a subject only the number is kept, because anything may be written there.
    """
    lines = []
    for line in filter(None, log.split("\n")):
        fields, _, subject = line.partition("\t")
        commit, seconds, *parents = fields.split(" ")
        head = parents[1] if len(parents) == 2 else "-"  # noqa: PLR2004 -- the branch and the merged head
        match = _MERGE.match(subject) or _SQUASH.search(subject)
        number = match[1] if match else "-"
        if head != "-" or number != "-":
            lines.append(f"{commit} {seconds} {head} {number}\n")
    return "".join(lines).encode("ascii")


def read_merges(text: str) -> tuple[BranchMerge, ...]:
    """The merges of `register-merges.txt`, newest first. Raises ValueError."""
    merges = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"{line[:80]!r} names no merge")
        commit, seconds, head, number = match.groups()
        at = datetime.fromtimestamp(int(seconds), UTC)
        merges.append(BranchMerge(commit, at, head.strip("-"), None if number == "-" else int(number)))
    return tuple(merges)


def merges_by_pull(merges: Sequence[BranchMerge], heads: Mapping[int, frozenset[str]]) -> Mapping[int, BranchMerge]:
    """The first merge of each pull request. `heads` are heads that the ledger names, by number.

    A merge commit of one of these heads goes before a number in a subject, which anybody can write.
    """
    return dict((*_by_subject(merges), *_by_head(merges, heads)))


def _by_subject(merges: Sequence[BranchMerge]) -> Iterator[tuple[int, BranchMerge]]:
    yield from ((merge.pull, merge) for merge in merges if merge.pull is not None)


def _by_head(merges: Sequence[BranchMerge], heads: Mapping[int, frozenset[str]]) -> Iterator[tuple[int, BranchMerge]]:
    owners = {head: number for number, own in heads.items() for head in own}
    yield from ((owners[merge.head], merge) for merge in merges if merge.head in owners)
