"""What an import writes is read back by the register's own reader as the same values, whatever stands in the cells."""

import pytest
from hypothesis import example, given, settings

from reassay.imports.files.spreadsheet_yaml import as_yaml, more_entries
from reassay.register.mitigation import Mitigation
from tests.examples import examples
from tests.unit.imports.test_export import PROSE, mitigations
from tests.unit.register.trees import read


@pytest.mark.slow
@settings(max_examples=examples(200), deadline=None)
@given(mitigations())
def test_the_reader_gives_back_what_was_written(mitigation: Mitigation) -> None:
    written = mitigation.model_copy(update={"threat_models": (), "deployments": (), "related": ()})
    register = read({"framework/imported.yml": as_yaml({"mitigations": [written]}, ["a comment"])})
    assert register.errors == ()
    assert register.mitigations[mitigation.id].value == written


@settings(max_examples=examples(200), deadline=None)
@given(PROSE)
@example("0o17")
@example("1e5")
@example("yes")
@example("2026-06-01")
@example("~")
@example("a\u2028b\x85c")
@example("# no comment\n---\n- no list")
@example("  indented\n\n\ttab: x")
@example("\ufeff")
@example("1" * 40)
def test_any_text_stays_text(text: str) -> None:
    text = text.strip().replace("\x85", "\u2028") or "x"
    mitigation = Mitigation(id="a", title="A", owner="o", description=text)
    register = read({"framework/imported.yml": as_yaml({"mitigations": [mitigation]})})
    assert register.errors == ()
    assert register.mitigations["a"].value.description == mitigation.description


def test_entries_can_be_added_to_a_file() -> None:
    first, second = (Mitigation(id=name, title=name, owner="o") for name in ("a", "b"))
    text = as_yaml({"mitigations": [first]}) + more_entries([second])
    assert set(read({"framework/x.yml": text}).mitigations) == {"a", "b"}
