"""How long verifying a long signed ledger takes, and what one more append costs. Prints a table, judges nothing.

python -m benchmarks.ledger [ENTRIES]        100,020 if nothing is said

How to read it: the peer of verifying is Ed25519 alone, the same number of messages of the same length in the same run, by the
same library: nobody can verify the signatures in less. The rest is what makes them mean something: parsing, the one canonical
form, the chain, the index, the objects, git's history. An append is counted, not timed: what a run sends, and the git objects
(files, and each folder above them anew) that a commit of it makes. A folder of entries takes a thousand, so that what is hashed
goes up by 40 kB within each thousand and down again; compare appends at the beginning of one.
"""

import base64
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from reassay.common.canonical import canonical, digest
from reassay.git.git import LEDGER_BRANCH, Git
from reassay.ledger.entry import Body, Decided, LedgerIdentity, NextDue, Opened, Place, Record, Trigger
from reassay.ledger.state import LedgerState, entries_for
from reassay.ledger.store.branch import additions, chain_of, with_keys
from reassay.ledger.store.ed25519 import read_signer
from reassay.ledger.store.keyring import Keyring
from reassay.register.base import Depth

PER_APPEND = 10
SIZES = (1_000, 10_000, 100_000)
"""Entries there are before the appends that are counted."""
START = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = base64.b64encode(hashlib.sha256(b"benchmark").digest()).decode()
IDENTITY = LedgerIdentity(host="github.example", repository_id=1, ledger_id="benchmark")


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
        entries = entries_for(due, len(state.entries), IDENTITY, ("main", "0" * 40), START + timedelta(minutes=start))
        files, state = additions(state, entries, named, keyring)
        state = replace(state, head="x")
        yield state, dict(files)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one append."""

    before: int
    """Entries there were."""
    files: int
    sent: int
    """Bytes of the request's files, as GitHub takes them: base64."""
    objects: int
    """Git objects that the commit makes."""
    hashed: int
    """Bytes in them."""


@dataclass(slots=True)
class Folders:
    """How long the list of each folder of the branch is, in bytes of its git object."""

    sizes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    known: set[str] = field(default_factory=set)

    def add(self, paths: Iterable[str]) -> set[str]:
        """The folders that git writes anew."""
        touched = set()
        for path in paths:
            below = path
            while below:
                above, _, name = below.rpartition("/")
                if below not in self.known:
                    self.known.add(below)
                    self.sizes[above] += len("100644 ") + len(name) + 1 + 20
                touched.add(above)
                below = above
        return touched


def build(git: Git, count: int, keyring: Keyring) -> list[Cost]:
    """Writes the branch, one commit for each append; the costs of some of them."""
    costs: list[Cost] = []
    folders = Folders()
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
        touched = folders.add(files)
        before = len(state.entries) - PER_APPEND
        if any(0 <= before - size < PER_APPEND for size in (*SIZES, count - PER_APPEND)):
            plain = sum(map(len, files.values()))
            listed = sum(folders.sizes[folder] for folder in touched)
            sent = sum(len(base64.b64encode(data)) + len(path) for path, data in files.items())
            costs.append(Cost(before, len(files), sent, len(files) + len(touched), plain + listed))
    stream.close()
    assert process.wait() == 0
    return costs


def plain_ed25519(git: Git, commit: str) -> tuple[int, float]:
    """Signatures, and the seconds that they take by themselves."""
    written = chain_of(git, commit).written
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(read_signer(SECRET, "benchmark").public_key))
    signed = [
        (each.envelope.signature.value, each.envelope.signed_bytes) for each in written if each.envelope.signature
    ]
    start = time.perf_counter()
    for signature, message in signed:
        key.verify(signature, message)
    return len(signed), time.perf_counter() - start


def command(git: Git) -> tuple[float, int, str]:
    """`reassay ledger verify` as a person starts it: seconds, peak memory in MB, its last line."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "reassay", "ledger", "verify", str(git.folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    took = time.perf_counter() - start
    return (
        took,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        (done.stdout or done.stderr).splitlines()[-1],
    )


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_020
    keyring = Keyring(read_signer(SECRET, "benchmark"))
    with tempfile.TemporaryDirectory() as folder:
        git = Git.new(Path(folder))
        start = time.perf_counter()
        costs = build(git, count, keyring)
        print(f"{count:,} entries written and signed, {PER_APPEND} at a time: {time.perf_counter() - start:.0f} s\n")
        what = f"an append of {PER_APPEND} to"
        print(f"{what:<24}{'files':>8}{'kB sent':>10}{'git objects':>13}{'kB hashed':>11}{'ratio':>8}")
        for each in costs:
            ratio = each.hashed / costs[0].hashed
            sent, hashed = each.sent / 1000, each.hashed / 1000
            print(
                f"{each.before:>16,} entries{each.files:>8}{sent:>10.1f}{each.objects:>13}{hashed:>11.1f}{ratio:>8.2f}"
            )
        took, memory, said = command(git)
        commit = git.resolve(LEDGER_BRANCH) or ""
        signatures, alone = plain_ed25519(git, commit)
        print(f"\n{'':<44}{'s':>8}{'us each':>10}{'ratio':>8}")
        print(f"{f'Ed25519 alone, {signatures:,} signatures':<44}{alone:>8.1f}{alone / count * 1e6:>10.0f}{1:>8.2f}")
        print(f"{'reassay ledger verify':<44}{took:>8.1f}{took / count * 1e6:>10.0f}{took / alone:>8.2f}")
        print(f"{'':<44}peak memory {memory:,} MB; it said: {said}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
