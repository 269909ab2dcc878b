"""Law: no verdict reads as more than attested unless a file that the bot read, or a sealed one, bears it: in no view, whenever it was recorded.

A sealed pointer counts by its kind, because its custodian can show the file and anybody with the salt can check that it is the one.
"""

import json
import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.effective_layers import why_not_a_layer
from reassay.assessment.views.documents import status_csv, status_document
from reassay.audit.figures import figures
from reassay.evidence.criterion_verdicts import basis, criterion_verdicts
from reassay.ledger.answers import Attached, EvidenceFigures
from reassay.ledger.criterion_result import CriterionResult
from tests.examples import examples
from tests.make import Story, mitigation, register
from tests.unit.audit.test_rules import facts

CRITERIA: list[dict[str, object]] = [
    {"name": "trained", "kind": "census", "at_least": 0.95},
    {"name": "drill", "kind": "exercise", "success": "the alarm is raised"},
    {"name": "argument", "kind": "judgement", "question": "Does the argument hold?"},
]
KIND_OF = {"trained": "census", "drill": "exercise", "argument": "judgement"}
OLD_BASIS = {"census": "measured", "exercise": "exercised", "judgement": "judged"}
STRONG = re.compile(r"\b(counted|measured|tested|exercised|judged)\b")
FIGURES = {
    "census": EvidenceFigures(counted=120, total=120),
    "exercise": EvidenceFigures(passed=True),
    "judgement": EvidenceFigures(),
}
PROVENANCE = st.sampled_from(["word", "file", "sealed"])


def attached(name: str, provenance: str, record: str, criterion: str | None) -> Attached:
    kind = KIND_OF[name]
    return Attached(
        reassessment=record,
        evidence=kind,  # type: ignore[arg-type] # one of the kinds
        provenance=provenance,  # type: ignore[arg-type] # one of the words
        criterion=criterion,
        figures=FIGURES[kind],
        role="account-2",
        independent=True,
    )


def story_with(names: list[str], provenances: list[str], *, has_criteria: bool) -> Story:
    """A re-assessment with evidence, one piece for each criterion."""
    own = [criterion for criterion in CRITERIA if criterion["name"] in names]
    target = {"statement": "It works.", "criteria": own} if has_criteria else None
    story = Story(register(mitigation(target=target)))
    story.sweep()
    record = story.opened()[0].reassessment
    for name, provenance in zip(names, provenances, strict=True):
        story.add(attached(name, provenance, record, name if has_criteria else None), 2)
    return story


NAMES = st.lists(st.sampled_from(sorted(KIND_OF)), unique=True, min_size=1, max_size=3)


def recorded(story: Story, names: list[str], *, by_an_earlier_version: bool, has_criteria: bool) -> None:
    """The decision; an earlier version recorded each piece of evidence by its kind, whoever said it."""
    story.conclude("filter")
    if not by_an_earlier_version:
        return
    entry = story.entries[-1]
    kinds = [OLD_BASIS[KIND_OF[name]] for name in names]
    order = ["measured", "exercised", "judged"]
    results = tuple(
        CriterionResult.model_validate({"name": name, "verdict": "met", "basis": kind})
        for name, kind in zip(names, kinds, strict=True)
    )
    weakest, strongest = max(kinds, key=order.index), min(kinds, key=order.index)
    update = {"criteria": results, "basis": weakest} if has_criteria else {"basis": strongest}
    story.entries[-1] = entry.model_copy(update={"body": entry.body.model_copy(update=update)})


def views(story: Story) -> list[str]:
    """Everything that people or programs read of the decision's basis."""
    (reassessment,) = story.assessment_input.history.reassessments.values()
    assert reassessment.decided is not None
    audit = facts(story, end=date(2026, 12, 31))
    tables = figures(audit)
    cells = story.assessment_input.cells
    document = json.loads(json.dumps(status_document(cells, story.assessment_input, {})))
    return [
        reassessment.decided.verdict,
        *(row.verdict for row in tables.decisions),
        *(row.basis for row in tables.decisions),
        *(row.verdict for row in tables.obligations),
        *(row.basis for row in tables.population if row.side == "to"),
        *(row.what for row in tables.exceptions if row.kind == "self-assessed decision"),
        *(str(cell[key]) for cell in document["cells"] for key in ("basis", "verdict")),
        status_csv(cells).splitlines()[1].partition("opened")[0],
    ]


@settings(max_examples=examples(80), deadline=None)
@given(NAMES, st.lists(PROVENANCE, min_size=3, max_size=3), st.booleans(), st.booleans())
def test_what_nobody_showed_is_attested_in_every_view(
    names: list[str], provenances: list[str], has_criteria: bool, old: bool
) -> None:
    own = provenances[: len(names)]
    story = story_with(names, own, has_criteria=has_criteria)
    recorded(story, names, by_an_earlier_version=old, has_criteria=has_criteria)
    is_attested = "word" in own if has_criteria else set(own) == {"word"}
    if is_attested:
        assert [text for text in views(story) if STRONG.search(text.replace("not measured", ""))] == []
        assert views(story)[0].startswith("effective (attested")
        assert all(why_not_a_layer(cell) == "attested only" for cell in story.assessment_input.cells)
    criteria = [text for row in figures(facts(story)).decisions for text in row.criteria]
    for name, provenance in zip(names if has_criteria else (), own, strict=False):
        (text,) = [line for line in criteria if name in line]
        assert ("attested" in text) == (provenance == "word")


@settings(max_examples=examples(60), deadline=None)
@given(NAMES, st.lists(PROVENANCE, min_size=3, max_size=3), st.booleans())
def test_the_basis_of_a_decision_is_never_above_its_evidence(
    names: list[str], provenances: list[str], has_criteria: bool
) -> None:
    story = story_with(names, provenances[: len(names)], has_criteria=has_criteria)
    (reassessment,) = story.assessment_input.history.open
    subject = story.register.mitigations["filter"].value
    shown = [own for own in provenances[: len(names)] if own != "word"]
    if not shown:
        assert basis(subject, reassessment, story.evidence) == "attested"
    given_by = dict(zip(names, provenances, strict=False))
    for verdict in criterion_verdicts(subject, reassessment, story.evidence):
        assert (verdict.basis == "attested") == (given_by[verdict.name] == "word")


def test_a_census_on_a_word_of_an_earlier_version_reads_attested() -> None:
    story = story_with(["trained"], ["word"], has_criteria=True)
    recorded(story, ["trained"], by_an_earlier_version=True, has_criteria=True)
    assert views(story)[0] == "effective (attested)"
    assert [text for text in views(story) if STRONG.search(text)] == []


def test_a_census_with_a_file_of_an_earlier_version_reads_counted() -> None:
    story = story_with(["trained"], ["file"], has_criteria=True)
    recorded(story, ["trained"], by_an_earlier_version=True, has_criteria=True)
    assert views(story)[0] == "effective (counted)"


def test_a_sealed_census_counts_by_its_kind() -> None:
    story = story_with(["trained"], ["sealed"], has_criteria=True)
    recorded(story, ["trained"], by_an_earlier_version=False, has_criteria=True)
    assert views(story)[0] == "effective (counted)"
