"""Both ways of reading, side by side."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch

from reassay.register.files.quick_yaml import DECLINED, parse

from reassay.register.files import File, helpers
from reassay.register.files.nodes import plain
from reassay.register.files.text import Unreadable
from reassay.register.files.yaml_reader import read_yaml
from reassay.register.register import KINDS, Register
from tests.unit.register.trees import Files, read

FAULTY_RE = "the expressions of this Python cannot be relied on (mended in 3.11.5), so everything is composed"

NEVER = 10**9


@contextmanager
def quick_from(files: int) -> Iterator[None]:
    """Whatever a register's size is: from so many files on the quick way is tried."""
    with patch.object(helpers, "WORTH_IT", files):
        yield


def seen(register: Register) -> Mapping[str, object]:
    """Everything that can be asked of a register, places and types included."""
    objects = {
        (kind, name): (
            entry.value,
            repr(dict(entry.written)),
            entry.origin.path,
            entry.origin.index,
            dict(entry.origin.marks),
            dict(entry.origin.key_marks),
        )
        for kind in KINDS
        for name, entry in register.objects(kind).items()
    }
    return {
        "objects": objects,
        "order": [(kind, *register.objects(kind)) for kind in KINDS],
        "findings": register.findings,
        "broken": register.broken,
        "configuration": (register.configuration, register.configuration_is_broken),
    }


def assert_both_ways_agree(files: Files) -> None:
    with quick_from(NEVER):
        expected = seen(read(files))
    with quick_from(0):
        assert seen(read(files)) == expected


def assert_declined_or_the_same(text: str) -> bool:
    """Whether the quick way was taken."""
    quick = parse(text)
    if quick is DECLINED:
        return False
    try:
        node, findings = read_yaml("a.yml", text)
    except Unreadable as refused:
        raise AssertionError((text, quick, refused.findings)) from None
    assert not findings, (text, quick)
    # repr tells 1 from 1.0 and from True, and one order of keys from another.
    assert repr(quick) == repr(None if node is None else plain(node, "a.yml").data), text
    return True


def file(path: str, text: str) -> File:
    return File(path, text.encode(), size=len(text.encode()))
