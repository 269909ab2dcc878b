"""What git gives as one long text is told apart as looking at each file would, whatever the files hold."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from reassay.register.files import File
from reassay.register.files.aside import Aside, set_aside
from reassay.register.files.pile import pile

FOLDER = "framework/mitigations"
HEAD = f"{1:040x} blob 5\n"
PLAIN = "id: {0}\ntitle: It\nowner: safety\n"
HOSTILE = (
    "",
    "\n",
    "id: {0}",
    "id: {0}\n\nid: other\n",
    "title: It\nid: {0}  \n",
    "# a note\nid: {0}\n",
    "id: {0} # a note\n",
    "id:{0}\n",
    "id:\t{0}\n",
    "'id': {0}\n",
    'id: {0}\ntitle: "\\x66"\n',
    "id: {0}\r\ntitle: It\r\n",
    "id: {0}\n---\nid: other\n",
    "id: {0}\nformerly: [old]\n",
    "- id: {0}\n  title: It\n",
    " id: {0}\n",
    HEAD + "id: {0}\n",
    "id: {0}\n" + HEAD + "id: other\n",
    "id: {0}\n\n" + HEAD,
    "title: It\n" + HEAD + "title: It\n",
    "id: {0}\n\0\nid: other\n",
    "id: {0}\ndescription: |\n  id: other\n",
    "id: {0}\ntitle: é\n",
    "id: {0}\ndeployments: [m1]\n",
    "id: {0}\nkind: mitigation\ndeployments: [m1]\n",
    "id: É{0}\n",
)


def written(contents: Sequence[bytes], oids: Sequence[str]) -> bytes:
    """As `git cat-file --batch` does."""
    return b"".join(
        f"{oid} blob {len(data)}\n".encode() + data + b"\n" for oid, data in zip(oids, contents, strict=True)
    )


def both(contents: Sequence[bytes], rest: bytes = b"") -> tuple[Aside, Aside]:
    paths = [f"{FOLDER}/m{number}.yml" for number in range(len(contents))]
    oids = [f"{number + 10:040x}" for number in range(len(contents))]
    sizes = [len(data) for data in contents]
    files = {path: File(path, data, size=len(data)) for path, data in zip(paths, contents, strict=True)}
    quick = pile(paths, oids, sizes, written(contents, oids) + rest)
    assert quick is not None
    return quick, set_aside(files, files)


def stands_in(names: Sequence[str], data: bytes) -> bool:
    return any(re.search(rb"(?<![a-z0-9-])" + name.encode() + rb"(?![a-z0-9-])", data) for name in names)


def same(quick: Aside, slow: Aside) -> None:
    assert quick.ids == slow.ids
    assert list(quick.paths) == list(slow.paths)
    assert [quick.file(path) for path in quick.paths] == [slow.file(path) for path in slow.paths]
    for names in (["m0"], ["m1", "m2", "m3"], ["other", "it", "id"], ["blob"], ["absent"]):
        named = {file.path for file in map(slow.file, slow.paths) if stands_in(names, file.data or b"")}
        assert quick.naming(names) == slow.naming(names) == named
    serving = {file.path for file in map(slow.file, slow.paths) if b"deployments" not in (file.data or b"")}
    assert quick.serving_all() == slow.serving_all() == serving


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_unusual_file_hides_neither_itself_nor_another(text: str, place: int) -> None:
    contents = [PLAIN.format(f"m{number}").encode() for number in range(3)]
    contents[place] = text.format(f"m{place}").encode()
    quick, slow = both(contents)
    same(quick, slow)
    others = {f"m{number}" for number in range(3) if number != place}
    assert others <= quick.ids.keys()


@given(st.lists(st.tuples(st.sampled_from((PLAIN, PLAIN, PLAIN, *HOSTILE)), st.sampled_from(["m0", "m1", "m2", "m3"])), min_size=1, max_size=6))  # fmt: skip
def test_told_apart_as_file_by_file(drawn: list[tuple[str, str]]) -> None:
    quick, slow = both([text.format(name).encode() for text, name in drawn], rest=b"m0 m1 other\n")
    same(quick, slow)
    event(f"aside: {len(quick.paths)} of {len(drawn)}")


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=4))
def test_of_any_bytes_at_all(contents: list[bytes]) -> None:
    same(*both([b"id: m0\n", *contents]))


@pytest.mark.parametrize(
    "output",
    [
        b"",
        written([PLAIN.encode()], [f"{1:040x}"]),
        f"{10:040x} missing\n".encode(),
        f"{10:040x} blob 999\n".encode() + PLAIN.encode() + b"\n",
    ],
)
def test_what_git_was_not_asked_for_is_not_believed(output: bytes) -> None:
    assert pile([f"{FOLDER}/m0.yml"], [f"{10:040x}"], [len(PLAIN)], output) is None


def test_a_word_is_found_where_it_stands_whole() -> None:
    texts = ("sees: m0\n", "sees: m0-long\n", "sees: am0\n", "sees: m0m0 m0\n", "sees: M0\n", "sees: 'm0'\n")
    quick, _ = both([f"id: x{number}\n{text}".encode() for number, text in enumerate(texts)])
    assert quick.naming(["m0"]) == {f"{FOLDER}/m{number}.yml" for number in (0, 3, 5)}


def test_what_is_taken_away_is_gone_by_path_and_by_name() -> None:
    quick, _ = both([PLAIN.format(f"m{number}").encode() for number in range(4)])
    left = quick.only({f"{FOLDER}/m1.yml", f"{FOLDER}/m3.yml"})
    assert list(left.paths) == [f"{FOLDER}/m1.yml", f"{FOLDER}/m3.yml"]
    assert left.ids == {"m1": f"{FOLDER}/m1.yml", "m3": f"{FOLDER}/m3.yml"}
    assert left.naming(["m0", "m1", "m2", "m3"]) == set(left.paths)
    assert left.file(f"{FOLDER}/m3.yml") == quick.file(f"{FOLDER}/m3.yml")
