"""Symbolic links and odd files: nothing outside of the repository is ever read."""

import os
import sys
from pathlib import Path

import pytest

from reassay.git.git import Git
from reassay.register.files import Mode, WorkingTree, read_register
from reassay.register.files.git_tree import GitTree
from tests.unit.register.trees import told, written

ONE = "mitigations:\n  - {id: a, title: A, owner: lead, every: 6 months}\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    outside = tmp_path / "outside.yml"
    outside.write_text("mitigations:\n  - {id: stolen, title: S, owner: o, every: P1Y}\n")
    root = tmp_path / "repo"
    written(root, {"framework/all.yml": ONE, "shared/b.yml": ONE.replace("id: a", "id: b"), "shared/data.bin": "x"})
    return root


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("../../outside.yml", "link-outside"),
        ("/etc/hostname", "link-outside"),
        ("../../../../../../../../etc/passwd", "link-outside"),
        ("nowhere.yml", "dangling-link"),
        ("../shared", "link-to-folder"),
        ("../shared/data.bin", "link-to-other"),
        ("chain.yml", "link-to-link"),
    ],
)
def test_a_link_that_leads_astray_is_a_finding_and_nothing_is_read_through_it(
    checkout: Path, target: str, code: str
) -> None:
    if code == "link-to-link":
        (checkout / "framework" / "chain.yml").symlink_to("all.yml")
    (checkout / "framework" / "z.yml").symlink_to(target)
    register = read_register(WorkingTree(checkout))
    assert told(register.findings) == [f"z.yml:1:1 error {code}"]
    assert list(register.mitigations) == ["a"]


def test_a_link_to_a_file_elsewhere_in_the_repository_is_followed(checkout: Path) -> None:
    (checkout / "framework" / "b.yml").symlink_to("../shared/b.yml")
    register = read_register(WorkingTree(checkout))
    assert not register.findings
    assert list(register.mitigations) == ["a", "b"]
    assert register.place_of("b").path == "framework/b.yml"


def test_a_link_to_a_file_of_the_register_does_not_read_it_twice(checkout: Path) -> None:
    (checkout / "framework" / "again.yml").symlink_to("all.yml")
    register = read_register(WorkingTree(checkout))
    assert not register.findings
    assert list(register.mitigations) == ["a"]


def test_folders_that_are_links_are_never_entered(checkout: Path) -> None:
    (checkout / "framework" / "loop").symlink_to("..")
    (checkout / "up").symlink_to(checkout.parent)
    tree = WorkingTree(checkout)
    assert [each.path for each in tree.list("framework") if each.mode is Mode.FILE] == ["framework/all.yml"]
    assert tree.read("up/outside.yml") is None
    assert list(tree.list("up")) == []
    assert "loop:1:1 error link-to-folder" in told(read_register(tree).findings)


@pytest.mark.parametrize("how", ["link", "link-above", "submodule", "clone-above", "file"])
def test_a_register_folder_that_is_elsewhere_is_an_error_with_a_remedy(checkout: Path, how: str) -> None:
    (checkout / ".github").mkdir()
    (checkout / ".github/reassay.yml").write_text("register: deep/register/\n")
    written(checkout, {"other/register/all.yml": ONE})
    place = checkout / "deep"
    if how == "link-above":
        place.symlink_to("other")
    else:
        place.mkdir()
    match how:
        case "link":
            (place / "register").symlink_to("../other/register")
        case "submodule":
            written(checkout, {"deep/register/all.yml": ONE, "deep/register/.git": "gitdir: ../../.git/modules/x\n"})
        case "clone-above":
            written(checkout, {"deep/register/all.yml": ONE, "deep/.git/HEAD": "ref: refs/heads/main\n"})
        case "file":
            (place / "register").write_text("x\n")
        case _:
            pass  # the folder above it is one
    register = read_register(WorkingTree(checkout))
    (finding,) = register.errors
    assert finding.code == "register-elsewhere"
    assert finding.at.path == ("deep" if how.endswith("above") else "deep/register")
    assert finding.remedy
    assert register.is_missing
    assert not register.mitigations


def test_a_submodule_in_the_register_is_not_read_on_disk_as_it_is_not_in_a_commit(checkout: Path) -> None:
    written(
        checkout, {"framework/sub/b.yml": ONE.replace("id: a", "id: b"), "framework/sub/.git": "gitdir: elsewhere\n"}
    )
    (checkout / "framework/b.yml").symlink_to("sub/b.yml")
    register = read_register(WorkingTree(checkout))
    assert sorted(told(register.findings)) == ["b.yml:1:1 error dangling-link", "sub:1:1 error not-a-file"]
    assert list(register.mitigations) == ["a"]


def test_a_submodule_reads_the_same_from_a_commit(tmp_path: Path) -> None:
    git = Git.new(tmp_path / "x.git")
    stream = b"commit refs/heads/main\ncommitter x <x@example.org> 0 +0000\ndata 1\nx\n"
    stream += b"M 160000 %s framework\n" % (b"1" * 40)
    git.run("fast-import", "--quiet", data=stream)
    (finding,) = read_register(GitTree(git, "main")).errors
    assert (finding.code, finding.at.path) == ("register-elsewhere", "framework")


def test_paths_that_climb_out_are_not_read(checkout: Path) -> None:
    tree = WorkingTree(checkout)
    for path in ("../outside.yml", "framework/../../outside.yml", str(checkout.parent / "outside.yml"), ""):
        assert tree.read(path) is None
        assert list(tree.list(path or "..")) == []


def test_a_configuration_that_is_a_link_out_of_the_repository_is_not_read(checkout: Path) -> None:
    (checkout.parent / "evil.yml").write_text("publish: true\n")
    (checkout / ".github").mkdir()
    (checkout / ".github" / "reassay.yml").symlink_to("../../evil.yml")
    register = read_register(WorkingTree(checkout))
    assert told(register.findings) == [".github/reassay.yml:1:1 error link-outside"]
    assert register.configuration_is_broken
    assert not register.configuration.publish


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_a_finding_and_is_not_waited_for(checkout: Path) -> None:
    os.mkfifo(checkout / "framework" / "pipe.yml")
    assert told(read_register(WorkingTree(checkout)).findings) == ["pipe.yml:1:1 error not-a-file"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
def test_a_file_that_may_not_be_opened_is_a_finding(checkout: Path) -> None:
    (checkout / "framework" / "all.yml").chmod(0)
    assert told(read_register(WorkingTree(checkout)).findings) == ["all.yml:1:1 error unreadable-file"]


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text exist on Linux only")
def test_a_file_name_that_is_no_text_is_reported_like_any_other(checkout: Path) -> None:
    (checkout / "framework" / os.fsdecode(b"caf\xe9.yml")).write_text("id: [\n")
    findings = read_register(WorkingTree(checkout)).findings
    assert [each.code for each in findings] == ["yaml-syntax"]


def test_folders_of_tools_are_passed_over(checkout: Path) -> None:
    written(checkout, {"framework/.obsidian/x.yml": "id: [", "framework/.git/x.yml": "id: ["})
    assert not read_register(WorkingTree(checkout)).findings
