"""The writer of a pack: it reads the input of the command line, and writes all files or none."""

import argparse
import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from reassay.audit.branch_merges import LOG_FORMAT, merge_lines
from reassay.audit.pack import ledger_bundle as _bundle
from reassay.audit.pack.composition import COMMITS, LEDGER, MERGES, REGISTER_FROM, REGISTER_TO, PackInputs, compose
from reassay.audit.pack.register_archive import RecordingTree, pack
from reassay.audit.parameters import LAST_DAY, Parameters, SampleParameters
from reassay.audit.register_commit import read_branch_log, register_commit_at
from reassay.audit.views.manifest import MANIFEST
from reassay.common.clock import random_nonce
from reassay.common.errors import ReassayError, UsageError
from reassay.common.instants import read_day
from reassay.git.git import Git
from reassay.ledger.entry import Entry
from reassay.ledger.store.verification import VerificationOptions
from reassay.ledger.store.verified_ledger import open_ledger
from reassay.register.files import read_register
from reassay.register.files.git_tree import GitTree

LONGEST_SEED = 200
_NO_REPLACEMENTS = (("GIT_NO_REPLACE_OBJECTS", "1"), ("GIT_GRAFT_FILE", os.devnull))
"""Settings that make git ignore replaced and grafted commits, for the register as for the ledger."""


class BrokenError(ReassayError):
    """The ledger is broken, so no figure can be computed."""

    exit_code = 1

    def __init__(self, where: str) -> None:
        remedy = "Nothing was written. For details run `reassay ledger verify`."
        super().__init__("this ledger is broken, so no pack can be made.", where=where, remedy=remedy)


def pack_inputs(args: argparse.Namespace) -> PackInputs:
    """The inputs of a pack, from a checkout. Raises UsageError, and BrokenError for a broken ledger."""
    opened = open_ledger(args)
    verification, git = (
        opened.verification,
        replace(opened.git, credentials=(*opened.git.credentials, *_NO_REPLACEMENTS)),
    )
    if verification.result == "broken" or not verification.chain.written:
        raise BrokenError(args.path)
    entries = tuple(written.entry for written in verification.chain.written)
    tip = _tip(git, entries[-1])
    parameters = _parameters(args, opened.question, read_register(GitTree(git, tip)).configuration.timezone)
    line = git.run("-c", "log.showSignature=false", "log", "--first-parent", "--format=%H %ct", tip)
    merges = git.run("-c", "log.showSignature=false", "log", "--first-parent", f"--format={LOG_FORMAT}", tip)
    files = {
        LEDGER: _bundle.bundled(git, verification.commit),
        COMMITS: line,
        MERGES: merge_lines(merges.decode("utf-8", "replace")),
    }
    for name, instant in ((REGISTER_FROM, parameters.period.opening), (REGISTER_TO, parameters.period.closing)):
        chosen = register_commit_at(read_branch_log(line.decode("ascii")), entries, instant).commit
        if chosen is None:
            _refuse_shallow(git)
        files[name] = _register(git, chosen.id if chosen else None)
    return PackInputs(parameters, files)


def _tip(git: Git, last: Entry) -> str:
    """Head of the branch that the ledger names, at origin or locally; else of the checkout. Raises UsageError."""
    commit = git.resolve(f"refs/remotes/origin/{last.base_ref}", f"refs/heads/{last.base_ref}", "HEAD")
    if commit is None:
        remedy = f"Run `git fetch origin {last.base_ref}`."
        raise UsageError("this checkout has no commit of the register.", where=str(git.folder), remedy=remedy)
    return commit


def _register(git: Git, commit: str | None) -> bytes:
    """The archive of the files that reading the register takes."""
    if commit is None:
        return pack((), None)
    recorded = RecordingTree(GitTree(git, commit))
    read_register(recorded)
    return pack(recorded.seen.values(), commit)


def _refuse_shallow(git: Git) -> None:
    """Raises UsageError for a shallow checkout: its branch seems to begin at the oldest commit that was fetched."""
    if git.run("rev-parse", "--is-shallow-repository").strip() == b"true":
        raise UsageError(
            "this checkout has only the last commits of the register (it is shallow).",
            where=str(git.folder),
            remedy="Run `git fetch --unshallow`, then try again.",
        )


def _parameters(args: argparse.Namespace, question: VerificationOptions, timezone: str) -> Parameters:
    if not args.start or not args.end:
        remedy = "Write e.g. --from 2026-01-01 --to 2026-12-31."
        raise UsageError("the period needs a first and a last day.", where="--from and --to", remedy=remedy)
    start, end = read_day(args.start, "--from"), read_day(args.end, "--to")
    if end < start:
        raise UsageError(
            f"the period ends on {end}, before it begins on {start}.", where="--to", remedy=f"Give {start} or later."
        )
    if end > LAST_DAY:
        raise UsageError(f"{end} is too far ahead.", where="--to", remedy=f"Write a day until {LAST_DAY}.")
    return Parameters(
        start=start,
        end=end,
        timezone=timezone,
        sample=_sample(args),
        trusted_keys=question.trusted,
        anchors=tuple(f"{anchor.seq}:{anchor.start}" for anchor in question.anchors),
    )


def _sample(args: argparse.Namespace) -> SampleParameters | None:
    if args.sample is None and args.seed is None:
        return None
    if args.sample is None or args.seed is None:
        remedy = "Give both, e.g. --sample 25 --seed 2026-audit. The auditor chooses the seed."
        raise UsageError("a sample needs a size and a seed.", where="--sample and --seed", remedy=remedy)
    if args.sample < 1:
        raise UsageError(f"{args.sample} is not a valid sample size.", where="--sample", remedy="Give 1 or more.")
    if len(args.seed) > LONGEST_SEED or not args.seed.isprintable():
        remedy = f"Write at most {LONGEST_SEED} printable characters."
        raise UsageError("this is not a valid seed.", where="--seed", remedy=remedy)
    return SampleParameters(size=args.sample, seed=args.seed)


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
