"""Whether people saw what they sign: the content shown last, strictly before their comment, must be the content there is."""

from reassay.approvals.approvals import Approvals
from reassay.approvals.asking import Asking, Refusal
from reassay.approvals.digests import short
from reassay.approvals.row import ApprovalRow


def not_shown(asking: Asking, approvals: Approvals) -> Refusal | None:
    """Refuses a signature given to content that had changed by then, or that was shown only afterwards; names both."""
    if asking.shown == approvals.content:
        return None
    seen = f"the register changed: content {short(asking.shown)}" if asking.shown else "no content"
    return Refusal(
        f"{seen} was shown when that comment was written, and it is {short(approvals.content)} now",
        "Read what changed (the issue or the check says it), and write the command again.",
    )


def answered_meanwhile(asking: Asking, row: ApprovalRow) -> Refusal | None:
    """Refuses a signature on an answer that was not there before the comment."""
    given = row.answer.noted.comment if row.answer else None
    if row.answer is None or given is None:
        return None
    if (given.id, given.index) < (asking.comment.id, asking.comment.index):
        mine = row.answer.noted.actor == asking.by.id
        if mine or given.created_at < asking.comment.created_at:
            return None
    return Refusal(f"row {row.number} was answered anew in the same moment", "Read that answer, and sign again.")
