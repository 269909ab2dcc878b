"""Which commit of the register stood at an instant: dates decide only between what two ledger entries name."""

from datetime import date, timedelta

import pytest

from reassay.audit.register_commit import BranchCommit, read_branch_log, register_commit_at
from reassay.ledger.entry import Entry, Observation
from tests.make import Story, at, register

NAMES = ("a" * 40, "b" * 40, "c" * 40)
FIRST = date(2026, 6, 1)


def line(*days: int) -> tuple[BranchCommit, ...]:
    """Newest first; days after the first of June, in order of the branch."""
    return tuple(BranchCommit(name, at(FIRST + timedelta(days=day))) for name, day in zip(NAMES, days, strict=False))[
        ::-1
    ]


def entries(*said: tuple[int, str]) -> tuple[Entry, ...]:
    story = Story(register())
    for day, commit in said:
        story.move_to(FIRST + timedelta(days=day))
        story.add(Observation(swept=True))
        story.entries[-1] = story.entries[-1].model_copy(update={"register_commit": commit})
    return tuple(story.entries)


@pytest.mark.parametrize(
    ("days", "said", "asked", "wanted", "words"),
    [
        ((0, 10, 20), (), 15, "b", "dated until then"),
        ((0, 10, 20), ((12, "b"), (25, "c")), 15, "b", "dated until then"),
        ((0, 10, 20), (), -1, None, "no commit by then"),
        ((0, 10, 30), ((12, "c"),), 15, "c", "entry 1 of the ledger, recorded by then"),
        ((0, 10, 5), ((20, "b"),), 15, "b", "entry 1 of the ledger, recorded after that, still names it"),
        ((0, 10, 20), ((12, "z"),), 15, "b", "dated until then"),
        ((0, 10, 20), ((12, "c"), (13, "b"), (40, "c")), 15, "b", "dated until then"),
    ],
)
def test_the_commit_of_an_instant(
    days: tuple[int, ...], said: tuple[tuple[int, str], ...], asked: int, wanted: str | None, words: str
) -> None:
    named = entries(*((day, letter * 40) for day, letter in said))
    found = register_commit_at(line(*days), named, at(FIRST + timedelta(days=asked)))
    assert (found.commit.id[0] if found.commit else None, words in found.because) == (wanted, True)


def test_a_backdated_commit_does_not_get_behind_what_the_ledger_saw() -> None:
    backdated = line(0, 10, 1)
    assert register_commit_at(backdated, (), at(FIRST + timedelta(days=5))).commit == backdated[0]
    seen = entries((4, NAMES[0]), (12, NAMES[1]))
    assert register_commit_at(backdated, seen, at(FIRST + timedelta(days=11))).commit == backdated[1]


def test_the_line_is_what_git_prints() -> None:
    assert [each.id for each in read_branch_log(f"{NAMES[1]} 1780000000\n{NAMES[0]} 0\n")] == [NAMES[1], NAMES[0]]
    for text in ("abc 1\n", f"{NAMES[0]} x\n", f"{NAMES[0]}\n"):
        with pytest.raises(ValueError, match=r"commit|int|invalid"):
            read_branch_log(text)
