"""The quick way of reading either declines or says exactly what the long way says; and it is taken."""

import gc
import subprocess
import sys
import time
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from reassay.register.files.lazily import LazyMarks
from reassay.register.files.quick_reader import parsed
from reassay.register.files.screen import MAX_CHARACTERS, is_plainly_written

from reassay.register.files import WorkingTree, quick_yaml, read_register, reader
from tests.unit.register.quick import (
    FAULTY_RE,
    assert_both_ways_agree,
    assert_declined_or_the_same,
    file,
    quick_from,
    seen,
)
from tests.unit.register.quick_texts import DOCUMENTS, MUTATED, SOUP, TRAPS
from tests.unit.register.trees import Files, read

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11, 5), reason=FAULTY_RE)
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
ORDINARY = {
    str(place.relative_to(EXAMPLES)): place.read_text()
    for place in sorted(EXAMPLES.glob("*/framework/**/*"))
    if place.suffix in {".yml", ".md"}
}
LONG_WAY = {
    "public-commitments/framework/commitments/anthropic.yml",  # a section that is called 4.1(5)
    "public-commitments/framework/system.yml",  # numbers with an exponent
    "starter/framework/mitigations.yml",  # a setting above the mitigations
}
ONE = "id: a\ntitle: A\nowner: safety-lead\nevery: 6 months\n"


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_files_are_read_the_quick_way(name: str) -> None:
    path = name.partition("/")[2]
    assert (parsed(file(path, ORDINARY[name])) is None) == (name in LONG_WAY)


def test_a_register_without_a_fault_is_not_composed_at_all() -> None:
    files = {f"framework/mitigations/m{number}.yml": ONE.replace("id: a", f"id: a{number}") for number in range(60)}
    with patch.object(reader, "read_contents", side_effect=AssertionError):
        register = read(files)
    assert len(register.mitigations) == 60
    marks = register.mitigations["a7"].origin.marks
    assert isinstance(marks, LazyMarks)
    assert "origins" not in vars(marks.source)
    assert register.mitigations["a7"].origin.at("owner").line == 3
    assert "origins" in vars(marks.source)


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if (path / "framework").is_dir()))
def test_examples_read_both_ways_are_the_same_register(name: str) -> None:
    with quick_from(0):
        quick = seen(read_register(WorkingTree(EXAMPLES / name)))
    with quick_from(10**9):
        assert seen(read_register(WorkingTree(EXAMPLES / name))) == quick


@pytest.mark.parametrize("trap", TRAPS)
def test_what_parsers_read_differently_is_declined_or_read_alike(trap: str) -> None:
    for text in (
        f"a: {trap}\n",
        f"- {trap}\n",
        f"a:\n  - {trap}\n  - b: {trap}\n    c: d\n",
        f"a: [{trap}, b]\n",
        f"a: {{b: {trap}, c: d}}\n",
        f"{trap}: a\n",
        f"a:\n  {trap}: b\n",
        f"a: b\n  {trap}\n",
        f"a:\n  {trap}\n",
        f"a: >-\n  {trap}\n  b\n",
        f"a: |\n  {trap}\n\n   b\n",
        f'a: "b\n  {trap}"\n',
        f"a: 'b\n  {trap}'\n",
        f"{trap}\n",
        f"a: b # {trap}\n",
    ):
        assert_declined_or_the_same(text)


PLAIN: dict[str, object] = {
    "a: yes\n": {"a": "yes"},
    "a: [no, On, y]\n": {"a": ["no", "On", "y"]},
    "a: 2026-01-01\n": {"a": "2026-01-01"},
    "a: 0.05\nb: 12\nc: true\n": {"a": 0.05, "b": 12, "c": True},
    "a: http://b#c\n": {"a": "http://b#c"},
    "a: 'it''s: # so'\n": {"a": "it's: # so"},
    "a:\n- b: >-\n    x\n    y\n\n    z\n  c:\n": {"a": [{"b": "x y\nz", "c": None}]},
    "a: b\n  c\nd: {e: [f, 1.3.2]} # g\n": {"a": "b c", "d": {"e": ["f", "1.3.2"]}},
    'a: "b\n  c"\n': {"a": "b c"},
    "é: b\n": None,
    "a: é — “ü”\n": {"a": "é — “ü”"},
}


@pytest.mark.parametrize("text", PLAIN)
def test_plain_texts_mean_what_they_seem_to(text: str) -> None:
    expected = PLAIN[text]
    assert assert_declined_or_the_same(text) == (expected is not None)
    if expected is not None:
        assert quick_yaml.parse(text) == expected


@given(DOCUMENTS)
@settings(max_examples=1500, deadline=None)
def test_no_document_is_read_otherwise(text: str) -> None:
    assert_declined_or_the_same(text)


@given(SOUP)
@settings(max_examples=500, deadline=None)
def test_no_pieces_of_yaml_are_read_otherwise(text: str) -> None:
    assert_declined_or_the_same(text)
    assert_both_ways_agree({"framework/a.yml": text, "framework/mitigations/b.md": f"---\n{text}---\n{text}"})


@given(MUTATED(tuple(ORDINARY.items())))
@settings(max_examples=300, deadline=None)
def test_no_change_to_a_realistic_register_is_read_otherwise(files: Files) -> None:
    assert_both_ways_agree(files)


CASES: dict[str, Files] = {
    "kind by its folder": {"framework/mitigations/a.yml": ONE},
    "kind said": {"framework/a.yml": f"kind: mitigation\n{ONE}"},
    "kind said and given": {"framework/mitigations/a.yml": f"kind: mitigation\n{ONE}"},
    "kind contradicted": {"framework/deployments/a.yml": f"kind: mitigation\n{ONE}"},
    "kind unknown": {"framework/mitigations/a.yml": f"kind: mitgation\n{ONE}"},
    "kind a number": {"framework/mitigations/a.yml": f"kind: 1\n{ONE}"},
    "no kind": {"framework/a.yml": ONE},
    "a kind of its own": {
        "framework/incidents/a.yml": "id: a\ntitle: A\nkind: near-miss\nsummary: S\nhappened: 2026-01-01\n"
    },
    "a list by its name": {"framework/mitigations.yml": f"- {ONE.strip().replace(chr(10), chr(10) + '  ')}\n"},
    "a collection": {"framework/a.yml": "mitigations:\n  - {id: a, title: A, owner: o, every: 6 months}\n"},
    "an empty collection": {"framework/a.yml": "mitigations: []\n"},
    "a collection of nothing": {"framework/a.yml": "mitigations:\n"},
    "with settings": {"framework/a.yml": "timezone: UTC\nmitigations: []\n"},
    "with an unknown key": {"framework/a.yml": "mitigation: []\nmitigations: []\n"},
    "names mitigations": {"framework/evidence_items/a.yml": "id: a\ntitle: A\nmitigations: [b]\n"},
    "a text": {"framework/a.yml": "just a text\n"},
    "an entry that is no object": {"framework/a.yml": "mitigations:\n  - a\n"},
    "same id twice": {"framework/mitigations/a.yml": ONE, "framework/mitigations/b.yml": ONE},
    "a wrong value": {"framework/mitigations/a.yml": f"{ONE}version: 0\n"},
    "a key too many": {"framework/mitigations/a.yml": f"{ONE}ownr: x\n"},
    "Markdown": {"framework/mitigations/a.md": f"---\n{ONE}---\n\nProse: *with* \t[everything]\n"},
    "Markdown without body": {"framework/mitigations/a.md": f"---\n{ONE}---\n"},
    "Markdown described twice": {"framework/mitigations/a.md": f"---\n{ONE}description: D\n---\nE\n"},
    "Markdown without kind": {"framework/a.md": f"---\n{ONE}---\n"},
    "Markdown without front matter": {"framework/mitigations/a.md": "Prose\n"},
    "Markdown with Windows line ends": {"framework/mitigations/a.md": f"---\n{ONE}---\nE\n".replace("\n", "\r\n")},
    "Markdown with a control character": {"framework/mitigations/a.md": f"---\n{ONE}---\nE\x07\n"},
    "open front matter": {"framework/mitigations/a.md": f"---\n{ONE}"},
    "not UTF-8": {"framework/mitigations/a.yml": ONE.encode() + b"description: \xff\n"},
    "byte order mark": {"framework/mitigations/a.yml": f"\ufeff{ONE}"},
    "zero byte": {"framework/mitigations/a.yml": f"{ONE}\0"},
    "nothing": {"framework/mitigations/a.yml": "", "framework/mitigations/b.yml": "# nothing\n"},
    "no line end": {"framework/mitigations/a.yml": ONE.rstrip()},
    "null twice": {"framework/mitigations/a.yml": f"{ONE}layer:\ndescription: ~\n"},
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_file_holds_is_told_alike(case: str) -> None:
    assert_both_ways_agree(CASES[case])


def test_without_the_parser_everything_is_composed() -> None:
    with quick_from(0):
        expected = seen(read({"framework/mitigations/a.yml": ONE}))
        quick_yaml._loads.cache_clear()
        with patch.dict(sys.modules, {"yaml_rs": None}):
            assert parsed(file("mitigations/a.yml", ONE)) is None
            assert seen(read({"framework/mitigations/a.yml": ONE})) == expected
        quick_yaml._loads.cache_clear()
        assert parsed(file("mitigations/a.yml", ONE)) is not None


HOSTILE = {
    "brackets": "a: " + "[" * 60_000,
    "braces": "a: " + "{a: " * 15_000,
    "quotes": "a: " + "'" * 60_000,
    "open quote": "a: '" + "x\n  " * 15_000,
    "spaces": "a:" + " " * 60_000,
    "indented": "\n".join(" " * level + "a:" for level in range(340)),
    "folded": "a: >-\n" + "  x\n" * 16_000 + " y",
    "blank lines": "a: |\n  x" + "\n" * 60_000 + "y",
    "goes on": "a: b\n" + "  c\n" * 15_000 + "d\n",
    "comments": "#\n" * 30_000 + "x",
    "commas": "a: [" + "b, " * 20_000,
    "colons": "a: b" + ":c" * 30_000 + ": d",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_declined_in_linear_time(name: str) -> None:
    start = time.process_time()
    assert not is_plainly_written(HOSTILE[name])
    assert time.process_time() - start < 1


def test_a_long_text_is_left_to_the_composer_which_counts() -> None:
    assert is_plainly_written("#" * (MAX_CHARACTERS - 1) + "\n")
    assert not is_plainly_written("#" * MAX_CHARACTERS + "\n")


def test_the_collector_of_cycles_is_left_as_it_was() -> None:
    assert gc.isenabled()
    read({"framework/mitigations/a.yml": ONE})
    assert gc.isenabled()
    gc.disable()
    try:
        read({"framework/mitigations/a.yml": ONE})
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_parser_is_imported_when_it_is_needed() -> None:
    code = "import sys, reassay.register.files; sys.exit('yaml_rs' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_only_the_main_thread_reads_the_quick_way() -> None:
    """With several threads at work the parser has brought a process down."""
    from concurrent.futures import ThreadPoolExecutor

    from reassay.register.files.quick_yaml import DECLINED, parse

    text = "id: one\ntitle: One\n"
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(parse, text).result() is DECLINED
    assert parse(text) == {"id": "one", "title": "One"}
