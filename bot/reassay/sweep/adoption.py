"""Adoption in steps: exactly one next step, the first that is not taken yet. What has run out comes before what is missing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.triggers import evidence_expired, evidence_stale
from reassay.assessment.triggers.base import Blind, Fired
from reassay.assessment.views.follow_ups import follow_up_line, open_follow_ups
from reassay.common.sentences import count_words, names
from reassay.people.trust_level import is_own_app
from reassay.register.base import Status
from reassay.register.lint.intervals import without_interval
from reassay.register.lint.placeholders import EXAMPLE, PLACEHOLDER
from reassay.register.register import Register

NO_REGISTER = "no-register"
"""Code of the finding that there is no register folder, which is not an error to fix here."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """One step of adoption: the action, the reason, and the way."""

    id: str
    what: str
    why: str
    how: str


@dataclass(frozen=True, slots=True)
class Setting:
    """State of the repository besides the register."""

    has_workflow: bool
    """A workflow that runs this Action is committed."""
    has_ledger: bool
    ledger_writer: str = ""
    """The account that wrote the ledger last, as its commit states it; empty without a ledger."""


def next_step(assessment_input: AssessmentInput, setting: Setting) -> NextStep:
    """The first step not taken; the last one says that this version has no further one."""
    steps = (
        _no_mitigations,
        _examples,
        _errors,
        _workflow,
        _first_sweep,
        _follow_ups,
        _evidence,
        _assessors,
        _intervals,
        _deployments,
        _threat_models,
        _record,
        _advise,
        _enforce,
    )
    taken = (step(assessment_input, setting) for step in steps)
    return next((step for step in taken if step), _NOTHING)


_NOTHING = NextStep(
    "keep-going",
    "Nothing: setup is complete.",
    "Every feature of this version is in use.",
    "Conclude the open re-assessments: `reassay status`",
)


def _no_mitigations(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    register = assessment_input.register
    if register.subjects or any(finding.code != NO_REGISTER for finding in register.errors):
        return None
    return NextStep(
        "register",
        "Add the first mitigation.",
        "The register is empty, so nothing can be due.",
        "Run `reassay init`, then `reassay new mitigation`.",
    )


def _examples(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    errors = assessment_input.register.errors
    examples = [finding for finding in errors if finding.code == EXAMPLE]
    if not examples or any(finding.code not in {EXAMPLE, PLACEHOLDER} for finding in errors):
        return None
    count = "the example" if len(examples) == 1 else f"the {len(examples)} examples"
    first = examples[0].at
    return NextStep(
        "examples",
        f"Replace {count} that `reassay init` wrote.",
        f"You still have the examples: {first.path}:{first.line} is the first. Nothing is opened for one.",
        "Run `reassay new mitigation`, which puts yours in their place; or edit the file, the ids too.",
    )


def _errors(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    errors = assessment_input.register.errors
    if not errors:
        return None
    first = errors[0]
    return NextStep(
        "mend",
        f"Fix {count_words(len(errors), 'error')} in the register.",
        f"Nothing is opened for an entry with an error. The first: {first.at.path}:{first.at.line}: {first.message}.",
        "Run `reassay check`: it lists each error with its place and fix.",
    )


def _workflow(assessment_input: AssessmentInput, setting: Setting) -> NextStep | None:
    if setting.has_workflow or assessment_input.register.configuration.writer == "app":
        return None
    if is_own_app(setting.ledger_writer):
        # A workflow beside it would be a second writer.
        return None
    return NextStep(
        "workflow",
        "Run it automatically.",
        "No workflow under .github/workflows/ uses the Action, so there are no reminders.",
        "Run `reassay init`, which writes .github/workflows/reassay.yml; commit and push it.",
    )


def _first_sweep(_assessment_input: AssessmentInput, setting: Setting) -> NextStep | None:
    if setting.has_ledger:
        return None
    return NextStep(
        "first-sweep",
        "Run the first sweep.",
        "There is no ledger yet, so no re-assessment was opened.",
        "Push, or start the workflow by hand. It proposes its plan in a pull request, and opens issues once that is merged.",
    )


def _follow_ups(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    today = assessment_input.today
    late = [own for own in open_follow_ups(assessment_input) if own.is_overdue(today)]
    if not late:
        return None
    first, lines = late[0], [follow_up_line(own, assessment_input) for own in late[:4]]
    word = "done" if first.progress == "open" else "verified"
    where = f"In issue #{first.issue}" if first.issue else "Once a run has opened its issue, there"
    return NextStep(
        "follow-up",
        f"Finish {count_words(len(late), 'overdue follow-up')}.",
        f"Until another person has verified it, it is not done. {' '.join(lines)}{' And others.' if late[4:] else ''}",
        f"{where}, comment `/reassay follow-up {word} because ...`",
    )


def _evidence(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    ending = {
        f"{cell.subject}: {result.reason}."
        for cell in assessment_input.cells
        for result in cell.results
        if (isinstance(result, Fired) and result.kind in {evidence_expired.KIND, evidence_stale.KIND})
        or (isinstance(result, Blind) and result.kind == evidence_expired.KIND)
    }
    if not ending:
        return None
    lines = sorted(ending)
    return NextStep(
        "evidence",
        "Renew evidence that ends or has ended.",
        f"Nothing rests on evidence after its last day. {' '.join(lines[:4])}{' And others.' if lines[4:] else ''}",
        "Add newer evidence by the same method to the register, then decide the open re-assessment: `reassay status`",
    )


def _assessors(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    alone = _active(assessment_input.register, lambda mitigation: not mitigation.assessor_names)
    return _first_of(
        alone,
        "assessor",
        "Name an assessor for {first}.",
        "the owner decides alone, and every record says self-assessed",
        "Add `assessor: <login>` to it.",
    )


def _intervals(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    register = assessment_input.register
    active = _active(register, lambda _mitigation: True)
    # One that a commitment gives an interval needs none of its own.
    without = {entry.value.id for entry in without_interval(register)}
    open_ended = _active(register, lambda mitigation: mitigation.id in without)
    step = _first_of(
        open_ended,
        "interval",
        "Give {first} an interval.",
        "it has no next due date once it is assessed",
        "Add `every: 6 months` (or the interval in your framework) to it.",
    )
    if step is None or len(open_ended) == 1:
        return step
    what = f"Give {len(open_ended)} of your {len(active)} mitigations an interval: they have none."
    why = f"Without it none of them has a next due date. The first are {names(*open_ended[:4])}."
    return replace(step, what=what, why=why, how="Add `every: 6 months` (or the interval in your framework) to each.")


def _deployments(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    nowhere = _active(assessment_input.register, lambda mitigation: not mitigation.deployments)
    return _first_of(
        nowhere,
        "deployments",
        "Name the deployments of {first}.",
        "it has one due date for all uses, internal and public",
        "Declare `deployments:` and name them in the mitigation; each then has its own due date.",
    )


def _threat_models(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    aimless = _active(assessment_input.register, lambda mitigation: not mitigation.threat_models)
    return _first_of(
        aimless,
        "threat-models",
        "Name the threat models of {first}.",
        "its importance for each threat is not visible",
        "Declare `threat_models:` and name them in the mitigation.",
    )


def _record(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    configuration = assessment_input.register.configuration
    if configuration.records:
        return None
    return NextStep(
        "record",
        "Require answers and sign-offs: `mode: record`.",
        "One person can conclude alone now. In mode `record` each question is answered and signed off by its role, approval"
        " steps are signed off in order, and the ledger is signed.",
        "Make a key with `reassay ledger new-key`, give it to the workflow as `ledger-key`, then write `mode: record`.",
    )


def _advise(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    configuration = assessment_input.register.configuration
    if not configuration.records or configuration.gates:
        return None
    return NextStep(
        "advise",
        "Check pull requests: `mode: advise`.",
        "Pull requests that change mitigations are not checked yet. In mode `advise` each gets a verdict with reasons, and none"
        " is blocked.",
        "Run the workflow on `pull_request_target` with `checks: write`, as `reassay init` writes it; then write"
        " `mode: advise`.",
    )


def _enforce(assessment_input: AssessmentInput, _setting: Setting) -> NextStep | None:
    if assessment_input.register.configuration.mode != "advise":
        return None
    return NextStep(
        "enforce",
        "Block merges without sign-off: `mode: enforce`.",
        "In mode `advise` the check always passes.",
        "Name the signing roles under `gate:`, make the check `reassay/<branch>` required, run `reassay doctor`; then write"
        " `mode: enforce`.",
    )


def _active(register: Register, wanted: Callable[..., bool]) -> tuple[str, ...]:
    return tuple(
        name
        for name, entry in register.mitigations.items()
        if entry.value.status is Status.ACTIVE and wanted(entry.value)
    )


def _first_of(missing: tuple[str, ...], step: str, what: str, because: str, how: str) -> NextStep | None:
    if not missing:
        return None
    others = (
        f" The same applies to {names(*missing[1:4])}{' and others' if missing[4:] else ''}." if missing[1:] else ""
    )
    return NextStep(step, what.format(first=missing[0]), f"Without it {because}.{others}", how)
