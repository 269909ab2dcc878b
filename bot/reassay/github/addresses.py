"""Addresses of GitHub: the public one, or an Enterprise Server."""

from urllib.parse import urlsplit

from reassay.common.errors import UsageError

PUBLIC_API = "https://api.github.com"
PUBLIC_SERVER = "https://github.com"


def check_url(name: str, url: str) -> None:
    """Raises UsageError for an address that is none, or that would send secrets unprotected."""
    parts = urlsplit(url)
    local = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if parts.scheme not in {"https", "http"} or not parts.netloc or parts.username or parts.query or parts.fragment:
        raise UsageError(
            f"'{url}' is no {name} address.", remedy="Write for example https://github.example.com/api/v3."
        )
    if parts.scheme == "http" and not local:
        raise UsageError(
            f"'{url}' would send the token unprotected.", remedy="Use https; plain http is for this machine only."
        )
