"""`gate` over three changed files and `status`, beside `check` of the same register at three sizes: processor time."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import PRODUCT, Row, quickest, ratio, repository


def rows(folder: Path, sizes: Sequence[int]) -> list[Row]:
    """Two for each size."""
    found = []
    for count in sizes:
        place = str(repository(folder, count))
        times = quickest(
            {
                "check": [*PRODUCT, "check", place],
                "gate": [*PRODUCT, "gate", "--base", "main", "--head", "change", place],
                "status": [*PRODUCT, "status", place],
            }
        )
        found += [
            Row(f"{name}, {count:,} mitigations", ratio(times[name], times["check"]), "check, same register", "<= 2 x")
            for name in ("gate", "status")
        ]
    return found
