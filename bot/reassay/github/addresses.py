"""Addresses of github.com and of GitHub Enterprise Server."""

from urllib.parse import urlsplit

from reassay.common.errors import UsageError

PUBLIC_API = "https://api.github.com"
PUBLIC_SERVER = "https://github.com"


def check_url(name: str, url: str) -> None:
    """Checks the address given for `name`. Raises UsageError for an invalid one, and for http to another machine."""
    parts = urlsplit(url)
    local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme not in {"https", "http"} or not parts.netloc or parts.username or parts.query or parts.fragment:
        raise UsageError(
            f"'{url}' is not a valid {name} address.", remedy="Write e.g. https://github.example.com/api/v3."
        )
    if parts.scheme == "http" and not local:
        raise UsageError(
            f"'{url}' would send the token unprotected.", remedy="Use https; plain http is for this machine only."
        )
