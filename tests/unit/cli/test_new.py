"""`reassay new`: one object more, in the file that fits, and everything else as it was."""

import io
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.cli import main
from reassay.imports.files.list_text import ListText
from reassay.imports.new_object import NEW_KINDS, ObjectForm
from reassay.register.files import WorkingTree, read_register
from tests.unit.register.trees import written

LIST = """\
# What we keep. # not a key
timezone: Europe/Berlin   # ours
mitigations:

  # the filter
  - id: jailbreak-filter        # stays
    title: "Filter: inputs"
    owner: safety-lead
    every: 6 months

  - {id: staff-training, title: Training, owner: safety-lead, every: 1 year}
    # last_assessed: somebody has to look it up

# what is deployed
deployments:
  - id: app
    title: App
    audience: external
"""
FILE = "framework/mitigations.yml"
BASE = ("--title", "Classifier on outputs", "--owner", "safety-lead")


def new(root: Path, *arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    kind, *rest = arguments
    name = [rest.pop(0)] if rest and not rest[0].startswith("--") else []
    code = main(["new", kind, *name, *([str(root)] if name else []), *rest], out, err)
    return code, out.getvalue(), err.getvalue()


def text_of(root: Path, path: str = FILE) -> str:
    return (root / path).read_bytes().decode()


def test_it_is_added_to_the_list_that_fits_with_every_other_line_as_it_was(tmp_path: Path) -> None:
    written(tmp_path, {FILE: LIST})
    code, out, err = new(tmp_path, "mitigation", "output-filter", *BASE, "--every", "6 months", "--deployments", "app")
    assert (code, err) == (0, "")
    added = (
        "\n  - id: output-filter\n    title: Classifier on outputs\n    owner: safety-lead\n    every: 6 months\n"
        "    deployments:\n      - app\n"
    )
    head, tail = LIST.split("\n# what is deployed")
    assert text_of(tmp_path) == f"{head}{added}\n# what is deployed{tail}"
    line = text_of(tmp_path).splitlines().index("  - id: output-filter") + 1
    assert f"wrote  {FILE}:{line} (mitigation 'output-filter')" in out
    assert read_register(WorkingTree(tmp_path)).errors == ()


def test_a_kind_that_no_list_holds_gets_a_file_of_its_own(tmp_path: Path) -> None:
    written(tmp_path, {FILE: LIST})
    options = ("--severity", "high", "--first-seen-at", "2026-06-01T14:30Z", "--mitigations-failed", "jailbreak-filter")
    assert new(tmp_path, "incident", "leak", "--title", "It got through", *options)[0] == 0
    assert text_of(tmp_path) == LIST
    assert text_of(tmp_path, "framework/incidents/leak.yml").startswith("id: leak\ntitle: It got through\n")
    assert "leak" in read_register(WorkingTree(tmp_path)).incidents


@pytest.mark.parametrize("layout", ["one-file-each", "brackets", "markdown", "odd-indents"])
def test_where_no_list_can_be_added_to_it_gets_a_file_of_its_own(tmp_path: Path, layout: str) -> None:
    files = {
        "one-file-each": {"framework/mitigations/a.yml": "id: a\ntitle: A\nowner: o\nevery: 1 year\n"},
        "brackets": {FILE: "mitigations: [{id: a, title: A, owner: o, every: 1 year}]\n"},
        "odd-indents": {FILE: "mitigations:\n  - {id: a, title: A, owner: o,\n every: 1 year}\n"},
        "markdown": {"framework/mitigations/a.md": "---\nid: a\ntitle: A\nowner: o\nevery: 1 year\n---\nProse.\n"},
    }[layout]
    written(tmp_path, files)
    assert new(tmp_path, "mitigation", "b", *BASE, "--every", "1 year")[0] == 0
    assert {path: text_of(tmp_path, path) for path in files} == files
    assert set(read_register(WorkingTree(tmp_path)).mitigations) == {"a", "b"}


def test_the_examples_that_init_wrote_make_room_and_changed_ones_do_not(tmp_path: Path) -> None:
    main(["init", str(tmp_path), "--owner", "safety-lead", "--without-git"], io.StringIO(), io.StringIO())
    changed = text_of(tmp_path).replace("every: 1 year", "every: 2 years")
    (tmp_path / FILE).write_text(changed, encoding="utf-8")
    code, out, _ = new(tmp_path, "mitigation", "output-filter", *BASE, "--every", "6 months")
    assert (code, "removed the example that `reassay init` wrote: example-jailbreak-filter" in out) == (0, True)
    left = text_of(tmp_path)
    assert "example-jailbreak-filter" not in left
    assert "{id: example-staff-training" in left, "somebody changed its interval"
    assert "timezone: " in left


@pytest.mark.parametrize("people", [("--owner", "other"), ("--owner", "other", "--assessor", "red-team-lead")])
def test_after_init_one_command_makes_a_register_without_findings(tmp_path: Path, people: tuple[str, ...]) -> None:
    main(["init", str(tmp_path), *people, "--without-git"], io.StringIO(), io.StringIO())
    code, out, _ = new(tmp_path, "mitigation", "output-filter", *BASE, "--every", "6 months")
    assert (code, "removed the 2 examples" in out) == (0, True)
    assert read_register(WorkingTree(tmp_path)).findings == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mitigation", "jailbreak-filter", *BASE), f"{FILE}:6: there is a mitigation 'jailbreak-filter' already"),
        (("mitigation", "old-filter", *BASE), "'old-filter' is a former id of 'renamed'"),
        (("mitigation", "promise", *BASE), "there is a commitment 'promise' already"),
        (("mitigation", "broken", *BASE), "there is a mitigation 'broken' already, with an error"),
        (("mitigation", "example-staff-training", *BASE), "is the id of an example"),
        (("mitigation", "Not_An_Id", *BASE), "nothing was written"),
        (("mitigation", "x"), "a new mitigation needs title and owner. Add for example: --title 'Input filter"),
        (("mitigation", "x", *BASE, "--evry", "1 year"), "a mitigation has no key 'evry'. Did you mean 'every'?"),
        (("mitigation", "x", *BASE, "--every"), "--every: there is no value"),
        (("mitigation", "x", *BASE, "--every", "1 year", "--every", "2 years"), "two values are given"),
        (("mitigation", "x", *BASE, "--every", "soon"), "nothing was written"),
        (("mitigation", "x", *BASE, "--deployments", "nowhere"), "there is no deployment 'nowhere'"),
        (("mitigation", "x", *BASE[:2], "--owner", "todo"), "'todo' is a placeholder"),
        (("deployment", "x", *BASE[:2], "--audience", "everybody"), "nothing was written"),
        (("mitgation", "x", *BASE), "Did you mean 'mitigation'?"),
        (("past-assessment", "x", *BASE), "reassay import-history"),
        (
            (
                "commitment",
                "x",
                *BASE,
                "--statement",
                "S",
                "--source",
                "{organisation: [",
                "--subject",
                "{kind: framework}",
            ),
            "--source",
        ),
    ],
)
def test_what_cannot_be_added_writes_nothing_and_says_why(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    others = (
        "mitigations:\n  - {id: renamed, title: R, owner: o, every: 1 year, formerly: [old-filter]}\n"
        "  - {id: broken, title: B, owner: o, evry: 1 year}\ncommitments:\n  - {id: promise, title: P, owner: o,"
        " statement: S, source: {organisation: O, document: D}, subject: {kind: framework}, triggers: [{kind: interval, every: 1 year}]}\n"
    )
    written(tmp_path, {FILE: LIST, "framework/others.yml": others})
    code, out, err = new(tmp_path, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert text_of(tmp_path) == LIST
    assert sorted(path.name for path in (tmp_path / "framework").rglob("*.*")) == ["mitigations.yml", "others.yml"]


def test_errors_that_were_there_do_not_stop_it(tmp_path: Path) -> None:
    written(tmp_path, {FILE: LIST.replace("owner: safety-lead\n", "owner: safety-lead\n    evry: 1 day\n", 1)})
    code, out, _ = new(tmp_path, "mitigation", "output-filter", *BASE, "--every", "6 months")
    assert (code, "1 error" in out) == (0, True)
    assert "output-filter" in read_register(WorkingTree(tmp_path)).mitigations


def test_nested_values_and_short_names_of_kinds(tmp_path: Path) -> None:
    written(tmp_path, {FILE: LIST})
    source = "{organisation: ACME, document: Safety framework, section: '3'}"
    triggers = "[{kind: interval, every: 6 months}]"
    promise = (
        "--statement",
        "We look twice a year.",
        "--source",
        source,
        "--subject={kind: framework}",
        "--triggers",
        triggers,
    )
    assert new(tmp_path, "commitment", "twice-a-year", *BASE, *promise)[0] == 0
    facts = ("--kind", "research", "--known-at", "2026-11-03", "--source", "a paper", "--affects", "jailbreak-filter")
    assert new(tmp_path, "information", "paper", "--title", "A paper", *facts)[0] == 0
    figures = ("--version", "2", "--metrics", "{effective_compute: 1.0e25}")
    assert new(tmp_path, "model", "large", "--title", "Large", *figures)[0] == 0
    register = read_register(WorkingTree(tmp_path))
    assert register.errors == ()
    assert register.commitments["twice-a-year"].value.source.section == "3"
    assert register.information_items["paper"].value.affects == ("jailbreak-filter",)
    assert register.models["large"].value.version == "2"


def test_a_dry_run_prints_the_file_and_a_title_gives_an_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {FILE: LIST})
    monkeypatch.chdir(tmp_path)
    code, out, _ = new(tmp_path, "mitigation", *BASE, "--every", "1 year", "--dry-run")
    assert (code, text_of(tmp_path)) == (0, LIST)
    assert "  - id: classifier-on-outputs\n" in out


def test_in_a_subfolder_the_repository_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "--quiet", "-b", "main"], cwd=tmp_path, check=True)
    written(tmp_path, {FILE: LIST, "docs/x.md": "x"})
    monkeypatch.chdir(tmp_path / "docs")
    code, _, err = new(tmp_path, "mitigation", *BASE, "--every", "1 year")
    assert (code, "reading the repository at" in err) == (0, True)
    assert "classifier-on-outputs" in text_of(tmp_path)


def test_nothing_is_written_through_a_link_out_of_the_repository(tmp_path: Path) -> None:
    root, outside = tmp_path / "repository", tmp_path / "outside"
    outside.mkdir()
    written(root, {FILE: LIST})
    (root / "framework" / "incidents").symlink_to(outside)
    code, _, _ = new(root, "incident", "leak", "--title", "T", "--severity", "low", "--first-seen-at", "2026-06-01")
    assert (code, list(outside.iterdir())) == (2, [])


@pytest.mark.parametrize("kind", NEW_KINDS)
def test_every_kind_has_an_example_for_what_it_requires(kind: str) -> None:
    form = ObjectForm.of(kind)
    assert all(key.example for key in form.missing(()))
    assert all(key.meaning for key in form.questions), kind


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n# the end\n"])
@pytest.mark.parametrize("indent", [0, 2, 4])
def test_line_ends_indents_and_the_end_of_a_file_stay_as_they_are(
    tmp_path: Path, newline: str, end: str, indent: int
) -> None:
    blanks = " " * indent
    text = f"mitigations:\n{blanks}- id: a\n{blanks}  title: A\n{blanks}  owner: o\n{blanks}  every: 1 year{end}"
    (tmp_path / "framework").mkdir()
    (tmp_path / FILE).write_bytes(text.replace("\n", newline).encode())
    assert new(tmp_path, "mitigation", "b", *BASE, "--every", "1 year")[0] == 0
    after = text_of(tmp_path)
    assert after.count("\n") == after.count(newline)
    assert f"{newline}{blanks}- id: b{newline}" in after
    assert after.endswith(f"# the end{newline}") == end.endswith("end\n")
    assert set(read_register(WorkingTree(tmp_path)).mitigations) == {"a", "b"}


COMMENTS = st.lists(st.sampled_from(["# c", "", "    # of the entry", "  # of the list"]), max_size=3)
VALUES = st.sampled_from(
    ["A", '"x: y # no comment"', "|\n      # prose\n\n      - not an entry", "{k: [1,\n      2]}", "'it''s'"]
)


@pytest.mark.slow
@settings(max_examples=60)
@given(
    st.lists(st.tuples(COMMENTS, VALUES), min_size=1, max_size=4),
    COMMENTS,
    st.sampled_from(["", "models:\n  - id: m\n"]),
)
def test_only_lines_are_added_and_only_entries_are_removed(
    entries: list[tuple[list[str], str]], last: list[str], tail: str
) -> None:
    lines = ["mitigations:"]
    for number, (comments, value) in enumerate(entries):
        lines += [*comments, f"  - id: m{number}", f"    description: {value}"]
    text = "\n".join([*lines, *last, tail])
    listed = ListText.of(text, "mitigations")
    assert listed is not None
    after = listed.replaced({"id": "new", "title": "New"}, ())
    assert re.sub(r"\n?  - id: new\n    title: New\n", "\n", after, count=1).split() == text.split()
    again = ListText.of(after, "mitigations")
    assert again is not None
    assert again.entries == (*listed.entries, {"id": "new", "title": "New"})
    without = ListText.of(again.replaced({"id": "other"}, range(len(entries))), "mitigations")
    assert without is not None
    assert [entry["id"] for entry in without.entries] == ["new", "other"]
