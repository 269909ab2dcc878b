"""The sweep: gather, decide, apply, until nothing is left to do. A second sweep finds nothing to do."""

from dataclasses import dataclass
from datetime import datetime

from reassay.assessment.cells import CellStatus, Situation
from reassay.assessment.schedule.plan import Ask
from reassay.assessment.schedule.queue import scheduled
from reassay.common.errors import ReassayError, RenamedError, StaleHeadError
from reassay.people.trust_level import trust_words
from reassay.people.writers import another_writer
from reassay.sweep.actions import Action
from reassay.sweep.apply import Allowance, DryRun, Interpreter, Progress, Writer
from reassay.sweep.content import Content
from reassay.sweep.first_contact import first_contact
from reassay.sweep.gather import Focus, World, gather
from reassay.sweep.onboarding import is_accepted
from reassay.sweep.one_pass import Memory, Pass, Problem
from reassay.sweep.permission import nothing_is_posted
from reassay.sweep.ports import Ports

TRIES = 4
"""How often a pass is repeated after losing a race for the ledger, or after a fault that may have been passing."""


@dataclass(frozen=True, slots=True)
class Request:
    """A re-assessment of `subject` is asked for."""

    subject: str
    because: str
    by: str | None = None
    """Login; None is the account whose token is used."""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What one sweep is asked for."""

    dry_run: bool = False
    request: Request | None = None
    issue: int | None = None
    """An issue an event was about; its commands are answered even where it is no re-assessment."""
    pull: int | None = None
    """A pull request an event was about: only that, and what it opened, is looked at."""
    group: str | None = None
    """A commit of a merge queue: only that is judged."""
    base: str = ""
    """The branch that the group is merged into."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a sweep of one repository came to."""

    repository: str
    done: tuple[Action, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    cells: tuple[CellStatus, ...] = ()
    content: Content | None = None
    situation: Situation | None = None
    left: int = 0
    """Openings that wait for the next run."""
    dry_run: bool = False
    again_at: datetime | None = None
    """When it is to be seen whether another run has done what was left to it."""
    trust: str = ""
    """How far the record can be believed."""


def sweep(ports: Ports, options: Options, budget: Allowance, progress: Progress) -> Report:
    """Reconciles one repository. Whatever fails is in the report, beside what was done before it."""
    done: list[Action] = []
    try:
        return _sweep(ports, options, budget, progress, done)
    except ReassayError as error:
        problem = Problem(ports.repository, str(error), error)
        return Report(ports.repository, tuple(done), (problem,), dry_run=options.dry_run)


def _sweep(ports: Ports, options: Options, budget: Allowance, progress: Progress, done: list[Action]) -> Report:
    request = options.request
    tries = TRIES
    refused: list[Problem] = []
    memory = Memory()
    focus = Focus(options.issue, options.pull, options.group, options.base)
    while True:
        world = gather(ports, focus)
        _same_repository(ports, world)
        silent = nothing_is_posted(world.situation.register, world.look.repository) or another_writer(
            world.situation.register.configuration, ports.acting
        )
        if silent is None and world.situation.register.subjects and not is_accepted(world.situation):
            if focus.is_narrow:
                return Report(
                    ports.repository, notes=("no plan was accepted yet, so nothing is judged",), content=world.content
                )
            return _reach_out(ports, world, options, budget, progress, done)
        dry = options.dry_run or silent is not None
        apply: Interpreter = DryRun(progress, done) if dry else Writer(ports, budget, progress, done)
        this = Pass(ports, apply, world, _ask(request, world), memory, focus=focus)
        try:
            this.run()
        except StaleHeadError as error:
            # Somebody else wrote to the ledger: what was decided on the old one is void. Look again.
            this.problems.append(Problem("ledger", str(error), error))
        else:
            request = None
        refused += this.refused
        tries -= bool(this.problems or this.unseen)
        if dry or this.limit or tries <= 0 or not (this.problems or this.left or this.unseen):
            return _report(ports, this, refused, silent, dry_run=dry)


def _same_repository(ports: Ports, world: World) -> None:
    """Raises RenamedError: a name may lead to another repository than the one that is meant."""
    now = world.look.repository
    if now.full_name.lower() != ports.repository.lower():
        raise RenamedError(
            f"the repository is called {now.full_name} now.", now.full_name, remedy=f"Use --repo {now.full_name}."
        )
    if ports.repository_id is not None and now.id != ports.repository_id:
        raise RenamedError(f"{now.full_name} is another repository now.", now.full_name)


def _reach_out(  # noqa: PLR0913, PLR0917 -- what a sweep was given, handed on
    ports: Ports, world: World, options: Options, budget: Allowance, progress: Progress, done: list[Action]
) -> Report:
    """Nothing was accepted yet: the plan is shown, and nothing else is done."""
    apply: Interpreter = DryRun(progress, done) if options.dry_run else Writer(ports, budget, progress, done)
    problems: list[Problem] = []
    notes: list[str] = []
    try:
        notes.append(first_contact(ports, world, apply))
    except ReassayError as error:
        problems.append(Problem("first contact", str(error), error))
    if options.request is not None:
        refused = "it is asked for again once re-assessments may be opened"
        problems.append(Problem(f"request for {options.request.subject}", refused))
    return Report(
        repository=ports.repository,
        done=tuple(done),
        problems=tuple(problems),
        notes=tuple(notes),
        cells=scheduled(world.situation),
        content=world.content,
        situation=world.situation,
        dry_run=options.dry_run,
    )


def _ask(request: Request | None, world: World) -> Ask | None:
    if request is None:
        return None
    by = request.by or world.look.viewer
    return Ask(request.subject, by, request.account_id or world.look.accounts.get(by.lower()), request.because)


def _report(ports: Ports, this: Pass, refused: list[Problem], silent: str | None, *, dry_run: bool) -> Report:
    world: World = this.world
    problems = [*refused, *this.problems]
    notes = [*([silent] if silent else []), *this.notes]
    if this.limit:
        wait = max(1, round(this.limit.retry_after / 60))
        said = f"{this.limit} What is left goes on in the next run, in {wait} min or later."
        problems.append(Problem("limit", said, this.limit))
    return Report(
        repository=ports.repository,
        done=tuple(this.apply.done),
        problems=tuple(problems),
        notes=tuple(notes),
        cells=scheduled(world.situation),
        content=world.content,
        situation=world.situation,
        left=this.left,
        dry_run=dry_run,
        again_at=this.again_at,
        trust=trust_words(world.situation.register.configuration.app_id, world.look.viewer),
    )
