"""Checking a pack: made again from its own input files, and compared byte for byte and figure by figure."""

import argparse
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

from pydantic import TypeAdapter

from reassay import __version__
from reassay.audit.pack import ledger as _audit_ledger
from reassay.audit.pack.compose import INPUTS, LEDGER, Composed, Inputs, compose
from reassay.audit.pack.differences import differences
from reassay.audit.parameters import Parameters, Version
from reassay.audit.views.manifest import MANIFEST, SCHEMA
from reassay.common.errors import ReassayError, UsageError
from reassay.ledger.store.open import open_ledger
from reassay.ledger.views import terminal as _ledger_text
from reassay.register.finding import inert

MOST = 40
"""Differences that are printed."""


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exit 1 if anything differs, or if the ledger does not hold by what the reader knows from elsewhere."""
    _refuse_other_options(args)
    folder = Path(args.dir)
    if not (folder / MANIFEST).is_file():
        raise UsageError("this is no audit pack.", where=args.dir, remedy="Name a folder that has a manifest.json.")
    files = _files(folder)
    found, composed = _found(files)
    for line in found[:MOST]:
        print(inert(f"DIFFERS  {line}"), file=out)
    if len(found) > MOST:
        print(f"and {len(found) - MOST} more", file=out)
    if composed is None:
        print("Nothing more can be made from this pack.", file=out)
        return 1
    is_fine = _own_knowledge(args, files[LEDGER], out)
    print(_result(found, composed, files), file=out)
    if composed.made.version != __version__ and not args.quiet:
        made = inert(composed.made.version)
        print(f"Made by reassay {made}, checked by {__version__}: words may differ where figures do not.", file=err)
    return int(bool(found) or not is_fine or composed.made.ledger.result != "fine")


def _refuse_other_options(args: argparse.Namespace) -> None:
    if args.start or args.end or args.sample is not None or args.seed is not None or args.path != ".":
        raise UsageError("the pack says itself what it was asked for.", where="--check", remedy="Name the pack alone.")


def _files(folder: Path) -> Mapping[str, bytes]:
    """Every file; a link or anything else that is no plain file is left out, and so reads as missing."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def _found(files: Mapping[str, bytes]) -> tuple[list[str], Composed | None]:
    """What differs, and the pack as it should be; None if it cannot be made."""
    try:
        document = json.loads(files[MANIFEST])
        if document["schema"] != SCHEMA:
            return [f"{MANIFEST}: its schema is not {SCHEMA}"], None
        parameters = Parameters.model_validate_json(json.dumps(document["parameters"]))
        listed = {str(name): str(value) for name, value in document["files"].items()}
        version = TypeAdapter(Version).validate_python(document["version"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return [f"{MANIFEST}: it cannot be read ({type(error).__name__})"], None
    found = [*_listed(files, listed)]
    missing = [name for name in INPUTS if name not in files]
    if missing:
        return found, None
    try:
        composed = compose(Inputs(parameters, {name: files[name] for name in INPUTS}, version))
    except (ReassayError, ValueError, OverflowError, RecursionError) as error:
        return [*found, str(error)], None
    return [*found, *differences(files, composed.files)], composed


def _listed(files: Mapping[str, bytes], listed: Mapping[str, str]) -> Iterator[str]:
    for name, wanted in sorted(listed.items()):
        if name not in files:
            yield f"{name}: it is missing"
        elif hashlib.sha256(files[name]).hexdigest() != wanted:
            yield f"{name}: it is not the file that the manifest names"
    yield from (f"{name}: no part of the pack" for name in sorted(files.keys() - listed.keys() - {MANIFEST}))


def _own_knowledge(args: argparse.Namespace, bundle: bytes, out: TextIO) -> bool:
    """Whether the ledger holds by the reader's own anchors and keys; what whoever made the pack knew is in it already."""
    if not args.anchor and not args.trusted_key:
        return True
    with _audit_ledger.unbundled(bundle) as (git, _):
        asked = argparse.Namespace(path=str(git.folder), anchor=args.anchor, trusted_key=args.trusted_key)
        opened = open_ledger(asked)
        _ledger_text.show(opened, out)
        print(file=out)
        return opened.found.is_fine


def _result(found: list[str], composed: Composed, files: Mapping[str, bytes]) -> str:
    ledger = composed.made.ledger
    if found:
        return f"DIFFERENT: {len(found)} {'thing is' if len(found) == 1 else 'things are'} not what the pack's own files give."
    digest = hashlib.sha256(files[MANIFEST]).hexdigest()
    return (
        f"The same: all {len(composed.files)} files were made again from the pack alone.\n"
        f"Ledger {ledger.anchor[:20]}: {ledger.result}. Manifest {digest}: compare it with the one that was kept elsewhere."
    )
