"""Evaluation runs in a pack: also those without a result, which are exceptions."""

from datetime import date

from reassay.audit.exceptions import recorded_exceptions
from reassay.audit.runs import runs
from reassay.ledger.runs import RunRefused
from tests.make import Story, mitigation, register
from tests.unit.audit.test_rules import facts
from tests.unit.ledger.test_run_history import FIRST, SECOND, ended, registered


def story() -> Story:
    told = Story(register(mitigation()))
    told.add(registered(planned=250))
    told.add(ended(how="failed", why="its workflow run ended as failure without a result"))
    told.add(registered(SECOND, artifact=3))
    told.add(RunRefused(artifact=9, workflow_run=4711, why="it is not a whole zip archive"))
    return told


def test_every_run_has_a_row_with_its_state_at_the_end_of_the_period() -> None:
    told = story()
    rows = runs(facts(told))
    assert [(row.run, row.state, row.planned, row.provenance) for row in rows] == [
        (FIRST, "failed", 250, "workflow-run"),
        (SECOND, "open", None, "workflow-run"),
    ]
    told.move_to(date(2026, 12, 5))
    told.add(ended(SECOND, artifact=4))
    assert [(row.state, row.results) for row in runs(facts(told))] == [("failed", 0), ("result", 1)]
    # At the end of an earlier period it was open.
    assert [row.state for row in runs(facts(told, end=date(2026, 12, 3)))] == ["failed", "open"]


def test_a_run_without_a_result_and_a_refused_one_are_exceptions_and_a_result_is_none() -> None:
    told = story()
    told.add(ended(SECOND, artifact=4))
    rows = [(row.kind, row.what) for row in recorded_exceptions(facts(told)) if "run" in row.kind]
    assert rows == [
        ("run without a result", f"run {FIRST}: failed; its workflow run ended as failure without a result"),
        ("refused run", "artifact 9 of workflow run 4711 was refused: it is not a whole zip archive"),
    ]
