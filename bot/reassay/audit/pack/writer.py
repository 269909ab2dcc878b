"""Writes a new pack, as a whole or not at all."""

import argparse
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from reassay.audit.pack.composition import compose
from reassay.audit.pack.inputs import pack_inputs
from reassay.audit.views.manifest import MANIFEST
from reassay.common.clock import random_nonce
from reassay.common.errors import UsageError


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exit code of `audit-pack`. Prints the digest of the manifest, which covers all other files of the pack."""
    target = _target(args.dir)
    composed = compose(pack_inputs(args))
    _write(composed.files, target)
    out.write(f"{hashlib.sha256(composed.files[MANIFEST]).hexdigest()}  {Path(args.dir, MANIFEST).as_posix()}\n")
    ledger = composed.content.ledger
    if not args.quiet:
        print(f"Wrote {len(composed.files)} files to {args.dir}; open {Path(args.dir, 'index.html')}.", file=err)
        for remark in composed.content.remarks:
            print(f"  {remark}", file=err)
        print("Keep the printed digest in another place: it reveals any later change of the pack.", file=err)
    if ledger.result != "fine":
        print(f"reassay: this ledger is {ledger.result}; see verify.txt", file=err)
    return int(ledger.result != "fine")


def _target(text: str) -> Path:
    """The folder to write to, new or empty. Raises UsageError."""
    place = Path(text).resolve()
    remedy = "Give a new or an empty folder."
    if place.exists() and not place.is_dir():
        raise UsageError("this is not a folder.", where=text, remedy=remedy)
    if place.is_dir() and next(place.iterdir(), None) is not None:
        raise UsageError("this folder is not empty.", where=text, remedy=remedy)
    return place


def _write(files: Mapping[str, bytes], target: Path) -> None:
    """Writes a temporary folder beside the target, then renames it. Raises UsageError."""
    partial = target.with_name(f".{target.name}.{random_nonce()[:8]}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            place = partial / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        if target.is_dir():
            target.rmdir()
        partial.rename(target)
    except OSError as error:
        message = f"the pack cannot be written ({error.strerror})."
        raise UsageError(message, where=str(target), remedy="Give a folder that you can write to.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
