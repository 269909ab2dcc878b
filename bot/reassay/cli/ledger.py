"""reassay ledger."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path

if TYPE_CHECKING:
    from reassay.ledger.store.verified_ledger import VerifiedLedger
    from reassay.ledger.views.names import LedgerNames

EPILOG = """\
PATH is a checkout with the branch reassay-ledger, of any remote or local; nothing is fetched
exits 0 if the ledger is valid, 1 if it is broken or signed by a key you do not trust, 2 if there is none
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the subcommands."""
    subparsers = parser.add_subparsers(dest="ledger_command", metavar="WHAT", required=True)
    verify = _subcommand(
        subparsers, "verify", "check chain, signatures, index, objects, history and anchors; list every finding"
    )
    add_path(verify)
    _trust_options(verify)
    _format(verify, "text", "json")
    log = _subcommand(subparsers, "log", "list the entries, oldest first, one line each")
    add_path(log)
    _trust_options(log)
    _format(log, "text", "json", "csv")
    show = _subcommand(
        subparsers, "show", "show one entry with all objects it names, or all entries of one re-assessment"
    )
    show.add_argument("what", metavar="SEQ|R-YYYY-NNN", help="an entry's number, or a re-assessment's id")
    add_path(show)
    _trust_options(show)
    _format(show, "text", "json")
    export = _subcommand(
        subparsers,
        "export",
        "print all entries for other programs: JSON with the objects they name, CSV, or decisions as OSCAL or Gemara",
    )
    add_path(export)
    _trust_options(export)
    _format(export, "json", "csv", "oscal", "gemara")
    key = _subcommand(
        subparsers, "new-key", "create an Ed25519 key in a new file that only you may read; print the public key"
    )
    key.add_argument("file", metavar="FILE", help="file to write; it must not exist")


def _subcommand(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    parser = subparsers.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
    # SUPPRESS keeps the value of an option before the name of the subcommand.
    parser.add_argument("--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="print only errors")
    return parser


def _format(parser: argparse.ArgumentParser, *choices: str) -> None:
    parser.add_argument("--format", choices=choices, default=choices[0], help=f"{choices[0]} if left out")


def _trust_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="SEQ:DIGEST|FILE",
        help="an entry you noted earlier and kept outside of the repository, or a file of them; reveals a rollback; repeatable",
    )
    parser.add_argument(
        "--trusted-key",
        action="append",
        default=[],
        metavar="FILE|KEYID",
        help="a public key that you got from its owner; without one the signatures prove little; repeatable",
    )
    parser.add_argument(
        "--repository-id", type=int, metavar="NUMBER", help="id of the repository that the ledger must belong to"
    )


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if the ledger is invalid. Raises UsageError if there is none."""
    from reassay.ledger.store import verified_ledger as store
    from reassay.ledger.views import documents, entries, terminal

    if args.ledger_command == "new-key":
        return _new_key(args, out, err)
    opened = store.open_ledger(args)
    match args.ledger_command:
        case "verify" if args.format == "text":
            terminal.show(opened, out)
        case "verify":
            out.write(documents.verify_document(opened))
        case "log" if args.format == "text":
            entries.show_log(opened, _names(args.path, opened), out)
        case "show":
            _show(args, opened, out)
        case name:
            out.write(_document(name, args.format, args.path, opened))
    if not opened.verification.is_fine and args.ledger_command != "verify":
        print(
            f"reassay: this ledger is {opened.verification.result}; to see why, run `reassay ledger verify`", file=err
        )
    return int(not opened.verification.is_fine)


def _show(args: argparse.Namespace, opened: "VerifiedLedger", out: TextIO) -> None:
    from reassay.audit.views import record_history
    from reassay.common.errors import UsageError
    from reassay.ledger.views import entries

    as_json = args.format == "json"
    if args.what.upper().startswith("R-"):
        record_history.show_record(opened, args.what, _names(args.path, opened), out, as_json=as_json)
    elif args.what.isascii() and args.what.isdigit():
        entries.show_one(opened, int(args.what), _names(args.path, opened), out, as_json=as_json)
    else:
        raise UsageError(
            f"'{args.what}' is not a valid entry.",
            remedy="Write the number of an entry, or a re-assessment such as R-2026-001.",
        )


def _document(command: str, form: str, path: str, opened: "VerifiedLedger") -> str:
    from reassay.audit.views import gemara, oscal
    from reassay.ledger.views import documents, entries

    if form == "csv":
        return entries.as_csv(opened, _names(path, opened))
    if form in {"oscal", "gemara"}:
        return oscal.as_oscal(opened) if form == "oscal" else gemara.as_gemara(opened)
    return (
        documents.log_document(opened, _names(path, opened)) if command == "log" else documents.export_document(opened)
    )


def _names(path: str, opened: "VerifiedLedger") -> "LedgerNames":
    """The names that the register of the checkout has, as far as the ledger says which accounts they led to."""
    from pathlib import Path

    from reassay.ledger.history import History
    from reassay.ledger.views.names import LedgerNames, subjects_in
    from reassay.register.files import WorkingTree, read_register
    from reassay.sweep.known_names import logins_by_account

    history = History.of(written.entry for written in opened.verification.chain.written)
    register = read_register(WorkingTree(Path(path)))
    titles = {name: entry.value.title for name, entry in register.subjects.items()}
    return LedgerNames(logins_by_account(register, history), titles, subjects_in(history))


def _new_key(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    from pathlib import Path

    from reassay.ledger.store.ed25519 import new_key_file, public_pem

    signer = new_key_file(Path(args.file))
    out.write(public_pem(signer.public_key))
    if not getattr(args, "quiet", False):
        print(f"key id {signer.id}", file=err)
        print(f"{args.file} contains the private key, and only you may read it. Never commit it.", file=err)
        print("Set REASSAY_LEDGER_KEY to its text where the ledger is signed.", file=err)
        print(
            "Give the public key above to the people who verify the ledger, but not through this repository.", file=err
        )
    return 0


COMMAND = CliCommand(add_arguments, run, EPILOG)
