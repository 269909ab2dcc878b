"""What two listings of git have in common, whatever stands in a path, and whatever was said to differ."""

from collections.abc import Sequence

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from reassay.git.alike import MOST_DIFFERING, Compared, compared, mitigations_in, path_of
from reassay.register.limits import MAX_FILES

FOLDER = "framework/mitigations"


def line(path: str, oid: int, mode: str = "100644", size: int = 40) -> str:
    return f"{mode} blob {oid:040x} {size:>7}\t{path}"


def listing(lines: Sequence[str]) -> str:
    return "".join(f"{each}\0" for each in lines)


def of(before: Sequence[str], after: Sequence[str], *differing: str) -> Compared:
    text = listing(before)
    return compared(mitigations_in(text), text, listing(after), differing)


WANTED = (line(f"{FOLDER}/a.yml", 1), line(f"framework/more/{FOLDER}/b c.yaml", 2, "100755"))
OTHERS = (
    line(f"{FOLDER}/link.yml", 3, "120000"),
    line(f"{FOLDER}/a.md", 4),
    line(f"{FOLDER}/.hidden/mitigations/a.yml", 5),
    line(f"{FOLDER}/.b.yml", 12),
    line(f"{FOLDER}/deeper/a.yml", 6),
    line("elsewhere/mitigations/a.yml", 7),
    line("framework/models/m.yml", 8),
    line(f"framework/tab\t{FOLDER}/c.yml", 13),
    line(f"framework/x100644 blob {14:040x} 5\t{FOLDER}/d.yml", 15),
    line(f"{FOLDER}/gone", 16, "160000").replace("blob", "commit").replace("     40", "      -"),
)


def test_alike_is_only_what_may_be_left_unread() -> None:
    before = [*WANTED, *OTHERS, line(f"{FOLDER}/z.yml", 9)]
    after = [*WANTED, *OTHERS, line(f"{FOLDER}/z.yml", 10)]
    found = of(before, after, f"{FOLDER}/z.yml")
    assert found.alike == {path_of(each) for each in WANTED}
    assert set(found.before) == {*OTHERS, before[-1]}
    assert set(found.after) == {*OTHERS, after[-1]}
    assert list(found.before) == sorted(found.before, key=path_of)


def test_lines_are_given_again_for_what_is_read_after_all() -> None:
    known = mitigations_in(listing([*WANTED, *OTHERS]))
    assert known.lines({f"{FOLDER}/a.yml"}) == [f"100644 blob {1:040x} 40\t{FOLDER}/a.yml"]
    assert known.lines(()) == ()
    assert list(known.others) == list(OTHERS)


@pytest.mark.parametrize(
    "more",
    [line(f"{FOLDER}/b.yml", 1), line(f"{FOLDER}/a.yml", 2), line(f"{FOLDER}/a.yml", 1, "120000"), line(f"{FOLDER}/large.yml", 3, size=2**20 + 1)],
)  # fmt: skip
def test_nothing_is_alike_where_git_would_not_have_written_it_or_nothing_is_gained(more: str) -> None:
    one = line(f"{FOLDER}/a.yml", 1)
    found = of([one, more], [one, more])
    assert found == Compared(frozenset(), [one, more], [one, more])


def test_a_path_that_the_other_side_has_twice_is_not_alike() -> None:
    one, again = line(f"{FOLDER}/a.yml", 1), line(f"{FOLDER}/a.yml", 2)
    assert of([one], [one, again]).alike == frozenset()
    assert of([one], [one, again], f"{FOLDER}/a.yml").alike == frozenset()
    assert of([one], [again, one], f"{FOLDER}/a.yml").alike == frozenset()


def test_that_nothing_else_differs_is_not_taken_on_trust() -> None:
    before = [line(f"{FOLDER}/{name}.yml", 1 + number) for number, name in enumerate("abc")]
    after = [before[0], line(f"{FOLDER}/b.yml", 9), before[2]]
    assert of(before, after).alike == frozenset()
    assert of(before, after, f"{FOLDER}/c.yml").alike == frozenset()
    assert of(before, after, f"{FOLDER}/b.yml").alike == {f"{FOLDER}/a.yml", f"{FOLDER}/c.yml"}


def test_where_too_much_differs_each_file_is_looked_at() -> None:
    one = line(f"{FOLDER}/a.yml", 1)
    many = [f"framework/other/{number}.yml" for number in range(MOST_DIFFERING + 1)]
    assert of([one], [one], *many[1:]).alike == {f"{FOLDER}/a.yml"}
    assert of([one], [one], *many).alike == frozenset()


def test_of_more_than_is_read_nothing_is_alike() -> None:
    lines = [line(f"{FOLDER}/m{number}.yml", number) for number in range(MAX_FILES + 1)]
    assert mitigations_in(listing(lines)).paths == []
    assert len(of(lines, lines).before) == len(lines)


PATHS = st.sampled_from([f"{FOLDER}/{name}.yml" for name in "abcd"] + [f"t\t{FOLDER}/a.yml", "framework/models/m.yml"])
LINES = st.builds(line, PATHS, st.integers(1, 5), st.sampled_from(["100644", "100755", "120000"]))


@given(st.lists(LINES, max_size=5), st.lists(LINES, max_size=5), st.lists(PATHS, max_size=3))
def test_what_is_alike_stands_on_both_sides_and_nothing_is_lost(
    before: list[str], after: list[str], differing: list[str]
) -> None:
    found = of(before, after, *differing)
    for side, others in ((before, found.before), (after, found.after)):
        alike = [each for each in side if path_of(each) in found.alike]
        assert sorted([*alike, *others]) == sorted(side)
        assert len({path_of(each) for each in alike}) == len(alike) == len(found.alike)
    assert {each for each in before if path_of(each) in found.alike} == {
        each for each in after if path_of(each) in found.alike
    }
    event(f"alike: {len(found.alike)}")
