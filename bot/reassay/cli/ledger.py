"""reassay ledger."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from reassay.cli._command import CliCommand
from reassay.cli._options import add_path

if TYPE_CHECKING:
    from reassay.ledger.store.verified_ledger import VerifiedLedger

EPILOG = """\
  reassay ledger verify [PATH] [--anchor SEQ:DIGEST|FILE]... [--trusted-key FILE|KEYID]...
  reassay ledger log [PATH] [--format text|json|csv]
  reassay ledger show SEQ|R-YYYY-NNN [PATH]
  reassay ledger export [PATH] [--format json|csv|oscal]
  reassay ledger new-key FILE

PATH is a checkout that has the branch reassay-ledger or origin/reassay-ledger; nothing is fetched
exits 0 if the ledger is fine, 1 if it is broken or rests on a key you do not trust, 2 if there is none
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its own commands."""
    rooms = parser.add_subparsers(dest="ledger_command", metavar="WHAT", required=True)
    verify = _room(rooms, "verify", "check chain, signatures, index, objects, history, anchors; name every finding")
    add_path(verify)
    _knows(verify)
    _format(verify, "text", "json")
    log = _room(rooms, "log", "one line for each entry, oldest first")
    add_path(log)
    _knows(log)
    _format(log, "text", "json", "csv")
    show = _room(rooms, "show", "one entry with everything it names, or all that is recorded about one re-assessment")
    show.add_argument("what", metavar="SEQ|R-YYYY-NNN", help="an entry's number, or a re-assessment's id")
    add_path(show)
    _knows(show)
    _format(show, "text", "json")
    export = _room(
        rooms, "export", "all entries for other programs: JSON with the objects they name, CSV, decisions as OSCAL"
    )
    add_path(export)
    _knows(export)
    _format(export, "json", "csv", "oscal")
    key = _room(rooms, "new-key", "make an Ed25519 key in a new file that only you may read; print its public half")
    key.add_argument("file", metavar="FILE", help="where to; it must not be there yet")


def _room(
    rooms: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    room = rooms.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
    # Without a default of its own: what was said before the name stays.
    room.add_argument("--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="say nothing but errors")
    return room


def _format(room: argparse.ArgumentParser, *choices: str) -> None:
    room.add_argument("--format", choices=choices, default=choices[0], help=f"{choices[0]} if you say nothing")


def _knows(room: argparse.ArgumentParser) -> None:
    room.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="SEQ:DIGEST|FILE",
        help="an entry you have seen, kept outside of the repository, or a file of them; finds a rollback; repeatable",
    )
    room.add_argument(
        "--trusted-key",
        action="append",
        default=[],
        metavar="FILE|KEYID",
        help="a public key you had from its owner; without one a ledger can only attest itself; repeatable",
    )
    room.add_argument("--repository-id", type=int, metavar="NUMBER", help="the repository that it has to be of")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exit 1 if the ledger is broken. Raises UsageError where there is none."""
    from reassay.ledger.store import verified_ledger as _verified_ledger
    from reassay.ledger.views import documents as _ledger_documents
    from reassay.ledger.views import entries as _ledger_entries
    from reassay.ledger.views import terminal as _ledger_text

    if args.ledger_command == "new-key":
        return _new_key(args, out, err)
    opened = _verified_ledger.open_ledger(args)
    match args.ledger_command:
        case "verify" if args.format == "text":
            _ledger_text.show(opened, out)
        case "verify":
            out.write(_ledger_documents.verify_document(opened))
        case "log" if args.format == "text":
            _ledger_entries.show_log(opened, out)
        case "show":
            _show(args, opened, out)
        case name:
            out.write(_document(name, args.format)(opened))
    if not opened.verification.is_fine and args.ledger_command != "verify":
        print(f"reassay: this ledger is {opened.verification.result}; `reassay ledger verify` says where", file=err)
    return int(not opened.verification.is_fine)


def _show(args: argparse.Namespace, opened: "VerifiedLedger", out: TextIO) -> None:
    from reassay.audit.views import record_history as _record_history
    from reassay.common.errors import UsageError
    from reassay.ledger.views import entries as _ledger_entries

    as_json = args.format == "json"
    if args.what.upper().startswith("R-"):
        _record_history.show_record(opened, args.what, out, as_json=as_json)
    elif args.what.isascii() and args.what.isdigit():
        _ledger_entries.show_one(opened, int(args.what), out, as_json=as_json)
    else:
        raise UsageError(f"'{args.what}' is no entry.", remedy="Write a number, or an id such as R-2026-001.")


def _document(command: str, form: str) -> "Callable[[VerifiedLedger], str]":
    from reassay.audit.views import oscal as _ledger_oscal
    from reassay.ledger.views import documents as _ledger_documents
    from reassay.ledger.views import entries as _ledger_entries

    if form == "csv":
        return _ledger_entries.as_csv
    if form == "oscal":
        return _ledger_oscal.as_oscal
    return _ledger_documents.log_document if command == "log" else _ledger_documents.export_document


def _new_key(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    from pathlib import Path

    from reassay.ledger.store.ed25519 import new_key_file, public_pem

    signer = new_key_file(Path(args.file))
    out.write(public_pem(signer.public_key))
    if not getattr(args, "quiet", False):
        print(f"key id {signer.id}", file=err)
        print(f"{args.file} holds the private key, and only you may read it. Never commit it.", file=err)
        print("Give its text to the environment that signs, as REASSAY_LEDGER_KEY.", file=err)
        print(
            "Give what is printed above to whoever verifies the ledger, by another way than this repository.", file=err
        )
    return 0


COMMAND = CliCommand(add_arguments, run, EPILOG)
