"""A model whose validator is made late behaves as if it had been made at once."""

import json
from typing import Annotated

import pytest
from pydantic import ValidationError

from reassay.register.base import Strict
from reassay.register.mitigation import Mitigation, Reassess
from reassay.register.when_met import WhenMet


class Late(Strict):
    """With a part that is made when it is met."""

    part: Annotated[Reassess, WhenMet()] | None = None


class AtOnce(Strict):
    """With the same part, made with the rest."""

    part: Reassess | None = None


def said(model: type[Strict], text: str) -> object:
    """What comes of a document: the object as JSON, or every error with its place."""
    try:
        return model.model_validate_json(text).model_dump_json()
    except ValidationError as error:
        return [(each["type"], each["loc"], each["input"], each["msg"]) for each in error.errors()]


@pytest.mark.parametrize(
    "part",
    [
        None,
        3,
        [],
        {},
        {"every": "6 months", "depth": "full", "triggers": [{"kind": "manual"}]},
        {"every": 3, "grace": "soon"},
        {"every": "unspecified", "evry": "1 year"},
        {"triggers": [{"kind": "interval"}, {"kind": "never-heard-of"}, {}, "manual"]},
        {"triggers": [{"kind": "any", "of": [{"kind": "all", "of": [{"kind": "interval", "every": "often"}]}]}]},
        {"triggers": [{"kind": "metric-ratio", "metric": "m", "ratio": float("inf")}]},
        {"triggers": [{"kind": "metric-ratio", "metric": "m", "ratio": 1.1, "relative_to": "last-assessment"}]},
        {"unless": [{"id": "Not An Id", "text": ""}]},
    ],
)
def test_what_is_said_of_a_document_is_the_same(part: object) -> None:
    text = json.dumps({"part": part})
    assert said(Late, text) == said(AtOnce, text)


def test_objects_are_taken_as_they_are() -> None:
    part = Reassess(every="unspecified")
    assert Late(part=part).part is part
    with pytest.raises(ValidationError):
        Late(part="often")  # type: ignore[arg-type] # what is tested


def test_the_json_schema_is_the_same() -> None:
    late, at_once = Late.model_json_schema(), AtOnce.model_json_schema()
    assert late["properties"] == at_once["properties"]
    assert late["$defs"] == at_once["$defs"]


def test_what_is_not_met_is_not_made() -> None:
    class Part(Strict):
        text: str

    class Whole(Strict):
        part: Annotated[Part, WhenMet()] | None = None

    assert Whole.model_validate_json("{}").part is None
    assert not Part.__pydantic_complete__
    assert Whole.model_validate_json('{"part": {"text": "words"}}').part == Part.model_construct(text="words")
    assert Part.__pydantic_complete__


def test_a_part_that_was_only_put_together_can_be_written() -> None:
    class Part(Strict):
        text: str

    class Whole(Strict):
        part: Annotated[Part, WhenMet()] | None = None

    whole = Whole().model_copy(update={"part": Part.model_construct(text="words")})
    assert whole.model_dump(mode="json") == {"part": {"text": "words"}}


def test_a_mitigation_that_says_nothing_of_triggers_makes_none_of_them() -> None:
    Mitigation.model_rebuild()
    made = repr(Mitigation.__pydantic_core_schema__)
    assert "Mitigation" in made
    assert "AnySpec" not in made
