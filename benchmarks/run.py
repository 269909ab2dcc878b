"""Ratios to a peer in the same run; figures of a shared machine mean nothing alone. Prints a table, judges nothing.

How to read it: each row has the quickest of several rounds, ours and the peer's, and our time as a multiple of the
peer's: 0.25 is four times as quick. The peer of reading a register is what anybody would write in four lines: libyaml's
loader and pydantic, file by file, without places, findings, bounds or checks across files.

- "1,000 files": mitigations of 1.4 KB as the examples write them.
- "prose": six keys and a long text each. The peer is quick with those, since libyaml's cost is per value.
- "gate": the verdict on a change of three files, as a new process; benchmarks/gate.py says more.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import gate, reading
from reassay.register.files import WorkingTree, read_register

ROUNDS = 7


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the quickest round, which the machine disturbed least."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def process(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def row(what: str, text_of: Callable[[int], str], files: int) -> tuple[str, float, float]:
    """Reading so many files, and the peer. The rounds take turns, so that a busy minute is everybody's."""
    with tempfile.TemporaryDirectory() as name:
        folder = reading.write(Path(name), text_of, files)
        rounds = [
            (best(lambda: read_register(WorkingTree(folder)), 1), best(lambda: reading.peer(folder), 1))
            for _ in range(3)
        ]
    return what, min(mine for mine, _ in rounds), min(other for _, other in rounds)


def main() -> int:
    rows = [
        ("reassay --help / python -c pass", best(process("-m", "reassay", "--help")), best(process("-c", "pass"))),
        (
            "reassay --version / python -c pass",
            best(process("-m", "reassay", "--version")),
            best(process("-c", "pass")),
        ),
        row("read 1,000 files / CSafe + pydantic", reading.mitigation, 1_000),
        row("read 1,000 files of prose / same", reading.dumped, 1_000),
        *gate.rows(),
    ]
    print(f"{'what / peer':<48}{'ms':>10}{'peer ms':>10}{'ratio':>8}")
    for what, mine, other in rows:
        print(f"{what:<48}{mine * 1000:>10.1f}{other * 1000:>10.1f}{mine / other:>8.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
