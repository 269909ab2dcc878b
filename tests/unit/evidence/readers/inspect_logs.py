"""Logs of Inspect, changed, for the tests of their reader."""

import json
from collections.abc import Callable

from reassay.evidence.reading import Reading
from tests.unit.evidence.readers.files import Document, changed, packed, read

PLAIN = "inspect/plain-0.3.285.json"


def log(change: Callable[[Document], None] = lambda _: None) -> Reading:
    """The one reading of the plain log after a change, which is the same from `.json` and from `.eval`."""
    raw = changed(PLAIN, change)
    (reading,) = read(raw)
    (other,) = read(packed(json.loads(raw)))
    assert other.model_copy(update={"digest": reading.digest}) == reading
    return reading


def changed_sample(number: int, **fields: object) -> Callable[[Document], None]:
    return lambda document: document["samples"][number].update(fields)


def numbers(reading: Reading) -> tuple[dict[str, int], int, int]:
    return dict(reading.totals), reading.unscored, reading.errored
