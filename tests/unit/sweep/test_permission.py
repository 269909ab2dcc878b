import pytest

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.plan import Ask
from reassay.github.repository_state import Repository
from reassay.ledger.history import History
from reassay.sweep.permissions import may_not_ask, nothing_is_posted
from tests.make import TODAY, at, mitigation, register


def repository(*, private: bool = True, archived: bool = False) -> Repository:
    return Repository("example-lab/framework", 1, private, archived, "main", "https://github.example/x", None)


@pytest.mark.parametrize(
    ("seen", "publish", "words"),
    [
        (repository(), False, None),
        (repository(private=False), False, "publish: true"),
        (repository(private=False), True, None),
        (repository(archived=True), True, "archived"),
    ],
)
def test_where_nothing_is_posted(seen: Repository, publish: bool, words: str | None) -> None:
    reason = nothing_is_posted(register(publish=publish), seen)
    assert (reason is None) if words is None else words in (reason or "")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (Ask("filter", "safety-lead", 1, "x"), None),
        (Ask("filter", "Red-Team-Lead", 1, "x"), None),
        (Ask("filter", "stranger", 1, "x"), "only safety-lead or red-team-lead can request it"),
        (Ask("filtr", "safety-lead", 1, "x"), "Did you mean `filter`?"),
        (Ask("old", "safety-lead", 1, "x"), "retired"),
    ],
)
def test_who_may_ask_for_a_reassessment(ask: Ask, words: str | None) -> None:
    what = register(mitigation(), mitigation("old", status="retired"))
    refused = may_not_ask(ask, AssessmentInput(what, History(), {}, at(TODAY)))
    assert (refused is None) if words is None else words in (refused or "")
