"""Kinds of broken register: each is found at its exact place, and never hides a mitigation that is fine."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from reassay.register.files import read_register
from tests.unit.register.trees import Files, told, written

FINE = {"framework/fine.yml": "mitigations:\n  - {id: fine, title: Fine, owner: safety-lead, every: 6 months}\n"}
HEAD = "mitigations:\n  - id: a\n    title: A\n    owner: safety-lead\n    every: 6 months\n"


@dataclass(frozen=True)
class Broken:
    name: str
    files: Files
    expected: tuple[str, ...]
    says: str = ""
    """Part of the first message."""
    remedy: str = ""
    """Part of the first remedy."""


def one(name: str, text: str | bytes, *expected: str, says: str = "", remedy: str = "") -> Broken:
    """A case with one file, a.yml."""
    return Broken(name, {"framework/a.yml": text}, tuple(f"a.yml:{each}" for each in expected), says, remedy)


def extra(name: str, line: str, *expected: str, says: str = "", remedy: str = "") -> Broken:
    """A case with one more line, the sixth, in an otherwise good mitigation."""
    return one(name, f"{HEAD}    {line}\n", *expected, says=says, remedy=remedy)


SYNTAX = [
    one("unclosed quote", "mitigations:\n  - id: a\n    title: 'A\n", "3:12 error yaml-syntax", says="quotation mark"),
    one("unclosed bracket", "mitigations: [{id: a,\n", "1:15 error yaml-syntax", says="bracket", remedy="Close it"),
    one("tab for indentation", "mitigations:\n\t- id: a\n", "2:1 error yaml-syntax", says="a tab", remedy="Use spaces"),
    one("colon in a text", "mitigations:\n  - title: A: b\n", "2:13 error yaml-syntax", says="':'", remedy="in quotes"),
    one(
        "an @ at the start",
        "mitigations:\n  - owner: @lead\n",
        "2:12 error yaml-syntax",
        says="'@'",
        remedy="without it: 'lead'",
    ),
    one("wrong indentation", "a:\n   b: 1\n  c: 2\n", "3:3 error yaml-syntax", says="indented", remedy="line them up"),
    one("key without colon", "mitigations:\n  - id: a\n    title\n", "3:5 error yaml-syntax", says="without ':'"),
    one("unknown escape", 'mitigations:\n  - id: "\\q"\n', "2:10 error yaml-syntax", says="backslash", remedy="twice"),
    one("list and keys mixed", "- id: a\nb: 1\n", "2:1 error yaml-syntax", says="list above"),
    one("several documents", "id: a\n---\nid: b\n", "2:1 error several-documents", remedy="file of its own"),
    one("another version", "%YAML 1.1\n---\nid: a\n", "1:1 error yaml-version", remedy="%YAML"),
    one("merge key", f"x: &x {{a: 1}}\n{HEAD}    <<: *x\n", "1:1 error unknown-key", "7:5 error merge-key"),
    one("unknown alias", "mitigations: [*x]\n", "1:15 error unknown-alias", says="'*x'"),
    one(
        "circular alias",
        "mitigations: &x [*x]\n",
        "1:18 error circular-alias",
        says="inside the content that it repeats",
    ),
    extra("unknown tag", "version: !python/object:os.system 1", "6:14 error unknown-tag", remedy="Delete the tag"),
    extra("infinity", "version: .inf", "6:14 error bad-number", remedy="in quotes"),
    extra("too many digits", f"version: {'9' * 400}", "6:14 error bad-number"),
    extra("a number as key", "1: x", "6:5 error key-not-text", remedy="quotes"),
    extra(
        "duplicate key", "owner: somebody-else", "6:5 error duplicate-key", says="'owner' is given twice", remedy="one"
    ),
    one("collection key twice", f"{HEAD}mitigations: []\n", "6:1 error duplicate-key"),
]
BYTES = [
    one("not UTF-8", b"mitigations:\n  - title: caf\xe9\n", "2:15 error not-utf-8", says="byte 27 (0xe9)"),
    one("UTF-16", "mitigations: []".encode("utf-16"), "1:1 error not-utf-8", remedy="UTF-16"),
    one("binary", b"id: a\n\x00\x01", "2:1 error binary-file", says="zero byte"),
    one("control character", b"id: a\ntitle: \x1b[31m\n", "2:8 error control-character", says="U+001B"),
    one("disputed line break", "id: a\ntitle: x\u2028y\n", "2:9 error disputed-line-break", remedy="\\u2028"),
    one("oversized", b"# " + b"x" * 1024 * 1024, "1:1 error file-too-large", says="1,048,578 bytes"),
]
MODEL = [
    one(
        "key missing",
        "mitigations:\n  - id: a\n    title: A\n    every: 1 year\n",
        "2:5 error missing-key",
        says="'owner'",
    ),
    extra("unknown key", "proofs: x", "6:5 error unknown-key", remedy="Possible keys: id, title"),
    one("misspelt key", HEAD.replace("owner", "ownr"), "4:5 error unknown-key", remedy="Did you mean 'owner'?"),
    extra(
        "list wanted", "deployments: public-app", "6:18 error wrong-type", says="must be a list", remedy="[public-app]"
    ),
    extra("number wanted", "version: two", "6:14 error wrong-type", says="the text 'two'"),
    one("text wanted", HEAD.replace("title: A", "title: 4.5"), "3:12 error wrong-type", remedy="in quotes"),
    extra("nothing there", "deployments:", "6:17 error wrong-type", says="left empty"),
    extra("group wanted", "reassess: monthly", "6:15 error wrong-type", says="a group of keys"),
    extra("not one of", "status: Active", "6:13 error not-one-of", remedy="Did you mean 'active'?"),
    extra("out of range", "version: 0", "6:14 error out-of-range", says="more than 0"),
    one("bad id", HEAD.replace("id: a", "id: Jailbreak_Filter"), "2:9 error bad-id", remedy="'jailbreak-filter'"),
    one("a login with @", HEAD.replace("safety-lead", "'@lead'"), "4:12 error bad-name", remedy="'lead'"),
    one("a team", HEAD.replace("safety-lead", "org/team"), "4:12 error bad-name", remedy="declare a role"),
    one(
        "an account that is no number",
        f"{HEAD}roles: {{board: {{users: [lead#me]}}}}\n",
        "6:25 error bad-login",
        remedy="'safety-lead#1003'",
    ),
    one(
        "a team that is no number",
        f"{HEAD}app_id: 7\nroles: {{board: {{teams: ['lab/board#0']}}}}\n",
        "7:25 error bad-team",
        remedy="'example-lab/board#77'",
    ),
    one("no duration", HEAD.replace("6 months", "6 moons"), "5:12 error not-a-duration", remedy="'P6M'"),
    one("a bare number as duration", HEAD.replace("6 months", "6"), "5:12 error not-a-duration", remedy="'6 months'"),
    extra("no date", "last_assessed: 1.6.2026", "6:20 error not-a-date", remedy="2026-06-01 or 2026-01-06"),
    extra("no such date", "last_assessed: 2026-02-30", "6:20 error not-a-date"),
    extra("a week date", "last_assessed: 2026-W01-1", "6:20 error not-a-date"),
    one("two lines", HEAD.replace("title: A", 'title: "A\\nB"'), "3:12 error more-than-a-line"),
    one("empty text", HEAD.replace("title: A", "title: ' '"), "3:12 error too-short", says="is empty"),
    one("long title", HEAD.replace("title: A", f"title: {'A' * 301}"), "3:12 error too-long", says="300 characters"),
    extra("contradiction", "reassess: {every: 1 year}", "6:16 error contradiction", says="both", remedy="Keep one"),
    extra(
        "criterion of no kind", "target: {statement: S, criteria: [{name: n}]}", "6:39 error missing-key", says="kind"
    ),
    extra(
        "criterion of unknown kind",
        "target: {statement: S, criteria: [{kind: rat, name: n}]}",
        "6:46 error not-one-of",
        remedy="Did you mean 'rate'?",
    ),
    extra(
        "percent for a share",
        "target: {statement: S, criteria: [{kind: rate, name: n, at_most: 5}]}",
        "6:70 error out-of-range",
        says="target.criteria[1].at_most",
        remedy="5% is 0.05",
    ),
    extra(
        "bad technique",
        "threat_models: []\nthreat_models:\n  - {id: t, title: T, atlas: [T0051]}",
        "8:31 error bad-technique",
    ),
]
PLACE = [
    one("no kind", "id: a\ntitle: A\n", "1:1 error unknown-kind", remedy="mitigation, deployment, threat-model"),
    one("unknown kind", "kind: mitigations\nid: a\n", "1:7 error unknown-kind", remedy="Did you mean 'mitigation'?"),
    one("no object", "just words\n", "1:1 error not-an-object"),
    one("an entry that is no object", "mitigations:\n  - a\n", "2:5 error not-an-object"),
    one("a list wanted", "mitigations:\n  id: a\n", "2:3 error wrong-type", remedy="'- '"),
    one("misspelt collection", "mitigation:\n  - id: a\n", "1:1 error unknown-key", remedy="'mitigations'"),
    one("only comments", "# later\n", "1:1 warning empty-file"),
    Broken(
        "kind against folder",
        {"framework/deployments/x.yml": "kind: mitigation\nid: x\n"},
        ("deployments/x.yml:1:7 error contradicting-kind",),
        says="its place implies deployment",
    ),
    Broken(
        "open front matter",
        {"framework/mitigations/x.md": "---\nid: x\n"},
        ("mitigations/x.md:1:1 error open-front-matter",),
    ),
    Broken(
        "description twice",
        {"framework/mitigations/x.md": "---\nid: x\ntitle: X\nowner: o\nevery: P1Y\ndescription: d\n---\nBody\n"},
        ("mitigations/x.md:6:1 error duplicate-key",),
    ),
    Broken(
        "Markdown without front matter",
        {"framework/mitigations/x.md": "# X\n"},
        ("mitigations/x.md:1:1 warning not-read",),
        remedy="Begin it with '---'",
    ),
    Broken("JSON", {"framework/x.json": "{}"}, ("x.json:1:1 warning not-read",)),
]
CASES = [*SYNTAX, *BYTES, *MODEL, *PLACE]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_broken_file_is_found_where_it_is_broken_and_hides_nothing(case: Broken, tmp_path: Path) -> None:
    register = read_register(written(tmp_path, {**case.files, **FINE}))
    assert told(register.findings) == list(case.expected)
    assert "fine" in register.mitigations
    first = register.findings[0]
    assert case.says in first.message
    assert case.remedy in first.remedy
    assert first.remedy[-1] in ".?)"


@pytest.mark.parametrize("case", [case for case in CASES if "error" in case.expected[0]], ids=lambda case: case.name)
def test_what_is_broken_is_left_out(case: Broken, tmp_path: Path) -> None:
    register = read_register(written(tmp_path, {**case.files, **FINE}))
    kept = {"fine"} if case.name != "collection key twice" else {"fine", "a"}
    assert set(register.mitigations) - {"a"} <= kept
    assert not register.deployments
    assert ("a" in register.mitigations) == (
        case.name
        in {
            "collection key twice",
            "bad technique",
            "an account that is no number",
            "a team that is no number",
        }
    )
