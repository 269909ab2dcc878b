"""An attack result of PyRIT, and what its outcome is worth.

PyRIT also calls it a failure of the attack where no answer came back, or where the scorer gave no score: then nothing was judged.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reassay.evidence.readers.base import ResultOptions, prompt_digest
from reassay.evidence.readers.json_stream import Shape
from reassay.evidence.readers.json_values import Json, at, list_at, object_at, text_at
from reassay.evidence.readers.names import name_of

_ANSWERED: Final = {"none", "blocked"}
"""Errors of a response that still are an answer: a content filter that blocks is part of what is assessed."""
_NAMES: Final = {"objective", "outcome"}
_OTHER_NAMES: Final = {
    "attack_result_id",
    "atomic_attack_identifier",
    "attack_identifier",
    "executed_turns",
    "last_score",
}


class AttackOutcome(StrEnum):
    """PyRIT's words. See `AttackOutcome` in `pyrit.models`."""

    SUCCESS = "success"
    FAILURE = "failure"
    ERROR = "error"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class PyritAttack:
    """What is kept of an attack result."""

    identity: str
    target: str
    """The model, or the class of the target; empty if the result does not say."""
    kind: str
    """Class of the attack; empty if the result does not say."""
    version: str
    prompt: str
    """Digest of the objective."""
    slices: dict[str, str | None]
    outcome: AttackOutcome
    timestamp: str
    note: str
    """Why a failure was not counted as one; empty if it was."""
    problem: str


def attack_shape(options: ResultOptions) -> Shape:
    """The parts of an attack result that are read."""
    target: dict[str, Shape] = {"model_name": True, "class_name": True}
    attack: dict[str, Shape] = {
        "class_name": True,
        "pyrit_version": True,
        "objective_target": target,
        "children": {"objective_target": target},
    }
    keys: dict[str, Shape] = dict.fromkeys((*options.slice_by, *filter(None, [options.cluster_by])), True)
    return {
        **dict.fromkeys(("attack_result_id", "objective", "outcome", "timestamp", "targeted_harm_categories"), True),
        "executed_turns": True,
        # Only a scenario result has it; that it is there is enough.
        "attack_results": {},
        "atomic_attack_identifier": {
            "children": {"attack_technique": {"children": {"attack": attack}}, "attack": attack},
        },
        "attack_identifier": attack,
        "last_response": {"response_error": True},
        "last_score": {"status": True, "score_value": True},
        "labels": keys,
        "metadata": keys,
    }


def is_attack(item: dict[str, Json]) -> bool:
    """Whether an object is an attack result."""
    return set(item) >= _NAMES and bool(_OTHER_NAMES & set(item))


def read_attack(item: dict[str, Json], options: ResultOptions) -> PyritAttack:
    """An attack result."""
    children = object_at(item, "atomic_attack_identifier", "children")
    attack = (
        object_at(children, "attack_technique", "children", "attack")
        or object_at(children, "attack")
        or object_at(item, "attack_identifier")
    )
    target = object_at(attack, "children", "objective_target") or object_at(attack, "objective_target")
    outcome, note, problem = _outcome(item)
    kind = name_of(attack.get("class_name"))
    seed = name_of(_metadata(item, options.cluster_by)) if options.cluster_by else None
    return PyritAttack(
        identity=text_at(item, "attack_result_id") or "",
        target=name_of(target.get("model_name")) or name_of(target.get("class_name")) or "",
        kind=kind or "",
        version=name_of(attack.get("pyrit_version")) or "",
        prompt=prompt_digest(seed or text_at(item, "objective") or ""),
        slices={"attack": kind, **{key: name_of(_metadata(item, key)) for key in options.slice_by}},
        outcome=outcome,
        timestamp=text_at(item, "timestamp") or "",
        note=note,
        problem=problem,
    )


def _metadata(item: dict[str, Json], key: str) -> Json:
    if key == "harm_category":
        categories = [name for value in list_at(item, "targeted_harm_categories") if (name := name_of(value))]
        return ", ".join(sorted(categories)) or None
    labelled = at(item, "labels", key)
    return at(item, "metadata", key) if labelled is None else labelled


def _outcome(item: dict[str, Json]) -> tuple[AttackOutcome, str, str]:
    """The outcome, why a failure was not counted as one, and a problem."""
    word = text_at(item, "outcome")
    if word not in set(AttackOutcome):
        return AttackOutcome.UNDETERMINED, "", "an attack result has an outcome that is not known here"
    outcome = AttackOutcome(word)
    if outcome is AttackOutcome.FAILURE:
        error, status = at(item, "last_response", "response_error"), at(item, "last_score", "status")
        if error is not None and not (isinstance(error, str) and error in _ANSWERED):
            return AttackOutcome.UNDETERMINED, "failed because no answer came back, and count as not assessed", ""
        if not object_at(item, "last_score") or (status is not None and status != "complete"):
            return (
                AttackOutcome.UNDETERMINED,
                "failed without a score of their last answer, and count as not assessed",
                "",
            )
    return outcome, "", ""
