"""The manifest of the GitHub App, generated from the permissions and events that the code uses.

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
"""GitHub's limit for the name of an App, in characters."""
PROJECT = "https://github.com/reassay/reassay"
_DESCRIPTION = (
    "Re-assesses AI safety mitigations when they are due, on evidence, and judges changes to them before a merge."
)


def permissions(asked: Iterable[Mapping[str, str]], subscribed: Mapping[str, str]) -> dict[str, str]:
    """The fewest permissions that cover every token request and every event, in alphabetical order.

    `asked` are the permissions of the token requests; `subscribed` maps each event to the permission it needs, at level read.
    """
    levels: dict[str, str] = {}
    for request in (*asked, *({name: "read"} for name in subscribed.values())):
        for name, level in request.items():
            levels[name] = max(levels.get(name, level), level, key=LEVELS.index)
    return dict(sorted(levels.items()))


def manifest(base_url: str, name: str, wanted: Mapping[str, str], subscribed: Mapping[str, str]) -> dict[str, object]:
    """The manifest as GitHub reads it. `base_url` is the public address of this server; GitHub sends webhooks there."""
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
