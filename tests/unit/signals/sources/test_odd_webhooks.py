"""A value of a webhook may be of any type: each value of a real one in turn is replaced by one of every type."""

from typing import Any

import pytest

from reassay.common.canonical import canonical
from reassay.signals.sources import alertmanager, pagerduty, statuspage
from reassay.signals.sources.webhook_values import reduced
from tests.unit.evidence.readers.test_odd_values import EVERY, paths, replaced
from tests.unit.signals.sources.webhook_lab import payload, reading

USED = {each.KIND: each.USED for each in (alertmanager, pagerduty, statuspage)}


@EVERY
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("alertmanager", "alertmanager_resolved"),
        ("pagerduty", "pagerduty_resolved"),
        ("pagerduty", "pagerduty_note"),
        ("statuspage", "statuspage_resolved"),
        ("statuspage", "statuspage_component"),
    ],
)
def test_a_message_with_a_value_of_any_type_is_read_and_what_is_kept_of_it_reads_the_same(
    kind: str, name: str, odd_values: tuple[object, ...]
) -> None:
    whole = payload(name)
    for path in paths(whole):
        for odd in odd_values:
            message: Any = replaced(whole, path, odd)
            if not isinstance(message, dict):
                continue
            said = reading(kind, message, whole)
            kept: Any = reduced(message, USED[kind])
            assert reading(kind, kept, whole) == said
            for signal in said.signals:
                # It can be written to the ledger.
                canonical({"key": signal.key, "title": signal.title, "url": signal.url})
                assert signal.first_seen_at is None or signal.first_seen_at.year == 2026
            if not said.signals and kind == "alertmanager":
                assert said.problems
