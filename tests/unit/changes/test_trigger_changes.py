"""Adding or removing a trigger of any kind: its direction follows from what a subject has without stating it."""

from typing import get_args

import pytest
from pydantic import BaseModel

from reassay.assessment.triggers import BUILT_IN, TRIGGERS
from reassay.assessment.triggers.base import CLOCKS, Result, StatedTrigger, TriggerInput
from reassay.changes import compare
from reassay.changes.base import Direction
from reassay.register.trigger_base import ClockSpec
from reassay.register.trigger_specs import AnyTrigger, DriftSpec, EvidenceStaleSpec
from tests.laws.full_documents import TRIGGERS as DOCUMENTS
from tests.laws.full_documents import Document
from tests.make import TODAY, commitment, mitigation, register

MODELS: dict[str, type[BaseModel]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model for model in get_args(get_args(AnyTrigger)[0])
}
DEFAULTS = {trigger.kind for trigger in TRIGGERS if trigger.for_every_mitigation is not None}
OPTIONS = {trigger.kind for trigger in BUILT_IN} & set(MODELS)
"""Kinds that every subject has, and that a register can configure."""
OTHER: Document = {"kind": "evidence-stale", "older_than": "2 years"}


def kinds(document: Document) -> set[str]:
    """The kind of a trigger, and those of its members."""
    return {document["kind"]}.union(*(kinds(member) for member in document.get("of", ()) if isinstance(member, dict)))


def directions(before: list[Document], after: list[Document], *, of_commitment: bool) -> set[Direction]:
    """Directions of the change of the triggers of a commitment, or else of a mitigation."""
    old, new = (
        register(commitment(triggers=triggers) if of_commitment else mitigation(reassess={"triggers": triggers}))
        for triggers in (before, after)
    )
    return {change.direction for change in compare(old, new, TODAY)}


def test_there_is_a_document_of_every_kind_and_a_rule_for_it() -> None:
    assert {document["kind"] for document in DOCUMENTS} == set(MODELS)
    assert {trigger.kind for trigger in TRIGGERS} | {trigger.kind for trigger in BUILT_IN} >= set(MODELS) - {
        "any",
        "all",
    }
    assert len(DEFAULTS) > 5
    assert {"manual", "mitigation-change"} == OPTIONS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["kind"])
@pytest.mark.parametrize("of_commitment", [False, True])
def test_the_first_of_a_kind_only_adds_unless_it_takes_the_place_of_something(
    document: Document, of_commitment: bool
) -> None:
    replaces = kinds(document) & (OPTIONS | (CLOCKS if of_commitment else DEFAULTS))
    expected = Direction.LOOSER if replaces else Direction.TIGHTER
    assert directions([OTHER], [OTHER, document], of_commitment=of_commitment) == {expected}
    assert directions([OTHER, document], [OTHER], of_commitment=of_commitment) == {Direction.LOOSER}


def test_clocks_are_what_their_models_say() -> None:
    assert {kind for kind, model in MODELS.items() if issubclass(model, ClockSpec)} == CLOCKS


@pytest.mark.parametrize("model", [DriftSpec, EvidenceStaleSpec])
def test_a_default_that_its_model_does_not_tell_is_refused(model: type[DriftSpec | EvidenceStaleSpec]) -> None:
    def judge(_spec: AnyTrigger, _facts: TriggerInput) -> Result:
        raise NotImplementedError

    default = EvidenceStaleSpec.model_validate(OTHER) if model is EvidenceStaleSpec else None
    with pytest.raises(TypeError, match="DefaultTriggerSpec"):
        StatedTrigger("new", model, judge, frozenset(), for_every_mitigation=default)
