"""Parsed files are kept within bounds, and by path and content."""

from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from reassay.register.files import File, ParsedFiles, read_register, reader
from reassay.register.files.parsed_files import ParsedFile
from tests.unit.register.trees import MemoryTree

ONE = b"id: a\ntitle: A\nowner: safety-lead\nevery: 6 months\n"


def file(path: str, oid: str, size: int = 10) -> File:
    return File(path, b"x" * size, size=size, oid=oid)


def parsed(path: str) -> ParsedFile:
    return ParsedFile(path, (), (), frozenset(), None)


def test_a_file_is_known_by_its_path_and_its_content() -> None:
    kept = ParsedFiles()
    kept.put(file("a", "1"), parsed("a"))
    assert kept.get(file("a", "1")) == parsed("a")
    assert kept.get(file("a", "2")) is None
    assert kept.get(file("b", "1")) is None


def test_what_is_not_in_git_is_not_kept() -> None:
    kept = ParsedFiles()
    kept.put(file("a", ""), parsed("a"))
    assert kept.get(file("a", "")) is None


def test_what_was_not_used_for_longest_goes_first() -> None:
    kept = ParsedFiles(max_files=2)
    for name in ("a", "b"):
        kept.put(file(name, "1"), parsed(name))
    assert kept.get(file("a", "1"))
    kept.put(file("c", "1"), parsed("c"))
    assert [bool(kept.get(file(name, "1"))) for name in ("a", "b", "c")] == [True, False, True]


def test_bytes_are_bounded_too_and_counted_once() -> None:
    kept = ParsedFiles(max_bytes=25)
    for _ in range(3):
        kept.put(file("a", "1"), parsed("a"))
    kept.put(file("b", "1"), parsed("b"))
    assert kept.get(file("a", "1"))
    kept.put(file("c", "1"), parsed("c"))
    assert [bool(kept.get(file(name, "1"))) for name in ("a", "b", "c")] == [True, False, True]
    kept.put(file("d", "1", size=26), parsed("d"))
    assert kept.get(file("d", "1")) is None
    assert kept.get(file("c", "1"))


def test_threads_may_share_one() -> None:
    kept = ParsedFiles(max_files=5)

    def work(number: int) -> None:
        for turn in range(300):
            name = str((number + turn) % 9)
            kept.put(file(name, "1"), parsed(name))
            found = kept.get(file(name, "1"))
            assert found is None or found.path == name

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert sum(kept.get(file(str(number), "1")) is not None for number in range(9)) == 5


def test_a_register_is_the_same_from_what_was_kept() -> None:
    class Committed(MemoryTree):
        def list(self, folder: str) -> list[File]:
            return [File(each.path, each.data, size=each.size, oid=str(each.data)) for each in super().list(folder)]

    tree, kept = (
        Committed({"framework/mitigations/a.yml": ONE, "framework/b.yml": "timezone: Europe/Berlin\n"}),
        ParsedFiles(),
    )
    first = read_register(tree, parsed=kept)
    with patch.object(reader, "read_contents", side_effect=AssertionError):
        assert read_register(tree, parsed=kept) == first
    assert first.mitigations["a"].value.title == "A"
