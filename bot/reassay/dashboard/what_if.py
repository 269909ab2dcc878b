"""What if: the verdict if some people did all that they may, computed by the gate itself on assumed sign-offs."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from reassay.approvals.row import ApprovalRow
from reassay.commands.assumed import AssumedSigner, account_of, assuming
from reassay.common.sentences import sentence
from reassay.dashboard.verdict_values import WhatIf
from reassay.gate.decide import decide_assumed
from reassay.gate.input import GateInput
from reassay.gate.verdict import Verdict
from reassay.gate.views.next_steps import open_rows

MOST_GROUPED: Final = 5
"""People of whom every group is computed; of more, each alone and all together."""
MOST_ALONE: Final = 25
"""People of whom each alone is computed."""
MOST_ROWS: Final = 500
"""Rows up to which more than all people together are computed."""


def what_if(people: Sequence[str], verdict: Verdict, gate_input: GateInput) -> WhatIf:
    """The verdict once some people have acted, in this order; `verdict` is the one without them."""
    directory = gate_input.assessment_input.people
    signers = [AssumedSigner(account_of(login, directory), answers=True) for login in people]
    assumed = assuming(gate_input, signers)
    after = decide_assumed(assumed, verdict)
    return WhatIf(
        people=tuple(signer.account.login for signer in signers),
        conclusion=after.conclusion,
        missing=tuple(sentence(node.why) for node in after.missing),
        answered=tuple(
            row.number for row, before in _pairs(after, verdict) if row.answer is not None and before.answer is None
        ),
        signed=tuple(row.number for row, before in _pairs(after, verdict) if row.taken > before.taken),
        in_one_role=tuple(signer.account.login for signer in signers if _acts_in_one_role(signer, after, assumed)),
    )


def _acts_in_one_role(signer: AssumedSigner, after: Verdict, assumed: GateInput) -> bool:
    approvals = assumed.approvals
    acted = approvals.acted_as(signer.account.id)
    roles = (row.requirement.roles for row in open_rows(after, assumed) if not row.is_signed_by(signer.account.id))
    able = (approvals.recorded(own) for own in roles if signer.account.login in approvals.people(own))
    return acted is not None and any(acted not in own for own in able)


def _pairs(after: Verdict, before: Verdict) -> Iterator[tuple[ApprovalRow, ApprovalRow]]:
    return zip(after.rows, before.rows, strict=True)


def what_ifs(verdict: Verdict, gate_input: GateInput) -> tuple[tuple[WhatIf, ...], tuple[str, ...]]:
    """Each group of the people who may sign something that is missing, the smallest first, and who was not looked at alone.

    Whoever may sign the fewest rows acts first: people with several roles then take what only they can.
    """
    may = eligible(verdict, gate_input)
    people = sorted(may, key=lambda login: (may[login], login.lower()))
    alone = people[: MOST_ALONE if len(verdict.rows) <= MOST_ROWS else 0]
    if len(people) <= MOST_GROUPED and len(alone) == len(people):
        groups = [group for size in range(1, len(people) + 1) for group in combinations(people, size)]
    else:
        groups = [*((login,) for login in alone), tuple(people)]
    return tuple(what_if(group, verdict, gate_input) for group in groups), tuple(people[len(alone) :])


def eligible(verdict: Verdict, gate_input: GateInput) -> Mapping[str, int]:
    """Logins of those who may sign a row that is missing, with the number of such rows; none once it is overridden."""
    counts: dict[str, int] = {}
    for row in open_rows(verdict, gate_input):
        for login in gate_input.approvals.may_sign(row.requirement):
            counts[login] = counts.get(login, 0) + 1
    return counts
