"""Law 4: every path whose content is read is guarded: it gates, is looked at for bypasses, and excludes who wrote it."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.approvals.proposal import Proposal
from reassay.assessment.cells import AssessmentInput
from reassay.gate.input import GateInput
from reassay.git.git import Git
from reassay.git.listings import TreeEntry
from reassay.ledger.history import History
from reassay.register.files import ParsedFiles
from reassay.sweep.repository.contents import read_content
from reassay.sweep.repository.guarded_commits import arrived_commits, contributing_commits
from reassay.sweep.repository.guarded_tree import guarded_in
from reassay.sweep.repository.pair import read_pair
from tests.examples import examples
from tests.laws.test_law_03_both_sides import NOW
from tests.laws.trees import Linked, Sub, Tree, commits, repository

PLACES = ("docs/a.yml", "docs/b.md", "shared/c.yml", "settings.yml", "framework/d.yml", "deep/er/e.yaml", "x*[1].yml")
NOISE = {"README.md": b"Words.\n", "src/main.py": b"print()\n", "notes/x.yml": b"id: noise\n"}
DECIDES = ("ci/gate/action.yml", "Action.YAML", ".github/actions/a/index.js", ".github/workflows/w.yml", "CODEOWNERS",
           ".github/ISSUE_TEMPLATE/incident.yml", "docs/CODEOWNERS", ".github/CODEOWNERS", ".gitmodules")  # fmt: skip
FOLDERS = ("framework", "policy/register")


@st.composite
def trees(draw: st.DrawFn) -> dict[str, bytes | Linked | Sub]:
    """A repository: register, configuration, words, links that lead anywhere or nowhere, submodules, and other files."""
    folder = draw(st.sampled_from(FOLDERS))
    configuration = f"register: {folder}/\nmode: enforce\nroles: {{board: {{users: [release-manager]}}}}\n".encode()
    files: dict[str, bytes | Linked | Sub] = dict(NOISE)
    for place in draw(st.sets(st.sampled_from(PLACES))):
        files[place] = f"id: p{PLACES.index(place)}\ntitle: T\naudience: internal\n".encode()
    for number, place in enumerate(draw(st.lists(st.sampled_from(PLACES), max_size=3))):
        path = f"{folder}/links/l{number}.yml"
        files[path] = Linked(posixpath.relpath(place, posixpath.dirname(path)))
    for name in draw(st.sets(st.sampled_from(["one", "two"]))):
        files[f"{folder}/{name}.yml"] = f"id: {name}\ntitle: T\nowner: board\nevery: 1 year\n".encode()
    if draw(st.booleans()):
        files[".github/reassay.yml"] = Linked("../settings.yml")
        files["settings.yml"] = configuration
    else:
        files[".github/reassay.yml"] = configuration
    for words in draw(st.sets(st.sampled_from(["record", "reminder", "unknown"]))):
        files[f".github/reassay/{words}.md"] = f"Words of {words}.\n".encode()
    if draw(st.booleans()):
        files[".github/reassay/issue-introduction.md"] = Linked("../../docs/b.md")
    if draw(st.booleans()):
        files[draw(st.sampled_from([f"{folder}/sub", "vendor"]))] = Sub()
    return files


@contextmanager
def watched(git: Git, commit: str) -> Iterator[set[str]]:
    """Every path of a commit that is asked for by name, or whose content is read, while this is open."""
    by_id: dict[str, set[str]] = {}
    for entry in git.list(commit):
        by_id.setdefault(entry.oid, set()).add(entry.path)
    seen: set[str] = set()
    find, read = Git.find, Git.read

    def finding(self: Git, at: str, path: str) -> TreeEntry | None:
        seen.add(path)
        return find(self, at, path)

    def reading(self: Git, oids: Iterable[str]) -> Mapping[str, bytes]:
        wanted = list(oids)
        seen.update(path for oid in wanted for path in by_id.get(oid, ()))
        return read(self, wanted)

    with patch.object(Git, "find", finding), patch.object(Git, "read", reading):
        yield seen


def written(tree: Tree, path: str) -> dict[str, bytes | Linked | Sub]:
    """The tree with another content at a path, which may not exist yet."""
    return {**{name: data for name, data in tree.items() if not name.startswith(f"{path}/")}, path: b"id: other\n"}


@settings(max_examples=examples(15))
@given(trees())
def test_every_path_that_is_read_is_guarded_and_others_are_not(tree: dict[str, bytes | Linked | Sub]) -> None:
    with TemporaryDirectory() as folder:
        git = repository(Path(folder, "x.git"), {"main": [tree]})
        commit = git.resolve("main") or ""
        with watched(git, commit) as seen:
            content = read_content(git, commit, "main", None, ParsedFiles())
        assert ".github/reassay.yml" in seen
        assert {path for path in seen if not content.guarded.is_guarded(path)} == set()
        assert {path for path in DECIDES if not content.guarded.is_guarded(path)} == set()
        assert {path for path in NOISE if content.guarded.is_guarded(path)} == set()
        assert content.guarded == guarded_in(git, commit).paths


@settings(max_examples=examples(12))
@given(trees(), st.data())
def test_what_is_read_gates_and_is_looked_at_for_bypasses_and_counts_as_written(
    tree: dict[str, bytes | Linked | Sub], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        first = repository(Path(folder, "first.git"), {"main": [tree]})
        with watched(first, "main") as seen:
            read_content(first, "main", "main", None, ParsedFiles())
        # A path of the register gates by the objects in it; those of another kind are policy.
        register = guarded_in(first, "main").paths.folders
        policy = sorted(
            {*seen, *DECIDES} - {path for path in seen if any(f"{path}/".startswith(f"{own}/") for own in register)}
        )
        path = data.draw(st.sampled_from(policy))
        other = written(tree, path)
        git = repository(Path(folder, "second.git"), {"main": [tree], "change": [{**tree, "README.md": b"x\n"}, other]})
        pair = read_pair(git, "main", "change")
        gate_input = GateInput(
            Proposal("main", "", "", pair.base, pair.merged, pair.files),
            AssessmentInput(pair.base, History(), {}, NOW),
        )
        assert "policy" in gate_input.changed_objects
        readme, change = commits(git, "change")
        assert arrived_commits(git, "main", "change", 10, enforced=True) == (change,)
        if path in seen:
            assert arrived_commits(git, "main", "change", 10, enforced=False) == (change,)
        assert contributing_commits(git, [readme, change], "change", pair.guarded) == {change}


NEW = b"id: new\ntitle: New\naudience: external\nmodalities_in: [text, audio]\n"
LATER = st.sampled_from(["framework/tmp.yml", "docs/tmp.yml", "notes/new.md", "src/data"])


@settings(max_examples=examples(15))
@given(
    st.lists(LATER, min_size=1, max_size=3, unique=True), st.lists(st.booleans(), min_size=3, max_size=3), st.booleans()
)
def test_who_wrote_it_counts_under_whichever_path_it_was_written(
    stops: list[str], edits: list[bool], copies: bool
) -> None:
    """Written at one path, moved over others, with an edit or by a copy: its first commit counts, and no bystander's does."""
    base: Tree = {**NOISE, "framework/one.yml": b"id: one\ntitle: T\nowner: o\nevery: 1 year\n"}
    trees: list[Tree] = [{**base, "README.md": b"By a bystander.\n"}]
    text = NEW
    for path, edited in zip((*stops, "framework/new.yml"), (False, *edits), strict=False):
        text += b"host: h\n" if edited and b"host" not in text else b""
        before = {name: data for name, data in trees[-1].items() if data != text or not copies}
        if copies and len(trees) > 1:
            trees.append({**trees[-1], path: text})  # and what it was copied from is deleted later
        own = {name: data for name, data in before.items() if name not in stops}
        trees.append({**own, path: text})
    with TemporaryDirectory() as folder:
        git = repository(Path(folder, "x.git"), {"main": [base], "change": trees})
        made = commits(git, "change")
        pair = read_pair(git, "main", "change")
        counted = contributing_commits(git, made, "change", pair.guarded)
    assert made[1] in counted
    assert made[0] not in counted


@settings(max_examples=examples(10))
@given(st.sampled_from(["clean", "theirs", "ours", "edited"]), st.booleans())
def test_merging_the_base_in_is_no_authorship_unless_the_merge_itself_decides(how: str, moved: bool) -> None:
    one = b"id: one\ntitle: T\nowner: o\nevery: 1 year\n"
    base: Tree = {**NOISE, "framework/one.yml": one}
    mine: Tree = {**base, "framework/mine.yml": NEW}
    theirs: Tree = {**base, "framework/one.yml": one + b"layer: model\n", **({"docs/a.md": b"x\n"} if moved else {})}
    with TemporaryDirectory() as folder:
        git = repository(Path(folder, "x.git"), {"main": [base], "mine": [mine], "theirs": [theirs]})
        first = git.resolve("mine") or ""
        result = {
            "clean": {**theirs, "framework/mine.yml": NEW},
            "theirs": theirs,
            "ours": mine,
            "edited": {**theirs, "framework/mine.yml": NEW, "framework/one.yml": one + b"layer: system\n"},
        }[how]
        tree = repository(Path(folder, "y.git"), {"main": [result]})
        git.run("fetch", "--quiet", str(tree.folder), "main:refs/heads/result")
        who = ("-c", "user.name=auditor", "-c", "user.email=auditor@example.org")
        oid = (
            git.run(*who, "commit-tree", "result^{tree}", "-p", "mine", "-p", "theirs", "-m", "merge").decode().strip()
        )
        guarded = guarded_in(git, "theirs").paths | guarded_in(git, oid).paths
        counted = contributing_commits(git, [first, oid], oid, guarded)
    assert (oid in counted) == (how != "clean")
    assert first in counted


def test_who_changes_a_file_that_the_base_moves_meanwhile_wrote_it() -> None:
    one = b"id: one\ntitle: T\nowner: o\nevery: 1 year\n" + b"# words\n" * 20
    base: Tree = {".github/reassay.yml": b"register: framework/\n", "framework/one.yml": one}
    moved: Tree = {".github/reassay.yml": b"register: policy/\n", "policy/one.yml": one}
    edited: Tree = {**base, "framework/one.yml": one + b"layer: model\n"}
    with TemporaryDirectory() as folder:
        git = repository(Path(folder, "x.git"), {"main": [base], "moved": [moved], "change": [edited]})
        merged = git.merged_tree("moved", "change") or ""
        pair = read_pair(git, "moved", merged)
        assert pair.paths == ("policy/one.yml",)
        assert contributing_commits(git, commits(git, "change"), merged, pair.guarded) == set(commits(git, "change"))


@settings(max_examples=6)
@given(st.sampled_from(["configuration", "link", "back"]))
def test_a_path_that_was_guarded_for_a_while_is_looked_at_too(how: str) -> None:
    """A push that makes a path be read, one that changes it, and one that takes the first back: all of them are found."""
    base: Tree = {**NOISE, ".github/reassay.yml": b"register: framework/\n", "framework/one.yml": b"id: one\n"}
    opened: Tree = {**base, ".github/reassay.yml": b"register: notes/\n"}
    if how != "configuration":
        opened = {**base, "framework/x.yml": Linked("../notes/x.yml")}
    changed: Tree = {**opened, "notes/x.yml": b"id: other\n"}
    last: Tree = {**base, "notes/x.yml": b"id: other\n"} if how != "link" else changed
    with TemporaryDirectory() as folder:
        git = repository(
            Path(folder, "x.git"), {"main": [base], "change": [opened, changed, last, {**last, "src/n": b"x"}]}
        )
        made = commits(git, "change")
        arrived = arrived_commits(git, "main", "change", 10, enforced=False)
    assert set(made[:2]) <= set(arrived)
    assert made[3] not in arrived
