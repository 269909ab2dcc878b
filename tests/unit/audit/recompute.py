"""The figures again, from the pack alone, by the words of its README: git and JSON, nothing of reassay."""

import base64
import csv
import hashlib
import json
import subprocess
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

Row = dict[str, str]


def rows(pack: Path, name: str) -> list[Row]:
    with (pack / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Ledger:
    """Entries as the bundle has them; dates are those of Berlin."""

    def __init__(self, pack: Path, where: Path, start: str, end: str) -> None:
        subprocess.run(
            ["git", "clone", "-q", "-b", "reassay-ledger", pack / "ledger.bundle", where],
            check=True,
            capture_output=True,
        )
        self.where, self.start, self.end = where, start, end
        every = [
            json.loads(base64.b64decode(json.loads(path.read_bytes())["payload"]))["predicate"]
            for path in sorted((where / "entries").rglob("*.json"))
        ]
        self.known = [entry for entry in every if self.day(entry) <= end]
        self.period = [entry for entry in self.known if self.day(entry) >= start]

    def day(self, entry: dict[str, object]) -> str:
        return str(instant(str(entry["recorded_at"])).astimezone(ZoneInfo("Europe/Berlin")).date())

    def text(self, name: str | None) -> str:
        if name is None:
            return ""
        digits = name.removeprefix("sha256:")
        return str(json.loads((self.where / "objects" / digits[0] / digits[1] / digits[2] / digits).read_bytes()))

    def of(self, kind: str, name: str | None = None, entries: list | None = None) -> list:  # type: ignore[type-arg] # parsed JSON
        found = [entry for entry in (self.known if entries is None else entries) if entry["body"]["kind"] == kind]
        return [entry for entry in found if name is None or entry["body"]["reassessment"] == name]


def obligation(ledger: Ledger, opened: dict) -> Row | None:  # type: ignore[type-arg] # parsed JSON
    """What the README says of one opened entry; None if it is not of the period."""
    name, due, extended = opened["reassessment"], opened["due"], False
    plain, closed, outcome, decision = due, "", "", ""
    for entry in ledger.known:
        body = entry["body"]
        if body.get("reassessment") != name or closed:
            continue
        if body["kind"] == "due":
            due, plain = min(due, body["due"]), min(plain, body["due"])
        if body["kind"] == "extended":
            due, extended = body["until"], True
        if body["kind"] in {"decided", "superseded", "side-exit"}:
            closed = body.get("decided_on", ledger.day(entry))
            decision = body.get("decision", "")
            outcome = {"superseded": "superseded", "side-exit": "side exit"}.get(body["kind"], "")
    if closed and closed < ledger.start and not ledger.start <= due <= ledger.end:
        return None
    if any(entry["body"]["how"] == "withdraw" for entry in ledger.of("corrected", name)):
        outcome = "withdrawn"
    if not outcome and closed:
        outcome = "on time" if closed <= plain else "extended" if closed <= due else "late"
    if not outcome:
        outcome = "missed" if ledger.end > due else "extended" if extended and ledger.end > plain else "still open"
    late = (date.fromisoformat(closed or ledger.end) - date.fromisoformat(due)).days
    return {
        "record": name,
        "subject": opened["subject"],
        "due": due,
        "outcome": outcome,
        "closed_on": closed,
        "decision": decision,
        "days_late": str(max(0, late)),
    }


def drawn(names: list[str], size: int, seed: str) -> list[str]:
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed}\n{name}".encode()).hexdigest())[:size]
