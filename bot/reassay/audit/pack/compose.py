"""From the input files of a pack to all of its files. Making a pack and checking one are the same computation."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from reassay import __version__
from reassay.assessment.cells import Situation, snapshots
from reassay.audit.facts import Facts
from reassay.audit.figures import figures
from reassay.audit.pack import ledger as _audit_ledger
from reassay.audit.pack.register import Kept, git_ids, unpack
from reassay.audit.parameters import Parameters
from reassay.audit.register_at import Chosen, read_line, register_at
from reassay.audit.remarks import remarks
from reassay.audit.views.made import LedgerUsed, Made, RegisterUsed, level_words
from reassay.audit.views.manifest import MANIFEST, manifest
from reassay.audit.views.page import page, readme
from reassay.audit.views.tables import csv_files
from reassay.common.errors import ReassayError, UpstreamError
from reassay.git.git import Git
from reassay.ledger.anchor import read_anchor
from reassay.ledger.history import History
from reassay.ledger.keys import short
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import entry_path
from reassay.ledger.store.ed25519 import public_pem
from reassay.ledger.store.open import Opened
from reassay.ledger.store.verify import Question, Verification, verify
from reassay.ledger.views import terminal as _ledger_text
from reassay.register.files import File, read_register
from reassay.register.register import Register

LEDGER, COMMITS = "ledger.bundle", "register-commits.txt"
REGISTER_FROM, REGISTER_TO = "register-from.tar", "register-to.tar"
INPUTS: Final = (LEDGER, COMMITS, REGISTER_FROM, REGISTER_TO)


class UnusableInputError(ReassayError):
    """An input file of a pack is not what it has to be; no figure can be made from it."""

    exit_code = 1

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{why}.", where=name, remedy="Make the pack again from the repository.")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a pack follows from."""

    parameters: Parameters
    files: Mapping[str, bytes]
    """Those of `INPUTS`."""
    version: str = __version__
    """Of the reassay that made it, as the pack says."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A whole pack."""

    files: Mapping[str, bytes]
    made: Made


@dataclass(frozen=True, slots=True)
class _Side:
    register: Register
    chosen: Chosen
    files: Mapping[str, File]

    @property
    def used(self) -> RegisterUsed:
        return RegisterUsed(self.chosen, len(self.register.errors), git_ids(self.files))


def compose(inputs: Inputs) -> Composed:
    """Raises UnusableInputError."""
    parameters = inputs.parameters
    anchors = tuple(each for each in map(read_anchor, parameters.anchors) if each)
    question = Question(anchors, parameters.trusted_keys)
    with _ledger(inputs.files[LEDGER]) as (git, commit):
        found = verify(git, commit, question)
        says = _says(Opened(git, "reassay-ledger", None, question, found))
        if found.result == "broken" or not found.chain.written:
            raise UnusableInputError(LEDGER, "this ledger is broken; `reassay ledger verify` says where")
        objects = read_objects(git, commit, found.objects.named)
    sides = tuple(_side(inputs, found, name) for name in (REGISTER_FROM, REGISTER_TO))
    facts = _facts(parameters, found, objects, sides)
    made = _made(inputs, facts, (sides[0].used, sides[1].used), _used(found, commit, says))
    return Composed(_files(inputs, made, found), made)


@contextmanager
def _ledger(data: bytes) -> Iterator[tuple[Git, str]]:
    try:
        with _audit_ledger.unbundled(data) as opened:
            yield opened
    except (ValueError, UpstreamError) as error:
        raise UnusableInputError(LEDGER, f"it cannot be read: {error}".removesuffix(".")) from error


def _says(opened: Opened) -> str:
    text = io.StringIO()
    _ledger_text.show(opened, text)
    return text.getvalue()


def _side(inputs: Inputs, found: Verification, name: str) -> _Side:
    """The register of one date: the very commit that branch and ledger lead to, and nothing else."""
    period = inputs.parameters.period
    instant = period.opening if name == REGISTER_FROM else period.closing
    try:
        line = read_line(inputs.files[COMMITS].decode("ascii"))
    except (ValueError, OverflowError) as error:
        raise UnusableInputError(COMMITS, f"it cannot be read: {error}") from error
    chosen = register_at(line, (each.entry for each in found.chain.written), instant)
    try:
        files, commit = unpack(inputs.files[name])
    except ValueError as error:
        raise UnusableInputError(name, f"it cannot be read: {error}") from error
    if commit != (chosen.commit.id if chosen.commit else None):
        raise UnusableInputError(name, f"it is of commit {commit}, and not of {chosen.commit and chosen.commit.id}")
    return _Side(read_register(Kept(files)) if commit else Register(), chosen, files)


def _facts(
    parameters: Parameters, found: Verification, objects: Mapping[str, object], sides: tuple[_Side, ...]
) -> Facts:
    period, known = parameters.period, snapshots(objects)
    entries = tuple(each.entry for each in found.chain.written)
    opening, closing = (
        Situation(side.register, History.of(entries, until=instant), known, instant)
        for side, instant in zip(sides, (period.opening, period.closing), strict=True)
    )
    return Facts(period, opening, closing, entries, found.trust, objects, parameters.asked)


def _used(found: Verification, commit: str, says: str) -> LedgerUsed:
    last = found.chain.written[-1]
    identity = last.entry.ledger
    return LedgerUsed(
        host=identity.host,
        repository_id=identity.repository_id,
        ledger_id=identity.ledger_id,
        commit=commit,
        anchor=f"{last.entry.seq}:{last.digest.removeprefix('sha256:')}",
        entries=len(found.chain.written),
        result=found.result,
        says=says,
        first_key=next(
            ((entry_path(each.added_by), _key_file(each.id)) for each in found.chain.book.keys.values()), None
        ),
    )


def _made(inputs: Inputs, facts: Facts, registers: tuple[RegisterUsed, RegisterUsed], ledger: LedgerUsed) -> Made:
    configuration = facts.closing.register.configuration
    return Made(
        version=inputs.version,
        parameters=inputs.parameters,
        opening=registers[0],
        closing=registers[1],
        ledger=ledger,
        level=level_words(configuration.app_id, configuration.mode),
        remarks=remarks(facts),
        figures=figures(facts),
    )


def _key_file(key: str) -> str:
    return f"keys/{short(key)}.pem"


def _files(inputs: Inputs, made: Made, found: Verification) -> Mapping[str, bytes]:
    """In order of name, the manifest last."""
    keys = {_key_file(each.id): public_pem(each.public_key).encode() for each in found.chain.book.keys.values()}
    files = {
        **{name: inputs.files[name] for name in INPUTS},
        **csv_files(made.figures),
        **keys,
        "verify.txt": made.ledger.says.encode("utf-8", "backslashreplace"),
        "index.html": page(made),
    }
    files["README.txt"] = readme(made)
    return {**dict(sorted(files.items())), MANIFEST: manifest(made, files)}
