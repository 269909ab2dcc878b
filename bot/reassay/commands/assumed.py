"""Assumed sign-offs: what some people would record on a pull request with their commands, and nothing that they could not.

The commands themselves judge them: role, exclusions, order of steps and one role a person are those of real sign-offs. Nothing is
written, and nobody is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from reassay.approvals.approvals import Approvals
from reassay.approvals.command_context import CommandContext, Effect
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.row import ApprovalRow
from reassay.assessment.cells import AssessmentInput
from reassay.commands import answer, signoff
from reassay.commands.answer import Answer
from reassay.commands.signoff import SignOff
from reassay.common.errors import UsageError
from reassay.gate.input import GateInput
from reassay.ledger.entry import Body, CommentRef, LedgerIdentity, Record
from reassay.ledger.pull_requests import ChangeAnswered
from reassay.ledger.state import entries_for
from reassay.people.account import Account
from reassay.people.people import Directory, logins, made_up_account, seat, who
from reassay.register.pins import bare, pinned
from reassay.register.register import Register

UNNUMBERED: Final = 2**31 - 1
"""In place of the number of a pull request where there is none, so that no entry of the ledger is about it."""
_NOWHERE: Final = LedgerIdentity(host="", repository_id=0, ledger_id="")
_BECAUSE: Final = "it is assumed"


@dataclass(frozen=True, slots=True)
class AssumedSigner:
    """A person whose sign-offs are assumed."""

    account: Account
    role: str | None = None
    """The role that they sign in; None for every role that they have."""
    answers: bool = False
    """Whether they first answer `yes` to every question of theirs that nobody has answered. A `no` stays as it is."""


def assuming(gate_input: GateInput, signers: Sequence[AssumedSigner]) -> GateInput:
    """The pull request once these people have signed off every row that they may.

    They act in turn, in this order, each until nothing more comes of it, and then again: a step that waits for another
    person's is signed in a later turn. Where somebody has several roles the order can matter, because a person counts in one.
    """
    pull = None if gate_input.proposal.pulls else UNNUMBERED
    turns = _Turns.of(gate_input.source.after(gate_input.assessment_input, pull))
    while sum([turns.take(signer) for signer in signers]):
        continue
    return gate_input.assuming(turns.source)


@dataclass(slots=True)
class _Turns:
    """The pull request after the commands so far."""

    source: PullRequestSource
    approvals: Approvals
    signed: set[tuple[str, str]]
    """Login and row of the sign-offs so far: nobody repeats one that does not count."""

    @staticmethod
    def of(source: PullRequestSource) -> "_Turns":
        """Before the first command."""
        return _Turns(source, Approvals(source), set())

    def take(self, signer: AssumedSigner) -> int:
        """One turn of a person. Gives the number of times that anything was recorded."""
        count = 0
        while self._answer(signer) or self._sign(signer):
            count += 1
        return count

    def _answer(self, signer: AssumedSigner) -> bool:
        """Answers to the open questions of one role of theirs. Whether they record anything."""
        if not signer.answers:
            return False
        context = self._context(signer)
        rows = [row for row in self.approvals.questions if row.answer is None and _has_role(row, signer, context)]
        outcomes = (answer.act(Answer(row.requirement.id, "yes", _BECAUSE), context) for row in rows)
        bodies = [body for outcome in outcomes if isinstance(outcome, Effect) for body in outcome.bodies]
        # A person counts in one role: the first answer settles which, and the others are judged again after it.
        return self._record([body for body in bodies if _role(body) == _role(bodies[0])], signer)

    def _sign(self, signer: AssumedSigner) -> bool:
        """One sign-off of every row that they may sign now. Whether it recorded anything."""
        context = self._context(signer)
        rows = [row for row in self.approvals.rows if self._is_open(row, signer) and _has_role(row, signer, context)]
        named = tuple(str(row.number) for row in rows)
        outcome = signoff.act(SignOff(named, signer.role), context) if named else None
        if not isinstance(outcome, Effect):
            return False
        before = len(self.source.sign_offs)
        self._record(outcome.bodies, signer)
        self.signed |= {(signer.account.login, own.requirement) for own in self.source.sign_offs[before:]}
        return True

    def _is_open(self, row: ApprovalRow, signer: AssumedSigner) -> bool:
        """Whether a row is not signed off, and answered if it is a question."""
        if row.is_signed or (signer.account.login, row.requirement.id) in self.signed:
            return False
        return row.requirement.question is None or row.answer is not None

    def _context(self, signer: AssumedSigner) -> CommandContext:
        """A comment of now, by somebody who has read the check."""
        source = self.source
        now = source.assessment_input.now
        comment = CommentRef(id=0, body_sha256="", created_at=now, issue=source.number, on="pull-request")
        context = CommandContext(
            signer.account, comment, source.assessment_input, {}, None, source.content, pull_request=source
        )
        vars(context)["approvals"] = self.approvals
        return context

    def _record(self, bodies: Sequence[Body], signer: AssumedSigner) -> bool:
        """Adds what commands record. Whether there is anything."""
        if not bodies:
            return False
        facts, proposal = self.source.assessment_input, self.source.proposal
        records = [Record(body=body, actor=signer.account.id) for body in bodies]
        base = (proposal.base_ref, proposal.base_commit)
        entries = entries_for(records, facts.history.seq, _NOWHERE, base, facts.now)
        self.source = self.source.after(facts.after(entries))
        self.approvals = Approvals(self.source)
        return True


def _has_role(row: ApprovalRow, signer: AssumedSigner, context: CommandContext) -> bool:
    roles = row.requirement.roles
    return context.seat(*(role for role in roles if signer.role in {None, role})) is not None


def _role(body: Body) -> str | None:
    return body.role if isinstance(body, ChangeAnswered) else None


def signers_in_roles(
    named: Sequence[tuple[str, str]], facts: AssessmentInput
) -> tuple[AssessmentInput, tuple[AssumedSigner, ...]]:
    """People who are assumed to sign off in a role, each as (role, login), and the facts in which they are known.

    Who the members of a team are is taken at the caller's word where nobody has read it. Raises UsageError for anybody else
    who does not have the role.
    """
    people, register = facts.people, facts.register
    for role, login in named:
        people = _with_member(people, role, login, register)
    signers = tuple(AssumedSigner(account_of(login, people), role) for role, login in named)
    for (role, _), signer in zip(named, signers, strict=True):
        if seat(signer.account, role, register, people, facts.today) is None:
            able = logins((role,), register, people, facts.today)
            raise UsageError(
                f"@{signer.account.login} cannot sign off as {role}.",
                remedy=f"Name {who(able)}." if able else f"Nobody holds {role}.",
            )
    return replace(facts, people=people), signers


def _with_member(people: Directory, role: str, login: str, register: Register) -> Directory:
    """People with one more member of each team of a role whose members were not read."""
    declared = register.configuration.roles.get(role)
    if declared is None or people.is_known:
        return people
    own = account_of(login, people)
    teams, ids = dict(people.teams), dict(people.team_ids)
    for team in declared.teams:
        name, number = bare(team).lower(), pinned(team)
        teams[name] = (*teams.get(name, ()), own)
        if number is not None:
            ids[name] = number
    return replace(people, teams=teams, team_ids=ids)


def account_of(login: str, people: Directory) -> Account:
    """The account of a login that the register names or a team has; of others one with an account id that is nobody's."""
    own = people.account(login.removeprefix("@"))
    members = (member for team in people.teams.values() for member in team)
    if own.id is None:
        own = next((member for member in members if member.login.lower() == own.login.lower()), own)
    return own if own.id is not None else Account(own.login, made_up_account(own.login))
