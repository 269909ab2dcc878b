"""The objects that an entry names: every `sha256:` digest in its body. Other digests have another form."""

import re
from collections.abc import Iterator

from reassay.ledger.entry import Entry
from reassay.ledger.keys import KeyAdded, KeyRevoked

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def named_objects(entry: Entry) -> frozenset[str]:
    """Digests of the objects that an entry names; empty for entries about keys."""
    if isinstance(entry.body, KeyAdded | KeyRevoked):
        return frozenset()
    return frozenset(_digests(entry.body.model_dump(mode="json")))


def _digests(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if _DIGEST.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _digests(item)
    elif isinstance(value, list):
        for item in value:
            yield from _digests(item)
