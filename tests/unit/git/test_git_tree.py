"""A commit and a working tree of the same files read as the same register."""

from pathlib import Path

import pytest

from reassay.common.errors import NotFoundError, UpstreamError
from reassay.git.git import Git
from reassay.register.files import WorkingTree, read_register
from reassay.register.files.git_tree import GitTree

STARTER = "mitigations:\n  - {id: a, title: A, owner: safety-lead, every: 6 months}\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "framework" / "mitigations").mkdir(parents=True)
    (folder / "framework" / "all.yml").write_text(STARTER)
    (folder / "framework" / "mitigations" / "b.md").write_text(
        "---\nid: b\ntitle: B\nowner: safety-lead\n---\nProse of b.\n"
    )
    (folder / "framework" / "mitigations" / "müll ß.yml").write_text("id: c\ntitle: C\nownr: x\n")
    (folder / "framework" / "mitigations" / "big.yml").write_text("# " + "x" * 1_100_000)
    (folder / "framework" / "mitigations" / "out.yml").symlink_to("../../../etc/passwd")
    git = Git(folder)
    git.run("init", "--quiet", "--initial-branch=main", ".")
    git.run("add", "-A")
    git.run("-c", "user.name=auditor", "-c", "user.email=auditor@example.org", "commit", "--quiet", "-m", "x")
    return folder


def test_both_sources_give_the_same_objects_and_findings(checkout: Path) -> None:
    git = Git(checkout)
    commit = git.resolve("HEAD")
    assert commit is not None
    from_disk, from_git = read_register(WorkingTree(checkout)), read_register(GitTree(git, commit))
    assert sorted(from_disk.mitigations) == sorted(from_git.mitigations) == ["a", "b"]
    assert from_disk.findings == from_git.findings
    assert len(from_git.errors) >= 3


def test_nothing_is_there_where_nothing_is(checkout: Path) -> None:
    git = Git(checkout)
    tree = GitTree(git, "HEAD")
    assert tree.read("framework") is None
    assert tree.read("nothing.yml") is None
    assert list(tree.list("elsewhere")) == []


def test_a_remote_without_commits_or_without_an_answer_is_a_clear_error(tmp_path: Path) -> None:
    empty = Git.new(tmp_path / "empty.git")
    with pytest.raises(NotFoundError, match="no commit yet"):
        empty.remote_heads(str(tmp_path / "empty.git"))
    with pytest.raises(UpstreamError, match="git ls-remote failed"):
        empty.remote_heads(str(tmp_path / "nowhere.git"))


def test_a_token_never_stands_on_a_command_line(tmp_path: Path) -> None:
    git = Git.new(tmp_path / "x.git").with_token("https://github.example.com/a/b.git", "secret-token")
    with pytest.raises(UpstreamError) as caught:
        git.run("fetch", "https://127.0.0.1:1/a/b.git")
    assert "secret-token" not in str(caught.value)
    assert all(key.startswith("GIT_CONFIG") for key, _ in git.credentials)
