"""Open follow-ups in status: lines of text, and the part of the JSON document."""

from collections.abc import Sequence

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.follow_up_people import role_words, roles_of
from reassay.assessment.follow_ups import TrackedFollowUp


def open_follow_ups(assessment_input: AssessmentInput) -> tuple[TrackedFollowUp, ...]:
    """Follow-ups with anything left to do, by date."""
    every = (
        follow_up
        for own in assessment_input.register_index.follow_ups.values()
        for follow_up in own
        if follow_up.is_open
    )
    return tuple(sorted(every, key=lambda own: (own.due, own.decided_seq, own.number)))


def follow_up_lines(assessment_input: AssessmentInput) -> tuple[str, ...]:
    """One line for each open follow-up: whose it is, how late, and who is next."""
    return tuple(follow_up_line(follow_up, assessment_input) for follow_up in open_follow_ups(assessment_input))


def follow_up_line(own: TrackedFollowUp, assessment_input: AssessmentInput) -> str:
    """Whose an open follow-up is, how late, and who is next."""
    doing, verifying = roles_of(own, assessment_input)
    next_roles, verb = (doing, "does") if own.progress == "open" else (verifying, "verifies")
    issue = f" #{own.issue}" if own.issue else ""
    who = role_words(next_roles, assessment_input)
    return f"Open: {own.name}{issue} about {own.subject}, {own.words(assessment_input.today)}; {who} {verb} it."


def follow_ups_part(assessment_input: AssessmentInput) -> Sequence[dict[str, object]]:
    """`follow_ups` of the document `reassay/status/v1`."""
    return [
        {
            "reassessment": own.reassessment,
            "number": own.number,
            "subject": own.subject,
            "due": own.due.isoformat(),
            "is_overdue": own.is_overdue(assessment_input.today),
            "progress": own.progress,
            "issue": own.issue,
            "does_it": list(roles_of(own, assessment_input)[0]),
            "verifies_it": list(roles_of(own, assessment_input)[1]),
        }
        for own in open_follow_ups(assessment_input)
    ]
