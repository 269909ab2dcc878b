"""The escalation of a reminder: the further role that it is addressed to."""

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.reminders import Reminder
from reassay.common.inert import Markdown, inert, mention
from reassay.common.sentences import names
from reassay.people.people import logins


def escalation(due: Reminder, given: AssessmentInput) -> Markdown:
    """The role that a reminder is escalated to, with its people mentioned; empty if it is not escalated."""
    role = due.escalate_to
    if role is None:
        return Markdown("")
    people = logins((role,), given.register, given.people, given.today)
    nobody = "nobody holds this role now, so name somebody in the configuration"
    return Markdown(f"**Escalated to {inert(role)}:** {names(*map(mention, people)) if people else nobody}.")


def reminder_key(kind: str, day: object, due: Reminder) -> str:
    """The key of a reminder; an escalated one is another comment than the reminder of the same day before it was."""
    return f"{kind}-{day}-{'escalated-' if due.escalate_to else ''}{due.number}"
