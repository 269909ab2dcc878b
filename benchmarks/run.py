"""Runs the benchmarks that need nothing but Python and git, and prints their table in Markdown. Judges nothing.

    python -m benchmarks.run [--sizes 100,1000,3000] [--entries 100000] [--only NAME]...

Figures are processor time of child processes; only the ratios of one run mean anything. `benchmarks/intake.py` and
`benchmarks/memory.py` need wrk (and Probot), and are run alone.
"""

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import check, commands, dashboard, forecast, ledger, reading, startup, sweep
from benchmarks.common import ROOT, TODAY, Row

Benchmark = Callable[[Path, Sequence[int]], list[Row]]


def benchmarks(entries: int) -> dict[str, Benchmark]:
    """By the name that --only takes."""
    return {
        "startup": startup.rows,
        "check": check.rows,
        "commands": commands.rows,
        "sweep": sweep.rows,
        "forecast": forecast.rows,
        "dashboard": dashboard.rows,
        "reading": reading.rows,
        "ledger": lambda folder, _sizes: ledger.rows(folder, entries),
    }


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=str(__doc__).partition("\n")[0])
    parser.add_argument("--sizes", default="100,1000,3000", metavar="A,B,C", help="mitigations, smallest first")
    parser.add_argument("--entries", type=int, default=100_000, metavar="N", help="entries of the ledger")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", choices=benchmarks(0))
    options = parser.parse_args(arguments)
    sizes = [int(size) for size in options.sizes.split(",")]
    print(f"{TODAY}, {platform.machine()}, Python {platform.python_version()}, {platform.system()}.\n")
    print("| what | figure | against | goal |\n|---|---|---|---|", flush=True)
    for name, rows in benchmarks(options.entries).items():
        if options.only and name not in options.only:
            continue
        with tempfile.TemporaryDirectory(prefix="reassay-bench-") as folder:
            for row in rows(Path(folder), sizes):
                print(f"| {row.what} | {row.figure} | {row.peer} | {row.goal} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main(sys.argv[1:]))
