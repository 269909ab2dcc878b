"""reassay evidence."""

import argparse
from collections.abc import Sequence
from typing import Final, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.evidence_plan import PLAN, PLAN_EPILOG, PLAN_HELP, add_plan_arguments, run_plan
from reassay.cli.evidence_read import READ, READ_EPILOG, READ_HELP, add_read_arguments, run_read

EPILOG = """\
reassay evidence FILE... is the same as reassay evidence read FILE...
the digest of a seal is HMAC-SHA256 with a random salt, which is written to FILE.salt; the custodian keeps both files
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the subcommands `read`, `seal`, `check` and `plan-test`."""
    subparsers = parser.add_subparsers(dest="evidence_command", metavar="WHAT", required=True)
    add_read_arguments(
        subparsers.add_parser(
            READ,
            help=READ_HELP,
            description=READ_HELP[:1].upper() + READ_HELP[1:] + ".",
            epilog=READ_EPILOG,
        )
    )
    text = "compute a file's digest with a new salt, and print the comment to paste"
    seal = subparsers.add_parser("seal", help=text, description=text[:1].upper() + text[1:] + ".")
    seal.add_argument("file", metavar="FILE", help="the confidential file")
    seal.add_argument(
        "--custodian", required=True, metavar="LOGIN", help="account of the person who keeps file and salt"
    )
    seal.add_argument("--until", required=True, metavar="DATE", help="day until which they are kept")
    seal.add_argument("--summary", required=True, metavar="TEXT", help="what it shows, in words that may be public")
    seal.add_argument("--locator", metavar="TEXT", help="place where it is kept, without spaces (the file's name)")
    seal.add_argument("--salt-file", metavar="FILE", help="file to write the salt to (FILE.salt)")
    seal.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")
    text = "check whether a file is the one that was sealed"
    check = subparsers.add_parser("check", help=text, description=text[:1].upper() + text[1:] + ".")
    check.add_argument("file", metavar="FILE", help="the file")
    check.add_argument("--salt-file", required=True, metavar="FILE", help="the salt file that its custodian kept")
    check.add_argument("--digest", required=True, metavar="sha256:...", help="the digest in the ledger or register")
    add_plan_arguments(
        subparsers.add_parser(
            PLAN,
            help=PLAN_HELP,
            description=PLAN_HELP[:1].upper() + PLAN_HELP[1:] + ".",
            epilog=PLAN_EPILOG,
        )
    )
    for subparser in (seal, check):
        subparser.add_argument(
            "--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="print only errors"
        )


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if the file is not the one that was sealed, and as `read` says for results. Raises UsageError."""
    if args.evidence_command == READ:
        return run_read(args, out, err)
    if args.evidence_command == PLAN:
        return run_plan(args, out)
    return _check(args, out) if args.evidence_command == "check" else _seal(args, out, err)


def _seal(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    import secrets
    from pathlib import Path

    from reassay.common.instants import read_day
    from reassay.evidence.files.seal_file import read_chunks, write_salt
    from reassay.evidence.files.seal_view import seal_document, seal_text
    from reassay.evidence.sealing import SALT_BYTES, Seal, salted_digest

    file = Path(args.file)
    salt_file = Path(args.salt_file) if args.salt_file else file.with_name(f"{file.name}.salt")
    salt = secrets.token_bytes(SALT_BYTES)
    digest = salted_digest(salt, read_chunks(file))
    seal = Seal(
        locator=_locator(args.locator or file.name),
        digest=digest,
        custodian=_login(args.custodian),
        until=read_day(args.until, "--until"),
        summary=_summary(args.summary),
    )
    write_salt(salt_file, salt)
    out.write(seal_document(seal, salt_file) if args.format == "json" else seal_text(seal))
    if not args.quiet:
        advice = "the custodian keeps it with the file, outside of the repository"
        print(f"reassay: the salt is in {salt_file}; {advice}", file=err)
    return 0


def _check(args: argparse.Namespace, out: TextIO) -> int:
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.evidence.files.seal_file import read_chunks, read_salt
    from reassay.evidence.sealing import is_same, salted_digest

    salt_file = Path(args.salt_file)
    try:
        digest = salted_digest(read_salt(salt_file), read_chunks(Path(args.file)))
    except ValueError as error:
        remedy = "Use the file that `reassay evidence seal` wrote."
        raise UsageError(f"{error}.", where=str(salt_file), remedy=remedy) from error
    same = is_same(digest, args.digest)
    print(f"{args.file} is {'' if same else 'not '}the file that was sealed.", file=out)
    return int(not same)


def _locator(text: str) -> str:
    from reassay.common.errors import UsageError

    if not text or any(character.isspace() for character in text):
        raise UsageError(
            f"'{text}' contains spaces.", where="--locator", remedy="Write it without, e.g. vault/report-7."
        )
    return text


def _summary(text: str) -> str:
    from reassay.common.errors import UsageError

    summary = " ".join(text.split())
    if not summary:
        remedy = "Write what the evidence shows, in words that may be public."
        raise UsageError("the summary is empty.", where="--summary", remedy=remedy)
    return summary


def _login(text: str) -> str:
    import re

    from reassay.common.errors import UsageError
    from reassay.register.base import NAME_PATTERN

    login = text.lstrip("@")
    if not re.fullmatch(NAME_PATTERN, login):
        raise UsageError(f"'{text}' is not a valid login.", where="--custodian", remedy="Write e.g. safety-lead.")
    return login


_SUBCOMMANDS: Final = frozenset({READ, PLAN, "seal", "check"})


def with_subcommand(words: Sequence[str]) -> Sequence[str]:
    """The words after `evidence`: files without a subcommand are read."""
    flags = [index for index, word in enumerate(words) if word not in {"--quiet", "-q"}]
    first = words[flags[0]] if flags else "--help"
    return words if first in {*_SUBCOMMANDS, "--help", "-h"} else [READ, *words]


COMMAND = CliCommand(add_arguments, run, EPILOG, with_subcommand)
