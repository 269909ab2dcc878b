"""The first contact with a repository: one pull request (or one comment) that shows the plan, and nothing else."""

from dataclasses import dataclass

from reassay.assessment.schedule.forecast import Step
from reassay.assessment.schedule.forecast import now as steps_now
from reassay.common.environment import render
from reassay.common.errors import NotAllowedError
from reassay.github.repository_state import PullRequestDraft
from reassay.sweep.actions import ChangeProposal, ContactAction, Notify, Propose
from reassay.sweep.apply import Interpreter
from reassay.sweep.gather import World, ours
from reassay.sweep.onboarding import BRANCH, LINE, PATH, with_mode
from reassay.sweep.ports import Ports

MARKER = "<!-- reassay:first-contact -->"
TITLE = "Let reassay open re-assessments"
SHOWN = 60
"""Steps of the plan that are listed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Contact:
    """What there is to do, and how things stand, in words."""

    action: ContactAction | None
    note: str


def first_contact(ports: Ports, world: World, apply: Interpreter) -> str:
    """Brings the proposal to what it should be; returns how it stands. Doing it twice writes once."""
    found = _proposal(ports, world)
    if found.action is None:
        return found.note
    try:
        number = apply.contact(found.action)
    except NotAllowedError as refused:
        if not isinstance(found.action, Propose):
            raise
        return _comment(ports, world, apply, refused)
    return found.note.format(number=f"#{number}" if number else "the pull request")


def _proposal(ports: Ports, world: World) -> Contact:
    known = ports.github.find_pull_request(BRANCH)
    notice = ports.github.find_notice(MARKER, ours(world)) if known is None else None
    if notice is not None:
        return _notice(world, notice.id, notice.body)
    if known is not None and known.author not in ours(world):
        stranger = (
            f"#{known.number} comes from the branch {BRANCH} and is not ours, so it is left alone and nothing is opened"
        )
        return Contact(None, f"{stranger}; write `{LINE}` into {_place(world)} to start")
    waits = f"nothing is opened before {{number}} is merged: it writes `{LINE}`"
    if known is None or known.is_merged:
        draft = _draft(world)
        return Contact(Propose(draft), waits) if draft else _notice(world, None, "")
    if not known.is_open:
        declined = (
            f"#{known.number} was closed without merging, so nothing is opened; write `{LINE}` to start all the same"
        )
        return Contact(None, declined)
    body = _body(world, is_pull_request=True)
    if known.body.replace("\r\n", "\n").strip() == body.strip():
        return Contact(None, waits.format(number=f"#{known.number}"))
    return Contact(ChangeProposal(known.number, known.title, body), waits)


def _notice(world: World, known: int | None, current: str) -> Contact:
    body = _body(world, is_pull_request=False)
    note = (
        f"nothing is opened before somebody writes `{LINE}` into {_place(world)}: the plan is in a comment on a commit"
    )
    same = current.replace("\r\n", "\n").strip() == body.strip()
    return Contact(None if same else Notify(world.content.commit, body, known), note)


def _comment(ports: Ports, world: World, apply: Interpreter, refused: NotAllowedError) -> str:
    """Where pull requests cannot be made, which is how GitHub Actions comes."""
    notice = ports.github.find_notice(MARKER, ours(world))
    found = _notice(world, notice.id if notice else None, notice.body if notice else "")
    if found.action is not None:
        apply.contact(found.action)
    return f"{found.note} (no pull request: {refused})"


def _draft(world: World) -> PullRequestDraft | None:
    origin = world.situation.register.configuration_origin
    content = with_mode(world.content.configuration_text, origin)
    if content is None:
        return None
    return PullRequestDraft(
        branch=BRANCH,
        base=world.content.branch,
        base_commit=world.content.commit,
        path=_place(world),
        content=content,
        title=TITLE,
        body=_body(world, is_pull_request=True),
    )


def _place(world: World) -> str:
    origin = world.situation.register.configuration_origin
    return origin.path if origin else PATH


def _body(world: World, *, is_pull_request: bool) -> str:
    steps: tuple[Step, ...] = steps_now(world.situation)
    text = render(
        "sweep/first_contact",
        opens=[step for step in steps[:SHOWN] if step.due],
        later=[step for step in steps[:SHOWN] if not step.due],
        more=max(0, len(steps) - SHOWN),
        errors=len(world.situation.register.errors),
        mitigations=len(world.situation.register.mitigations),
        commitments=len(world.situation.register.commitments),
        today=world.situation.today,
        timezone=world.situation.register.configuration.timezone,
        path=_place(world),
        line=LINE,
        is_pull_request=is_pull_request,
    )
    return f"{MARKER}\n{text}"
