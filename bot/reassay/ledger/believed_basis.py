"""The basis that views show of a decision: never more than its evidence bears.

Earlier versions recorded what somebody stated without a file by its kind, as `measured` or `exercised`. Such entries stay as they
are, and are shown as attested. A file that the bot read, and a sealed one whose custodian can show it, count by their kind. What
is recorded as tested without the inputs of its verdict is shown as attested, too.
"""

from collections.abc import Mapping, Sequence
from typing import Final, get_args

from reassay.ledger.answers import Attached
from reassay.ledger.criterion_result import Basis, CriterionResult
from reassay.ledger.entry import Decided

_KINDS: Final[Mapping[str, str]] = {
    "counted": "census",
    "measured": "census",
    "exercised": "exercise",
    "judged": "judgement",
}
"""Basis -> the kind of evidence that gives it."""
_STRONGEST_FIRST: Final[tuple[Basis, ...]] = get_args(Basis)


def believed(decided: Decided, attached: Sequence[Attached]) -> Decided:
    """The decision as views show it. `attached` is the evidence before it, in order of the ledger."""
    criteria = tuple(_criterion(result, attached) for result in decided.criteria)
    if criteria != decided.criteria:
        weakest = max((result.basis for result in criteria), key=_STRONGEST_FIRST.index)
        return decided.model_copy(update={"criteria": criteria, "basis": weakest})
    of_kind = [body for body in attached if body.evidence == _KINDS.get(decided.basis)]
    if not criteria and of_kind and all(body.provenance == "word" for body in of_kind):
        return decided.model_copy(update={"basis": "attested"})
    return decided


def _criterion(result: CriterionResult, attached: Sequence[Attached]) -> CriterionResult:
    if result.basis == "tested" and result.inputs is None:
        # Whoever wrote it does not show what was tested.
        return result.model_copy(update={"basis": "attested"})
    kind = _KINDS.get(result.basis)
    own = [body for body in attached if body.criterion == result.name and body.evidence == kind]
    if own and own[-1].provenance == "word":
        return result.model_copy(update={"basis": "attested"})
    return result
