"""The files of the ready-made sets of commitments: their text, and adding one to a checkout."""

import re
from dataclasses import dataclass
from pathlib import Path

from reassay.common.environment import templates_folder
from reassay.common.errors import UsageError
from reassay.register.base import NAME_PATTERN
from reassay.register.commitment_sets import CommitmentSet
from reassay.register.files.memory_files import MemoryFiles
from reassay.register.files.reader import read_register
from reassay.register.files.scaffold import ScaffoldFile, write_files
from reassay.register.placeholders import OWNER_PLACEHOLDER
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who owns and who assesses the commitments of a set: logins or roles, without `@`."""

    owner: str = OWNER_PLACEHOLDER
    assessor: str | None = None
    """None: the owner alone, which is recorded as self-assessed."""

    @staticmethod
    def checked(owner: str, assessor: str | None) -> "Responsible":
        """Raises UsageError for a name that is neither a login nor a role."""
        for option, name in (("--owner", owner), ("--assessor", assessor)):
            if name is not None and not re.fullmatch(NAME_PATTERN, name.removeprefix("@")):
                raise UsageError(
                    f"{name!r} is not a valid login or role name.", where=option, remedy="Write e.g. safety-lead."
                )
        return Responsible(owner.removeprefix("@"), assessor.removeprefix("@") if assessor else None)


def text_of(own: CommitmentSet, responsible: Responsible) -> str:
    """The text of the file of a set, with its owner and assessor."""
    text = (templates_folder() / "commitment-sets" / f"{own.name}.yml").read_text(encoding="utf-8")
    assessor = f"\n    assessor: {responsible.assessor}" if responsible.assessor else ""
    return text.replace(f"    owner: {OWNER_PLACEHOLDER}", f"    owner: {responsible.owner}{assessor}")


def register_of(own: CommitmentSet) -> Register:
    """The set alone, as the reader of registers reads it once all its people are named."""
    path = f"framework/commitments/{own.name}.yml"
    text = re.sub(r"\byour-(?=[a-z])", "", text_of(own, Responsible("safety-lead")))
    return read_register(MemoryFiles({path: text.encode()}))


def add(own: CommitmentSet, responsible: Responsible, register: Register, root: Path) -> str:
    """Writes the file of a set below the folder of the register; its path. Nothing that exists is changed.

    Raises UsageError if the file or one of its commitments exists, or the file cannot be written.
    """
    folder = register.configuration.register_folder.rstrip("/")
    file = ScaffoldFile(f"{folder}/commitments/{own.name}.yml", text_of(own, responsible))
    for name in register_of(own).commitments:
        if name in register.commitments or name in register.broken.get("commitment", frozenset()):
            entry = register.commitments.get(name)
            place = entry.origin.at() if entry else None
            raise UsageError(
                f"the register has a commitment {name!r} already.",
                where=f"{place.path}:{place.line}" if place else folder,
                remedy="Nothing was written. To start again, delete or rename that one first.",
            )
    result = write_files(root, (file,))
    for path, why in result.skipped:
        raise UsageError(f"nothing was written: {why}.", where=path, remedy="Edit that file, or move it away first.")
    return file.path
