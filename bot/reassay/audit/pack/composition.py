"""The computation of a pack from its input files. Making and checking a pack both use it."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from reassay import __version__
from reassay.assessment.cells import AssessmentInput, snapshots
from reassay.audit.audit_input import AuditInput
from reassay.audit.branch_merges import BranchMerge, read_merges
from reassay.audit.figures import figures
from reassay.audit.headline import headline
from reassay.audit.pack import ledger_bundle as _bundle
from reassay.audit.pack.register_archive import ArchivedTree, git_ids, unpack
from reassay.audit.parameters import Parameters
from reassay.audit.register_commit import CommitChoice, read_branch_log, register_commit_at
from reassay.audit.remarks import remarks
from reassay.audit.views.manifest import MANIFEST, LedgerSource, PackContent, RegisterSource, level_words, manifest
from reassay.audit.views.page import page, readme
from reassay.audit.views.tables import csv_files
from reassay.common.errors import ReassayError, UpstreamError
from reassay.git.git import Git
from reassay.ledger.history import History
from reassay.ledger.keys import short
from reassay.ledger.state import read_anchor
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import entry_path
from reassay.ledger.store.ed25519 import public_pem
from reassay.ledger.store.verification import Verification, VerificationOptions, verify
from reassay.ledger.store.verified_ledger import VerifiedLedger
from reassay.ledger.views import terminal as _ledger_text
from reassay.register.files import File, read_register
from reassay.register.register import Register

LEDGER, COMMITS, MERGES = "ledger.bundle", "register-commits.txt", "register-merges.txt"
REGISTER_FROM, REGISTER_TO = "register-from.tar", "register-to.tar"
INPUTS: Final = (LEDGER, COMMITS, MERGES, REGISTER_FROM, REGISTER_TO)


class UnusableInputError(ReassayError):
    """An input file of a pack is invalid, so no figure can be computed."""

    exit_code = 1

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{why}.", where=name, remedy="Make the pack again from the repository.")


@dataclass(frozen=True, slots=True)
class PackInputs:
    """Parameters, input files and version of a pack. They determine its whole content."""

    parameters: Parameters
    files: Mapping[str, bytes]
    """Content of the files named in `INPUTS`."""
    version: str = __version__
    """Version of reassay that made the pack."""


@dataclass(frozen=True, slots=True)
class AuditPack:
    """A pack: its files, and the content that they render."""

    files: Mapping[str, bytes]
    content: PackContent


@dataclass(frozen=True, slots=True)
class _DatedRegister:
    register: Register
    chosen: CommitChoice
    files: Mapping[str, File]

    @property
    def used(self) -> RegisterSource:
        return RegisterSource(self.chosen, len(self.register.errors), git_ids(self.files))


def compose(inputs: PackInputs) -> AuditPack:
    """The pack that follows from its inputs. Raises UnusableInputError."""
    parameters = inputs.parameters
    anchors = tuple(anchor for anchor in map(read_anchor, parameters.anchors) if anchor)
    question = VerificationOptions(anchors, parameters.trusted_keys)
    with _ledger(inputs.files[LEDGER]) as (git, commit):
        verification = verify(git, commit, question)
        text = _verification_text(VerifiedLedger(git, "reassay-ledger", None, question, verification))
        if verification.result == "broken" or not verification.chain.written:
            raise UnusableInputError(LEDGER, "this ledger is broken; run `reassay ledger verify` for details")
        objects = read_objects(git, commit, verification.objects.named)
    sides = tuple(_side(inputs, verification, name) for name in (REGISTER_FROM, REGISTER_TO))
    audit = _facts(parameters, verification, objects, sides, _merges(inputs))
    content = _content(inputs, audit, (sides[0].used, sides[1].used), _used(verification, commit, text))
    return AuditPack(_files(inputs, content, verification), content)


@contextmanager
def _ledger(data: bytes) -> Iterator[tuple[Git, str]]:
    try:
        with _bundle.unbundled(data) as opened:
            yield opened
    except (ValueError, UpstreamError) as error:
        raise UnusableInputError(LEDGER, f"it cannot be read: {error}".removesuffix(".")) from error


def _verification_text(opened: VerifiedLedger) -> str:
    text = io.StringIO()
    _ledger_text.show(opened, text)
    return text.getvalue()


def _side(inputs: PackInputs, verification: Verification, name: str) -> _DatedRegister:
    """The register of one date, which must be of the commit that branch and ledger lead to."""
    period = inputs.parameters.period
    instant = period.opening if name == REGISTER_FROM else period.closing
    try:
        line = read_branch_log(inputs.files[COMMITS].decode("ascii"))
    except (ValueError, OverflowError) as error:
        raise UnusableInputError(COMMITS, f"it cannot be read: {error}") from error
    chosen = register_commit_at(line, (written.entry for written in verification.chain.written), instant)
    try:
        files, commit = unpack(inputs.files[name])
    except ValueError as error:
        raise UnusableInputError(name, f"it cannot be read: {error}") from error
    if commit != (chosen.commit.id if chosen.commit else None):
        raise UnusableInputError(name, f"it is of commit {commit} instead of {chosen.commit and chosen.commit.id}")
    return _DatedRegister(read_register(ArchivedTree(files)) if commit else Register(), chosen, files)


def _merges(inputs: PackInputs) -> tuple[BranchMerge, ...]:
    try:
        return read_merges(inputs.files[MERGES].decode("ascii"))
    except (ValueError, OverflowError, OSError) as error:
        raise UnusableInputError(MERGES, f"it cannot be read: {error}") from error


def _facts(
    parameters: Parameters,
    verification: Verification,
    objects: Mapping[str, object],
    sides: tuple[_DatedRegister, ...],
    merges: tuple[BranchMerge, ...],
) -> AuditInput:
    period, recorded = parameters.period, snapshots(objects)
    entries = tuple(written.entry for written in verification.chain.written)
    opening, closing = (
        AssessmentInput(side.register, History.of(entries, until=instant), recorded, instant, results=objects)
        for side, instant in zip(sides, (period.opening, period.closing), strict=True)
    )
    return AuditInput(period, opening, closing, entries, verification.trust, objects, parameters.sample, merges)


def _used(verification: Verification, commit: str, text: str) -> LedgerSource:
    last = verification.chain.written[-1]
    identity = last.entry.ledger
    return LedgerSource(
        host=identity.host,
        repository_id=identity.repository_id,
        ledger_id=identity.ledger_id,
        commit=commit,
        anchor=f"{last.entry.seq}:{last.digest.removeprefix('sha256:')}",
        entries=len(verification.chain.written),
        result=verification.result,
        verification=text,
        first_key=next(
            ((entry_path(key.added_by), _key_file(key.id)) for key in verification.chain.book.keys.values()), None
        ),
    )


def _content(
    inputs: PackInputs, audit: AuditInput, registers: tuple[RegisterSource, RegisterSource], ledger: LedgerSource
) -> PackContent:
    configuration, own = audit.closing.register.configuration, figures(audit)
    return PackContent(
        version=inputs.version,
        parameters=inputs.parameters,
        opening=registers[0],
        closing=registers[1],
        ledger=ledger,
        level=level_words(configuration.app_id, configuration.mode),
        remarks=remarks(audit),
        figures=own,
        summary=headline(own, audit, (registers[0].errors, registers[1].errors), ledger.result),
        covered_until=audit.covered_until if audit.covered_until >= audit.period.start else None,
    )


def _key_file(key: str) -> str:
    return f"keys/{short(key)}.pem"


def _files(inputs: PackInputs, content: PackContent, verification: Verification) -> Mapping[str, bytes]:
    """Files of the pack by name, the manifest last."""
    keys = {_key_file(key.id): public_pem(key.public_key).encode() for key in verification.chain.book.keys.values()}
    files = {
        **{name: inputs.files[name] for name in INPUTS},
        **csv_files(content.figures),
        **keys,
        "verify.txt": content.ledger.verification.encode("utf-8", "backslashreplace"),
        "index.html": page(content),
    }
    files["README.txt"] = readme(content)
    return {**dict(sorted(files.items())), MANIFEST: manifest(content, files)}
