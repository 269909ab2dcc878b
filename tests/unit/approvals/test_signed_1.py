"""`signed/1`: the published vectors are what this program signs, and need nothing of it to be computed again."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from reassay.approvals.digests import all_digest, item_digest
from reassay.approvals.proposal import ChangedObject, Proposal
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.row import Requirement
from reassay.assessment.cells import AssessmentInput
from reassay.ledger.answers import Answered
from reassay.ledger.history import History
from reassay.ledger.pull_requests import ChangeAnswered
from reassay.register.register import Register
from tests.make import TODAY, at

PLACE = Path(__file__).parents[3] / "docs" / "reference" / "signed-1"
VECTORS = json.loads((PLACE / "vectors.json").read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_digest_is_sha_256_of_the_canonical_document(vector: dict[str, object]) -> None:
    form = rfc8785.dumps(vector["document"])  # type: ignore[arg-type] # plain JSON
    assert form.decode() == vector["canonical"]
    assert vector["digest"] == f"signed/1:sha256:{hashlib.sha256(form).hexdigest()}"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_it_is_what_a_sign_off_names(vector: dict[str, object]) -> None:
    document = vector["document"]
    assert isinstance(document, dict)
    signing: dict[str, Callable[[Any], str]] = {"item": _item, "all": _all, "row": _row, "shown": _shown}
    assert signing[str(vector["form"])](document) == vector["digest"]


def _item(document: dict[str, str]) -> str:
    answered = Answered.model_validate_json(
        json.dumps(
            {
                **{name: document[name] for name in ("reassessment", "item", "answer", "because", "content")},
                "role": "board",
            }
        )
    )
    return item_digest(document["item"], document["question"], answered, document["content"])


def _all(document: dict[str, list[list[str]]]) -> str:
    rows = [(row[0], row[1]) for row in document["rows"]]
    return all_digest(str(document["reassessment"]), rows, [], str(document["content"]))


def _row(document: dict[str, object]) -> str:
    name = str(document["object"])
    changed = ChangedObject(name, (), _text(document["before"]), _text(document["after"]))
    answer = None
    if document["answer"]:
        fields = {"pull": 1, "item": "x", "answer": document["answer"], "because": document["because"], "role": "board"}
        answer = ChangeAnswered.model_validate_json(json.dumps(fields))
    return _source(str(document["base"]), {name: changed}, ()).digest(_requirement("x", name, document["ask"]), answer)


def _shown(document: dict[str, dict[str, list[str]]]) -> str:
    objects = {name: ChangedObject(name, (), images[0], images[1]) for name, images in document["images"].items()}
    rows = tuple(_requirement(row[0], next(iter(objects)), row[1]) for row in document["rows"])
    return _source("main", objects, rows).content


def _source(base: str, objects: dict[str, ChangedObject], requirements: tuple[Requirement, ...]) -> PullRequestSource:
    proposal = Proposal(base, "b" * 40, "h" * 40, Register(), Register())
    return PullRequestSource(proposal, AssessmentInput(Register(), History(), {}, at(TODAY)), requirements, objects)


def _requirement(name: str, about: str, ask: object) -> Requirement:
    assert isinstance(ask, dict)
    if "question" in ask:
        return Requirement(name, about, ("board",), question=ask["question"])
    return Requirement(name, about, tuple(reversed(ask["roles"])), min=ask["min"], kind=ask["step"])


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def test_every_form_has_a_vector_and_a_line_on_the_page() -> None:
    page = (PLACE / "README.md").read_text(encoding="utf-8")
    forms = {vector["form"] for vector in VECTORS}
    assert forms == {"item", "all", "row", "shown"}
    assert all(f"| `{form}` |" in page for form in forms)
    assert len({vector["digest"] for vector in VECTORS}) == len(VECTORS)
    for vector in VECTORS:
        assert [key for key in vector["document"] if f"`{key}`" not in page] == []
