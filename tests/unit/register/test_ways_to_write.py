"""The three ways to write an object, and where its kind comes from."""

import pytest

from tests.unit.register.trees import Files, read

KEYS = "id: a\ntitle: A\nowner: lead\nevery: 6 months\n"
INDENTED = "".join(f"  {line}\n" for line in KEYS.splitlines())
ENTRY = "- " + INDENTED.lstrip()
WAYS = {
    "a list under its key": {"framework/anything.yml": f"mitigations:\n{ENTRY}"},
    "a list under its key in a folder of another kind": {"framework/deployments/x.yml": f"mitigations:\n{ENTRY}"},
    "a list in a file of that name": {"framework/mitigations.yml": ENTRY},
    "a list in a folder of that name": {"framework/mitigations/some.yaml": ENTRY},
    "a file that says its kind": {"framework/x.yml": f"kind: mitigation\n{KEYS}"},
    "a file in a folder": {"framework/mitigations/deep/x.yml": KEYS},
    "a file in the nearer of two folders": {"framework/deployments/mitigations/x.yml": KEYS},
    "a file that repeats what its folder says": {"framework/mitigations/x.yml": f"kind: mitigation\n{KEYS}"},
    "Markdown in a folder": {"framework/mitigations/x.md": f"---\n{KEYS}---\n"},
    "Markdown that says its kind": {"framework/x.md": f"---\nkind: mitigation\n{KEYS}...\n"},
    "an entry that says its kind": {"framework/x.yml": f"- kind: mitigation\n{INDENTED}"},
    "capitals in the suffix": {"framework/mitigations/X.YML": KEYS},
    "an alias to an entry elsewhere": {"framework/x.yml": f"mitigations: &m\n{ENTRY}deployments: []\nthreat_models:\n"},
}


@pytest.mark.parametrize("way", WAYS)
def test_an_object_is_the_same_in_whatever_way_it_is_written(way: str) -> None:
    register = read(WAYS[way])
    assert not register.findings
    entry = register.mitigations["a"]
    assert entry.value.owner == "lead"
    assert dict(entry.written) == {"id": "a", "title": "A", "owner": "lead", "every": "6 months"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_body_of_a_markdown_file_is_the_description_and_has_a_place(end: str) -> None:
    text = f"---\n{KEYS}---\n\n# Why\n\nBecause.\n".replace("\n", end)
    entry = read({"framework/mitigations/x.md": text}).mitigations["a"]
    assert entry.value.description == "# Why\n\nBecause."
    assert entry.origin.at("description").line == 8
    assert entry.origin.at("owner").line == 4


def test_what_is_no_object_is_left_alone() -> None:
    files: Files = {
        "framework/README.md": "# Read me\n",
        "framework/mitigations/Readme.md": "no front matter\n",
        "framework/notes.md": "# Notes\n",
        "framework/picture.png": b"\x89PNG",
        "framework/old.yml.bak": "id: [",
        "framework/a.yml": f"mitigations:\n{ENTRY}",
    }
    assert not read(files).findings


def test_a_page_with_front_matter_that_is_no_object_is_only_a_warning() -> None:
    register = read(
        {"framework/page.md": "---\nlayout: page\n---\nText\n", "framework/a.yml": f"mitigations:\n{ENTRY}"}
    )
    assert [(each.code, str(each.severity)) for each in register.findings] == [("not-read", "warning")]


def test_every_key_and_value_has_its_place() -> None:
    text = "mitigations:\n- id: a\n  title: A\n  owner: lead\n  every: 6 months\n  target:\n    statement: S\n    criteria:\n"
    text += "    - {kind: census, name: n, at_least: 0.9}\n"
    origin = read({"framework/a.yml": text}).mitigations["a"].origin
    assert (origin.at().line, origin.at().column) == (2, 3)
    assert origin.at("target", "criteria", 0, "at_least").column == 41
    assert origin.at_key("target", "criteria", 0, "at_least").column == 31
    assert origin.at("no", "such", "key") == origin.at()


def test_the_document_is_kept_as_written_for_snapshots() -> None:
    text = f"mitigations:\n{ENTRY}  deployments: [d]\ndeployments: [{{id: d, title: D, audience: internal, regions: [NO]}}]\n"
    register = read({"framework/a.yml": text})
    assert register.mitigations["a"].written["deployments"] == ["d"]
    assert register.deployments["d"].written["regions"] == ["NO"]
