"""How far what happens here can be believed: with an App of one's own it is enforced, with the workflow's token it is advice."""

from typing import Literal

Level = Literal["enforced", "advisory"]
SHARED = "github-actions[bot]"
"""The account of the token that every workflow of a repository has."""


def trust_level(app_id: int | None, viewer: str) -> Level:
    """By whose credentials act: an App of one's own that the configuration names, or a token that others share.

    `viewer` is the account that GitHub says this program acts as.
    """
    own_app = viewer.endswith("[bot]") and viewer != SHARED
    return "enforced" if app_id is not None and own_app else "advisory"


def trust_words(app_id: int | None, viewer: str) -> str:
    """For every view, after "Trust:"."""
    if trust_level(app_id, viewer) == "enforced":
        return f"enforced by an App of one's own ({viewer}); `reassay doctor` examines what could get around it"
    return "advisory: whoever may write to this repository can act with the same token; `reassay doctor` says how to mend that"
