"""Law: the work of reading, checking and comparing a register grows with its text, not with the square of it.

Every list of every model, with so many members and with twice as many: calls and comparisons are counted, nothing is timed.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from io import StringIO
from types import FrameType
from typing import Any

import pytest

from reassay.assessment.cell_selection import Selection
from reassay.assessment.cells import AssessmentInput, assess
from reassay.assessment.coverage import coverage
from reassay.assessment.schedule.queue import scheduled
from reassay.assessment.views.coverage import show_coverage
from reassay.assessment.views.documents import status_csv, status_document
from reassay.assessment.views.status_text import show_status
from reassay.changes import compare
from reassay.dashboard.calendar_feed import calendar_feed
from reassay.ledger.history import History
from reassay.register.register import LISTS, Register, RegisterObject
from tests.laws.full_documents import CONFIGURATION, DOCUMENTS, Document
from tests.laws.full_register import Path, holding, read
from tests.make import TODAY, at, register
from tests.unit.dashboard.building import of_register
from tests.unit.register.trees import read as from_files

FEW = 20
SLACK = 300
"""Calls that do not follow from the number of members: caches that fill, generators that end."""
NAMES = ("id", "name", "text", "what", "change", "group", "code", "control", "title", "condition")
LIST_OF = {kind: name for name, kind in LISTS.items()}


class Counted(str):
    """A text that counts how often it is compared: membership in a list compares without any call of Python."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def lists(value: object, under: Path = ()) -> Iterator[Path]:
    if isinstance(value, list):
        yield under
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from lists(item, (*under, key))


def grown(document: Document, path: Path, count: int, mark: str) -> Document:
    """The document with a list of so many members at `path`, each with names of its own."""
    copy = deepcopy(document)
    holder: Any = copy
    for key in path[:-1]:
        holder = holder[key]
    first = holder[path[-1]][0]
    holder[path[-1]] = [member(first, f"{mark}{index}") for index in range(count)]
    return copy


def member(value: object, mark: str) -> object:
    match value:
        case dict():
            return {key: member(own, mark) if key in NAMES else own for key, own in value.items()}
        case str():
            return f"{value}-{mark}"
        case _:
            return value


@contextmanager
def counting(total: list[int]) -> Iterator[None]:
    def called(_frame: FrameType, event: str, _argument: object) -> None:
        total[0] += event == "call"

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        yield
    finally:
        sys.setprofile(before)


def calls(act: Callable[[], object]) -> int:
    total = [0]
    with counting(total):
        act()
    return total[0]


def text_of(kind: str, document: Document) -> bytes:
    return json.dumps(document if kind == CONFIGURATION else {LIST_OF[kind]: [document]}).encode()


def registered(kind: str, document: Document) -> Register:
    """As from a file, with all findings."""
    path = ".github/reassay.yml" if kind == CONFIGURATION else "framework/all.yml"
    return from_files({path: text_of(kind, document)})


def work(kind: str, document: Document, path: Path, count: int) -> dict[str, int]:
    """Calls to read two registers, to compare them both ways, and to assess one; `count` members differ on each side.

    Where a list takes words of a vocabulary alone, nothing but reading is counted: such a list is as long as the vocabulary.
    """
    before, after = (grown(document, path, count, mark) for mark in "ab")
    counts = {"read and checked": calls(lambda: [registered(kind, own) for own in (before, after)])}
    if read(kind, before) is None:
        return counts
    old, new = holding(kind, before), holding(kind, after)
    inputs = AssessmentInput(new, History.of(()), {}, at(TODAY))
    counts["compared"] = calls(lambda: (compare(old, new, TODAY), compare(new, old, TODAY)))
    counts["assessed"] = calls(lambda: assess(inputs))
    return counts


def is_read(kind: str, document: Document, path: Path, count: int) -> bool:
    return read(kind, grown(document, path, count, "a")) is not None


CASES = [(kind, document, path) for kind, document in DOCUMENTS[:17] for path in lists(document)]


@pytest.mark.parametrize(
    ("kind", "document", "path"),
    [
        # Every fourth list in `make test`; all where a change lands.
        pytest.param(*case, id=f"{case[0]}-{'.'.join(map(str, case[2]))}", marks=[pytest.mark.long] * (index % 4 > 0))
        for index, case in enumerate(CASES)
    ],
)
def test_twice_the_members_are_at_most_twice_the_work(kind: str, document: Document, path: Path) -> None:
    # Longer lists than a model permits are refused: refusing is compared with refusing twice as many.
    few = FEW if is_read(kind, document, path, FEW) == is_read(kind, document, path, 4 * FEW) else 4 * FEW
    work(kind, document, path, few)
    some, twice, four = (work(kind, document, path, few * times) for times in (1, 2, 4))
    for what in some.keys() & twice.keys() & four.keys():
        first, second = twice[what] - some[what], four[what] - twice[what]
        assert second <= 2.3 * max(first, 0) + SLACK, f"{what}: {some[what]}, {twice[what]}, {four[what]} calls"


TEXTS = [
    (kind, document, path) for kind, document, path in CASES
    if kind != CONFIGURATION and len(path) == 1 and isinstance(document[str(path[0])][0], str)
]  # fmt: skip


def compared(kind: str, document: Document, path: Path, count: int) -> int:
    """How often one text is compared with another, where all members of a list differ between two objects."""
    before, after = holding(kind, document), holding(kind, document)
    for side, mark in ((before, "a"), (after, "b")):
        entries: Any = side.objects(kind)
        entry = next(iter(entries.values()))
        own = tuple(Counted(f"{document[str(path[0])][0]}-{mark}{index}") for index in range(count))
        # Frozen, and validation would make plain texts of them.
        object.__setattr__(entry, "value", entry.value.model_copy(update={str(path[0]): own}))
    Counted.compared = 0
    compare(before, after, TODAY)
    return Counted.compared


@pytest.mark.parametrize(("kind", "document", "path"), TEXTS, ids=[f"{kind}-{path[0]}" for kind, _, path in TEXTS])
def test_no_member_is_compared_with_every_other(kind: str, document: Document, path: Path) -> None:
    assert compared(kind, document, path, 200) <= 40 * 200


def many(kind: str, document: Document, count: int, mark: str) -> Register:
    values = [read(kind, {**document, "id": f"{document['id']}-{mark}{index}"}) for index in range(count)]
    return register(*(value for value in values if isinstance(value, RegisterObject)))


def shown(new: Register) -> None:
    """Every view of the state of a register."""
    inputs = AssessmentInput(new, History.of(()), {}, at(TODAY))
    cells, out = scheduled(inputs), StringIO()
    show_status(Selection(cells), inputs, "here", (), out)
    show_coverage(coverage(inputs), (), out)
    status_document(cells, inputs, {})
    status_csv(cells)
    calendar_feed(of_register(new))


KINDS_OF = [(kind, document) for kind, document in DOCUMENTS[:17] if kind != CONFIGURATION]


@pytest.mark.parametrize(("kind", "document"), KINDS_OF, ids=[f"{kind}-{own['id']}" for kind, own in KINDS_OF])
def test_twice_the_objects_are_at_most_twice_the_work(kind: str, document: Document) -> None:
    # A former id can be one object's alone. What is meant by a name that nothing has is guessed a bounded number of times.
    bare = {name: value for name, value in document.items() if name not in {"formerly", "derived_from"}}

    def counted(count: int) -> dict[str, int]:
        old, new = many(kind, bare, count, "a"), many(kind, bare, count, "b")
        text = json.dumps({LIST_OF[kind]: [{**bare, "id": f"x-{index}"} for index in range(count)]})
        return {
            "read and checked": calls(lambda: from_files({"framework/all.yml": text})),
            "compared": calls(lambda: compare(old, new, TODAY)),
            "shown": calls(lambda: shown(new)),
        }

    counted(FEW)
    some, twice, four = (counted(FEW * times) for times in (1, 2, 4))
    for what in some:
        first, second = twice[what] - some[what], four[what] - twice[what]
        assert second <= 2.3 * max(first, 0) + SLACK, f"{what}: {some[what]}, {twice[what]}, {four[what]} calls"
