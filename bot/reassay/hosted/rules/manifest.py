"""What GitHub is asked to make when an App is set up with one press of a button: generated from what the code does.

(GitHub's documentation: "Registering a GitHub App from a manifest".)
"""

from collections.abc import Iterable, Mapping

LEVELS = ("read", "write", "admin")
SET_UP, CREATED, INSTALLED, CALLBACK, WEBHOOK = (
    "/setup",
    "/setup/created",
    "/setup/installed",
    "/sign-in/callback",
    "/webhook",
)
NAME_LIMIT = 34
"""GitHub's, for the name of an App."""
PROJECT = "https://github.com/reassay/reassay"
_DESCRIPTION = (
    "Re-assesses AI safety mitigations when they are due, on evidence, and judges changes to them before a merge."
)


def permissions(asked: Iterable[Mapping[str, str]], subscribed: Mapping[str, str]) -> dict[str, str]:
    """The least that covers every token that is asked for and every event, in alphabetical order.

    `asked` are the permissions of token requests; `subscribed` names the one that each event needs, to read.
    """
    found: dict[str, str] = {}
    for each in (*asked, *({name: "read"} for name in subscribed.values())):
        for name, level in each.items():
            found[name] = max(found.get(name, level), level, key=LEVELS.index)
    return dict(sorted(found.items()))


def manifest(base_url: str, name: str, wanted: Mapping[str, str], subscribed: Mapping[str, str]) -> dict[str, object]:
    """As GitHub reads it. `base_url` is where people reach this server; GitHub has to reach it for events to arrive."""
    return {
        "name": name,
        "url": PROJECT,
        "description": _DESCRIPTION,
        "public": False,
        "hook_attributes": {"url": f"{base_url}{WEBHOOK}", "active": True},
        "redirect_url": f"{base_url}{CREATED}",
        "callback_urls": [f"{base_url}{CALLBACK}"],
        "setup_url": f"{base_url}{INSTALLED}",
        "request_oauth_on_install": False,
        "default_permissions": dict(wanted),
        "default_events": sorted(subscribed),
    }
