"""Figures by repository: at most so many have a name, and nothing is lost in the rest."""

from collections import Counter
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from reassay.hosted.rules.overview import OTHER_REPOSITORIES, RepositoryFigures, at_most

TODAY = date(2026, 12, 1)
FIGURES = st.builds(
    RepositoryFigures,
    name=st.uuids().map(lambda value: f"lab/{value}"),
    cells=st.dictionaries(st.sampled_from(["overdue", "current", "unreadable"]), st.integers(1, 9)),
    errors=st.integers(0, 9),
    last_sweep=st.none() | st.sampled_from([datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)]),
    unfinished=st.integers(0, 1),
    oldest_due=st.none() | st.dates(date(2026, 1, 1), date(2026, 11, 30)),
)


@given(st.lists(FIGURES, max_size=9), st.integers(1, 5))
def test_the_number_of_names_is_bounded_and_the_sums_stay(repositories: list[RepositoryFigures], most: int) -> None:
    shown = at_most(repositories, most)
    assert len(shown) <= most + 1
    assert len({own.name for own in shown}) == len(shown)

    def totals(listed: "list[RepositoryFigures] | tuple[RepositoryFigures, ...]") -> tuple[Counter[str], int, int, int]:
        cells = sum((Counter(own.cells) for own in listed), Counter[str]())
        days = max((own.overdue_days(TODAY) for own in listed), default=0)
        return cells, sum(own.errors for own in listed), sum(own.unfinished for own in listed), days

    assert totals(shown) == totals(repositories)
    rest = [own for own in shown if own.name == OTHER_REPOSITORIES]
    if rest and any(own.last_sweep is None for own in repositories if own not in shown):
        assert rest[0].last_sweep is None


@given(st.lists(FIGURES, min_size=3, max_size=9))
def test_what_is_most_overdue_keeps_its_name(repositories: list[RepositoryFigures]) -> None:
    days = {own.name: own.overdue_days(TODAY) for own in repositories}
    first = at_most(repositories, 1)[0]
    assert days[first.name] == max(days.values())
