"""The input of a dashboard from a checkout, or from the report of a sweep, with the objects of the ledger that it needs.

Objects are read by the `read` that is passed in: from git by `Checkout.objects`, or from wherever a server has the ledger.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.evidence_coverage import results_in_force
from reassay.assessment.explanation import inputs_of
from reassay.assessment.schedule.queue import scheduled
from reassay.assessment.unread_ledger import without_ledger
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.verdict_values import DashboardVerdict
from reassay.register.layers import active_mitigations
from reassay.sweep.needed_objects import digests_needed
from reassay.sweep.report import Report
from reassay.sweep.repository.checkout import Checkout, ledger_source

LEDGER: Final = "ledger"
"""The problem of a run that refuses the ledger, as `sweep/ledger_refusal.py` names it."""
ReadObjects = Callable[[Iterable[str]], Mapping[str, object]]
"""Reads parsed objects of the ledger by digest; missing ones are left out."""


@dataclass(frozen=True, slots=True)
class DashboardOptions:
    """What a dashboard shows besides register and ledger."""

    url: str = ""
    """Address of the repository; empty if it is not known."""
    version: str = ""
    """Version of the program."""
    plan_until: date | None = None
    """The last day of the forecast; None for no forecast."""
    verdicts: tuple[DashboardVerdict, ...] = ()


def input_of_checkout(checkout: Checkout, repository: str, options: DashboardOptions) -> DashboardInput:
    """The input from a clone. Without the ledger no cell is current, and a problem says so."""
    facts = checkout.assessment_input
    inputs = DashboardInput(
        repository=repository,
        url=options.url,
        assessment_input=facts,
        cells=checkout.cells(),
        ledger=checkout.ledger,
        objects={},
        provenance=tuple(checkout.provenance(options.version).items()),
        trust=checkout.trust,
        source=checkout.source,
        commit=(checkout.commit or "") if checkout.is_clean else "",
        swept=facts.history.last_sweep_until(facts.now),
        verdicts=options.verdicts,
        plan_until=options.plan_until,
        ledger_problem=checkout.missing_ledger if checkout.lacks_ledger else "",
    )
    return with_objects(inputs, checkout.objects)


def of_register_alone(report: Report) -> Report:
    """The report of a run that refuses the ledger, as that of its register alone: no cell is current. Others as they are."""
    refused = report.refused
    if refused is None:
        return report
    facts = refused.assessment_input
    return replace(
        report,
        content=refused.content,
        assessment_input=facts,
        cells=tuple(without_ledger(cell) for cell in scheduled(facts)),
        problems=tuple(problem for problem in report.problems if problem.what != LEDGER),
    )


def input_of_report(report: Report, read: ReadObjects, options: DashboardOptions) -> DashboardInput | None:
    """The input from the report of a sweep; None if it ended before register and ledger were read."""
    content, facts = report.content, report.assessment_input
    if content is None or facts is None:
        return None
    provenance = (("register", content.commit[:12]), ("ledger", content.ledger.anchor), ("version", options.version))
    inputs = DashboardInput(
        repository=report.repository,
        url=options.url,
        assessment_input=facts,
        cells=report.cells,
        ledger=content.ledger,
        objects={},
        provenance=provenance,
        trust=f"Trust: {report.trust}." if report.trust else "",
        source=ledger_source(content.ledger),
        commit=content.commit,
        swept=facts.history.last_sweep_until(facts.now) if report.dry_run else facts.now,
        sweep_problems=report.problems,
        verdicts=options.verdicts,
        plan_until=options.plan_until,
        ledger_problem=report.refused.why if report.refused else "",
    )
    return with_objects(inputs, read)


def with_objects(inputs: DashboardInput, read: ReadObjects) -> DashboardInput:
    """The input with every object that it needs, as far as it can be read."""
    objects = {**inputs.objects, **read(needed_objects(inputs.assessment_input))}
    named = covering_readings(inputs) | computed_readings(inputs, objects)
    named -= objects.keys()
    return replace(inputs, objects={**objects, **(read(named) if named else {})})


def needed_objects(facts: AssessmentInput) -> frozenset[str]:
    """Digests of texts, snapshots and inputs of verdicts that a dashboard shows, whenever they were recorded."""
    history = facts.history
    digests = set(digests_needed(history, facts.now))
    for own in history.reassessments.values():
        digests |= {trigger.because for trigger in own.triggers if trigger.because}
        digests |= {
            name for record in own.log if isinstance(name := getattr(record.body, "says", None), str) and ":" in name
        }
        if own.decided is not None:
            digests |= {own.decided.because} if own.decided.because else set()
            digests |= {result.inputs for result in own.decided.criteria if result.inputs}
            if any(result.inputs is None and result.verdict != "not-measured" for result in own.decided.criteria):
                # Its criteria as they were then.
                digests.add(own.decided.snapshot)
    return frozenset(digests)


def covering_readings(inputs: DashboardInput) -> frozenset[str]:
    """Digests of the readings of results in force, which say what languages they cover."""
    active = active_mitigations(inputs.assessment_input.register)
    results = results_in_force(active, inputs.assessment_input)
    return frozenset(own.result.readings for measured in results.values() for own in measured)


def computed_readings(inputs: DashboardInput, objects: Mapping[str, object]) -> frozenset[str]:
    """Digests of the readings from which verdicts in force were computed."""
    decided = (own.decided for own in inputs.decisions_in_force if own.decided)
    recorded = (inputs_of(objects.get(result.inputs or "")) for own in decided for result in own.criteria)
    return frozenset(run.readings for value in recorded if value for case in value.cases for run in case.runs)
