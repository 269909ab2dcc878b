"""The line about trust says what is the case: which account acts, and whether the configuration names its App."""

import pytest

from reassay.people.trust_level import trust_level, trust_words

APP, SHARED = "reassay[bot]", "github-actions[bot]"


@pytest.mark.parametrize(
    ("app_id", "viewer", "acting", "level", "words"),
    [
        (
            7,
            APP,
            None,
            "enforced",
            "enforced by the GitHub App reassay[bot], if that is App 7 (`app_id`), which this run",
        ),
        (7, APP, 7, "enforced", "enforced by the GitHub App reassay[bot]"),
        (None, APP, 1106, "advisory", "advisory: `.github/reassay.yml` does not name the App (`app_id: 1106`)"),
        (None, APP, None, "advisory", "advisory: `.github/reassay.yml` does not name the App (`app_id`)"),
        (8, APP, 7, "advisory", "advisory: `.github/reassay.yml` names App 8 (`app_id`), but App 7 acts"),
        (None, SHARED, None, "advisory", "advisory, because everyone with write access can use the same token"),
        (7, SHARED, None, "advisory", "advisory, because everyone with write access can use the same token"),
        (None, "safety-lead", None, "advisory", "advisory, because everyone with write access can use the same token"),
    ],
)
def test_the_line_about_trust(app_id: int | None, viewer: str, acting: int | None, level: str, words: str) -> None:
    assert trust_level(app_id, viewer, acting) == level
    assert trust_words(app_id, viewer, acting).startswith(words)
