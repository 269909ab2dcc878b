"""Entries as lines of text, as CSV, and one entry in full."""

import csv
import io
import json
from typing import TextIO

from reassay.common.csv_cells import neutralised
from reassay.common.errors import UsageError
from reassay.ledger.keys import short
from reassay.ledger.store.verified_ledger import VerifiedLedger
from reassay.ledger.views.documents import full, row, show_document
from reassay.register.finding import inert

COLUMNS = (
    "seq",
    "recorded_at",
    "kind",
    "about",
    "subject",
    "decision",
    "actor",
    "comment",
    "register_commit",
    "mode",
    "standing",
    "key",
    "digest",
    "prev",
    "body",
)


def as_csv(opened: VerifiedLedger) -> str:
    """Entries as CSV, with the body as JSON in the last column, and without formulas."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for written in opened.verification.chain.written:
        entry = written.entry
        body = entry.body.model_dump(mode="json")
        values = row(opened, written) | {
            "subject": body.get("subject"),
            "decision": body.get("decision"),
            "register_commit": entry.register_commit,
            "prev": entry.prev,
            "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        }
        writer.writerow({name: neutralised("" if value is None else str(value)) for name, value in values.items()})
    return text.getvalue()


def show_log(opened: VerifiedLedger, out: TextIO) -> None:
    """Prints one line for each entry: seq, time, kind, subject, actor, standing, digest."""
    for written in opened.verification.chain.written:
        columns = row(opened, written)
        actor = f"account {columns['actor']}" if columns["actor"] is not None else "bot"
        line = (
            f"{columns['seq']!s:>6}  {written.entry.recorded_at:%Y-%m-%d %H:%M}  {columns['kind']!s:<12}"
            f"{columns['about']!s:<26}{actor:<18}{columns['standing']!s:<14}{written.digest.removeprefix('sha256:')[:12]}"
        )
        print(inert(line), file=out)


def show_one(opened: VerifiedLedger, seq: int, out: TextIO, *, as_json: bool) -> None:
    """Prints one entry in full. Raises UsageError if it does not exist."""
    written = next((stored for stored in opened.verification.chain.written if stored.entry.seq == seq), None)
    if written is None:
        remedy = "`reassay ledger log` lists all entries."
        raise UsageError(f"the ledger has no entry {seq}.", where=opened.ref, remedy=remedy)
    if as_json:
        out.write(show_document(opened, written))
        return
    document = full(opened, written)
    key = f", signed by key {short(written.signer)}" if written.signer else ""
    print(f"Entry {seq}: {document['kind']}, {document['about']}, {document['standing']}{key}", file=out)
    print(f"Digest {written.digest}", file=out)
    _print(document["entry"], out)
    objects = document["objects"]
    if isinstance(objects, dict):
        for name, value in objects.items():
            print(f"\nObject {name}{': redacted' if value is None else ''}", file=out)
            if value is not None:
                _print(value, out)


def _print(value: object, out: TextIO) -> None:
    for line in json.dumps(value, indent=2, ensure_ascii=False).splitlines():
        print(inert(line), file=out)
