"""Vocabularies of cells: status, layer, stage, depth, audience and decision; and names of roles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from reassay.imports.cell_text import LONGEST_ID, slug
from reassay.imports.spreadsheet import CellValue
from reassay.register.base import NAME_PATTERN, Depth, Status
from reassay.register.deployment import Audience
from reassay.register.finding import did_you_mean
from reassay.register.mitigation import Layer, LifecycleStage

EnumT = TypeVar("EnumT", bound=StrEnum)


class PastDecision(StrEnum):
    """Decision of a past assessment."""

    EFFECTIVE = "effective"
    DEGRADED = "degraded"
    INEFFECTIVE = "ineffective"
    INCONCLUSIVE = "inconclusive"


STATUS: Final[Mapping[str, Status]] = {
    **dict.fromkeys(
        ("active", "implemented", "fully implemented", "in place", "in force", "operational", "live", "in operation",
         "in use", "in production", "enabled", "deployed"), Status.ACTIVE,
    ),
    **dict.fromkeys(("proposed", "planned", "draft", "not started", "not implemented", "not yet implemented"), Status.PROPOSED),
    **dict.fromkeys(
        ("retired", "decommissioned", "withdrawn", "deprecated", "obsolete", "superseded", "removed"), Status.RETIRED,
    ),
}  # fmt: skip
LAYER: Final[Mapping[str, Layer]] = {
    **{str(layer): layer for layer in Layer},
    **dict.fromkeys(("data", "training", "pre training", "pretraining", "dataset"), Layer.TRAINING_DATA),
    **dict.fromkeys(("model level", "model behaviour", "model behavior", "fine tuning", "weights"), Layer.MODEL),
    **dict.fromkeys(("system level", "application", "inference", "input output", "product"), Layer.SYSTEM),
    **dict.fromkeys(("access control", "access controls", "identity", "account", "accounts"), Layer.ACCESS),
    **dict.fromkeys(("detection", "logging", "detection and response", "monitoring and response"), Layer.MONITORING),
    **dict.fromkeys(("information security", "infosec", "cyber security", "cybersecurity", "infrastructure security",
                     "physical security"), Layer.SECURITY),
    **dict.fromkeys(("organizational", "organisation", "organization", "governance", "process", "people", "policy",
                     "procedural", "administrative"), Layer.ORGANISATIONAL),
}  # fmt: skip
STAGE: Final[Mapping[str, LifecycleStage]] = {
    **{str(stage): stage for stage in LifecycleStage},
    **dict.fromkeys(("plan", "planning", "design", "plan design"), LifecycleStage.PLAN),
    **dict.fromkeys(("data", "data collection", "collect data", "data preparation"), LifecycleStage.DATA),
    **dict.fromkeys(("build", "training", "development", "build model", "model development"), LifecycleStage.BUILD),
    **dict.fromkeys(("verify", "validate", "validation", "verification", "testing", "evaluation"), LifecycleStage.VERIFY),
    **dict.fromkeys(("deployment", "release", "launch"), LifecycleStage.DEPLOY),
    **dict.fromkeys(("operate", "operation", "operations", "operate monitor", "monitor", "monitoring"), LifecycleStage.OPERATE),
}  # fmt: skip
DEPTH: Final[Mapping[str, Depth]] = {
    **dict.fromkeys(("light", "lite", "light touch", "lightweight"), Depth.LIGHT),
    **dict.fromkeys(("full", "full scope", "in depth", "comprehensive", "deep", "deep dive"), Depth.FULL),
}
AUDIENCE: Final[Mapping[str, Audience]] = {
    **dict.fromkeys(("internal", "staff", "employees", "internal only"), Audience.INTERNAL),
    **dict.fromkeys(("trusted testers", "trusted tester", "beta", "beta testers"), Audience.TRUSTED_TESTERS),
    **dict.fromkeys(("external", "public", "customers", "general public"), Audience.EXTERNAL),
}
DECISION: Final[Mapping[str, PastDecision]] = {
    **dict.fromkeys(
        ("effective", "pass", "passed", "green", "ok", "satisfactory", "operating effectively", "met", "fully effective",
         "works", "no exceptions", "no findings"), PastDecision.EFFECTIVE,
    ),
    **dict.fromkeys(
        ("degraded", "partially effective", "partial", "partially", "partly effective", "amber", "yellow", "needs improvement",
         "improvement needed", "improvements needed", "passed with findings", "pass with findings", "partially met",
         "pass with exceptions", "passed with exceptions", "mostly effective"), PastDecision.DEGRADED,
    ),
    **dict.fromkeys(
        ("ineffective", "fail", "failed", "red", "not effective", "unsatisfactory", "not met", "not operating effectively"),
        PastDecision.INEFFECTIVE,
    ),
    **dict.fromkeys(("inconclusive", "no conclusion", "undetermined", "could not be determined"), PastDecision.INCONCLUSIVE),
}  # fmt: skip
NOT_DONE: Final = frozenset(
    {"not tested", "not assessed", "not reviewed", "not done", "not performed", "not started", "in progress", "ongoing", "open",
     "planned", "scheduled", "pending", "overdue", "postponed", "deferred", "cancelled", "canceled", "skipped", "due", "tbd"}
)  # fmt: skip
"""Results that state that there was no assessment."""


def words_of(text: str) -> str:
    """A text in a form for comparison, in small letters without punctuation."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def read_word(text: str, vocabulary: Mapping[str, EnumT]) -> CellValue[EnumT]:
    """The value of a word in a vocabulary; an unknown word is left out."""
    value = {words_of(word): value for word, value in vocabulary.items()}.get(words_of(text))
    if value is not None:
        return CellValue(value)
    allowed = tuple(dict.fromkeys(str(value) for value in vocabulary.values()))
    guess = did_you_mean(text, allowed)
    return CellValue(None, "not a recognised value", f"{guess} Possible values: {', '.join(allowed)}.".strip())


_EMAIL = re.compile(r"<?([^@\s<>]+)@[^@\s<>]+\.[^@\s<>]+>?")
_ADDRESS_BEHIND = re.compile(r"\s*<[^<>]*@[^<>]*>$")
_SEVERAL_PEOPLE = re.compile(r"[\n;,/]")


@dataclass(frozen=True, slots=True)
class RoleCell:
    """Name of a role, and `given`, the text of the cell."""

    name: str
    given: str


def read_role(text: str, declared: Mapping[str, str]) -> CellValue[RoleCell]:
    """The name of a role from a team, a person or an address. `declared`: casefolded name -> role of the register."""
    bare = " ".join(_ADDRESS_BEHIND.sub("", text.strip()).split()).removeprefix("@")
    if declared_name := declared.get(bare.casefold()):
        return CellValue(RoleCell(declared_name, text.strip()))
    if re.fullmatch(NAME_PATTERN, bare) and len(bare) <= LONGEST_ID:
        return CellValue(RoleCell(bare, text.strip()))
    address = _EMAIL.fullmatch(bare)
    name = slug(address[1] if address else bare)
    if not name:
        return CellValue(None, "not usable as the name of a role", "Write a role, e.g. safety-team.")
    role = RoleCell(declared.get(name, name), text.strip())
    if _SEVERAL_PEOPLE.search(text.strip()) and not address:
        return CellValue(
            role, "it may name several people, who became one role", "List their accounts under that role."
        )
    return CellValue(role)
