"""A framework repository with a register and a ledger of one year, in git, with everything that an auditor may meet."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

from reassay.cli import main
from reassay.common.canonical import digest
from reassay.ledger.answers import Answered, Dissented, SignedItem, SignedOff, Withdrawn
from reassay.ledger.deferrals import Extended, Settled, SideExit, Snoozed
from reassay.ledger.digests import Asked
from reassay.ledger.entry import (
    Body,
    CommentRef,
    Decided,
    NextDue,
    Observation,
    Opened,
    Place,
    Superseded,
    Trigger,
    named_objects,
)
from reassay.ledger.follow_ups import FollowUp
from reassay.ledger.risks import Accepted, Contained, Corrected, Ratified
from reassay.ledger.state import LedgerState
from reassay.ledger.store.branch import additions
from reassay.ledger.store.keyring import Keyring
from reassay.ledger.sweep_records import BotWasDown, Bypass, Missed, PolicyChanged, RoleChanged
from reassay.register.base import Depth
from reassay.register.files import WorkingTree, read_register
from tests.make import Story, object_of, register

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)"> =cmd|calc \u202egnp'
FORMULA = "=HYPERLINK(1)"
REGISTER = f"""\
mode: record
timezone: Europe/Berlin
roles:
  safety: {{users: [safety-lead]}}
  red-team: {{users: [red-team-lead]}}
mitigations:
  - {{id: punctual, title: Decided in time, owner: safety, assessor: red-team, every: 6 months}}
  - {{id: tardy, title: {HOSTILE!r}, owner: safety, assessor: red-team, every: 6 months}}
  - {{id: forgotten, title: "{FORMULA}", owner: safety, assessor: red-team, every: 6 months}}
  - {{id: stretched, title: Decided in its extension, owner: safety, assessor: red-team, every: 6 months}}
  - {{id: waiting, title: Still open, owner: safety, assessor: red-team, every: 6 months}}
  - {{id: replaced, title: Superseded, owner: safety, assessor: red-team, every: 1 year, last_assessed: 2026-03-01}}
  - {{id: merged, title: Left by a side exit, owner: safety, assessor: red-team, every: 1 year, last_assessed: 2026-03-01}}
  - {{id: undone, title: Decided and withdrawn, owner: safety, assessor: red-team, every: 1 year}}
  - {{id: never, title: Nobody opened it, owner: safety, assessor: red-team, every: 3 months, last_assessed: 2026-01-10}}
  - {{id: moved, title: Its interval was lengthened, owner: safety, assessor: red-team, every: 6 months, last_assessed: 2025-12-15}}
"""
LATER = REGISTER.replace("every: 6 months, last_assessed: 2025-12-15", "every: 2 years, last_assessed: 2025-12-15")
START, END = date(2026, 5, 1), date(2026, 12, 31)
FILES = {
    "README.txt", "acts.csv", "changes.csv", "criteria.csv", "decisions.csv", "evidence.csv", "exceptions.csv", "follow_ups.csv", "index.html", "ledger.bundle",
    "manifest.json", "obligations.csv", "population.csv", "register-commits.txt", "register-merges.txt", "register-from.tar", "register-to.tar", "roles.csv", "runs.csv", "sample.csv", "sign_offs.csv", "verify.txt",
}  # fmt: skip
CONTENT = "c14n/1:sha256:" + "a" * 64
SIGNED = "signed/1:sha256:" + "b" * 64


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)


def asked(by: int) -> Asked:
    return Asked(comment=1, index=0, body_sha256="0" * 64, by=by)


@dataclass
class Year:
    """Entries in the order of a ledger; each `on` adds one at noon UTC of a day."""

    story: Story
    objects: dict[str, bytes] = field(default_factory=dict)
    opened_names: dict[str, str] = field(default_factory=dict)
    """Subject to its latest re-assessment."""
    count: int = 0

    def keep(self, value: object) -> str:
        name, data = object_of(value)
        self.objects[name] = data
        return name

    def on(self, day: str, body: Body, actor: int | None = None, said: str | None = None) -> int:
        self.story.now = noon(day)
        self.story.add(body, actor)
        entry = self.story.entries[-1]
        comment = CommentRef(id=entry.seq, body_sha256="0" * 64, created_at=noon(said), issue=1) if said else None
        self.story.entries[-1] = entry.model_copy(update={"mode": "record", "comment": comment})
        return entry.seq

    def open(self, day: str, name: str, due: str, kind: str = "interval") -> str:
        self.count += 1
        number = f"R-2026-{self.count:03d}"
        self.opened_names[name] = number
        body = Opened(
            reassessment=number,
            nonce=f"{self.count:032x}",
            run="run",
            lease_until=noon(day),
            subject=name,
            version=1,
            cells=("*",),
            depth=Depth.LIGHT,
            triggers=(Trigger(kind=kind, reason="its time has come", cells=("*",), due=date.fromisoformat(due)),),
            opened_on=date.fromisoformat(day),
            due=date.fromisoformat(due),
            checklist=self.keep([{"id": "scope", "text": "Is it?"}]),
            place=Place(commit="0" * 40, path="framework/mitigations.yml", line=1),
        )
        self.on(day, body)
        return number

    def decide(self, day: str, name: str, next_due: str, decision: str = "effective", **fields: object) -> int:
        values = {
            "reassessment": self.opened_names[name],
            "subject": name,
            "version": 1,
            "cells": ("*",),
            "decision": decision,
            "basis": "attested",
            "mode": "record",
            "self_assessed": False,
            "because": self.keep(f"why {name}"),
            "decided_on": date.fromisoformat(day),
            "next_due": (NextDue(cell="*", due=date.fromisoformat(next_due)),),
            "snapshot": self.keep({"subject": {"id": name, "version": 1}}),
            "content": CONTENT,
        }
        return self.on(day, Decided(**(values | fields)), 2)  # type: ignore[arg-type] # fields of the body


def year() -> Year:
    """What happened. Every outcome, and every kind of exception, occurs once at least."""
    one = Year(Story(register()))
    because = one.keep
    one.on("2026-04-01", PolicyChanged(policy=CONTENT))
    one.on("2026-04-01", RoleChanged(role="red-team", people=(2,)))
    one.on("2026-04-01", RoleChanged(role="safety", people=(1,)))
    # Before the period: it is closed, and only its next date matters.
    one.open("2026-04-02", "punctual", "2026-04-10")
    one.decide("2026-04-09", "punctual", "2026-10-09")
    one.open("2026-04-03", "tardy", "2026-04-20")
    one.on("2026-04-20", Snoozed(reassessment="R-2026-002", until=date(2026, 5, 10), because=because("=busy()")), 1)
    one.on("2026-05-02", Missed(reassessment="R-2026-002", subject="tardy", cells=("*",), due=date(2026, 4, 20)))
    one.decide(
        "2026-05-05", "tardy", "2026-11-05", "degraded", basis="measured", self_assessed=True,
        follow_ups=(FollowUp(due=date(2026, 6, 1), text=because("mend the filter")), FollowUp(due=date(2027, 2, 1), text=because("look again"))),
    )  # fmt: skip
    stretched = one.open("2026-05-04", "stretched", "2026-05-20")
    signed = SignedOff(
        reassessment=stretched, role="red-team", says="approve", step=1, content=CONTENT,
        items=(SignedItem(item="all", digest=SIGNED),), note=because("read it all"),
    )  # fmt: skip
    one.on(
        "2026-05-18",
        Extended(
            reassessment=stretched,
            until=date(2026, 6, 20),
            because=because("report is late"),
            asked=asked(1),
            confirmed_by=3,
        ),
        3,
    )
    one.on(
        "2026-05-19",
        Answered(reassessment=stretched, item="scope", answer="yes", role="red-team", content=CONTENT, signed=SIGNED),
        2,
        said="2026-05-19",
    )
    one.on("2026-05-21", signed, 2, said="2026-05-20")
    one.on("2026-05-22", Withdrawn(reassessment=stretched, items=("step-1",)), 2)
    one.on("2026-06-01", Dissented(reassessment=stretched, role="safety", because=because("not convinced")), 1)
    one.decide("2026-06-10", "stretched", "2026-12-10", basis="judged")
    contained = one.on(
        "2026-06-12",
        Contained(
            reassessment=stretched,
            subject="stretched",
            cells=("*",),
            action="restrict",
            because=because("it leaks"),
            role="safety",
            ratify_by=date(2026, 6, 17),
        ),
        1,
    )
    one.on("2026-06-19", Ratified(reassessment=stretched, contained_seq=contained, role="red-team"), 2)
    one.open("2026-06-20", "replaced", "2026-07-04", "manual")
    one.on("2026-06-25", Superseded(reassessment=one.opened_names["replaced"], reason="it is no longer asked for"))
    merged = one.open("2026-06-21", "merged", "2026-07-05", "manual")
    one.on(
        "2026-07-01",
        SideExit(
            reassessment=merged,
            subject="merged",
            how="not-material",
            because=because("nothing new"),
            settled=(Settled(kind="manual", about="", reason="x"),),
            asked=asked(2),
            confirmed_by=3,
        ),
        3,
    )
    undone = one.open("2026-07-02", "undone", "2026-07-16", "never-assessed")
    one.decide("2026-07-10", "undone", "2027-07-10", basis="exercised")
    one.on(
        "2026-07-20",
        Corrected(
            reassessment=undone,
            subject="undone",
            how="withdraw",
            because=because("wrong model"),
            asked=asked(2),
            confirmed_by=3,
        ),
        3,
    )
    one.on("2026-07-21", Bypass(commit="c" * 40, committer=9))
    one.on("2026-08-10", BotWasDown(since=noon("2026-07-22"), until=noon("2026-08-10")))
    one.on("2026-08-11", RoleChanged(role="safety", people=(1, 4), unresolved=1))
    one.open("2026-09-25", "punctual", "2026-10-09")
    one.decide("2026-10-09", "punctual", "2027-04-09", "inconclusive", because=None)
    forgotten = one.open("2026-10-10", "forgotten", "2026-11-01")
    one.on("2026-11-02", Missed(reassessment=forgotten, subject="forgotten", cells=("*",), due=date(2026, 11, 1)))
    one.on(
        "2026-11-03",
        Accepted(
            reassessment=forgotten,
            subject="forgotten",
            cells=("*",),
            until=date(2027, 3, 1),
            because=because("small"),
            asked=asked(1),
            confirmed_by=2,
        ),
        2,
    )
    one.open("2026-12-20", "waiting", "2027-01-10")
    one.on("2026-12-31", Observation(swept=True))
    # After the period: in no figure.
    one.on(
        "2027-01-05",
        Corrected(
            reassessment=stretched,
            subject="stretched",
            how="erratum",
            because=because("typo"),
            asked=asked(2),
            confirmed_by=3,
        ),
        3,
    )
    return one


def git_at(folder: Path, day: str, *arguments: str) -> str:
    when = f"{noon(day):%Y-%m-%dT%H:%M:%S}+00:00"
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "safety-lead"), ("EMAIL", "safety-lead@example.org"), ("DATE", when))
    }
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", **who}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def checkout(folder: Path, made: Year | None = None, keyring: Keyring | None = None) -> Path:
    """The repository, with the register of two commits and the ledger beside it."""
    folder.mkdir(parents=True)
    git_at(folder, "2026-01-01", "init", "-q", "-b", "main")
    commits = [
        commit_register(folder, "2026-03-15", REGISTER),
        commit_register(folder, "2026-06-01", LATER, "change the register (#7)"),
    ]
    write_ledger(folder, made or year(), commits, keyring)
    return folder


def commit_register(folder: Path, day: str, text: str, message: str = "change the register") -> str:
    (folder / "framework").mkdir(exist_ok=True)
    (folder / "framework" / "mitigations.yml").write_text(text, encoding="utf-8")
    git_at(folder, day, "add", "-A")
    git_at(folder, day, "commit", "-q", "-m", message)
    assert read_register(WorkingTree(folder)).errors == ()
    return git_at(folder, day, "rev-parse", "HEAD")


def write_ledger(folder: Path, made: Year, commits: list[str], keyring: Keyring | None = None) -> None:
    """Each entry in a commit of its own, naming the commit that the branch had then."""
    keys, state = keyring or Keyring(), LedgerState()
    entries = list(made.story.entries)
    entries[:0] = [
        entries[0].model_copy(update={"body": body, "comment": None, "actor": None})
        for body in keys.due(state.book, len(state.entries))
    ]
    stream: list[bytes] = []
    for seq, entry in enumerate(entries, 1):
        commit = commits[0] if entry.recorded_at < noon("2026-06-01") else commits[-1]
        linked = entry.model_copy(update={"seq": seq, "register_commit": commit})
        objects = {name: made.objects[name] for name in named_objects(linked) if name in made.objects}
        files, state = additions(state, [linked], objects, keys)
        state = replace(state, head="x")
        stream.append(_commit(files, entry.recorded_at))
    _import(folder, b"".join(stream))


def commit_ledger(folder: Path, day: str, *, changed: Mapping[str, bytes | None]) -> None:
    """One more commit; None takes a file away."""
    _import(folder, _commit(changed, noon(day), b"from refs/heads/reassay-ledger^0\n"))


def _commit(files: Mapping[str, bytes | None], when: datetime, parent: bytes = b"") -> bytes:
    lines = [
        f"D {path}\n".encode()
        if data is None
        else f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"
        for path, data in files.items()
    ]
    head = f"commit refs/heads/reassay-ledger\ncommitter reassay <reassay@example.org> {int(when.timestamp())} +0000\n"
    return head.encode() + b"data 7\nrecord\n" + parent + b"".join(lines)


def _import(folder: Path, stream: bytes) -> None:
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=stream, check=True, capture_output=True)


def run(*arguments: object) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    code = main([str(each) for each in arguments], out, err)
    return code, out.getvalue(), err.getvalue()


def packed(where: Path, source: Path, *more: object, start: date = START, end: date = END) -> Path:
    code, _, err = run("audit-pack", "--from", start, "--to", end, where, source, *more)
    assert code == 0, err
    return where


def text_digest(text: str) -> str:
    return digest(object_of(text)[1])


@contextmanager
def changed(path: Path, data: bytes) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(data)
    yield
    path.write_bytes(before)
