"""Pull requests with generated rules and people, on which people write commands: what they ask for, and who may give it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, permutations

from hypothesis import strategies as st

from reassay.approvals.command_context import Effect
from reassay.approvals.exclusions import Participants
from reassay.approvals.proposal import Proposal
from reassay.approvals.pull_request import PullRequestSource
from reassay.gate.input import GateInput
from reassay.people.account import Account
from reassay.register.register import Register
from tests.make import deployment, mitigation, register
from tests.unit.approvals.places import PEOPLE, PULL, OnPullRequest, lent

HEAD = "1" * 40
LOGINS = sorted(PEOPLE)
ROLES = ("board", "reviewers", "safety-lead", "auditor")
PROGRAM = Account("release-bot", 99, is_bot=True)


@dataclass(frozen=True)
class Rules:
    """What a generated pull request is judged by."""

    board: tuple[str, ...]
    reviewers: tuple[str, ...]
    loosening: tuple[tuple[str, int, tuple[str, ...]], ...]
    """Role, number of people, and who is excluded."""
    questions: tuple[str, ...]
    """The role of each."""
    author: str
    lends: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, int], ...]
    """Approval steps of the mitigation: role and number of people."""
    must_complete: str = "none"
    mode: str = "enforce"


class GeneratedPullRequest(OnPullRequest):
    """A deployment takes a further modality, and a mitigation is re-assessed less often."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        super().__init__(*(lent(giver, taker, number) for number, (giver, taker) in enumerate(rules.lends)))

    def base(self) -> Register:
        return self.sides[0]

    @cached_property
    def sides(self) -> tuple[Register, Register]:
        """The base and the merge result."""
        return self.side(["text"], "6 months"), self.side(["text", "audio"], "1 year")

    def side(self, modalities: list[str], every: str) -> Register:
        rules = self.rules
        gate = {
            "questions": [
                {"id": f"q{number}", "text": f"Is it covered ({number})?", "role": role}
                for number, role in enumerate(rules.questions)
            ],
            "loosening": [
                {"role": role, "min": number, "excludes": list(excludes)} for role, number, excludes in rules.loosening
            ],
        }
        steps = [{"role": role, "min": number} for role, number in rules.steps]
        reassess = {"triggers": [{"kind": "deployment-change", "must_complete": rules.must_complete}]}
        objects = (
            deployment("public-api", modalities_in=modalities),
            mitigation(
                "filter", every=every, approval=steps, reassess=reassess, deployments=["public-api"],
                last_assessed="2026-11-01",
            ),
        )  # fmt: skip
        roles = {"board": {"users": list(rules.board)}, "reviewers": {"users": list(rules.reviewers)}}
        return register(*objects, *self.others, mode=rules.mode, roles=roles, gate=gate)

    def facts(self) -> GateInput:
        author = (
            PROGRAM if self.rules.author == PROGRAM.login else Account(self.rules.author, PEOPLE[self.rules.author])
        )
        proposal = Proposal(
            base_ref="main",
            base_commit="0" * 40,
            head=HEAD,
            base=self.sides[0],
            merged=self.sides[1],
            pulls=(PULL,),
            heads={PULL: HEAD},
            people={PULL: Participants(author)},
        )
        return GateInput(proposal, self.assessment_input)

    @cached_property
    def _first(self) -> GateInput:
        return self.facts()

    def source(self) -> PullRequestSource:
        # Commands are judged as a sweep judges them: nothing is compared again.
        return self._first.later(self.assessment_input, self.objects).source

    def act_all(self, login: str) -> bool:
        """Everything that a person may do, row by row, until nothing more comes of it. Whether anything came of it."""
        is_done = False
        while sum([self._tried(login, words) for words in chain(self._answers(), self._sign_offs())]):
            is_done = True
        return is_done

    def _answers(self) -> Iterator[str]:
        rows = self.approvals().questions
        return (f"answer {row.number} yes because it was looked at" for row in rows if row.answer is None)

    def _sign_offs(self) -> Iterator[str]:
        return (f"signoff {row.number}" for row in self.approvals().rows if not row.is_signed)

    def _tried(self, login: str, words: str) -> bool:
        return isinstance(self.say(login, words), Effect)


def people(most: int = 4) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(LOGINS), unique=True, min_size=2, max_size=most).map(tuple)


NUMBERS = st.sampled_from([1, 1, 2])
EXCLUDED = st.lists(st.sampled_from(["author", "owner", "assessor"]), unique=True, max_size=2).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    step = st.tuples(st.sampled_from(ROLES), NUMBERS, EXCLUDED)
    return Rules(
        board=draw(people()),
        reviewers=draw(people()),
        loosening=tuple(draw(st.lists(step, max_size=2, unique_by=lambda own: own[0]))),
        questions=tuple(draw(st.lists(st.sampled_from(ROLES), max_size=1))),
        author=draw(st.sampled_from([*LOGINS, PROGRAM.login])),
        lends=tuple(draw(st.lists(st.sampled_from(list(permutations(LOGINS, 2))), max_size=1))),
        steps=tuple(draw(st.lists(st.tuples(st.sampled_from(ROLES), NUMBERS), max_size=1))),
        must_complete=draw(st.sampled_from(["none", "none", "none", "before_change"])),
    )


@st.composite
def stories(draw: st.DrawFn) -> GeneratedPullRequest:
    """A pull request on which some people have already written something, not all of it helpful."""
    story = GeneratedPullRequest(draw(rules()))
    verbs = st.sampled_from(["answer 1 yes", "answer 1 no", "signoff all", "hold", "withdraw all"])
    for login, verb in draw(st.lists(st.tuples(st.sampled_from(LOGINS), verbs), max_size=3)):
        story.say(login, f"{verb} because it was looked at" if verb.startswith(("answer", "hold")) else verb)
    return story


def copied(story: GeneratedPullRequest) -> GeneratedPullRequest:
    """The same story, to go on another way."""
    other = GeneratedPullRequest(replace(story.rules))
    other.entries, other.objects = list(story.entries), dict(story.objects)
    other.now, other.comment = story.now, story.comment
    return other
