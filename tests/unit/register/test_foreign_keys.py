"""Keys of other programs: `x-...` anywhere, and those that the configuration ignores at the top of objects."""

import io
import json
from pathlib import Path

import jsonschema  # type: ignore[import-untyped] # it ships no types
import pytest

from reassay.assessment.snapshot import deployment_of
from reassay.assessment.written_facts import written_facts
from reassay.changes import compare
from reassay.changes.base import Direction
from reassay.cli import main
from reassay.register.c14n import content_digest
from reassay.register.files import File, read_register
from reassay.register.files.parsed_files import ParsedFiles
from reassay.register.register import Register
from reassay.register.schema import schema_of
from tests.make import TODAY, Story
from tests.unit.register.trees import MemoryTree, read, told, written

CONFIGURATION = ".github/reassay.yml"
ROLES = "roles: {safety-lead: {users: [a-lead]}, board: {users: [b-lead]}}\n"
FILTER = "id: filter\ntitle: Filter\nowner: safety-lead\nassessor: board\nevery: 6 months\n"


def held(more: str = "", settings: str = "") -> Register:
    return read({CONFIGURATION: ROLES + settings, "framework/mitigations/filter.yml": FILTER + more})


def codes(register: Register) -> list[str]:
    return [finding.code for finding in register.findings]


@pytest.mark.parametrize(
    "more",
    [
        "x-nav: 3\n",
        "target: {statement: S, x-note: n, criteria: [{kind: duration, name: p, at_most: 14 days, x-a: {x-b: 1}}]}\n",
        "reassess: {x-why: w, triggers: [{kind: incident-rate, accepted: 1 per 50 years, stated_by: board, x-c: [1]}]}\n",
        "taxonomy: [{scheme: MIT, code: '2', x-page: 7}]\n",
    ],
)
def test_a_key_that_begins_with_x_may_be_on_every_mapping(more: str) -> None:
    register = held(more)
    assert codes(register) == []
    assert "x-" in json.dumps(dict(register.mitigations["filter"].written))


@pytest.mark.parametrize("more", ["xnote: 3\n", "x_note: 3\n", "target: {statement: S, note: 1, x-a: 1}\n"])
def test_any_other_unknown_key_stays_an_error(more: str) -> None:
    assert codes(held(more)) == ["unknown-key"]


def test_beside_a_foreign_key_each_mistake_is_still_found_at_its_place() -> None:
    assert told(held("x-a: 1\nlayer: sytem\n").findings) == ["mitigations/filter.yml:7:8 error not-one-of"]


def test_the_configuration_and_the_head_of_a_list_may_have_them() -> None:
    files = {CONFIGURATION: f"x-team: a\n{ROLES}", "framework/all.yml": "x-any: {a: b}\nmodels: []\n"}
    assert told(read(files).findings) == []


@pytest.mark.parametrize("key", ["x-mitigations", "x-threat_models", "x-threat-models"])
def test_no_foreign_key_hides_a_list_of_objects(key: str) -> None:
    register = read({CONFIGURATION: ROLES, "framework/all.yml": f"{key}: [{{id: lost, title: L}}]\nmodels: []\n"})
    assert codes(register) == ["foreign-list"]
    assert [entry.id for entry in register.unreadable] == ["lost"]
    assert codes(read({CONFIGURATION: ROLES, "framework/all.yml": f"{key}: [words]\nmodels: []\n"})) == []


def test_a_metric_of_such_a_name_is_a_metric() -> None:
    text = "models: [{id: titan, title: T, version: '1', metrics: {x-uplift: 0.4}}]\n"
    before, after = (read({"framework/a.yml": part}) for part in (text, text.replace("0.4", "0.5")))
    assert dict(before.models["titan"].value.metrics) == {"x-uplift": 0.4}
    assert [change.field for change in compare(before, after, TODAY)] == ["metrics"]


def test_a_changed_foreign_key_is_a_listed_change_without_effect_and_signatures_cover_it() -> None:
    bare, first, second = (
        held(),
        held("x-nav: 3\ntarget: {statement: S, x-n: 1}\n"),
        held("x-nav: 4\ntarget: {statement: S}\n"),
    )
    changes = compare(first, second, TODAY)
    assert [(own.field, own.direction) for own in changes] == [
        ("target.x-n", Direction.NEUTRAL), ("x-nav", Direction.NEUTRAL),
    ]  # fmt: skip
    assert all("no rule reads" in own.why for own in changes)
    digests = {content_digest(own.mitigations["filter"].written) for own in (bare, first, second)}
    assert len(digests) == 3


def test_a_foreign_key_does_not_hide_the_removal_of_a_field() -> None:
    before = held()
    text = FILTER.replace("every", "x-every")
    after = read({CONFIGURATION: ROLES, "framework/mitigations/filter.yml": text})
    assert Direction.LOOSER in {own.direction for own in compare(before, after, TODAY)}


def test_whoever_assesses_sees_a_foreign_key_and_that_it_is_not_read() -> None:
    register = held("x-nav: '<!-- hello'\n")
    index = Story(register).assessment_input.register_index
    (fact,) = written_facts(register.mitigations["filter"].value, ("*",), index, TODAY)
    assert "x-nav (not read by reassay): <!-- hello" in fact.words


def test_a_snapshot_with_foreign_keys_can_be_read_again() -> None:
    assert deployment_of({"id": "api", "title": "A", "audience": "external", "x-nav": 1}) is not None
    assert deployment_of({"id": "api", "title": "A", "audience": "external", "nav": 1}) is None


def test_an_ignored_key_is_as_if_it_were_not_there() -> None:
    bare, full = held(), held("layout: page\n", "ignore_keys: [layout, permalink]\n")
    assert codes(full) == []
    assert dict(full.mitigations["filter"].written) == dict(bare.mitigations["filter"].written)


def test_only_at_the_top_of_an_object() -> None:
    assert codes(held("target: {statement: S, layout: page}\n", "ignore_keys: [layout]\n")) == ["unknown-key"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("[every]", ["bad-ignored-key"]),
        ("[kind]", ["bad-ignored-key"]),
        ("[mitigations]", ["bad-ignored-key"]),
        ("[audience]", ["bad-ignored-key"]),
        ("[x-nav]", ["without-effect"]),
        ("[evry]", ["near-a-field"]),
        ("[\u0435very, ev\u0435r\u0443, Ever\u0443]", ["near-a-field"] * 3),
        ("[pr\u00fcfer]", []),
        ("[tags, layout, nav_order, sequence]", []),
    ],
)
def test_a_field_of_the_register_is_never_ignored(keys: str, expected: list[str]) -> None:
    register = held("", f"ignore_keys: {keys}\n")
    assert codes(register) == expected
    assert register.configuration_is_broken == (expected == ["bad-ignored-key"])


def test_files_of_the_register_cannot_ignore_their_own_keys() -> None:
    register = read({"framework/all.yml": "ignore_keys: [layout]\nmodels: []\n"})
    assert codes(register) == ["ignored-inside"]
    assert register.configuration_is_broken


def test_ignoring_one_more_key_is_looser() -> None:
    (change,) = compare(held("", "ignore_keys: [layout]\n"), held("", "ignore_keys: [layout, evry]\n"), TODAY)
    assert (change.kind, change.field, change.direction) == ("policy", "ignore_keys", Direction.LOOSER)


def test_a_cached_file_is_parsed_anew_under_another_configuration() -> None:
    parsed = ParsedFiles()

    class Blobs(MemoryTree):
        def list(self, folder: str) -> list[File]:
            return [File(own.path, own.data, oid=own.path, size=own.size) for own in super().list(folder)]

    def read_with(settings: str) -> list[str]:
        files = {CONFIGURATION: ROLES + settings, "framework/mitigations/filter.yml": FILTER + "layout: page\n"}
        return codes(read_register(Blobs(files), parsed=parsed))

    assert [read_with(""), read_with("ignore_keys: [layout]\n"), read_with("")] == [
        ["unknown-key"],
        [],
        ["unknown-key"],
    ]


def test_an_unknown_key_is_said_once_with_the_number_of_files_and_how_to_keep_it(tmp_path: Path) -> None:
    own = {
        f"framework/mitigations/m{number}.yml": FILTER.replace("id: filter", f"id: m{number}") + "permalink: page\n"
        for number in range(30)
    }
    written(tmp_path, {CONFIGURATION: ROLES, **own})
    out = io.StringIO()
    assert main(["check", str(tmp_path)], out, io.StringIO()) == 1
    text = out.getvalue()
    assert text.count("'permalink'") == 1
    assert "error unknown-key: 'permalink' is not a key of a mitigation; in 30 files, first here" in text
    assert (
        "To keep it for another program, write 'x-permalink' or 'ignore_keys: [permalink]' in .github/reassay.yml."
        in text
    )
    assert "30 errors" in text
    annotations = io.StringIO()
    main(["check", str(tmp_path), "--format", "github"], annotations, io.StringIO())
    assert annotations.getvalue().count("::error") == 1


def test_the_page_about_it_shows_a_file_that_is_read_as_it_says() -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "share-files-with-other-programs.md").read_text("utf-8")
    text = page.partition("```markdown\n")[2].partition("\n```")[0]
    others = "title: O\nowner: safety-lead\nevery: 1 year\n"
    files = {
        CONFIGURATION: ROLES + "ignore_keys: [layout]\n",
        "framework/mitigations/input-filter.md": text,
        "framework/mitigations/output-filter.yml": f"id: output-filter\n{others}",
        "framework/threat-models/misuse.yml": "id: misuse\ntitle: Misuse\n",
    }
    register = read(files)
    assert register.errors == ()
    assert [own.id for own in register.mitigations["input-filter"].value.references] == ["AML.M0004"]


def test_the_schema_for_editors_allows_them_and_no_other_unknown_key() -> None:
    schema = jsonschema.Draft202012Validator(schema_of("mitigation"))
    document = {"id": "a", "title": "A", "owner": "o", "target": {"statement": "S", "x-note": 1}, "x-nav": 3}
    assert schema.is_valid(document)
    assert not schema.is_valid({**document, "nav": 3})
