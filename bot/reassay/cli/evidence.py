"""reassay evidence."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli._command import CliCommand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reassay.evidence.sealing import Seal

EPILOG = """\
  reassay evidence seal FILE --custodian LOGIN --until DATE --summary TEXT
  reassay evidence check FILE --salt-file FILE.salt --digest sha256:...

the digest is HMAC-SHA256 with a random salt, which is written to FILE.salt for the custodian to keep
"""
_CHUNK = 1 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its own commands."""
    rooms = parser.add_subparsers(dest="evidence_command", metavar="WHAT", required=True)
    text = "hash a file with a new salt, and print the line to paste"
    seal = rooms.add_parser("seal", help=text, description=text[:1].upper() + text[1:] + ".")
    seal.add_argument("file", metavar="FILE", help="the confidential file")
    seal.add_argument("--custodian", required=True, metavar="LOGIN", help="the account that keeps file and salt")
    seal.add_argument("--until", required=True, metavar="DATE", help="until when it is kept")
    seal.add_argument("--summary", required=True, metavar="TEXT", help="what it shows, in words that may be public")
    seal.add_argument("--locator", metavar="TEXT", help="where it is kept, without blanks; the file's name if left out")
    seal.add_argument("--salt-file", metavar="FILE", help="where the salt goes; FILE.salt if left out")
    seal.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")
    text = "say whether a file is the one that was sealed"
    check = rooms.add_parser("check", help=text, description=text[:1].upper() + text[1:] + ".")
    check.add_argument("file", metavar="FILE", help="the file")
    check.add_argument("--salt-file", required=True, metavar="FILE", help="the salt that its custodian kept")
    check.add_argument("--digest", required=True, metavar="sha256:...", help="as the record names it")
    for room in (seal, check):
        room.add_argument(
            "--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="say nothing but errors"
        )


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exit 1 if the file is another one. Raises UsageError."""
    return _check(args, out) if args.evidence_command == "check" else _seal(args, out, err)


def _seal(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    import secrets
    from pathlib import Path

    from reassay.common.instants import read_day
    from reassay.evidence.sealing import SALT_BYTES, Seal, salted_digest

    file = Path(args.file)
    salt_file = Path(args.salt_file) if args.salt_file else file.with_name(f"{file.name}.salt")
    salt = secrets.token_bytes(SALT_BYTES)
    digest = salted_digest(salt, _chunks(file))
    seal = Seal(
        locator=_one_word(args.locator or file.name, "--locator"),
        digest=digest,
        custodian=_login(args.custodian),
        until=read_day(args.until, "--until"),
        summary=_one_line(args.summary),
    )
    _keep(salt_file, salt)
    out.write(_document(seal, salt_file) if args.format == "json" else _words(seal))
    if not args.quiet:
        print(
            f"reassay: the salt is in {salt_file}; the custodian keeps it with the file, outside of the repository",
            file=err,
        )
    return 0


def _words(seal: "Seal") -> str:
    return (
        f"Paste this into the re-assessment's issue:\n\n{seal.line}\n\n"
        "Or write it into an evidence item of the register:\n\n"
        "sealed:\n"
        f"  locator: {_quoted(seal.locator)}\n"
        f"  custodian: {_quoted(seal.custodian)}\n"
        f"  salted_digest: {seal.digest}\n"
        f"  summary: {_quoted(seal.summary)}\n"
        f"  retention_until: {seal.until}\n"
    )


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _document(seal: "Seal", salt_file: "Path") -> str:
    import json

    document = {
        "schema": "reassay/evidence-seal/v1",
        "line": seal.line,
        "locator": seal.locator,
        "custodian": seal.custodian,
        "salted_digest": seal.digest,
        "summary": seal.summary,
        "retention_until": str(seal.until),
        "salt_file": str(salt_file),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _check(args: argparse.Namespace, out: TextIO) -> int:
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.evidence.sealing import is_same, salted_digest

    salt_file = Path(args.salt_file)
    try:
        found = salted_digest(_salt(salt_file), _chunks(Path(args.file)))
    except ValueError as error:
        raise UsageError(f"{error}.", where=str(salt_file), remedy="Use the salt file that `seal` wrote.") from error
    same = is_same(found, args.digest)
    print(
        f"{args.file} is the file that was sealed." if same else f"{args.file} is not the file that was sealed.",
        file=out,
    )
    return int(not same)


def _chunks(file: "Path") -> "Iterator[bytes]":
    from reassay.common.errors import UsageError

    try:
        with file.open("rb") as stream:
            first = stream.read(_CHUNK)
            if not first:
                raise UsageError("the file is empty.", where=str(file), remedy="Name the file that holds the evidence.")
            yield first
            while chunk := stream.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise UsageError(f"it cannot be read ({error.strerror}).", where=str(file), remedy="Name a file.") from error


def _salt(file: "Path") -> bytes:
    from reassay.common.errors import UsageError

    try:
        return bytes.fromhex(file.read_text("ascii").strip())
    except OSError as error:
        raise UsageError(
            f"it cannot be read ({error.strerror}).", where=str(file), remedy="Name the salt file."
        ) from error
    except ValueError as error:
        raise UsageError("that is no salt.", where=str(file), remedy="Use the salt file that `seal` wrote.") from error


def _keep(file: "Path", salt: bytes) -> None:
    """Only for its owner, and never over another one: without the old salt an old digest proves nothing any more."""
    import os

    from reassay.common.errors import UsageError

    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        remedy = "Keep that one; name another place with --salt-file."
        raise UsageError("there is a salt already.", where=str(file), remedy=remedy) from error
    except OSError as error:
        raise UsageError(f"it cannot be written ({error.strerror}).", where=str(file)) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(f"{salt.hex()}\n")


def _one_word(text: str, where: str) -> str:
    from reassay.common.errors import UsageError

    if not text or any(character.isspace() for character in text):
        raise UsageError(f"'{text}' holds blanks.", where=where, remedy="Write it without, for example vault/report-7.")
    return text


def _one_line(text: str) -> str:
    from reassay.common.errors import UsageError

    words = " ".join(text.split())
    if not words:
        raise UsageError(
            "the summary is empty.", where="--summary", remedy="Say what it shows, in words that may be public."
        )
    return words


def _login(text: str) -> str:
    import re

    from reassay.common.errors import UsageError
    from reassay.register.base import NAME_PATTERN

    login = text.lstrip("@")
    if not re.fullmatch(NAME_PATTERN, login):
        raise UsageError(f"'{text}' is no account's name.", where="--custodian", remedy="Write the login.")
    return login


COMMAND = CliCommand(add_arguments, run, EPILOG)
