"""How long verifying a long ledger takes, and what one more append costs. Prints a table, judges nothing.

python benchmarks/ledger.py [ENTRIES]        100,000 if nothing is said
"""

import base64
import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.adapters.git import LEDGER_BRANCH, Git
from bot.adapters.ledger.branch import additions, read_state, with_keys
from bot.adapters.ledger.ed25519 import read_signer
from bot.adapters.ledger.keyring import Keyring
from bot.adapters.ledger.verify import Question, verify
from bot.domain.canonical import canonical, digest
from bot.domain.ledger.entry import Body, Decided, LedgerIdentity, NextDue, Opened, Place, Record, Trigger
from bot.domain.ledger.state import LedgerState, entries_for
from bot.domain.register.base import Depth

PER_APPEND = 10
START = datetime(2026, 1, 1, tzinfo=UTC)
IDENTITY = LedgerIdentity(host="github.example", repository_id=1, ledger_id="benchmark")
SIZES = (10, 3_000)


def bodies(count: int) -> Iterator[Body]:
    """Openings and decisions, each with an object of its own."""
    for number in range(count // 2 + 1):
        name = f"R-2026-{number:06d}"
        yield Opened(
            reassessment=name,
            nonce=f"{number:032x}",
            run="run",
            lease_until=START,
            subject=f"mitigation-{number % 500}",
            version=1,
            cells=("*",),
            depth=Depth.LIGHT,
            triggers=(Trigger(kind="interval", reason="6 months since the last one", cells=("*",)),),
            opened_on=date(2026, 1, 1),
            due=date(2026, 2, 1),
            checklist=digest(b'"checklist"'),
            place=Place(commit="0" * 40, path="framework/mitigations.yml", line=3),
        )
        yield Decided(
            reassessment=name,
            subject=f"mitigation-{number % 500}",
            version=1,
            cells=("*",),
            decision="effective",
            self_assessed=False,
            decided_on=date(2026, 1, 20),
            next_due=(NextDue(cell="*", due=date(2026, 7, 20)),),
            snapshot=digest(snapshot(number)),
            content=f"c14n/1:{digest(b'')}",
        )


def snapshot(number: int) -> bytes:
    return canonical({"id": f"mitigation-{number % 500}", "of": number, "description": "A sentence of prose. " * 20})


def appends(count: int, keyring: Keyring) -> Iterator[tuple[LedgerState, dict[str, bytes]]]:
    """Each append as a run makes it: the ledger afterwards, and the files it wrote."""
    state = LedgerState()
    every = list(bodies(count))[:count]
    for start in range(0, count, PER_APPEND):
        records = [Record(body=body) for body in every[start : start + PER_APPEND]]
        objects = [
            snapshot(int(body.reassessment.rsplit("-", 1)[1]))
            for body in every[start : start + PER_APPEND]
            if isinstance(body, Decided)
        ]
        named = {digest(data): data for data in (*objects, *([b'"checklist"'] if start == 0 else []))}
        due = with_keys(records, state, keyring)
        entries = entries_for(due, state, IDENTITY, ("main", "0" * 40), START + timedelta(minutes=start))
        files, state = additions(state, entries, named, keyring)
        state = replace(state, head="x")
        yield state, dict(files)


def build(git: Git, count: int, keyring: Keyring) -> list[tuple[int, int, int]]:
    """Writes the branch, one commit for each append; (entries, files, bytes) of some of them."""
    costs: list[tuple[int, int, int]] = []
    process = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=git.folder, stdin=subprocess.PIPE)
    stream = process.stdin
    assert stream
    for number, (state, files) in enumerate(appends(count, keyring), 1):
        stream.write(
            b"commit refs/heads/%b\ncommitter a <a@example.org> %d +0000\ndata 1\nx\n"
            % (LEDGER_BRANCH.encode(), number)
        )
        for path, data in files.items():
            stream.write(b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(data), data))
        before = len(state.entries) - PER_APPEND
        if any(0 <= before - size < PER_APPEND for size in (*SIZES, count - PER_APPEND)):
            costs.append((before, len(files), sum(map(len, files.values()))))
    stream.close()
    assert process.wait() == 0
    return costs


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    keyring = Keyring(read_signer(base64.b64encode(hashlib.sha256(b"benchmark").digest()).decode(), "benchmark"))
    with tempfile.TemporaryDirectory() as folder:
        git = Git.new(Path(folder))
        start = time.perf_counter()
        costs = build(git, count, keyring)
        print(f"{count} entries written and signed in {time.perf_counter() - start:.1f} s")
        for entries, files, size in costs:
            print(f"  append of {PER_APPEND} to {entries:>7} entries: {files} files, {size / 1000:.0f} kB")
        commit = git.resolve(LEDGER_BRANCH) or ""
        start = time.perf_counter()
        found = verify(git, commit, Question())
        took = time.perf_counter() - start
        print(
            f"verify: {took:.1f} s, {took / count * 1e6:.0f} us for each entry, "
            f"{len(found.findings)} findings, fine: {found.is_fine}"
        )
        start = time.perf_counter()
        read_state(git, commit)
        print(f"read at the start of a run: {time.perf_counter() - start:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
