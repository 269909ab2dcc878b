"""The input files of a pack, taken from a checkout. Nothing but commits is read: what is not committed does not count."""

import argparse
import os
from dataclasses import replace

from reassay.audit.pack import ledger as _audit_ledger
from reassay.audit.pack.compose import COMMITS, LEDGER, REGISTER_FROM, REGISTER_TO, Inputs
from reassay.audit.pack.register import Recorded, pack
from reassay.audit.parameters import Parameters, SampleParameters
from reassay.audit.register_at import read_line, register_at
from reassay.common.errors import ReassayError, UsageError
from reassay.common.instants import read_day
from reassay.git.git import Git
from reassay.ledger.entry import Entry
from reassay.ledger.store.open import open_ledger
from reassay.ledger.store.verify import Question
from reassay.register.files import read_register
from reassay.register.files.git_tree import GitTree

LONGEST_SEED = 200
_AS_IT_IS = (("GIT_NO_REPLACE_OBJECTS", "1"), ("GIT_GRAFT_FILE", os.devnull))
"""What a checkout lets stand for something else does not count, for the register as little as for the ledger."""


class BrokenError(ReassayError):
    """No figure is worth anything that comes from a ledger which does not hold."""

    exit_code = 1

    def __init__(self, where: str) -> None:
        remedy = "`reassay ledger verify` says where. Nothing was written."
        super().__init__("this ledger is broken, and no pack is made of it.", where=where, remedy=remedy)


def inputs_of(args: argparse.Namespace) -> Inputs:
    """Raises UsageError, and BrokenError for a ledger that does not hold."""
    opened = open_ledger(args)
    found, git = opened.found, replace(opened.git, credentials=(*opened.git.credentials, *_AS_IT_IS))
    if found.result == "broken" or not found.chain.written:
        raise BrokenError(args.path)
    entries = tuple(each.entry for each in found.chain.written)
    tip = _tip(git, entries[-1])
    parameters = _parameters(args, opened.question, read_register(GitTree(git, tip)).configuration.timezone)
    line = git.run("-c", "log.showSignature=false", "log", "--first-parent", "--format=%H %ct", tip)
    files = {LEDGER: _audit_ledger.bundled(git, found.commit), COMMITS: line}
    for name, instant in ((REGISTER_FROM, parameters.period.opening), (REGISTER_TO, parameters.period.closing)):
        chosen = register_at(read_line(line.decode("ascii")), entries, instant).commit
        if chosen is None:
            _refuse_shallow(git)
        files[name] = _register(git, chosen.id if chosen else None)
    return Inputs(parameters, files)


def _tip(git: Git, last: Entry) -> str:
    """Of the branch that the ledger names, as origin has it; else of what is checked out."""
    found = git.resolve(f"refs/remotes/origin/{last.base_ref}", f"refs/heads/{last.base_ref}", "HEAD")
    if found is None:
        remedy = f"Fetch the branch {last.base_ref}."
        raise UsageError("this checkout has no commit of the register.", where=str(git.folder), remedy=remedy)
    return found


def _register(git: Git, commit: str | None) -> bytes:
    """The files that reading it takes, and no others."""
    if commit is None:
        return pack((), None)
    recorded = Recorded(GitTree(git, commit))
    read_register(recorded)
    return pack(recorded.seen.values(), commit)


def _refuse_shallow(git: Git) -> None:
    """A branch that is cut off looks as if it began there."""
    if git.run("rev-parse", "--is-shallow-repository").strip() == b"true":
        raise UsageError(
            "this checkout has only the last commits of the register (it is shallow).",
            where=str(git.folder),
            remedy="Run `git fetch --unshallow`, and again.",
        )


def _parameters(args: argparse.Namespace, question: Question, timezone: str) -> Parameters:
    if not args.start or not args.end:
        remedy = "Write for example --from 2026-01-01 --to 2026-12-31."
        raise UsageError("a period has a first and a last day.", where="--from and --to", remedy=remedy)
    start, end = read_day(args.start, "--from"), read_day(args.end, "--to")
    if end < start:
        raise UsageError(
            f"the period ends on {end}, before it begins.", where="--to", remedy=f"Give a day from {start} on."
        )
    return Parameters(
        start=start,
        end=end,
        timezone=timezone,
        sample=_sample(args),
        trusted_keys=question.trusted,
        anchors=tuple(f"{each.seq}:{each.start}" for each in question.anchors),
    )


def _sample(args: argparse.Namespace) -> SampleParameters | None:
    if args.sample is None and args.seed is None:
        return None
    if args.sample is None or args.seed is None:
        remedy = "Give both, for example --sample 25 --seed 2026-audit: who audits chooses the seed."
        raise UsageError("a sample has a size and a seed.", where="--sample and --seed", remedy=remedy)
    if args.sample < 1:
        raise UsageError(f"{args.sample} is no size.", where="--sample", remedy="Give 1 or more.")
    if len(args.seed) > LONGEST_SEED or not args.seed.isprintable():
        remedy = f"Write at most {LONGEST_SEED} characters that can be printed."
        raise UsageError("this is no seed.", where="--seed", remedy=remedy)
    return SampleParameters(size=args.sample, seed=args.seed)
