"""Column headers that people use for each field. If two columns match, the header listed earlier wins."""

from collections.abc import Mapping
from typing import Final

from reassay.imports.headers_localised import HISTORY_LOCALISED, MITIGATIONS_LOCALISED

Guide = Mapping[str, tuple[str, ...]]
"""Field -> headers that mean it, in small letters without accents and digits, with single spaces."""

_SUBJECTS: Final = ("control", "mitigation", "safeguard", "measure")
_OF_A_CONTROL: Final[Guide] = {
    "id": ("id", "ref", "reference", "number", "no", "nr", "identifier", "code", "key", "uid", "ref no", "reference number",
           "file name"),
    "title": ("title", "name", "short name", "headline", "short description"),
    "description": ("description", "details", "detail", "statement", "long description", "what it does", "body"),
    "owner": (
        "owner", "owned by", "owning team", "owner team", "responsible", "responsible team", "responsible party",
        "responsible person", "accountable", "accountable team", "accountable owner", "process owner", "team", "lead",
    ),
    "assessor": (
        "assessor", "assessors", "assessed by", "reviewer", "reviewers", "reviewed by", "tested by", "tester",
        "independent reviewer", "independent assessor", "evaluator", "evaluated by", "verified by", "auditor", "audited by",
    ),
    "every": (
        "every", "re assessment frequency", "reassessment frequency", "review frequency", "assessment frequency",
        "test frequency", "testing frequency", "audit frequency", "frequency", "review interval", "assessment interval",
        "interval", "review cadence", "cadence", "review cycle", "test cycle", "review period", "periodicity", "how often",
        "frequency of review", "frequency of testing",
    ),
    "last_assessed": (
        "last assessed", "last assessed on", "last assessment", "last assessment date", "date of last assessment",
        "date last assessed", "last reviewed", "last reviewed on", "last review", "last review date", "date of last review",
        "date last reviewed", "last tested", "last tested on", "last test", "last test date", "date of last test",
        "date last tested", "last evaluated", "last evaluation", "last audited", "last audit", "reviewed on", "tested on",
        "assessed on",
    ),
    "next_due": (
        "next review due", "next review", "next review date", "date of next review", "next assessment", "next assessment date",
        "next assessment due", "next due", "next due date", "next test", "next test date", "next audit", "review due",
        "review due date", "due date", "due",
    ),
    "status": ("status", "state", "implementation status", "lifecycle status"),
    "layer": ("layer", "defence layer", "defense layer", "layer of defence", "layer of defense"),
    "kind_of_control": (
        "kind of control", "control type", "type of control", "control kind", "control nature", "nature of control",
        "preventive or detective", "preventive detective", "preventive detective corrective",
    ),
    "function": ("ai rmf function", "nist ai rmf function", "rmf function", "nist function", "function"),
    "actor": ("actor", "ai actor", "carried out by", "implemented by", "role in the value chain"),
    "lifecycle_stage": ("lifecycle stage", "life cycle stage", "lifecycle", "life cycle", "stage", "lifecycle phase", "phase"),
    "depth": ("depth", "assessment depth", "review depth", "test depth"),
    "target": (
        "target", "target statement", "success criterion", "success criteria", "acceptance criterion",
        "acceptance criteria", "pass criterion", "pass criteria", "effectiveness target",
    ),
}  # fmt: skip
_AROUND: Final[Guide] = {
    "standards": (
        "standards", "standard", "framework mapping", "standard mapping", "standards mapping", "mapped to",
        "mapped standards", "standard reference", "framework reference", "standards and controls",
    ),
    "threat_models": (
        "threat models", "threat model", "threats", "threat", "risks", "risk", "risk addressed", "risks addressed",
        "threat addressed", "threats addressed", "risk mitigated", "risks mitigated", "mitigates", "risk scenario", "hazard",
    ),
    "deployments": (
        "deployments", "deployment", "applies to", "systems", "system", "systems in scope", "in scope systems", "products",
        "product", "services", "service", "surface", "surfaces", "scope", "in scope",
    ),
    "audience": ("audience", "exposure", "deployment audience"),
    "taxonomy": (),
    "references": (
        "references", "reference id", "reference ids", "external references", "external reference", "sources", "source",
        "published id", "published ids",
    ),
    "related": (
        "related", "related ids", "related to", "see also", "related controls", "related mitigations", "related safeguards",
    ),
}  # fmt: skip

_TITLE_ALONE: Final = tuple(_SUBJECTS)


def _with_subjects(field: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Headers with and without the subject: `control owner` before `owner`. The subject alone is a title."""
    longer = tuple(f"{subject} {word}" for word in words for subject in _SUBJECTS)
    return (*longer, *words, *(_TITLE_ALONE if field == "title" else ()))


def _with_localised(guide: Guide, localised: Guide) -> Guide:
    """The guide with the headers of other languages after the English ones."""
    return {field: tuple(dict.fromkeys((*words, *localised.get(field, ())))) for field, words in guide.items()}


MITIGATIONS: Final[Guide] = _with_localised(
    {**{field: _with_subjects(field, words) for field, words in _OF_A_CONTROL.items()}, **_AROUND},
    MITIGATIONS_LOCALISED,
)
"""Headers of a list of controls."""

_HISTORY: Final[Guide] = {
    "mitigation": (
        *(f"{subject} {word}" for word in ("id", "ref", "reference", "number", "no", "code") for subject in _SUBJECTS),
        *_SUBJECTS, *(f"{subject} {word}" for word in ("name", "title") for subject in _SUBJECTS),
        "ref", "reference", "name", "id",
    ),
    "assessed_on": (
        "assessed on", "date assessed", "assessment date", "date of assessment", "date tested", "test date", "tested on",
        "date of test", "review date", "date reviewed", "reviewed on", "date of review", "completed on", "date completed",
        "completion date", "completed", "performed on", "date performed", "audit date", "date",
    ),
    "decision": (
        "decision", "result", "test result", "assessment result", "review result", "overall result", "outcome",
        "conclusion", "verdict", "effectiveness", "rating", "rag", "rag status", "rag rating", "status",
    ),
    "depth": ("depth", "assessment depth", "review depth", "test depth"),
    "assessed_by": (
        "assessed by", "assessor", "assessors", "tested by", "tester", "reviewed by", "reviewer", "performed by",
        "evaluated by", "evaluator", "audited by", "auditor",
    ),
    "summary": (
        "summary", "findings", "finding", "observations", "observation", "notes", "comments", "comment", "remarks",
        "description",
    ),
    "deployments": _AROUND["deployments"],
    "models": ("models", "model", "model id", "model ids", "models assessed", "model assessed", "model version"),
    "title": ("assessment title", "assessment name", "title"),
    "id": ("past assessment id", "assessment id", "test id", "review id", "record id", "id"),
}  # fmt: skip
HISTORY: Final[Guide] = _with_localised(_HISTORY, HISTORY_LOCALISED)
"""Headers of a list of past assessments."""

CATALOGUES: Final[Mapping[str, str]] = {
    "nist 800 53": "NIST-800-53",
    "nist sp 800 53": "NIST-800-53",
    "nist": "NIST-800-53",
    "nist ai rmf": "NIST AI RMF",
    "iso 27001": "ISO/IEC 27001",
    "iso iec 27001": "ISO/IEC 27001",
    "iso 42001": "ISO/IEC 42001",
    "iso iec 42001": "ISO/IEC 42001",
    "soc 2": "SOC 2",
    "dsit": "DSIT AI cyber security code of practice",
    "rand sl": "RAND SL",
}
"""Header -> standard, for columns with the controls of one standard."""
CATALOGUE_TAILS: Final = (
    "",
    " control",
    " controls",
    " id",
    " ids",
    " ref",
    " reference",
    " mapping",
    " clause",
    " clauses",
    " principle",
)
