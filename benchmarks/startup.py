"""`--help` and `--version` beside an interpreter that does nothing: processor time."""

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import PRODUCT, Row, quickest, ratio


def rows(_folder: Path, _sizes: Sequence[int]) -> list[Row]:
    """One for each of the two."""
    commands = {
        "--help": [*PRODUCT, "--help"],
        "--version": [*PRODUCT, "--version"],
        "bare": [sys.executable, "-c", "pass"],
    }
    times = quickest(commands, rounds=7)
    return [
        Row(name, ratio(times[name], times["bare"]), "python -c pass", "<= 4 x") for name in ("--help", "--version")
    ]
