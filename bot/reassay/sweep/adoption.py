"""Adoption in steps: exactly one next step, the first that is not taken yet."""

from collections.abc import Callable
from dataclasses import dataclass

from reassay.assessment.cells import Situation
from reassay.common.sentences import names
from reassay.register.base import Status
from reassay.register.register import Register

NO_REGISTER = "no-register"
"""Code of the finding that there is no register folder at all: a beginning, not an error to mend."""


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


def next_step(situation: Situation, setting: Setting) -> NextStep:
    """The first step not taken; the last one says that this version has no further one."""
    steps = (
        _no_mitigations,
        _errors,
        _workflow,
        _first_sweep,
        _assessors,
        _intervals,
        _deployments,
        _threat_models,
        _record,
        _advise,
        _enforce,
    )
    taken = (step(situation, setting) for step in steps)
    return next((step for step in taken if step), _NOTHING)


_NOTHING = NextStep(
    "keep-going",
    "Nothing: the register says all that this version acts on.",
    "The modes `advise` and `enforce` (the merge gate) and signals come with later versions.",
    "Conclude what is open: `reassay status` lists it.",
)


def _no_mitigations(situation: Situation, _setting: Setting) -> NextStep | None:
    register = situation.register
    if register.mitigations or any(finding.code != NO_REGISTER for finding in register.errors):
        return None
    return NextStep(
        "register",
        "Write the first mitigation down.",
        "Nothing is registered, so nothing can be due.",
        "`reassay init` writes a file of ten lines; change them to yours.",
    )


def _errors(situation: Situation, _setting: Setting) -> NextStep | None:
    errors = situation.register.errors
    if not errors:
        return None
    first = errors[0]
    return NextStep(
        "mend",
        f"Mend {len(errors)} error{'s' if len(errors) > 1 else ''} in the register.",
        f"What cannot be read is never due. The first: {first.at.path}:{first.at.line}: {first.message}.",
        "`reassay check` shows each with its place and remedy.",
    )


def _workflow(_situation: Situation, setting: Setting) -> NextStep | None:
    if setting.has_workflow:
        return None
    return NextStep(
        "workflow",
        "Let it run by itself.",
        "No workflow under .github/workflows/ uses the Action, so nobody is told when something is due.",
        "`reassay init` writes .github/workflows/reassay.yml and leaves your other files alone; commit and push it.",
    )


def _first_sweep(_situation: Situation, setting: Setting) -> NextStep | None:
    if setting.has_ledger:
        return None
    return NextStep(
        "first-sweep",
        "Let the first sweep run.",
        "There is no ledger yet: no re-assessment was ever opened.",
        "Push, or start the workflow by hand: it shows its plan in a pull request, and opens issues once that is merged.",
    )


def _assessors(situation: Situation, _setting: Setting) -> NextStep | None:
    alone = _active(situation.register, lambda mitigation: not mitigation.assessor_names)
    return _first_of(
        alone,
        "assessor",
        "Name an assessor for {first}.",
        "its owner decides alone, and every record says self-assessed",
        "Add `assessor: <login>` to it.",
    )


def _intervals(situation: Situation, _setting: Setting) -> NextStep | None:
    open_ended = _active(situation.register, lambda mitigation: mitigation.interval is None)
    return _first_of(
        open_ended,
        "interval",
        "Give {first} an interval.",
        "once assessed, nobody can say when it is due again",
        "Add `every: 6 months` (or what your framework promises) to it.",
    )


def _deployments(situation: Situation, _setting: Setting) -> NextStep | None:
    nowhere = _active(situation.register, lambda mitigation: not mitigation.deployments)
    return _first_of(
        nowhere,
        "deployments",
        "Say which deployments {first} serves.",
        "it has one clock for everything, so an internal and a public use cannot be told apart",
        "Declare `deployments:` and name them in the mitigation; each then keeps a clock of its own.",
    )


def _threat_models(situation: Situation, _setting: Setting) -> NextStep | None:
    aimless = _active(situation.register, lambda mitigation: not mitigation.threat_models)
    return _first_of(
        aimless,
        "threat-models",
        "Say which threat models {first} works against.",
        "nobody can see what would be lost with it",
        "Declare `threat_models:` and name them in the mitigation.",
    )


def _record(situation: Situation, _setting: Setting) -> NextStep | None:
    configuration = situation.register.configuration
    if configuration.records:
        return None
    return NextStep(
        "record",
        "Ask for answers and sign-offs: `mode: record`.",
        "Conclusions rest on one person's word. In mode `record` each question is answered and signed by the role it is for,"
        " approval steps are taken in order, and the ledger is signed.",
        "Make a key with `reassay ledger new-key`, give it to the workflow as `ledger-key`, then write `mode: record`.",
    )


def _advise(situation: Situation, _setting: Setting) -> NextStep | None:
    configuration = situation.register.configuration
    if not configuration.records or configuration.gates:
        return None
    return NextStep(
        "advise",
        "Let pull requests be judged: `mode: advise`.",
        "Nothing looks yet at what a pull request does to a mitigation. In mode `advise` each gets a verdict with its reasons,"
        " and nothing is held back.",
        "Let the workflow run on `pull_request_target` with `checks: write`, as `reassay init` writes it; then write"
        " `mode: advise`.",
    )


def _enforce(situation: Situation, _setting: Setting) -> NextStep | None:
    if situation.register.configuration.mode != "advise":
        return None
    return NextStep(
        "enforce",
        "Hold merges back that nobody has signed: `mode: enforce`.",
        "In mode `advise` the check passes whatever it says.",
        "Say under `gate:` who signs, make the check `reassay/<branch>` required, run `reassay doctor`; then write"
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
    others = f" The same holds for {names(*missing[1:4])}{' and others' if missing[4:] else ''}." if missing[1:] else ""
    return NextStep(step, what.format(first=missing[0]), f"Without it {because}.{others}", how)
