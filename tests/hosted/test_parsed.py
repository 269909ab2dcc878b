"""What is kept of parsed files changes when something is parsed, and never what comes of it."""

import sys
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from reassay.hosted.adapters import parsed
from reassay.hosted.adapters.parsed import KEPT, ParsedFiles
from reassay.hosted.database.database import Database
from reassay.register.files import WorkingTree, read_register, shelf
from reassay.register.files.apart import parsed_apart
from tests.unit.register.quick import FAULTY_RE

EXAMPLES = Path("examples")
TODAY = date(2026, 12, 1)
FOLDERS = sorted(each.parent for each in EXAMPLES.glob("*/framework"))


def parse_count(tree: WorkingTree, kept: ParsedFiles) -> tuple[object, int]:
    with patch.object(shelf, "parsed_apart", wraps=parsed_apart) as counted:
        return read_register(tree, shelf=kept), sum(len(call.args[0]) for call in counted.call_args_list)


@pytest.fixture(autouse=True)
def _however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registers of thousands of files are not needed to see what is kept."""
    monkeypatch.setattr(shelf, "WORTH_IT", 1)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_a_register_is_the_same_with_and_without_it(folder: Path, database: Database) -> None:
    plain = read_register(WorkingTree(folder))
    first, parses = parse_count(WorkingTree(folder), ParsedFiles(database, lambda: TODAY))
    second, again = parse_count(WorkingTree(folder), ParsedFiles(database, lambda: TODAY))
    assert plain == first == second
    assert parses > 0
    # What cannot be read the quick way is not kept, and is parsed each time.
    assert again == parses - database.rows("select count(*) from reassay_parsed")[0][0]


def test_another_reader_and_another_path_are_parsed_anew(tmp_path: Path, database: Database) -> None:
    kept = ParsedFiles(database, lambda: TODAY)
    text = "- {id: M-1, title: Same bytes, owner: safety-lead}\n"
    for name in ("mitigations.yml", "commitments.yml"):
        (tmp_path / "framework").mkdir(exist_ok=True)
        (tmp_path / "framework" / name).write_text(text)
        assert read_register(WorkingTree(tmp_path), shelf=kept) == read_register(WorkingTree(tmp_path))
    with patch.object(parsed, "VERSION", "another"):
        assert parse_count(WorkingTree(tmp_path), kept)[1] == 2


@pytest.mark.skipif(sys.version_info < (3, 11, 5), reason=FAULTY_RE)
def test_it_is_bounded_and_losing_it_loses_nothing(database: Database) -> None:
    folder, day = FOLDERS[0], [TODAY]
    kept = ParsedFiles(database, lambda: day[0])
    read_register(WorkingTree(folder), shelf=kept)
    size = database.rows("select count(*) from reassay_parsed")[0][0]
    assert size > 10
    day[0] += KEPT
    read_register(WorkingTree(folder), shelf=kept)
    assert kept.forget() == 0
    with patch.object(parsed, "MOST", 1):
        assert kept.forget() == size - 1
    day[0] += KEPT + timedelta(days=1)
    assert kept.forget() == 1
    database.run("drop table reassay_parsed")
    assert read_register(WorkingTree(folder), shelf=kept) == read_register(WorkingTree(folder))


def test_a_parser_that_brings_its_process_down_costs_nothing_but_time(database: Database) -> None:
    """As the one in Rust has done; everything is composed then."""
    folder = FOLDERS[0]
    with patch("sys.executable", "/bin/false"):
        assert read_register(WorkingTree(folder), shelf=ParsedFiles(database, lambda: TODAY)) == read_register(
            WorkingTree(folder)
        )
    assert database.rows("select count(*) from reassay_parsed") == [(0,)]
