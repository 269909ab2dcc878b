"""The level of trust: enforced with a GitHub App that the configuration names, advisory with any other account."""

from typing import Literal

Level = Literal["enforced", "advisory"]
SHARED = "github-actions[bot]"
"""The account of `GITHUB_TOKEN`, which every workflow of a repository has."""


def is_own_app(viewer: str) -> bool:
    """Whether an account is that of a GitHub App other than GitHub Actions."""
    return viewer.endswith("[bot]") and viewer != SHARED


def trust_level(app_id: int | None, viewer: str, acting: int | None = None) -> Level:
    """The level of trust of the account `viewer`: enforced for the App that the configuration names.

    `acting` is the id of the App behind that account; None where it is not known.
    """
    is_named = app_id is not None and acting in {None, app_id}
    return "enforced" if is_named and is_own_app(viewer) else "advisory"


def trust_words(app_id: int | None, viewer: str, acting: int | None = None) -> str:
    """The level of trust in words, for use after "Trust:"."""
    if trust_level(app_id, viewer, acting) == "enforced":
        known = "" if acting else f", if that is App {app_id} (`app_id`), which this run cannot see"
        return f"enforced by the GitHub App {viewer}{known}. To check that nothing bypasses it, run `reassay doctor`"
    if is_own_app(viewer):
        return advisory_app(app_id, acting)
    return "advisory, because everyone with write access can use the same token. To see how to enforce it, run `reassay doctor`"


def advisory_app(app_id: int | None, acting: int | None) -> str:
    """Why the record of a run by an App is advisory: the configuration names no App, or another one."""
    if app_id is not None:
        return f"advisory: `.github/reassay.yml` names App {app_id} (`app_id`), but App {acting} acts"
    return f"advisory: `.github/reassay.yml` does not name the App (`app_id{f': {acting}' if acting else ''}`)"
