"""MITRE ATLAS: changed content of linked techniques is information; dates, versions and layouts are not."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.signals.source_readings import SourceReading, SourceUnreadError
from reassay.signals.sources import atlas
from tests.make import mitigation, register, threat_model
from tests.unit.signals.sources.feeds_lab import context, source

URL = "https://example.org/dist/ATLAS.yaml"
RELEASES = Path(__file__).resolve().parents[5] / "shared" / "data" / "atlas_releases.json"  # beside the checkout
Techniques = Mapping[str, str]
TEXTS = {"AML.T0051": "injection", "AML.T0051.000": "direct", "AML.T0054": "jailbreak", "AML.T0043": "crafted data"}


def lists(techniques: Techniques, version: str = "4.5.2", modified: str = "2023-10-25") -> bytes:
    """The layout of 4.0 to 5.6: lists below matrices."""
    rows = "".join(
        f"  - id: {name}\n    name: Technique {name}\n    description: '{text}\n\n\n      more'\n"
        f"    tactics:\n    - AML.TA0012\n    created_date: 2023-10-25\n    modified_date: {modified}\n"
        for name, text in techniques.items()
    )
    head = f"---\nid: ATLAS\nname: ATLAS\nversion: {version}\nmatrices:\n- id: ATLAS\n  tactics: []\n  techniques:\n"
    return f"{head}{rows}case-studies: []\n".encode()


def mapping(techniques: Techniques) -> bytes:
    """The layout since 2026: a mapping by id."""
    rows = {
        name: {"id": name, "object-type": "technique", "name": f"Technique {name}", "description": f"{text}\n\nmore"}
        for name, text in techniques.items()
    }
    document = {"format-version": "6.0.0", "collection": {"version": "2026.08"}, "techniques": rows}
    return json.dumps(document).encode()


def read(raw: bytes, before: SourceReading | None = None, **fields: object) -> SourceReading:
    position = before.position if before else None
    return atlas.READER.read(source("atlas", url=URL, **fields), context(pages={URL: raw}, position=position))


def titles(reading: SourceReading) -> list[str]:
    return [signal.title.removeprefix("MITRE ATLAS ") for signal in reading.signals]


def test_the_first_reading_only_sets_what_is_compared_with() -> None:
    reading = read(lists(TEXTS))
    assert (reading.signals, reading.problems) == ((), ())
    assert reading.position is not None
    assert set(reading.position["techniques"]) == {"AML.T0051", "AML.T0051.000", "AML.T0054"}  # type: ignore[call-overload] # a mapping


def test_atlas_4_6_0_dated_every_technique_anew_and_triggers_nothing() -> None:
    reading = read(lists(TEXTS, "4.6.0", modified="2024-07-09"), read(lists(TEXTS)))
    assert (reading.signals, reading.problems) == ((), ())


def test_atlas_5_5_0_rewrote_t0054_and_triggers_it_alone() -> None:
    before = read(lists(TEXTS, "5.4.0"))
    (signal,) = read(lists(TEXTS | {"AML.T0054": "rewritten", "AML.T0043": "too"}, "5.5.0"), before).signals
    assert signal.title == "MITRE ATLAS changed AML.T0054: Technique AML.T0054"
    assert signal.mitigations == ("jailbreak-filter", "output-filter")
    assert signal.url == "https://atlas.mitre.org/techniques/AML.T0054"


def test_another_layout_with_the_same_content_triggers_nothing() -> None:
    assert read(mapping(TEXTS), read(lists(TEXTS))).signals == ()


def test_what_is_read_twice_is_the_same_signal_and_read_after_it_is_none() -> None:
    before, changed = read(lists(TEXTS)), lists(TEXTS | {"AML.T0054": "rewritten"})
    after = read(changed, before)
    assert after.signals == read(changed, before).signals != ()
    assert read(changed, after).signals == ()


def test_each_change_of_a_technique_is_an_item_of_its_own() -> None:
    first, second, third = (read(lists(TEXTS | {"AML.T0054": text})) for text in ("a", "b", "c"))
    keys = [
        read(lists(TEXTS | {"AML.T0054": text}), before).signals[0].key
        for text, before in (("b", first), ("c", second), ("d", third))
    ]
    assert len(set(keys)) == 3
    assert all(key.startswith("AML.T0054@") for key in keys)


def test_sub_techniques_of_a_linked_technique_are_changed_added_and_removed() -> None:
    before = read(lists(TEXTS))
    changed = read(lists(TEXTS | {"AML.T0051.000": "else", "AML.T0051.001": "indirect"}), before)
    assert titles(changed) == [
        "changed AML.T0051.000: Technique AML.T0051.000",
        "added AML.T0051.001: Technique AML.T0051.001",
    ]
    assert {signal.mitigations for signal in changed.signals} == {("output-filter",)}
    without = {name: text for name, text in TEXTS.items() if name != "AML.T0051.000"}
    assert titles(read(lists(without), before)) == ["removed AML.T0051.000"]


@pytest.mark.parametrize("layout", [lists, mapping])
def test_a_linked_technique_that_vanished_or_never_was_is_said(layout: Any) -> None:  # noqa: ANN401 -- a function of bytes
    without = {name: text for name, text in TEXTS.items() if name != "AML.T0054"}
    first = read(layout(without))
    assert first.problems == (
        f"AML.T0054, which the threat model 'jailbreaks' links, is not in {URL}; see what became of it, and correct the id.",
    )
    vanished = read(layout(without), read(layout(TEXTS)))
    assert "is no longer in" in vanished.problems[0]
    assert vanished.signals == ()
    # It is compared with what it was, should it come back.
    assert titles(read(layout(TEXTS | {"AML.T0054": "other"}), vanished)) == ["changed AML.T0054: Technique AML.T0054"]


def test_a_technique_that_is_newly_linked_sets_what_is_compared_with() -> None:
    before = read(lists(TEXTS))
    assert read(lists(TEXTS), before, techniques=["AML.T0043"]).signals == ()
    after = read(lists(TEXTS), before, techniques=["AML.T0043"])
    changed = read(lists(TEXTS | {"AML.T0043": "else"}), after, techniques=["AML.T0043"])
    assert [(signal.title, signal.mitigations) for signal in changed.signals] == [
        ("MITRE ATLAS changed AML.T0043: Technique AML.T0043", ())
    ]


def test_a_register_that_links_nothing_is_said() -> None:
    nothing = register(mitigation("filter"), threat_model("misuse"))
    reading = atlas.READER.read(source("atlas", url=URL), context(pages={URL: lists(TEXTS)}, known=nothing))
    assert "No threat model names an ATLAS technique" in reading.problems[0]


def test_the_name_of_a_release_is_followed_as_githubs_raw_addresses_serve_it() -> None:
    base = "https://example.org/main/dist/"
    pages = {
        f"{base}ATLAS-latest.yaml": b"v6/ATLAS-latest.yaml\n",
        f"{base}v6/ATLAS-latest.yaml": b"ATLAS-2026.08.yaml",
        f"{base}v6/ATLAS-2026.08.yaml": mapping(TEXTS),
    }
    spec = source("atlas", url=f"{base}ATLAS-latest.yaml")
    assert atlas.READER.read(spec, context(pages=pages)).problems == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"# nothing\n", b"[]", b"a: [", b"\xff\xfe", b"techniques: {}\n", b"matrices: 3\n", b"matrices: [3, {}]\n",
        b"techniques: {AML.T0054: 3}\n", b"../secrets.yaml", b"ATLAS.yaml", b"<!doctype html><html></html>",
        b"techniques: &a {AML.T0054: *a}\n", b"a: 1\n---\na: 2\n",
    ],
)  # fmt: skip
def test_what_is_no_release_is_refused(raw: bytes) -> None:
    with pytest.raises(SourceUnreadError):
        read(raw)


def test_a_technique_without_a_text_and_one_that_stands_twice_are_said() -> None:
    document = {
        "techniques": [
            {"id": "AML.T0054", "name": "x"},
            {"id": "AML.T0051", "name": "x", "description": "a"},
            {"id": "AML.T0051", "name": "x", "description": "b"},
        ]
    }
    problems = read(json.dumps(document).encode()).problems
    assert ["AML.T0054 has no name or no description" in problems[0], "AML.T0051 stands twice" in problems[1]] == [
        True, True
    ]  # fmt: skip


def test_what_was_kept_and_cannot_be_understood_is_said_and_kept_anew() -> None:
    reading = atlas.READER.read(
        source("atlas", url=URL), context(pages={URL: lists(TEXTS)}, position={"techniques": ["x"]})
    )
    assert "cannot be understood" in reading.problems[0]
    assert read(lists(TEXTS), reading).problems == ()


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(sorted(TEXTS)), st.sampled_from("abc"), min_size=1))
def test_exactly_the_techniques_with_other_content_are_told(changes: dict[str, str]) -> None:
    told = {title.split()[1].rstrip(":") for title in titles(read(lists(TEXTS | changes), read(mapping(TEXTS))))}
    assert told == set(changes) - {"AML.T0043"}


@pytest.mark.slow
@pytest.mark.skipif(not RELEASES.exists(), reason="what changed between the real releases is not here")
def test_the_releases_of_atlas_tell_what_really_changed() -> None:
    texts: dict[str, str] = {}
    before: SourceReading | None = None
    for release in json.loads(RELEASES.read_text("utf-8")):
        tag = release["tag"]
        texts = {name: text for name, text in texts.items() if name not in release.get("gone", ())}
        texts |= dict.fromkeys((*release.get("new", ()), *release.get("text_changed", ())), tag)
        known = register(mitigation("filter", threat_models=["all"]), threat_model("all", atlas=sorted(texts)))
        raw = lists(texts or {"AML.T9999": "x"}, release["version_field"], release["date"])
        position = before.position if before else None
        reading = atlas.READER.read(
            source("atlas", url=URL, techniques=[] if texts else ["AML.T9999"]),
            context(pages={URL: raw}, position=position, known=known),
        )
        changed = {name for name in release.get("text_changed", ()) if before and name in _digests(before)}
        assert {title.split()[1].rstrip(":") for title in titles(reading) if title.startswith("changed")} == changed, (
            tag
        )
        before = reading


def _digests(reading: SourceReading) -> Mapping[str, str]:
    digests = (reading.position or {})["techniques"]
    assert isinstance(digests, dict)
    return digests
