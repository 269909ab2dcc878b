"""reassay signals read."""

import argparse
import os
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from reassay.sweep.signal_records import SourceRecords
    from reassay.sweep.signal_sources import SourceOutcome

READ: Final = "read"
READ_HELP: Final = "read the sources of signals now and say what a sweep would record; nothing is written"
READ_EPILOG: Final = """\
  reassay signals read --repo OWNER/NAME [SOURCE]

the token is read from GITHUB_TOKEN; secrets and hosts of sources as in the Action (REASSAY_SOURCE_SECRETS, REASSAY_SOURCE_HOSTS)
exits 1 if a source could not be read, or something of it was not understood
"""


def add_read_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this subcommand."""
    parser.add_argument("source", nargs="?", metavar="SOURCE", help="id of one source; all if left out")
    parser.add_argument("--repo", required=True, metavar="OWNER/NAME", help="the framework repository")
    parser.add_argument("--api-url", metavar="URL", help="for GitHub Enterprise Server: https://HOST/api/v3")
    parser.add_argument("--server-url", metavar="URL", help="address of the git server, if not the host of the API")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")
    parser.add_argument("--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="print only errors")


def run_read(args: argparse.Namespace, out: TextIO) -> int:
    """Exits 1 if a source could not be read whole. Raises UsageError for a source that is not declared, UpstreamError."""
    from reassay.cli.remote import remote_ports
    from reassay.cli.settings import check_repository, read_settings
    from reassay.common.errors import UsageError
    from reassay.common.json_text import to_json
    from reassay.ledger.history import History
    from reassay.signals.recorded import recorded_signals, recorded_sources
    from reassay.sweep.signal_records import source_records
    from reassay.sweep.signal_sources import source_outcomes

    settings = read_settings(os.environ, api_url=args.api_url, server_url=args.server_url)
    with remote_ports(check_repository(args.repo), settings) as ports:
        content, now = ports.contents.read(), ports.clock.now()
        declared = [spec.id for spec in content.register.configuration.signals.sources]
        if args.source is not None and args.source not in declared:
            remedy = f"Declared are: {', '.join(declared) or 'none'}."
            raise UsageError(f"the configuration has no source '{args.source}'.", where="SOURCE", remedy=remedy)
        history = History.of(content.ledger.entries)
        outcomes = source_outcomes(content, history, now, ports, only=args.source)
    sources, signals = recorded_sources(history), recorded_signals(history)
    results = [(outcome, source_records(outcome, sources, signals, content.register, now)) for outcome in outcomes]
    if args.format == "json":
        documents = [_document(outcome, records) for outcome, records in results]
        out.write(to_json({"schema": "reassay/signals-read/v1", "sources": documents}))
    else:
        out.writelines(f"{_line(outcome, records)}\n" for outcome, records in results)
    return int(any(_why(outcome, records) for outcome, records in results))


def _document(outcome: "SourceOutcome", records: "SourceRecords") -> dict[str, object]:
    reading = outcome.reading
    return {
        "source": outcome.spec.id,
        "is_read": reading is not None,
        "why": list(_why(outcome, records)),
        "signals": len(reading.signals) if reading else None,
        "counts": len(reading.counts) if reading else None,
        "newest": reading.newest.isoformat() if reading and reading.newest else None,
        "to_record": len(records.signals),
        "is_baseline": bool(records.note),
        "entries": [body.kind for body in records.bodies],
    }


def _why(outcome: "SourceOutcome", records: "SourceRecords") -> tuple[str, ...]:
    """Why a source could not be read, or what of it was not understood."""
    return (outcome.why,) if outcome.why else records.problems


def _line(outcome: "SourceOutcome", records: "SourceRecords") -> str:
    from reassay.common.inert import plain

    name, reading = outcome.spec.id, outcome.reading
    if reading is None:
        return plain(f"{name}: {outcome.why or 'its events are sent to reassay, so there is nothing to read'}")
    found = f"{name}: {len(reading.signals):,} items, {len(reading.counts):,} counts"
    new = f"a sweep would record {len(records.signals):,} of them" if records.bodies else "a sweep would record nothing"
    lines = [f"{found}; {new}", *(f"  not understood: {plain(problem)}" for problem in records.problems)]
    return "\n".join((*lines, *([f"  {records.note}"] if records.note else [])))
