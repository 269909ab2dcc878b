"""The first contact with a repository: one pull request (or one comment) that shows the plan, and nothing else."""

from dataclasses import dataclass

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.forecast import Step
from reassay.assessment.schedule.forecast import now as steps_now
from reassay.assessment.schedule.queue import scheduled
from reassay.common.environment import render
from reassay.common.errors import NotAllowedError, ReassayError
from reassay.github.drafts import PullRequestDraft
from reassay.github.section import LIMIT, shorten
from reassay.register.finding import Origin
from reassay.sweep.actions import ChangeProposal, ContactAction, Notify, Propose
from reassay.sweep.input import SweepInput
from reassay.sweep.interpreters import Interpreter
from reassay.sweep.options import Options
from reassay.sweep.report import Report, SweepFailure
from reassay.sweep.run_context import RunContext
from reassay.sweep.unreadable import unreadable

BRANCH = "reassay-onboarding"
PATH = ".github/reassay.yml"
LINE = "mode: remind"
DASHBOARD = "dashboard: true"
"""The line that the pull request adds besides, unless the configuration says something about it."""


def is_accepted(assessment_input: AssessmentInput) -> bool:
    """A mode is configured, or the ledger shows that it was accepted before."""
    return assessment_input.register.configuration.mode is not None or assessment_input.history.seq > 0


def with_mode(text: str | None, origin: Origin | None) -> str | None:
    """The file that holds the configuration, with the lines that accept and switch the dashboard on; None: by hand.

    `text` None: there is no configuration, so a new file holds it.
    """
    if text is None or origin is None:
        return f"{LINE}\n{DASHBOARD}\n"
    keys = [place for location, place in origin.key_marks.items() if len(location) == 1]
    if not keys:
        return f"{LINE}\n{DASHBOARD}\n{text}" if not text.strip() else None
    line, column = min(keys)
    if column != 1:
        return None
    lines = text.split("\n")
    end = "\r" if lines[0].endswith("\r") else ""
    added = [LINE] if ("dashboard",) in origin.key_marks else [LINE, DASHBOARD]
    return "\n".join([*lines[: line - 1], *(f"{own}{end}" for own in added), *lines[line - 1 :]])


MARKER = "<!-- reassay:first-contact -->"
TITLE = "Let reassay open re-assessments"
SHOWN = 60
"""Steps of the plan that are listed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Contact:
    """The next action of the first contact, and a note for the report."""

    action: ContactAction | None
    note: str


def is_first_contact(inputs: SweepInput) -> bool:
    """Whether nobody has accepted the plan yet, and there is one to show."""
    return bool(inputs.assessment_input.register.subjects) and not is_accepted(inputs.assessment_input)


def first_contact_report(context: RunContext, inputs: SweepInput, options: Options, interpreter: Interpreter) -> Report:
    """Shows the plan, and does nothing else; a run about one pull request does not even that."""
    if options.focus.is_narrow:
        unjudged = "the plan is not accepted yet, so pull requests are not checked"
        return Report(context.repository, notes=(unjudged,), content=inputs.content)
    problems: list[SweepFailure] = []
    notes = []
    try:
        notes.append(first_contact(context, inputs, interpreter))
    except ReassayError as error:
        problems.append(SweepFailure.of("first contact", error))
    if options.request is not None:
        refused = "the plan is not accepted yet; request it again after that"
        problems.append(SweepFailure(f"request for {options.request.subject}", refused))
    return Report(
        repository=context.repository,
        done=tuple(interpreter.done),
        problems=tuple(problems),
        notes=tuple(notes),
        unreadable=unreadable(inputs),
        cells=scheduled(inputs.assessment_input),
        content=inputs.content,
        assessment_input=inputs.assessment_input,
        dry_run=options.dry_run,
    )


def first_contact(context: RunContext, inputs: SweepInput, interpreter: Interpreter) -> str:
    """Brings the proposal to what it should be; returns its state. Doing it twice writes once."""
    contact = _proposal(context, inputs)
    if contact.action is None:
        return contact.note
    try:
        number = interpreter.contact(contact.action)
    except NotAllowedError as refused:
        if not isinstance(contact.action, Propose):
            raise
        return _comment(context, inputs, interpreter, refused)
    return contact.note.format(number=f"#{number}" if number else "the pull request")


def _proposal(context: RunContext, inputs: SweepInput) -> Contact:
    proposal = context.github.find_pull_request(BRANCH)
    notice = context.github.find_notice(MARKER, inputs.bot_accounts) if proposal is None else None
    if notice is not None:
        return _notice(inputs, notice.id, notice.body)
    if proposal is not None and proposal.author not in inputs.bot_accounts:
        stranger = f"#{proposal.number} uses the branch {BRANCH} but is not by this bot, so nothing is opened"
        return Contact(None, f"{stranger}; to start, write `{LINE}` into {_place(inputs)}")
    waits = f"nothing is opened until {{number}} is merged, which writes `{LINE}`"
    if proposal is None or proposal.is_merged:
        draft = _draft(inputs)
        return Contact(Propose(draft), waits) if draft else _notice(inputs, None, "")
    if not proposal.is_open:
        declined = f"#{proposal.number} was closed without merging, so nothing is opened; to start, write `{LINE}`"
        return Contact(None, declined)
    body = _body(inputs, is_pull_request=True)
    if proposal.body.replace("\r\n", "\n").strip() == body.strip():
        return Contact(None, waits.format(number=f"#{proposal.number}"))
    return Contact(ChangeProposal(proposal.number, proposal.title, body), waits)


def _notice(inputs: SweepInput, comment: int | None, current: str) -> Contact:
    body = _body(inputs, is_pull_request=False)
    note = f"nothing is opened until `{LINE}` is in {_place(inputs)}; the plan is in a comment on the latest commit"
    same = current.replace("\r\n", "\n").strip() == body.strip()
    return Contact(None if same else Notify(inputs.content.commit, body, comment), note)


def _comment(context: RunContext, inputs: SweepInput, interpreter: Interpreter, refused: NotAllowedError) -> str:
    """A comment instead, where pull requests cannot be made: the default of GitHub Actions."""
    notice = context.github.find_notice(MARKER, inputs.bot_accounts)
    contact = _notice(inputs, notice.id if notice else None, notice.body if notice else "")
    if contact.action is not None:
        interpreter.contact(contact.action)
    return f"{contact.note} (no pull request: {refused})"


def _draft(inputs: SweepInput) -> PullRequestDraft | None:
    origin = inputs.assessment_input.register.configuration_origin
    content = with_mode(inputs.content.configuration_text, origin)
    if content is None:
        return None
    return PullRequestDraft(
        branch=BRANCH,
        base=inputs.content.branch,
        base_commit=inputs.content.commit,
        path=_place(inputs),
        content=content,
        title=TITLE,
        body=_body(inputs, is_pull_request=True),
    )


def _place(inputs: SweepInput) -> str:
    origin = inputs.assessment_input.register.configuration_origin
    return origin.path if origin else PATH


def _body(inputs: SweepInput, *, is_pull_request: bool) -> str:
    steps: tuple[Step, ...] = steps_now(inputs.assessment_input)
    text = render(
        "sweep/first_contact",
        opens=[step for step in steps[:SHOWN] if step.due],
        later=[step for step in steps[:SHOWN] if not step.due],
        more=max(0, len(steps) - SHOWN),
        errors=len(inputs.assessment_input.register.errors),
        mitigations=len(inputs.assessment_input.register.mitigations),
        commitments=len(inputs.assessment_input.register.commitments),
        today=inputs.assessment_input.today,
        timezone=inputs.assessment_input.register.configuration.timezone,
        path=_place(inputs),
        line=LINE,
        dashboard=DASHBOARD,
        is_pull_request=is_pull_request,
    )
    return f"{MARKER}\n{shorten(text, LIMIT - len(MARKER) - 1, '`reassay plan`')}"
