"""Ratios to a peer in the same run; figures of a shared machine mean nothing alone. Prints a table, judges nothing."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from bot.adapters.register_files import WorkingTree, read_register
from bot.domain.register.mitigation import Mitigation

ROUNDS = 7
FILES = 1000


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


def register(folder: Path) -> None:
    place = folder / "framework" / "mitigations"
    place.mkdir(parents=True)
    for number in range(FILES):
        document = {
            "id": f"mitigation-{number}",
            "title": f"Mitigation {number}",
            "description": "A sentence of prose. " * 40,
            "owner": "safety-lead",
            "assessor": "red-team-lead",
            "every": "6 months",
        }
        (place / f"m{number}.yml").write_text(yaml.safe_dump(document), encoding="utf-8")


def plain(folder: Path) -> None:
    for file in sorted((folder / "framework").rglob("*.yml")):
        data = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
        Mitigation.model_validate_json(json.dumps(data))


def main() -> int:
    rows = [
        ("reassay --help / python -c pass", best(process("-m", "bot", "--help")), best(process("-c", "pass"))),
        ("reassay --version / python -c pass", best(process("-m", "bot", "--version")), best(process("-c", "pass"))),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        register(folder)
        read, peer = best(lambda: read_register(WorkingTree(folder)), 3), best(lambda: plain(folder), 3)
        rows.append((f"read {FILES} register files / CSafe + pydantic", read, peer))
    print(f"{'what / peer':<48}{'ms':>10}{'peer ms':>10}{'ratio':>8}")
    for what, mine, other in rows:
        print(f"{what:<48}{mine * 1000:>10.1f}{other * 1000:>10.1f}{mine / other:>8.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
