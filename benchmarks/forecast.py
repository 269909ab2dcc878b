"""`plan --until` four years ahead beside `status` of the same register: processor time."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from benchmarks.common import PRODUCT, TODAY, Row, quickest, ratio, repository

AHEAD = timedelta(days=4 * 365)


def rows(folder: Path, sizes: Sequence[int]) -> list[Row]:
    """One for each size but the largest."""
    found = []
    for count in sizes[:2]:
        place = str(repository(folder, count))
        times = quickest(
            {
                "plan": [*PRODUCT, "plan", "--until", str(TODAY + AHEAD), place],
                "status": [*PRODUCT, "status", place],
            },
            rounds=1,
        )
        what = f"plan --until four years ahead, {count:,} mitigations"
        found.append(Row(what, ratio(times["plan"], times["status"]), "status, same register", "<= 10 x"))
    return found
