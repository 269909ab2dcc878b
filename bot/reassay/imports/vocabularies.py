"""Vocabularies of cells: status, layer, stage, depth, audience and decision; and names of roles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from reassay.imports.accents import without_accents
from reassay.imports.cell_text import LONGEST_ID, slug
from reassay.imports.spreadsheet import CellValue
from reassay.register.base import NAME_PATTERN, Depth, Status
from reassay.register.deployment import Audience
from reassay.register.finding import did_you_mean
from reassay.register.mitigation import ControlKind, Layer, LifecycleStage, RmfFunction

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
         "in use", "in production", "enabled", "deployed", "aktiv", "umgesetzt", "vollständig umgesetzt", "in Betrieb",
         "in Kraft", "produktiv", "implementiert", "eingeführt", "actif", "en place", "en vigueur", "mis en œuvre",
         "mise en œuvre",
         "en service", "opérationnel", "opérationnelle", "appliqué", "appliquée", "activo", "activa", "implementado",
         "implementada", "implantado", "implantada", "en vigor", "vigente", "en uso", "operativo", "operativa",
         "en funcionamiento", "en producción"), Status.ACTIVE,
    ),
    **dict.fromkeys(
        ("proposed", "planned", "draft", "not started", "not implemented", "not yet implemented", "geplant", "vorgeschlagen",
         "Entwurf", "nicht umgesetzt", "noch nicht umgesetzt", "nicht begonnen", "prévu", "prévue", "planifié", "planifiée",
         "proposé", "proposée", "brouillon", "non mis en œuvre", "non mise en œuvre", "planificado", "planificada", "propuesto",
         "propuesta", "previsto", "prevista", "borrador", "no implementado", "no implementada", "no iniciado"), Status.PROPOSED,
    ),
    **dict.fromkeys(
        ("retired", "decommissioned", "withdrawn", "deprecated", "obsolete", "superseded", "removed", "out of service",
         "außer Betrieb", "außer Betrieb genommen", "außer Kraft", "stillgelegt", "zurückgezogen", "entfallen", "abgelöst",
         "aufgehoben", "eingestellt", "veraltet", "retiré", "retirée", "abandonné", "abandonnée", "obsolète", "hors service",
         "supprimé", "supprimée", "remplacé", "remplacée", "retirado", "retirada", "fuera de servicio", "obsoleto", "obsoleta",
         "derogado", "derogada", "eliminado", "eliminada", "dado de baja", "dada de baja", "sustituido", "sustituida"),
        Status.RETIRED,
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
CONTROL_KIND: Final[Mapping[str, ControlKind]] = {
    **dict.fromkeys(("preventive", "preventative", "prevent", "prevention", "proactive"), ControlKind.PREVENTIVE),
    **dict.fromkeys(("detective", "detect", "detection", "detecting"), ControlKind.DETECTIVE),
    **dict.fromkeys(
        ("corrective", "correct", "correction", "reactive", "responsive", "recovery"), ControlKind.CORRECTIVE
    ),
}
FUNCTION: Final[Mapping[str, RmfFunction]] = {str(function): function for function in RmfFunction}
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
         "works", "no exceptions", "no findings", "wirksam", "bestanden", "in Ordnung", "erfüllt", "grün", "efficace",
         "conforme",
         "réussi", "satisfaisant", "vert", "eficaz", "efectivo", "efectiva", "superado", "satisfactorio", "verde"),
        PastDecision.EFFECTIVE,
    ),
    **dict.fromkeys(
        ("degraded", "partially effective", "partial", "partially", "partly effective", "amber", "yellow", "needs improvement",
         "improvement needed", "improvements needed", "passed with findings", "pass with findings", "partially met",
         "pass with exceptions", "passed with exceptions", "mostly effective", "teilweise wirksam", "teilweise", "gelb",
         "teilweise erfüllt", "mit Einschränkungen", "Verbesserungsbedarf", "partiellement efficace", "partiel",
         "partiellement",
         "jaune", "parcialmente eficaz", "parcial", "parcialmente", "amarillo", "ámbar"), PastDecision.DEGRADED,
    ),
    **dict.fromkeys(
        ("ineffective", "fail", "failed", "red", "not effective", "unsatisfactory", "not met", "not operating effectively",
         "unwirksam", "nicht wirksam", "nicht bestanden", "nicht erfüllt", "rot", "inefficace", "non efficace", "non conforme",
         "échec", "échoué", "rouge", "ineficaz", "no eficaz", "no conforme", "fallido", "no superado", "rojo"),
        PastDecision.INEFFECTIVE,
    ),
    **dict.fromkeys(("inconclusive", "no conclusion", "undetermined", "could not be determined", "nicht eindeutig",
                     "ohne Ergebnis", "non concluant", "no concluyente"), PastDecision.INCONCLUSIVE),
}  # fmt: skip
NOT_DONE: Final = frozenset(
    {"not tested", "not assessed", "not reviewed", "not done", "not performed", "not started", "in progress", "ongoing", "open",
     "planned", "scheduled", "pending", "overdue", "postponed", "deferred", "cancelled", "canceled", "skipped", "due", "tbd",
     "nicht geprüft", "nicht bewertet", "offen", "geplant", "ausstehend", "verschoben",
     "non testé", "non évalué", "prévu", "en cours", "reporté", "no evaluado", "no probado", "pendiente", "en curso",
     "planificado",
     "aplazado"}
)  # fmt: skip
"""Results that state that there was no assessment."""


def words_of(text: str) -> str:
    """A text in a form for comparison, in small letters without punctuation."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _bare(text: str) -> str:
    return words_of(without_accents(text))


def read_word(text: str, vocabulary: Mapping[str, EnumT]) -> CellValue[EnumT]:
    """The value of a word in a vocabulary; an unknown word is left out."""
    value = {_bare(word): value for word, value in vocabulary.items()}.get(_bare(text))
    if value is not None:
        return CellValue(value)
    allowed = tuple(dict.fromkeys(str(value) for value in vocabulary.values()))
    # `inactive` is near to `active`, and the contrary of it.
    guess = did_you_mean(text, [word for word in allowed if not _is_denial(_bare(text), word)])
    return CellValue(None, "not a recognised value", f"{guess} Possible values: {', '.join(allowed)}.".strip())


def _is_denial(text: str, word: str) -> bool:
    return re.match(rf"(?:in|un|non|not|no|nicht|dis|de)[- ]?{re.escape(word[:1])}", text) is not None


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
