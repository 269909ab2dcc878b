"""Hostile files: nothing in a register can make reading it slow, large or crash."""

import json
import subprocess
import sys
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.register.files import reader
from reassay.register.files.composer import MAX_DEPTH, MAX_FINDINGS, MAX_NODES, MAX_SCALAR
from reassay.register.files.messages import ValidationProblem, finding_text
from reassay.register.finding import FindingSeverity
from tests.examples import examples
from tests.unit.register.trees import read, told

FINE = {"framework/fine.yml": "mitigations:\n  - {id: fine, title: Fine, owner: safety-lead, every: 6 months}\n"}
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join(['*' + chr(97 + level)] * 10)}]\n" for level in range(12)
)
HOSTILE = {
    "alias bomb": (LAUGHS, "too-much"),
    "long text many times": (f"a: &a {'x' * 60_000}\nb: [{', '.join(['*a'] * 2000)}]\n", "too-much"),
    "deep brackets": ("a: " + "[" * 100_000, "too-deep"),
    "deep braces": ("{a: " * 100_000, "too-deep"),
    "deep indentation": ("".join(" " * level + "- \n" + " " * level + " -\n" for level in range(80)), None),
    "deep through aliases": ("a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 90)), "too-much"),
    "many values": ("a: [" + "x," * (MAX_NODES + 1) + "]", "too-much"),
    "one long value": (f"a: '{'x' * (MAX_SCALAR + 1)}'", "text-too-long"),
    "many bad aliases": ("a: [" + "*x," * 5000 + "]", "too-many-findings"),
    "many duplicate keys": ("a: 1\n" * 5000, "too-many-findings"),
    "one long line of quotes": ("a: " + "'" * 500_000, None),
    "many open anchors": ("&a [" * 1000, "too-deep"),
    "long unknown key": (f"{'k' * 60_000}: 1\nmitigations: []\n", None),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_bounds_and_hides_nothing(name: str) -> None:
    text, code = HOSTILE[name]
    tracemalloc.start()
    register = read({"framework/a.yml": text, **FINE})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    codes = [each.code for each in register.findings]
    assert codes
    assert code is None or code in codes
    assert len(codes) <= 2 * MAX_FINDINGS
    assert list(register.mitigations) == ["fine"]
    assert peak < 150 * 1024 * 1024
    assert all(len(each.message) < 1000 for each in register.findings)


NESTED = {
    "brackets": "'a: ' + '[' * 100_000",
    "closed brackets": "'[' * 100_000 + ']' * 100_000",
    "braces": "'{a: ' * 100_000",
    "hyphens": "'- ' * 100_000 + 'a'",
    "question marks": "'? ' * 100_000 + 'a'",
    "mappings": "''.join(' ' * level + 'a:\\n' for level in range(1_000))",
    "lists in lists": "''.join(' ' * level + '-\\n' for level in range(1_000))",
    "brackets in a block": "'a:\\n' + '- ' * 1_000 + '[' * 100_000",
}


@pytest.mark.slow
@pytest.mark.parametrize("stack", [0, 256 * 1024], ids=["main thread", "small thread"])
def test_however_deep_a_file_is_the_process_lives_and_says_where(stack: int) -> None:
    """In a process of its own, and in threads as small as some systems make them."""
    code = (
        "import threading\n"
        "from tests.unit.register.trees import read, told\n"
        f"stack = {stack}\n"
        "threading.stack_size(stack)\n"
        f"for text in {list(NESTED.values())}:\n"
        "    def go():\n        print(*told(read({'framework/a.yml': eval(text)}).findings), flush=True)\n"
        "    if stack:\n"
        "        thread = threading.Thread(target=go)\n"
        "        thread.start()\n"
        "        thread.join()\n"
        "    else:\n        go()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    said = dict(zip(NESTED, done.stdout.splitlines(), strict=False))
    assert (done.returncode, done.stderr, said.keys()) == (0, "", NESTED.keys()), said
    for name, line in said.items():
        place, severity, finding = line.split()
        assert (severity, finding) == ("error", "too-deep"), name
        assert place.startswith("a.yml:"), name


def test_an_object_as_deep_as_allowed_is_read() -> None:
    text = "mitigations: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)
    assert "too-deep" not in [each.code for each in read({"framework/a.yml": text}).findings]


@pytest.mark.slow
def test_a_hundred_thousand_unknown_keys_give_few_findings() -> None:
    keys = "\n".join(f"    k{number}: 1" for number in range(20_000))
    register = read({"framework/a.yml": f"mitigations:\n  - id: a\n{keys}\n", **FINE})
    assert 0 < len(register.findings) <= MAX_FINDINGS


def test_a_register_of_too_many_files_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_FILES", 3)
    files = {f"framework/mitigations/m{n}.yml": f"id: m{n}\ntitle: M\nowner: o\nevery: P1Y\n" for n in range(5)}
    register = read(files)
    assert "framework:1:1 error register-too-large" in told(register.findings)
    assert len(register.mitigations) == 3


@pytest.mark.slow
@given(st.binary(max_size=400))
@settings(max_examples=examples(250), deadline=None)
def test_no_bytes_whatever_make_the_reader_raise(data: bytes) -> None:
    register = read(
        {"framework/a.yml": data, "framework/mitigations/b.md": b"---\n" + data, ".github/reassay.yml": data}
    )
    assert register.findings


PIECES = [
    "a",
    "id",
    ": ",
    "- ",
    "\n",
    "  ",
    "\t",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    '"',
    "#",
    "&a ",
    "*a",
    "|",
    ">",
    "?",
    "!",
    "%",
]
MORE_PIECES = [
    "---\n",
    "...\n",
    "<<",
    "1",
    "true",
    "mitigations:\n",
    "\\",
    "\u2028",
    "\x85",
    "\ufeff",
    "\r",
    "😀",
    "@",
    "`",
    "~",
]
YAMLISH = st.lists(st.sampled_from([*PIECES, *MORE_PIECES]), max_size=40).map("".join)


@pytest.mark.slow
@given(YAMLISH)
@settings(max_examples=examples(250), deadline=None)
def test_no_text_that_looks_like_yaml_makes_the_reader_raise_and_every_place_exists(text: str) -> None:
    register = read({"framework/a.yml": text, **FINE})
    assert "fine" in register.mitigations
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for each in register.findings:
        if each.at.path == "framework/a.yml":
            assert 1 <= each.at.line <= len(lines), each
            assert 1 <= each.at.column <= len(lines[each.at.line - 1]) + 1, each


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(-10, 10)
    | st.text("aé \n-@_/{}%'", max_size=12),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text("abk", max_size=3), below, max_size=3),
    max_leaves=6,
)
GOOD: dict[str, object] = {
    "id": "a",
    "title": "A",
    "owner": "o",
    "version": 1,
    "status": "active",
    "assessors": ["p"],
    "taxonomy": [{"scheme": "s", "code": "1"}],
    "target": {"statement": "s", "criteria": [{"kind": "rate", "name": "n", "at_most": 0.1}]},
    "invalidation_conditions": [{"text": "t"}],
    "reassess": {"every": "6 months", "depth": "full"},
    "checklist": [{"id": "i", "text": "t", "evidence": False}],
}
DEPLOYMENT: dict[str, object] = {
    "id": "d",
    "title": "D",
    "audience": "external",
    "context_tokens": 1,
    "rollout_percent": 5,
}
THREAT: dict[str, object] = {"id": "t", "title": "T", "atlas": ["AML.T0054"], "minimum_layers": {"external": 2}}
CONFIG: dict[str, object] = {
    "timezone": "UTC",
    "publish": True,
    "roles": {"r": {"users": ["u"]}},
    "rollout": {"max_open": 1},
    "reminders": {"after": [1], "working_days": ["mon"], "holidays": ["2026-12-24"]},
}
JARGON = (
    "Input should",
    "be a valid ",
    "in valid ",
    "invalid ",
    "Field",
    "Extra inputs",
    "pydantic",
    "Value error",
    "tuple",
    "dict",
    "str_",
    "NoneType",
    "{",
)


def _replaced(data: object, choose: st.DataObject) -> object:
    """The same data with one part, chosen at random, replaced by anything."""
    if isinstance(data, dict) and data and choose.draw(st.booleans()):
        key = choose.draw(st.sampled_from(sorted(data)))
        return {**data, key: _replaced(data[key], choose)}
    if isinstance(data, list) and data and choose.draw(st.booleans()):
        return [_replaced(data[0], choose), *data[1:]]
    return choose.draw(VALUES)


@pytest.mark.slow
@given(st.data())
@settings(max_examples=examples(250), deadline=None)
def test_a_register_wrong_anywhere_is_explained_in_plain_words_at_a_place_that_exists(choose: st.DataObject) -> None:
    kind = choose.draw(st.sampled_from(["mitigations", "deployments", "threat_models", "configuration"]))
    good = {"mitigations": GOOD, "deployments": DEPLOYMENT, "threat_models": THREAT, "configuration": CONFIG}[kind]
    text = json.dumps(_replaced(good, choose), ensure_ascii=False, indent=1)
    path = ".github/reassay.yml" if kind == "configuration" else f"framework/{kind}/a.yml"
    register = read({path: text, **FINE})
    assert "fine" in register.mitigations
    lines = text.split("\n")
    for each in register.findings:
        words = f"{each.message} {each.remedy}".replace(text, "")
        assert not any(word in words for word in JARGON[:-1]), each
        assert 1 <= each.at.column <= len(lines[each.at.line - 1]) + 1
        assert each.message
        assert each.remedy
        assert each.code == each.code.lower()
        assert each.severity in FindingSeverity


def test_an_objection_that_has_no_words_of_its_own_still_gets_some() -> None:
    words = finding_text(ValidationProblem("never_heard_of", "a.b", [1], {}))
    assert words.code == "bad-value"
    assert words.message == "'a.b' cannot be a list"
