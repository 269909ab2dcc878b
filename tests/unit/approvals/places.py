"""The two places where people sign, in memory: a re-assessment and a pull request that ask the same kind of rows."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from reassay.approvals.approvals import Approvals, of_reassessment
from reassay.approvals.command_context import CommandContext, Effect, Outcome
from reassay.approvals.exclusions import Participants
from reassay.approvals.proposal import Proposal
from reassay.approvals.pull_request import PullRequestSource
from reassay.assessment.cells import AssessmentInput
from reassay.commands.base import Command
from reassay.commands.registry import command_of, parse_comment
from reassay.gate.input import GateInput
from reassay.ledger.entry import CommentRef
from reassay.ledger.reassessment import Reassessment
from reassay.people.account import Account
from reassay.people.people import Directory
from reassay.register.delegation import Delegation
from reassay.register.register import Register, RegisterObject
from tests.make import Story, deployment, made, mitigation, register

PEOPLE = {"safety-lead": 1, "red-team-lead": 2, "auditor": 3, "release-manager": 4, "external": 5, "stranger": 6}
BOARD = {"board": {"users": ["auditor", "release-manager", "External", "external", "red-team-lead"]}}
EXCLUDED = "red-team-lead"
"""Sits on the board, and its step excludes them: as the assessor in one place, as the author in the other."""
PULL = 7


def lent(giver: str, taker: str, number: int = 0) -> Delegation:
    return made(
        Delegation, id=f"d{number}", title="x", role="board", to=taker, start="2026-01-01", end="2027-12-31",
        **{"from": giver},
    )  # fmt: skip


class Place(Story):
    """A story in which people write commands."""

    questions: ClassVar[dict[int, str]]
    """Who answers, by row."""
    review: int
    """The row that the auditor signs, after the questions."""
    holders: ClassVar[list[str]]
    """Who may put a hold on it, each in another role."""
    board: int
    """The row that two of the board sign, last."""
    comment = 100

    def __init__(self, *others: RegisterObject) -> None:
        self.others = others
        super().__init__(self.base())

    def base(self) -> Register:
        """The register that people sign by."""
        raise NotImplementedError

    @property
    def assessment_input(self) -> AssessmentInput:
        return replace(super().assessment_input, people=Directory(PEOPLE, {}, is_known=True))

    def approvals(self) -> Approvals:
        raise NotImplementedError

    def change(self, *, back: bool = False) -> None:
        """Changes what is signed about, or changes it back."""
        raise NotImplementedError

    def written_by(self, login: str, text: str) -> CommandContext:
        said = hashlib.sha256(text.encode()).hexdigest()
        comment = CommentRef(id=self.comment, index=0, body_sha256=said, created_at=self.now, issue=1)
        here, source = self.here()
        shown = self.approvals().content
        by = Account(login, PEOPLE[login])
        return CommandContext(by, comment, self.assessment_input, self.objects, here, shown, pull_request=source)

    def here(self) -> tuple[Reassessment | None, PullRequestSource | None]:
        """One of both."""
        raise NotImplementedError

    def say(self, login: str, text: str) -> Outcome:
        self.comment += 1
        self.now += timedelta(minutes=1)
        (command,) = parse_comment(f"/reassay {text}")
        assert isinstance(command, Command), command
        context = self.written_by(login, text)
        outcome = command_of(command).outcome(command, context)
        if isinstance(outcome, Effect):
            self.objects |= {name: json.loads(data) for name, data in outcome.objects.items()}
            for body in outcome.bodies:
                self.add(body, PEOPLE[login])
                self.entries[-1] = self.entries[-1].model_copy(update={"comment": context.comment})
        return outcome

    def sign_all(self) -> None:
        """Everything that the rows ask for."""
        for row, login in self.questions.items():
            assert isinstance(self.say(login, f"answer {row} yes because it was looked at"), Effect)
        for login, row in (("auditor", self.review), ("release-manager", self.board), ("external", self.board)):
            outcome = self.say(login, f"signoff {row}")
            assert isinstance(outcome, Effect), outcome

    def signed(self) -> dict[int, bool]:
        return {row.number: row.is_signed for row in self.approvals().rows}


class OnReassessment(Place):
    """Five questions of the checklist, and two approval steps of the mitigation."""

    questions: ClassVar[dict[int, str]] = {
        1: "safety-lead",
        2: "safety-lead",
        3: "red-team-lead",
        4: "red-team-lead",
        5: "red-team-lead",
    }
    holders: ClassVar[list[str]] = ["safety-lead", "red-team-lead", "auditor"]
    review, board = 6, 7

    def __init__(self, *others: RegisterObject) -> None:
        super().__init__(*others)
        self.sweep()

    def base(self) -> Register:
        return self._register("The filter")

    def _register(self, title: str) -> Register:
        steps = [
            {"role": "auditor", "kind": "review"},
            {"role": "board", "min": 2, "excludes": ["owner", "assessor"]},
        ]
        filter_ = mitigation(
            "filter", title=title, deployments=["public-api"], approval=steps, reassess={"depth": "light"}
        )
        return register(filter_, deployment("public-api"), *self.others, mode="record", roles=BOARD)

    def change(self, *, back: bool = False) -> None:
        self.register = self._register("The filter" if back else "Another filter")

    def here(self) -> tuple[Reassessment | None, PullRequestSource | None]:
        return self.assessment_input.history.open[0], None

    def approvals(self) -> Approvals:
        found = of_reassessment(self.assessment_input.history.open[0], self.assessment_input, self.objects)
        assert found is not None
        return found


class OnPullRequest(Place):
    """One question and two steps about a deployment that takes a further modality."""

    questions: ClassVar[dict[int, str]] = {1: "safety-lead"}
    holders: ClassVar[list[str]] = ["release-manager", "auditor"]
    review, board = 2, 3

    audience = "internal"

    def base(self) -> Register:
        return self._register(["text"])

    def _register(self, modalities: Sequence[str], audience: str = "internal") -> Register:
        gate = {
            "questions": [{"id": "spoken", "text": "Does the test cover it?", "role": "safety-lead"}],
            "loosening": [
                {"role": "auditor", "kind": "review"},
                {"role": "board", "min": 2, "excludes": ["author"]},
            ],
        }
        api = deployment("public-api", modalities_in=modalities, audience=audience)
        return register(api, *self.others, mode="enforce", roles=BOARD, gate=gate)

    def change(self, *, back: bool = False) -> None:
        self.audience = "internal" if back else "external"

    def facts(self) -> GateInput:
        head = "1" * 40
        proposal = Proposal(
            base_ref="main",
            base_commit="0" * 40,
            head=head,
            base=self.base(),
            merged=self._register(["text", "audio"], self.audience),
            pulls=(PULL,),
            heads={PULL: head},
            people={PULL: Participants(Account(EXCLUDED, PEOPLE[EXCLUDED]))},
        )
        return GateInput(proposal, self.assessment_input)

    def source(self) -> PullRequestSource:
        return self.facts().source

    def here(self) -> tuple[Reassessment | None, PullRequestSource | None]:
        return None, self.source()

    def approvals(self) -> Approvals:
        return Approvals(self.source())
