"""Risk acceptances of both kinds: those written in the register, and those that two people made in an issue."""

from reassay.assessment.cells import Situation
from reassay.ledger.reassessment import Reassessment
from reassay.register.assessable import Assessable


def is_accepted(each: Reassessment, subject: Assessable, situation: Situation) -> bool:
    """Whether somebody bears the risk today, for every cell that a re-assessment covers."""
    own = [one for one in situation.around.acceptances.get(subject.id, ()) if one.expires_at >= situation.today]
    return all(any(one.covers(cell) for one in own) for cell in each.cells)
