"""The level of trust: enforced with a GitHub App, advisory with the workflow's token."""

from typing import Literal

Level = Literal["enforced", "advisory"]
SHARED = "github-actions[bot]"
"""The account of `GITHUB_TOKEN`, which every workflow of a repository has."""


def trust_level(app_id: int | None, viewer: str) -> Level:
    """The level of trust of the account `viewer`: enforced for an App that the configuration names."""
    own_app = viewer.endswith("[bot]") and viewer != SHARED
    return "enforced" if app_id is not None and own_app else "advisory"


def trust_words(app_id: int | None, viewer: str) -> str:
    """The level of trust in words, for use after "Trust:"."""
    if trust_level(app_id, viewer) == "enforced":
        return f"enforced by the GitHub App {viewer}. To check that nothing bypasses it, run `reassay doctor`"
    return "advisory, because everyone with write access can use the same token. To see how to enforce it, run `reassay doctor`"
