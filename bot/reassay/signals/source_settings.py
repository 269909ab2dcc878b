"""The digest of what a source's settings say is read: with another one it is another source, which was never read."""

from typing import Final

from reassay.common.canonical import canonical, digest
from reassay.ledger.digests import ContentDigest
from reassay.register.c14n import VERSION
from reassay.register.signal_sources import SourceSpec

_NOT_READ_BY: Final = frozenset(SourceSpec.model_fields)
"""Settings that say what its items mean, and not what is read: a change of them makes nothing unread."""


def settings_digest(spec: SourceSpec) -> ContentDigest:
    """The digest of kind, place, and everything else that decides what is read."""
    settings = spec.model_dump(mode="json", exclude=set(_NOT_READ_BY), exclude_defaults=True)
    return content_of({"kind": type(spec).__name__, **settings})


def content_of(document: object) -> ContentDigest:
    """The digest of a document of this program; numbers in it are exact."""
    return f"{VERSION}:{digest(canonical(document))}"
