"""Law 7: a right is lent by who holds it.

Over generated roles, steps, pull requests and sets of signers: whatever these accounts write, a request that gives a right or
records a judgement only becomes signed if somebody among them holds what is given, or signs the policy. Who they are is
computed here from the words of the law, not with the code that is tested.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.approvals.approvals import Approvals
from reassay.approvals.command_context import CommandContext, Effect, Outcome
from reassay.approvals.exclusions import Participants
from reassay.approvals.proposal import Proposal
from reassay.assessment.cells import AssessmentInput
from reassay.commands.base import Command
from reassay.commands.registry import command_of, parse_comment
from reassay.gate.input import GateInput
from reassay.gate.rules.signed import RULE
from reassay.gate.verdict import RuleStatus
from reassay.ledger.entry import CommentRef
from reassay.people.account import Account
from reassay.people.people import Directory
from reassay.register.acceptance import RiskAcceptance
from reassay.register.delegation import Delegation
from reassay.register.information import InformationItem
from reassay.register.register import Register, RegisterObject
from tests.examples import examples
from tests.make import Story, deployment, made, mitigation, register

PEOPLE = {"safety-lead": 1, "red-team-lead": 2, "auditor": 3, "release-manager": 4, "external": 5, "attacker": 6}
NAMES = tuple(PEOPLE)
AUTHOR = "attacker"
PULL = 7
MITIGATIONS = {
    "filter": ("safety-lead", "red-team-lead"),
    "monitor": ("external", "auditor"),
    "training": ("auditor", "auditor"),
}
"""Owner and assessor."""


class Request(Story):
    """One pull request of the attacker; people write commands on it."""

    comment = 100

    def __init__(self, base: Register, merged: Register, *, author: Account, people: Directory | None = None) -> None:
        super().__init__(base)
        self.merged, self.author = merged, author
        self.people = people or Directory(PEOPLE, {}, is_known=True)

    @property
    def assessment_input(self) -> AssessmentInput:
        return replace(super().assessment_input, people=self.people)

    @property
    def gate_input(self) -> GateInput:
        proposal = Proposal(
            base_ref="main",
            base_commit="0" * 40,
            head="1" * 40,
            base=self.register,
            merged=self.merged,
            pulls=(PULL,),
            heads={PULL: "1" * 40},
            people={PULL: Participants(self.author)},
        )
        return GateInput(proposal, self.assessment_input, self.objects)

    @property
    def is_signed(self) -> bool:
        return RULE.evaluate(self.gate_input).status in {RuleStatus.MET, RuleStatus.SKIPPED}

    def say(self, login: str, text: str) -> Outcome:
        self.comment += 1
        self.now += timedelta(minutes=1)
        (command,) = parse_comment(f"/reassay {text}")
        assert isinstance(command, Command), command
        said = hashlib.sha256(text.encode()).hexdigest()
        comment = CommentRef(id=self.comment, index=0, body_sha256=said, created_at=self.now, issue=PULL)
        source = self.gate_input.source
        by = Account(login, PEOPLE[login])
        shown = Approvals(source).content
        context = CommandContext(by, comment, self.assessment_input, self.objects, None, shown, pull_request=source)
        outcome = command_of(command).outcome(command, context)
        if isinstance(outcome, Effect):
            self.objects |= {name: json.loads(data) for name, data in outcome.objects.items()}
            for body in outcome.bodies:
                self.add(body, PEOPLE[login])
                self.entries[-1] = self.entries[-1].model_copy(update={"comment": comment})
        return outcome

    def try_all(self, signers: Iterable[str]) -> None:
        """Everything that these accounts can write, until nothing more is recorded."""
        again = True
        while again:
            again = False
            for login in signers:
                for row in self.gate_input.approvals.rows:
                    if row.requirement.question is not None:
                        self.say(login, f"answer {row.number} yes because it is fine")
                    again |= isinstance(self.say(login, f"signoff {row.number}"), Effect)


@dataclass(frozen=True)
class Setting:
    """Roles with their holders, and the steps of the gate."""

    roles: dict[str, tuple[str, ...]]
    policy: tuple[str, ...]
    loosening: tuple[str, ...]

    def base(self, *objects: RegisterObject) -> Register:
        gate = {
            "policy": [{"role": role, "excludes": ["author"]} for role in self.policy],
            "loosening": [{"role": role, "excludes": ["author"]} for role in self.loosening],
        }
        own = [
            mitigation(name, owner=owner, assessor=assessor, deployments=["public-api"])
            for name, (owner, assessor) in MITIGATIONS.items()
        ]
        roles = {name: {"users": list(users)} for name, users in self.roles.items()}
        return register(*own, deployment("public-api"), *objects, mode="enforce", roles=roles, gate=gate)

    def signs_policy(self, signers: frozenset[str]) -> bool:
        """Whether each step of the policy has a signer; False without steps."""
        return bool(self.policy) and all(signers & set(self.roles[role]) for role in self.policy)


HOLDERS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(tuple)
SETTINGS = st.builds(
    lambda board, triage, policy, loosening: Setting({"board": board, "triage": triage}, policy, loosening),
    HOLDERS,
    HOLDERS,
    st.sampled_from([(), ("board",), ("board", "triage")]),
    st.sampled_from([(), ("triage",), ("board", "triage")]),
)
SIGNERS = st.frozensets(st.sampled_from(NAMES), max_size=4)


def loan(role: str, lender: str, *, taker: str = AUTHOR, end: str = "2027-01-01") -> Delegation:
    return made(Delegation, id="loan", role=role, to=taker, start="2026-01-01", end=end, **{"from": lender})


@settings(max_examples=examples(60), deadline=None)
@given(setting=SETTINGS, role=st.sampled_from(["board", "triage"]), lender=st.sampled_from(NAMES[:-1]), signers=SIGNERS,
       changed=st.booleans())  # fmt: skip
def test_a_role_is_lent_by_its_lender_or_by_who_signs_the_policy(
    setting: Setting, role: str, lender: str, signers: frozenset[str], changed: bool
) -> None:
    before = [loan(role, lender, taker="external" if lender != "external" else "auditor")] if changed else []
    request = Request(
        setting.base(*before),
        setting.base(loan(role, lender, end="2028-01-01")),
        author=Account(AUTHOR, PEOPLE[AUTHOR]),
    )
    request.try_all(sorted(signers))
    mine = signers - {AUTHOR}
    lends = lender in mine and lender in setting.roles[role]
    # Without steps of the policy, or with some that the lender may take, the lender or a holder of the role is enough.
    holds = not setting.policy and bool(mine & set(setting.roles[role]))
    assert not request.is_signed or lends or holds or setting.signs_policy(mine)


@settings(max_examples=examples(50), deadline=None)
@given(setting=SETTINGS, named=st.sets(st.sampled_from(sorted(MITIGATIONS)), min_size=1), signers=SIGNERS)
def test_a_risk_is_accepted_by_somebody_for_each_mitigation_it_names(
    setting: Setting, named: set[str], signers: frozenset[str]
) -> None:
    accepted = made(
        RiskAcceptance, id="accepted", mitigations=sorted(named), requester="auditor", approver="attacker",
        rationale="it will be fine", expires_at="2027-06-01",
    )  # fmt: skip
    request = Request(setting.base(), setting.base(accepted), author=Account(AUTHOR, PEOPLE[AUTHOR]))
    request.try_all(sorted(signers))
    mine = signers - {AUTHOR}
    for name in named if request.is_signed else ():
        assert mine & set(MITIGATIONS[name]), (name, mine)
    for role in setting.loosening if request.is_signed else ():
        assert mine & set(setting.roles[role])


@settings(max_examples=examples(40), deadline=None)
@given(setting=SETTINGS, signers=SIGNERS)
def test_news_is_called_immaterial_by_who_may_triage_and_not_by_the_owner(
    setting: Setting, signers: frozenset[str]
) -> None:
    def news(**fields: object) -> InformationItem:
        return made(
            InformationItem,
            id="suffix",
            kind="jailbreak",
            known_at="2026-11-20",
            source="paper",
            affects=["filter"],
            **fields,
        )

    immaterial = {"material": False, "rationale": "old", "by": "attacker", "on": "2026-11-21"}
    request = Request(
        setting.base(news()), setting.base(news(triage=immaterial)), author=Account(AUTHOR, PEOPLE[AUTHOR])
    )
    request.try_all(sorted(signers))
    owner, assessor = MITIGATIONS["filter"]
    assert not request.is_signed or assessor in signers - {owner}


@settings(max_examples=examples(40), deadline=None)
@given(setting=SETTINGS, author=st.sampled_from(NAMES), signers=SIGNERS)
def test_an_author_alone_signs_nothing_and_a_program_takes_one_signature_more(
    setting: Setting, author: str, signers: frozenset[str]
) -> None:
    merged = setting.base()
    tighter = replace(
        merged, mitigations={**merged.mitigations, **register(mitigation("filter", owner="safety-lead", assessor="red-team-lead",
        deployments=["public-api"], every="3 months")).mitigations},
    )  # fmt: skip
    person = Request(setting.base(), tighter, author=Account(author, PEOPLE[author]))
    program = Request(setting.base(), tighter, author=Account("updates[bot]", 99, is_bot=True))
    for request in (person, program):
        request.try_all(sorted(signers))
    assert not person.is_signed or signers - {author}
    assert not program.is_signed or len(signers) > 1
    assert isinstance(person.say(author, "override because I say so"), Effect) is False


@settings(max_examples=examples(40), deadline=None)
@given(setting=SETTINGS, taken=st.sets(st.sampled_from(NAMES), min_size=1), signers=SIGNERS)
def test_names_that_lead_to_other_accounts_sign_nothing(
    setting: Setting, taken: set[str], signers: frozenset[str]
) -> None:
    now = PEOPLE | {name: 100 + PEOPLE[name] for name in taken}
    people = Directory(now, {}, is_known=True, former={name: PEOPLE[name] for name in taken})
    merged = replace(setting.base(), configuration=setting.base().configuration.model_copy(update={"mode": "advise"}))
    request = Request(setting.base(), merged, author=Account("updates", 98), people=people)
    pairs = {name: PEOPLE[name] for name in NAMES}
    try:
        PEOPLE.update({name: now[name] for name in taken})
        request.try_all(sorted(signers))
        assert not request.is_signed or signers - taken
    finally:
        PEOPLE.update(pairs)


def rows(setting: Setting, merged: Register) -> Sequence[tuple[str, tuple[str, ...]]]:
    request = Request(setting.base(), merged, author=Account(AUTHOR, PEOPLE[AUTHOR]))
    return [(row.requirement.id, row.requirement.roles) for row in request.gate_input.approvals.rows]


def test_who_signs_never_depends_on_the_size_of_the_register() -> None:
    setting = Setting({"board": ("release-manager",), "triage": ("external",)}, (), ())
    accepted = made(
        RiskAcceptance, id="accepted", mitigations=["filter"], requester="auditor", approver="attacker",
        rationale="it will be fine", expires_at="2027-06-01",
    )  # fmt: skip
    more = [mitigation(f"other-{number}", assessor="external", deployments=["public-api"]) for number in range(60)]
    small, large = setting.base(), setting.base(*more)
    assert rows(setting, setting.base(accepted)) == [
        (row.requirement.id, row.requirement.roles)
        for row in Request(
            large, setting.base(accepted, *more), author=Account(AUTHOR, PEOPLE[AUTHOR])
        ).gate_input.approvals.rows
    ]
    assert small.mitigations.keys() < large.mitigations.keys()
