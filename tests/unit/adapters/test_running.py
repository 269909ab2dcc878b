"""git beside this process, and many names asked for at once."""

from pathlib import Path

import pytest

from reassay.common.errors import UpstreamError
from reassay.git.git import CONTENTS, Git
from reassay.git.running import Running
from tests.services.test_gate_command import commit, git


@pytest.fixture
def repository(tmp_path: Path) -> Git:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, {"a.txt": b"one\n", "b.txt": b"two\n" * 50_000})
    git(tmp_path, "tag", "-a", "first", "-m", "first")
    commit(tmp_path, {"a.txt": b"two\n"})
    return Git(tmp_path)


def test_its_output_may_be_larger_than_any_pipe(repository: Git) -> None:
    oids = [each.oid for each in repository.list("main")]
    with Running(repository, CONTENTS, "".join(f"{oid}\n" for oid in oids).encode()) as running:
        assert b"two\n" * 50_000 in running.output()


def test_what_git_says_of_a_failure_is_passed_on(repository: Git) -> None:
    with Running(repository, ("ls-tree", "nowhere")) as running, pytest.raises(UpstreamError, match="nowhere"):
        running.output()


def test_it_is_ended_where_nobody_waits_for_it(repository: Git) -> None:
    running = Running(repository, ("cat-file", "--batch"))
    with pytest.raises(KeyError), running:
        raise KeyError
    assert running._process.returncode is not None


def test_without_git_the_error_says_so(repository: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UpstreamError, match="git was not found"):
        Running(repository, ("version",))


NAMES = (
    "main",
    "HEAD~1",
    "first",
    "main~5",
    "nowhere",
    "",
    "main..first",
    "main:a.txt",
    "main\nHEAD~1",
    "two words",
    "x commit 7",
    "-h",
    "HEAD^{tree}",
)


def test_many_names_at_once_are_what_each_is_alone(repository: Git) -> None:
    alone = []
    for name in NAMES:
        code, output = repository.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        alone.append(None if code or "\n" in name else output.decode().split()[-1])
    assert list(repository.commits(*NAMES)) == alone
    assert repository.resolve("nowhere", "first", "main") == alone[2]


def test_where_git_is_missing_no_commit_is_blamed(repository: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UpstreamError, match="git was not found"):
        repository.commits("main")


def test_outside_of_a_repository_there_is_no_commit(tmp_path: Path) -> None:
    assert Git(tmp_path).commits("main", "HEAD") == [None, None]
