"""A dataclass whose methods are written later is one like any other, from the first time something is done with it."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace
from functools import cached_property
from threading import Barrier, Thread
from typing import Generic, TypeVar

import pytest

from reassay.common.values import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair(Generic[T]):
    """Two of something."""

    first: T
    second: T | None = None
    more: list[T] = field(default_factory=list)

    @property
    def both(self) -> tuple[T, T | None]:
        return self.first, self.second


def a_pair() -> type[Pair[int]]:
    """One that nothing was done with."""

    @dataclass(frozen=True, slots=True)
    class Pair:
        first: int
        second: int | None = None
        more: tuple[int, ...] = field(default=())

    return Pair  # type: ignore[return-value] # as good as one


FIRST: dict[str, Callable[[type[Pair[int]]], bool]] = {
    "made": lambda kind: kind(1).first == 1,
    "made by name": lambda kind: kind(first=1, second=2).both == (1, 2) if hasattr(kind, "both") else True,
    "compared": lambda kind: kind(1, 2) == kind(1, 2) and kind(1) != kind(2),
    "compared to something else": lambda kind: kind(1).__eq__((1, None, ())) is NotImplemented,
    "hashed": lambda kind: len({kind(1), kind(1), kind(2)}) == 2,
    "shown": lambda kind: repr(kind(1)).endswith("Pair(first=1, second=None, more=())"),
    "changed": lambda kind: replace(kind(1), second=3) == kind(1, 3),
    "matched": lambda kind: [kind.__match_args__ for _ in [kind(1)]] == [("first", "second", "more")],
    "told apart": lambda kind: is_dataclass(kind(1)) and next(each.name for each in fields(kind(1))) == "first",
}


@pytest.mark.parametrize("name", FIRST)
def test_whatever_is_done_first(name: str) -> None:
    assert FIRST[name](a_pair())


def test_what_is_frozen_stays_as_it_is_before_and_after_it_is_compared() -> None:
    one = a_pair()(1)
    for _ in range(2):
        with pytest.raises(FrozenInstanceError, match="first"):
            one.first = 2  # type: ignore[misc] # that is the point
        with pytest.raises(FrozenInstanceError):
            del one.first
        assert one == replace(one)


def test_defaults_are_made_for_each() -> None:
    one, other = Pair(1), Pair(1)
    assert one == other
    assert one.more is not other.more
    assert not hasattr(Pair, "more")


def test_arguments_are_as_strict_as_ever() -> None:
    with pytest.raises(TypeError, match="first"):
        a_pair()()  # type: ignore[call-arg] # that is the point


@dataclass(slots=True)
class Counter:
    """One that may change."""

    count: int = 0

    def __post_init__(self) -> None:
        self.count += 1


def test_one_that_may_change_has_no_hash() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Counter())
    one = Counter()
    one.count += 1
    assert one == Counter(1)


def test_a_class_knows_the_fields_of_what_it_extends_though_none_of_that_was_made() -> None:
    @dataclass(frozen=True, slots=True)
    class Base:
        name: str

    @dataclass(frozen=True, slots=True)
    class Extended(Base):
        size: int = 0

    class Plain(Extended):
        pass

    assert Extended("it").name == "it"
    assert Extended("it") == Extended("it", 0)
    assert Extended("it") != Base("it")
    assert hash(Extended("it")) == hash(Extended("it"))
    assert Plain("it", 2).size == 2


def test_what_a_class_says_of_itself_is_kept() -> None:
    @dataclass(frozen=True)
    class Named:
        name: str

        def __repr__(self) -> str:
            return f"<{self.name}>"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Named) and self.name.casefold() == other.name.casefold()

        def __hash__(self) -> int:
            return hash(self.name.casefold())

        @cached_property
        def loud(self) -> str:
            return self.name.upper()

    assert repr(Named("It")) == "<It>"
    assert Named("It") == Named("it")
    assert len({Named("It"), Named("it")}) == 1
    assert Named("it").loud == "IT"


def test_by_identity_and_by_order() -> None:
    @dataclass(frozen=True, eq=False)
    class Own:
        name: str

    @dataclass(frozen=True, order=True)
    class Ranked:
        rank: int

    assert Own("it") != Own("it")
    assert sorted([Ranked(2), Ranked(1)]) == [Ranked(1), Ranked(2)]


def test_many_threads_may_be_the_first() -> None:
    for _ in range(50):
        kind, ready = a_pair(), Barrier(4)
        seen: list[bool] = []

        def work(kind: type[Pair[int]] = kind, ready: Barrier = ready, seen: list[bool] = seen) -> None:
            ready.wait()
            seen.append(kind(1) == kind(1) and kind(1) != kind(2) and hash(kind(1)) == hash(kind(1)))

        threads = [Thread(target=work) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert seen == [True] * 4
