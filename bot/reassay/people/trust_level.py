"""Level of trust: enforced with an own GitHub App, advisory with the workflow's token."""

from typing import Literal

Level = Literal["enforced", "advisory"]
SHARED = "github-actions[bot]"
"""The account of the token that every workflow of a repository has."""


def trust_level(app_id: int | None, viewer: str) -> Level:
    """The level of trust of the credentials: an own App that the configuration names, or a shared token.

    `viewer` is the account that this program acts as.
    """
    own_app = viewer.endswith("[bot]") and viewer != SHARED
    return "enforced" if app_id is not None and own_app else "advisory"


def trust_words(app_id: int | None, viewer: str) -> str:
    """The level of trust in words, for use after "Trust:"."""
    if trust_level(app_id, viewer) == "enforced":
        return f"enforced by an App of one's own ({viewer}); `reassay doctor` examines what could get around it"
    return "advisory: whoever may write to this repository can act with the same token; `reassay doctor` says how to mend that"
