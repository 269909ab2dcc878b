"""Addresses of github.com, of GitHub Enterprise Cloud with data residency (SUBDOMAIN.ghe.com) and of GitHub Enterprise Server.

| | pages and git | REST | GraphQL |
|---|---|---|---|
| github.com | `https://github.com` | `https://api.github.com` | `https://api.github.com/graphql` |
| data residency | `https://SUBDOMAIN.ghe.com` | `https://api.SUBDOMAIN.ghe.com` | `https://api.SUBDOMAIN.ghe.com/graphql` |
| Enterprise Server | `https://HOST` | `https://HOST/api/v3` | `https://HOST/api/graphql` |

https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom
"""

import re
from urllib.parse import urlsplit

from reassay.common.errors import UsageError

PUBLIC_API = "https://api.github.com"
PUBLIC_SERVER = "https://github.com"
_RESIDENT_SERVER = re.compile(r"https://(?!api\.)(?P<name>[a-z0-9-]+)\.ghe\.com", re.IGNORECASE)
_RESIDENT_API = re.compile(r"https://api\.(?P<name>[a-z0-9-]+)\.ghe\.com", re.IGNORECASE)
_SERVER_PATH = "/api/v3"
_EXAMPLES = {
    "API": "https://github.example.com/api/v3",
    "server": "https://github.example.com",
    "heartbeat": "https://heartbeat.example.com/reassay",
    "public": "https://reassay.example.com",
}
_COMMIT = re.compile(r"[0-9a-f]{12,64}")
"""Ids of commits by SHA-1 or SHA-256, whole or abbreviated to no less than twelve digits."""


def revision_of(commit: object) -> str:
    """What stands for a commit in the address of a file: its id; for anything else `HEAD`, the default branch."""
    return commit if isinstance(commit, str) and _COMMIT.fullmatch(commit) else "HEAD"


def api_of(server: str) -> str:
    """Address of the REST API that belongs to an address of pages, without a trailing slash."""
    server = server.rstrip("/")
    if server == PUBLIC_SERVER:
        return PUBLIC_API
    resident = _RESIDENT_SERVER.fullmatch(server)
    return f"https://api.{resident['name']}.ghe.com" if resident else f"{server}{_SERVER_PATH}"


def server_of(api: str) -> str:
    """Address of pages and git that belongs to an address of the REST API, without a trailing slash."""
    api = api.rstrip("/")
    if api == PUBLIC_API:
        return PUBLIC_SERVER
    resident = _RESIDENT_API.fullmatch(api)
    return f"https://{resident['name']}.ghe.com" if resident else api.removesuffix(_SERVER_PATH)


def app_page(server: str, slug: str) -> str:
    """Address of an App's page by its slug; empty with data residency, where it also names the owner."""
    if not slug or is_resident(server):
        return ""
    return f"{server}/{'apps' if server == PUBLIC_SERVER else 'github-apps'}/{slug}"


def is_resident(server: str) -> bool:
    """Whether an address of pages is one of GitHub Enterprise Cloud with data residency."""
    return _RESIDENT_SERVER.fullmatch(server.rstrip("/")) is not None


def check_addresses(server: str, api: str) -> None:
    """Checks a pair of addresses. Raises UsageError for an invalid one, and for an API that is not at the server's address."""
    for name, url in (("server", server), ("API", api)):
        check_url(name, url)
    if is_resident(server) and api.rstrip("/") != api_of(server):
        raise UsageError(
            f"'{api}' is not the API of {server}.", remedy=f"Write {api_of(server)}, or leave the API's address out."
        )


def check_url(name: str, url: str) -> None:
    """Checks the address given for `name`. Raises UsageError for an invalid one, and for http to another machine."""
    parts = urlsplit(url)
    local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme not in {"https", "http"} or not parts.netloc or parts.username or parts.query or parts.fragment:
        raise UsageError(
            f"'{url}' is not a valid {name} address.", remedy=f"Write e.g. {_EXAMPLES.get(name, _EXAMPLES['public'])}."
        )
    if parts.scheme == "http" and not local:
        raise UsageError(
            f"the {name} address '{url}' would be used unprotected.",
            remedy="Use https; plain http is for this machine only.",
        )
