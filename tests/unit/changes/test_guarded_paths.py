"""Which paths are guarded, and what is said of a change of one."""

import pytest

from reassay.changes.guarded_paths import GuardedPaths, is_guarded
from reassay.changes.policy import policy_changes
from reassay.register.configuration import Configuration

PATHS = GuardedPaths(frozenset({"framework"}), frozenset({"docs/m.yml", "wf/"}), frozenset({"vendor/lib"}))


@pytest.mark.parametrize(
    "path",
    [
        ".github/reassay.yml",
        ".github/reassay.yaml",
        ".github/reassay/record.md",
        ".github/reassay",
        ".github/workflows/a/b.yml",
        ".github/workflows",
        ".github/actions/x/index.js",
        ".github",
        "CODEOWNERS",
        "docs/CODEOWNERS",
        ".github/CODEOWNERS",
        ".github/ISSUE_TEMPLATE/incident.yml",
        ".gitmodules",
        "action.yml",
        "a/b/action.yaml",
        "a/Action.YML",
    ],
)
def test_what_is_guarded_wherever_the_register_is(path: str) -> None:
    assert is_guarded(path)
    assert PATHS.is_policy(path)


@pytest.mark.parametrize("path", ["docs/m.yml", "wf/x.yml", "wf", "vendor/lib"])
def test_what_is_guarded_because_it_is_read_through_it(path: str) -> None:
    assert not is_guarded(path)
    assert PATHS.is_policy(path)
    assert PATHS.is_guarded(path)


@pytest.mark.parametrize("path", ["framework/a.yml", "framework"])
def test_the_register_is_guarded_and_is_no_policy(path: str) -> None:
    assert PATHS.is_guarded(path)
    assert not PATHS.is_policy(path)


@pytest.mark.parametrize(
    "path", ["README.md", "docs/m.yml.md", "frameworks/a.yml", "src/CODEOWNERS", "reaction.yml", "vendor/library", "x/.github/reassay.yml"]
)  # fmt: skip
def test_what_nobody_reads_is_not_guarded(path: str) -> None:
    assert not PATHS.is_guarded(path)


@pytest.mark.parametrize(
    ("path", "old", "new", "why"),
    [
        ("framework/a.yml", "1", "link:2", "it is a symbolic link, so its content comes from another place"),
        (
            "framework/a.yml",
            "link:2",
            "1",
            "it is no longer a symbolic link, so its content comes from another place than before",
        ),
        ("vendor/lib", None, "submodule:2", "it is a submodule, whose content is in another repository"),
        ("docs/m.yml", "1", "2", "its content is read through a link, and its direction cannot be determined"),
        ("policy/", None, "1", "the register is read from this folder, and its direction cannot be determined"),
        (".github/reassay/record.md", None, "1", "the bot posts these words in its own name"),
        ("ci/action.yml", None, "1", "it decides what runs or who is asked, and its direction cannot be determined"),
    ],
)
def test_a_change_of_policy_says_why_it_is_one(path: str, old: str | None, new: str | None, why: str) -> None:
    (change,) = policy_changes(Configuration(), Configuration(), None, {path: (old, new)})
    assert (change.name, change.is_looser, change.why) == (path, True, why)
