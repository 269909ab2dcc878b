"""Result files that unanswered commands name. Only files named by somebody who may attach evidence are fetched."""

from collections.abc import Iterator

from reassay.assessment.authority import parties
from reassay.commands.evidence import Evidence, request_of
from reassay.commands.registry import parse_comment
from reassay.common.calendar import local_date
from reassay.evidence.result_request import ResultRequest
from reassay.people.account import Comment
from reassay.people.people import seat
from reassay.register.assessable import Assessable
from reassay.sweep.input import SweepInput
from reassay.sweep.issue_comments import AT_ONCE, unanswered


def results_named(inputs: SweepInput) -> Iterator[ResultRequest]:
    """Requests of the commands in the issues of open re-assessments."""
    history, register = inputs.assessment_input.history, inputs.assessment_input.register
    for issue in inputs.repository_state.issues.values():
        reassessment = history.by_issue(issue.number)
        entry = register.subjects.get(reassessment.subject) if reassessment and reassessment.state == "open" else None
        if entry is None:
            continue
        for comment in unanswered(issue):
            yield from _requests(comment, entry.value, inputs)


def _requests(comment: Comment, subject: Assessable, inputs: SweepInput) -> Iterator[ResultRequest]:
    if comment.edited_by is not None or not _may_attach(comment, subject, inputs):
        return
    for index, command in enumerate(parse_comment(comment.body)[:AT_ONCE]):
        if not isinstance(command, Evidence) or (comment.id, index) in inputs.assessment_input.history.handled:
            continue
        request = request_of(command, subject, inputs.content.commit)
        if request is not None:
            yield request


def _may_attach(comment: Comment, subject: Assessable, inputs: SweepInput) -> bool:
    given = inputs.assessment_input
    if comment.author is None or comment.author.id is None:
        return False
    day = local_date(comment.created_at, given.register.configuration.timezone)
    roles = parties(subject, given.register, given.today)
    return any(seat(comment.author, role, given.register, given.people, day) for role in roles)
