"""Canonical JSON (RFC 8785, https://www.rfc-editor.org/rfc/rfc8785) and its digests."""

import hashlib

import rfc8785

SAFE_INTEGER = 2**53 - 1


def canonical(value: object) -> bytes:
    """Plain data as canonical JSON. Whole numbers beyond 2^53 become text, which JSON readers keep exact."""
    return rfc8785.dumps(_exact(value))  # type: ignore[arg-type] # its type is a recursive alias we build by hand


def digest(data: bytes) -> str:
    """The SHA-256 digest of some bytes: `sha256:` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _exact(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _exact(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > SAFE_INTEGER:
        return str(value)
    return value
