"""Entries as lines of text, as CSV, and one entry in full."""

import csv
import io
import json
from datetime import UTC
from typing import TextIO

from reassay.common.calendar import day_words
from reassay.common.csv_cells import neutralised
from reassay.common.errors import UsageError
from reassay.ledger.entry import Entry, named_objects
from reassay.ledger.keys import short
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import StoredEntry
from reassay.ledger.store.verified_ledger import VerifiedLedger
from reassay.ledger.views.documents import full, row, show_document
from reassay.ledger.views.names import LedgerNames, deed
from reassay.ledger.views.phrases import phrases
from reassay.ledger.views.terminal import span_words
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
    "login",
    "title",
)
"""Columns of the CSV, new ones last."""


def as_csv(opened: VerifiedLedger, names: LedgerNames) -> str:
    """Entries as CSV, with the body as JSON in the last column, and without formulas."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for written in opened.verification.chain.written:
        entry = written.entry
        body = entry.body.model_dump(mode="json")
        values = row(opened, written) | {
            "subject": names.subject(entry.body),
            "decision": body.get("decision"),
            "register_commit": entry.register_commit,
            "prev": entry.prev,
            "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
            "login": names.logins.get(entry.actor or 0),
            "title": names.title(entry.body),
        }
        writer.writerow({name: neutralised("" if value is None else str(value)) for name, value in values.items()})
    return text.getvalue()


def show_log(opened: VerifiedLedger, names: LedgerNames, out: TextIO) -> None:
    """Prints one line for each entry below a heading: number, time, kind, who, and what it was about and did; then standing."""
    heading = ("entry", "recorded (UTC)", "kind", "who", "what")
    table = [heading, *(_columns(written, names) for written in opened.verification.chain.written)]
    widths = [max(len(line[index]) for line in table) for index in range(len(heading) - 1)]
    for number, *texts, last in table:
        padded = (f"{text:<{width}}" for text, width in zip(texts, widths[1:], strict=True))
        print(inert("  ".join((f"{number:>{widths[0]}}", *padded, last)).rstrip()), file=out)
    print(file=out)
    for span in opened.verification.trust.spans:
        print(inert(span_words(span)), file=out)


def _columns(written: StoredEntry, names: LedgerNames) -> tuple[str, ...]:
    entry = written.entry
    return (
        str(entry.seq),
        f"{entry.recorded_at.astimezone(UTC):%Y-%m-%d %H:%M}",
        entry.body.kind,
        names.actor(entry.actor),
        what(entry, names),
    )


def what(entry: Entry, names: LedgerNames) -> str:
    """What an entry is about and what it did: `R-2026-001 filter, effective (tested): Input filter`."""
    about = entry.about.replace("pull-request/", "pull request #").removeprefix("re-assessment/")
    subject, title = names.subject(entry.body), names.title(entry.body)
    facts = ", ".join(part for part in (f"{about} {subject}" if subject else about, deed(entry.body)) if part)
    return f"{facts}: {title}" if title else facts


def show_one(opened: VerifiedLedger, seq: int, names: LedgerNames, out: TextIO, *, as_json: bool) -> None:
    """Prints a summary of one entry, then the entry in full. Raises UsageError if it does not exist."""
    written = next((stored for stored in opened.verification.chain.written if stored.entry.seq == seq), None)
    if written is None:
        remedy = "`reassay ledger log` lists all entries."
        raise UsageError(f"the ledger has no entry {seq}.", where=opened.ref, remedy=remedy)
    if as_json:
        out.write(show_document(opened, written))
        return
    document = full(opened, written)
    objects = read_objects(opened.git, opened.verification.commit, named_objects(written.entry))
    key = f", signed by key {short(written.signer)}" if written.signer else ""
    recorded = f"{day_words(written.entry.recorded_at.date(), year=True)} {written.entry.recorded_at:%H:%M} UTC"
    for line in (
        f"Entry {seq}: {document['kind']}, recorded {recorded} by {names.actor(written.entry.actor)}",
        what(written.entry, names),
        *(f"  {phrase}" for phrase in phrases(written.entry.body.model_dump(mode="json"), objects)),
        f"{str(document['standing']).capitalize()}{key}",
    ):
        print(inert(line), file=out)
    print(f"Digest {written.digest}\n\nAs stored", file=out)
    _print(document["entry"], out)
    for name in sorted(named_objects(written.entry)):
        value = objects.get(name)
        print(f"\nObject {name}{': redacted' if value is None else ''}", file=out)
        if value is not None:
            _print(value, out)


def _print(value: object, out: TextIO) -> None:
    for line in json.dumps(value, indent=2, ensure_ascii=False).splitlines():
        print(inert(line), file=out)
