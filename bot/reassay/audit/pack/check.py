"""The check of a pack: it is composed again from its own input files, and differences are reported by place."""

import argparse
import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import TextIO

from pydantic import TypeAdapter

from reassay import __version__
from reassay.audit.pack import ledger_bundle as _bundle
from reassay.audit.pack.composition import INPUTS, LEDGER, AuditPack, PackInputs, compose
from reassay.audit.parameters import Parameters, Version
from reassay.audit.views.manifest import MANIFEST, SCHEMA
from reassay.common.errors import ReassayError, UsageError
from reassay.ledger.store.verified_ledger import open_ledger
from reassay.ledger.views import terminal as _ledger_text
from reassay.register.finding import inert

SHOWN = 80
"""Characters of a value that are shown at most."""
PER_FILE = 10
"""Differences of one file that are listed at most."""


def differences(has: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> Iterator[str]:
    """One line for each difference."""
    for name, data in wanted.items():
        if name not in has:
            yield f"{name}: missing"
        elif has[name] != data:
            lines = list(_file(name, has[name].decode("utf-8", "replace"), data.decode("utf-8", "replace")))
            yield from lines[:PER_FILE] or [f"{name}: its bytes differ"]
            if len(lines) > PER_FILE:
                yield f"{name}: {len(lines) - PER_FILE} more"


def _file(name: str, has: str, wanted: str) -> Iterator[str]:
    if name.endswith(".csv"):
        return _table(name, has, wanted)
    return _manifest(has, wanted) if name == MANIFEST else _lines(name, has, wanted)


def _table(name: str, has: str, wanted: str) -> Iterator[str]:
    try:
        theirs, ours = (list(csv.reader(io.StringIO(text), strict=True)) for text in (has, wanted))
    except csv.Error:
        yield f"{name}: not a valid CSV file"
        return
    if len(theirs) != len(ours):
        yield f"{name}: {len(theirs) - 1} rows, but {len(ours) - 1} follow from the pack"
    for number, (row, right) in enumerate(zip(theirs, ours, strict=False), 1):
        for place, (value, should) in enumerate(zip_longest(row, right, fillvalue="")):
            if value != should:
                column = ours[0][place] if place < len(ours[0]) else f"column {place + 1}"
                yield f"{name}, line {number}, {column}: {_short(value)}, but {_short(should)} follows from the pack"


def _manifest(has: str, wanted: str) -> Iterator[str]:
    theirs, ours = dict(_flat(json.loads(has))), dict(_flat(json.loads(wanted)))
    for key in sorted(theirs.keys() | ours.keys()):
        if theirs.get(key) != ours.get(key):
            yield (
                f"{MANIFEST}, {key}: {_short(str(theirs.get(key, 'nothing')))}, "
                f"but {_short(str(ours.get(key, 'nothing')))} follows from the pack"
            )


def _flat(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _flat(item, f"{path} > {key}" if path else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _flat(item, f"{path} > {number}")
    else:
        yield path, value


def _lines(name: str, has: str, wanted: str) -> Iterator[str]:
    for number, (line, should) in enumerate(zip_longest(has.splitlines(), wanted.splitlines(), fillvalue=""), 1):
        if line != should:
            yield f"{name}, line {number}: {_short(line)}, but {_short(should)} follows from the pack"


def _short(value: str) -> str:
    text = value if len(value) <= SHOWN else f"{value[:SHOWN]}..."
    return f"'{text}'"


MOST = 40
"""Differences that are printed at most."""


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exit code of `audit-pack --check`: 1 if anything differs or the ledger fails the reader's own anchors and keys."""
    _refuse_other_options(args)
    folder = Path(args.dir)
    if not (folder / MANIFEST).is_file():
        raise UsageError(
            "this folder is not an audit pack.", where=args.dir, remedy="Give a folder that has a manifest.json."
        )
    files = _files(folder)
    differing, composed = _recomputed(files)
    for line in differing[:MOST]:
        print(inert(f"DIFFERS  {line}"), file=out)
    if len(differing) > MOST:
        print(f"and {len(differing) - MOST} more", file=out)
    if composed is None:
        print("The pack cannot be recomputed, so nothing else was compared.", file=out)
        return 1
    is_fine = _own_knowledge(args, files[LEDGER], out)
    print(_result(differing, composed, files), file=out)
    if composed.content.version != __version__ and not args.quiet:
        version = inert(composed.content.version)
        print(
            f"Made by reassay {version}, checked by {__version__}: wording may differ between versions, figures may not.",
            file=err,
        )
    return int(bool(differing) or not is_fine or composed.content.ledger.result != "fine")


def _refuse_other_options(args: argparse.Namespace) -> None:
    if args.start or args.end or args.sample is not None or args.seed is not None or args.path != ".":
        remedy = "Run `reassay audit-pack --check DIR`."
        raise UsageError("--check takes its parameters from the pack.", where="--check", remedy=remedy)


def _files(folder: Path) -> Mapping[str, bytes]:
    """The content of every regular file by path; links and special files are left out, and so count as missing."""
    contents = {}
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                contents[path.relative_to(folder).as_posix()] = path.read_bytes()
    return contents


def _recomputed(files: Mapping[str, bytes]) -> tuple[list[str], AuditPack | None]:
    """The differences, and the recomputed pack; None if it cannot be recomputed."""
    try:
        document = json.loads(files[MANIFEST])
        if document["schema"] != SCHEMA:
            return [f"{MANIFEST}: its schema is not {SCHEMA}"], None
        parameters = Parameters.model_validate_json(json.dumps(document["parameters"]))
        listed = {str(name): str(value) for name, value in document["files"].items()}
        version = TypeAdapter(Version).validate_python(document["version"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return [f"{MANIFEST}: it cannot be read ({type(error).__name__})"], None
    differing = [*_listed(files, listed)]
    missing = [name for name in INPUTS if name not in files]
    if missing:
        return differing, None
    try:
        composed = compose(PackInputs(parameters, {name: files[name] for name in INPUTS}, version))
    except (ReassayError, ValueError, OverflowError, RecursionError) as error:
        return [*differing, str(error)], None
    return [*differing, *differences(files, composed.files)], composed


def _listed(files: Mapping[str, bytes], listed: Mapping[str, str]) -> Iterator[str]:
    for name, wanted in sorted(listed.items()):
        if name not in files:
            yield f"{name}: missing"
        elif hashlib.sha256(files[name]).hexdigest() != wanted:
            yield f"{name}: SHA-256 differs from the manifest"
    yield from (f"{name}: not part of the pack" for name in sorted(files.keys() - listed.keys() - {MANIFEST}))


def _own_knowledge(args: argparse.Namespace, bundle: bytes, out: TextIO) -> bool:
    """Whether the ledger passes the reader's own anchors and trusted keys; True if none were given."""
    if not args.anchor and not args.trusted_key:
        return True
    with _bundle.unbundled(bundle) as (git, _):
        asked = argparse.Namespace(path=str(git.folder), anchor=args.anchor, trusted_key=args.trusted_key)
        opened = open_ledger(asked)
        _ledger_text.show(opened, out)
        print(file=out)
        return opened.verification.is_fine


def _result(differing: list[str], composed: AuditPack, files: Mapping[str, bytes]) -> str:
    ledger = composed.content.ledger
    if differing:
        noun = "difference" if len(differing) == 1 else "differences"
        return f"DIFFERENT: {len(differing)} {noun} from what the pack's own files give."
    digest = hashlib.sha256(files[MANIFEST]).hexdigest()
    return (
        f"The same: all {len(composed.files)} files were recomputed from the pack alone.\n"
        f"Ledger {ledger.anchor[:20]}: {ledger.result}. Manifest {digest}: compare it with the digest that you keep elsewhere."
    )
