"""The issue of a re-assessment as it should be, from ledger and register alone."""

from dataclasses import dataclass

from reassay.approvals.digests import short
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.checklists import from_data
from reassay.assessment.checklists.base import ChecklistItem
from reassay.assessment.snapshot_differences import differences_since_last
from reassay.assessment.written_facts import written_facts
from reassay.common.calendar import due_words
from reassay.common.environment import render
from reassay.common.inert import JOINER, Markdown, code, inert, inert_title
from reassay.github.drafts import FULL, OVERDUE, REASSESSMENT
from reassay.github.section import Section
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.views.words import cell_words, city, next_dates
from reassay.register.base import Depth
from reassay.sweep.views.issue_model import IssueModel
from reassay.sweep.views.issue_steps import issue_steps

TITLE_LIMIT = 256
SECTION_LIMIT = 40_000
MOST_LINES = 30
"""Reasons, and differences since the last assessment, that an issue lists; the others are counted."""
FACTS_LIMIT = 12_000
"""Characters of what the register says, so that questions and commands keep their room."""
ORDER_TITLE = "Order to "
"""The start of the title of a decided issue that stays open until its order is carried out."""


@dataclass(frozen=True, slots=True)
class ExpectedIssue:
    """The title, text, labels and state that an issue should have."""

    title: str
    section: Section
    labels: frozenset[str]
    is_open: bool
    completed: bool
    """Whether a closed issue is completed, not "not planned"."""


def view(model: IssueModel) -> ExpectedIssue:
    """The issue as it should be now."""
    reassessment = model.reassessment
    labels = {REASSESSMENT.name}
    if reassessment.depth is Depth.FULL:
        labels.add(FULL.name)
    # An order was due the moment it was decided.
    if (reassessment.state == "open" and model.is_overdue) or model.own_orders:
        labels.add(OVERDUE.name)
    if not model.assessment_input.register.configuration.labels:
        labels = set()
    return ExpectedIssue(
        title=title(model),
        section=Section(
            reassessment.id,
            reassessment.opened.nonce,
            _section(model)[:SECTION_LIMIT],
            model.context.marker_of(reassessment.opened_seq),
        ),
        labels=frozenset(labels),
        is_open=reassessment.state == "open" or bool(model.own_orders),
        completed=reassessment.state == "decided",
    )


def title(model: IssueModel) -> str:
    """`Re-assess <title> (light), due Fri 11 Dec 2026`; a long title is cut, never the date.

    `Order to restrict, not carried out: <title>` while a decided one has an order that is not carried out.
    """
    head, tail = (
        "Re-assess ",
        f" ({model.reassessment.depth}), due {due_words(model.reassessment.due, model.reassessment.due_at)}",
    )
    if model.own_orders:
        head, tail = f"{ORDER_TITLE}{model.ordered_action}, not carried out: ", f" ({model.reassessment.id})"
    name = inert_title(model.title)
    room = TITLE_LIMIT - len(head) - len(tail)
    return f"{head}{name if len(name) <= room else name[: room - 1] + '…'}{tail}"


def _section(model: IssueModel) -> str:
    reassessment = model.reassessment
    how = render("sweep/issue_how_to_go_on", model=model, steps=issue_steps(model))
    return render(
        "sweep/issue",
        model=model,
        most_lines=MOST_LINES,
        reassessment=reassessment,
        is_late=is_past_due(reassessment, model.assessment_input),
        timezone=city(model.assessment_input.register.configuration.timezone),
        items=_items(model),
        rows=model.approvals.questions if model.approvals else (),
        steps=model.approvals.steps if model.approvals else (),
        content=short(model.approvals.content) if model.approvals else "",
        covered=[cell_words(cell) for cell in reassessment.cells],
        not_covered=_others(model),
        since=_since(model),
        next_dates=next_dates(reassessment.decided) if reassessment.decided else (),
        facts=_facts(model),
        rate_image=_rate_image(model),
        place=issue_place(model),
        introduction=model.context.overrides.block("issue-introduction", model.values()),
        how_to_go_on=model.context.overrides.block("issue-how-to-go-on", model.values()) or how,
    )


def is_past_due(reassessment: Reassessment, facts: AssessmentInput) -> bool:
    """Whether its due date is past, whatever its cells say: it may have been when the issue was opened."""
    return facts.now > reassessment.due_at if reassessment.due_at else facts.today > reassessment.due


def _rate_image(model: IssueModel) -> Markdown:
    """The picture of the incident rate; empty while it is not on its branch."""
    if model.rate is None or model.context.pictures.get(model.reassessment.id) != model.rate.path:
        return Markdown("")
    return model.rate.image(model.context.repository_url)


def _since(model: IssueModel) -> tuple[str, ...]:
    """Differences since the last assessment; empty once decided."""
    covered = tuple(cell for cell in model.own if cell.cell in model.reassessment.cells)
    if model.reassessment.state != "open" or not any(cell.last for cell in covered):
        return ()
    return differences_since_last(covered, model.assessment_input)


def _facts(model: IssueModel) -> tuple[Markdown, ...]:
    """What the register says of the subject and what is around it, while it is open; what is too long is counted."""
    if model.subject is None or model.reassessment.state != "open":
        return ()
    given = model.assessment_input
    facts = written_facts(model.subject, model.reassessment.cells, given.register_index, given.today)
    lines = [Markdown(f"{own.kind} {code(own.id)}: {_unmarked(inert(own.words))}") for own in facts]
    room, kept = FACTS_LIMIT, []
    for line in lines:
        room -= len(line)
        if room >= 0:
            kept.append(line)
    left = len(lines) - len(kept)
    return (*kept, Markdown(f"and {left} more in the register")) if left else tuple(kept)


def _unmarked(text: str) -> str:
    """Escaped text in which nothing reads as the beginning of a comment or of a template's field."""
    return text.replace("<!--", f"<!{JOINER}--").replace("\\{\\{", f"\\{{{JOINER}\\{{")


def _items(model: IssueModel) -> tuple[ChecklistItem, ...]:
    return from_data(model.context.objects.get(model.reassessment.opened.checklist))


def _others(model: IssueModel) -> tuple[Markdown, ...]:
    return tuple(
        Markdown(f"{cell_words(cell.cell)} ({f'due {due_words(cell.due, cell.due_at)}' if cell.due else cell.state})")
        for cell in model.own
        if cell.cell not in model.reassessment.cells
    )


def issue_place(model: IssueModel) -> Markdown:
    """A link to the register entry, at the commit of the opening."""
    place = model.reassessment.opened.place
    url = f"{model.context.repository_url}/blob/{place.commit}/{place.path}#L{place.line}"
    # A path with blanks or brackets would end the link early.
    safe = url.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
    return Markdown(f"[{code(f'{place.path}:{place.line}')}]({safe})")
