"""Whether a person saw what they sign: the content shown last, strictly before their comment, must be the content there is."""

from reassay.approvals.digests import short
from reassay.approvals.sheet import Row, Sheet
from reassay.commands.asking import Asking, Refusal


def content_race(asking: Asking, sheet: Sheet) -> Refusal | None:
    """Refuses a signature given to content that had changed by then, or that was shown only afterwards; names both."""
    if asking.shown == sheet.content:
        return None
    seen = f"content {short(asking.shown)} was shown" if asking.shown else "no content was shown"
    return Refusal(
        f"the register changed: {seen} when that comment was written, and it is {short(sheet.content)} now",
        "Read what changed (the issue says it), and write the command again.",
    )


def answer_race(asking: Asking, row: Row) -> str | None:
    """Half a sentence why an answer cannot be signed yet: it was not there before the comment; None if it was."""
    if row.answer is None:
        return None
    given = row.answer[0].comment
    if given is None or (given.id, given.index) < (asking.comment.id, asking.comment.index):
        mine = row.answer[0].actor == asking.by.id
        if given is None or mine or given.created_at < asking.comment.created_at:
            return None
    return f"row {row.number} was answered anew in the same moment"
