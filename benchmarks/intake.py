"""What is acknowledged per second, durably, beside Probot 14 that keeps nothing. Prints a table, judges nothing.

    python -m benchmarks.intake        (needs wrk, Node.js 20 or later with npm, and two cores)

Both sides check the signature of the same `pull_request` payload of 24 KB, which GitHub publishes as an example, sent by
wrk with an id of its own each time. Ours answers after the delivery is on disk, in the PostgreSQL that starts itself.
The server with all that belongs to it has one core, wrk has the other. Rounds take turns, so that a busy minute is
everybody's; of each side the best round counts. At the end the rows of the inbox are counted.

- "requests/s": ours, Probot's, and the first as a multiple of the second: more is better.
- "p99 ms": the same for the time that all but one in a hundred keep below: less is better.
- "CPU us": processor time for each delivery, PostgreSQL included. It says most where the machine has other work as well.
"""

import hashlib
import hmac
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).parent.parent
HERE = Path(__file__).parent / "webhooks"
EXAMPLES = ROOT / ".cache" / "contract" / "webhooks.json"
PROBOT = "probot@14.3.2"
SECRET = "benchmark"
SIZE = 24_000
ROUNDS = 5
SECONDS = 3
SERVER_CORE, CLIENT_CORE = "0", "1"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run of wrk."""

    done: int
    rate: float
    p99: float
    """Milliseconds."""
    refused: int
    cpu: float
    """Microseconds for each delivery."""


def missing() -> str:
    """Why it cannot run here; empty if it can."""
    if len(os.sched_getaffinity(0)) == 1:
        return "two cores are needed, one for each side"
    for program, remedy in (("wrk", "apt-get install wrk"), ("npm", "install Node.js"), ("taskset", "util-linux")):
        if shutil.which(program) is None:
            return f"{program} is not on this machine ({remedy})"
    return "" if EXAMPLES.exists() else "GitHub's example payloads are not there: make contract-data"


def payload() -> bytes:
    """The published example whose size is nearest to what GitHub sends for a pull request."""
    examples = [
        json.dumps(example, separators=(",", ":")).encode()
        for event in json.loads(EXAMPLES.read_bytes())
        if event["name"] == "pull_request"
        for example in event["examples"]
    ]
    return min(examples, key=lambda each: abs(len(each) - SIZE))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def running(command: Sequence[str], folder: Path) -> Iterator[tuple[str, int]]:
    """A server on its core, from its first line on; that line, and the number of the process."""
    # Probot writes nothing but warnings; ours too.
    environment = {**os.environ, "NODE_ENV": "production", "LOG_LEVEL": "warn", "PYTHONPATH": str(ROOT / "bot")}
    with subprocess.Popen(
        ["taskset", "-c", SERVER_CORE, *command], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line.startswith("ready"), f"{command[0]} did not start"
            yield line, process.pid
        finally:
            process.terminate()


def cpu(processes: Sequence[int]) -> float:
    """Microseconds that they and their children have had."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) in processes or int(fields[1]) in processes:
            ticks += int(fields[11]) + int(fields[12])
    return ticks * 1e6 / os.sysconf("SC_CLK_TCK")


def load(port: int, connections: int, body: Path, signature: str, processes: Sequence[int]) -> Figures:
    before = cpu(processes)
    wrk = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{SECONDS}s", "--timeout", "30s"]
    arguments = [str(body), signature, "/webhook", str(uuid.uuid4())[:23]]
    done = subprocess.run(
        [
            "taskset",
            "-c",
            CLIENT_CORE,
            *wrk,
            "--script",
            str(HERE / "post.lua"),
            f"http://127.0.0.1:{port}",
            "--",
            *arguments,
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("figures "))
    requests, microseconds, p99, refused = (int(each) for each in line.split()[1:])
    return Figures(requests, requests / microseconds * 1e6, p99 / 1000, refused, (cpu(processes) - before) / requests)


def kept(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select count(*) from reassay_inbox").fetchone()
    return int(row[0]) if row else 0


def main() -> int:
    reason = missing()
    if reason:
        print(f"skipped: {reason}")
        return 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, ExitStack() as stack:
        folder = Path(name)
        subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", name, PROBOT], check=True)
        shutil.copy(HERE / "peer.mjs", folder)
        body = folder / "payload.json"
        body.write_bytes(payload())
        signature = hmac.new(SECRET.encode(), body.read_bytes(), hashlib.sha256).hexdigest()
        ours, peer = free_port(), free_port()
        ready, mine = stack.enter_context(
            running([sys.executable, "-m", "benchmarks.webhooks.ours", str(ours), SECRET, str(folder / "data")], ROOT)
        )
        _, theirs = stack.enter_context(running(["node", "peer.mjs", str(peer), SECRET], folder))
        database = int((folder / "data" / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        found: dict[tuple[str, int], list[Figures]] = {}
        for _ in range(ROUNDS):
            for connections in (16, 64):
                for side, port, processes in (("peer", peer, [theirs]), ("ours", ours, [mine, database])):
                    one = load(port, connections, body, signature, processes)
                    found.setdefault((side, connections), []).append(one)
                    print(f"  {side} {connections}: {one.rate:,.0f}/s, p99 {one.p99:.1f} ms", file=sys.stderr)
        rows = kept(ready.split(maxsplit=1)[1])
    table(found)
    accepted = sum(each.done - each.refused for (side, _), all_ in found.items() for each in all_ if side == "ours")
    refused = sum(each.refused for all_ in found.values() for each in all_)
    print(
        f"acknowledged by ours {accepted:,}, rows of the inbox {rows:,}; refused or broken on either side {refused:,}"
    )
    return 0


def table(found: dict[tuple[str, int], list[Figures]]) -> None:
    print(f"{'what':<28}{'ours':>10}{'Probot':>10}{'ratio':>8}{'goal':>10}")
    for connections, rate_goal, p99_goal in ((16, ">= 1.5", "<= 1"), (64, ">= 1.8", "<= 0.5")):
        mine, other = found["ours", connections], found["peer", connections]
        rates = max(each.rate for each in mine), max(each.rate for each in other)
        tails = min(each.p99 for each in mine), min(each.p99 for each in other)
        costs = min(each.cpu for each in mine), min(each.cpu for each in other)
        for what, (left, right), goal in (
            ("requests/s", rates, rate_goal),
            ("p99 ms", tails, p99_goal),
            ("CPU us", costs, ""),
        ):
            shown = f"{connections} connections, {what}"
            print(f"{shown:<28}{left:>10,.1f}{right:>10,.1f}{left / right:>8.2f}{goal:>10}")


if __name__ == "__main__":
    raise SystemExit(main())
