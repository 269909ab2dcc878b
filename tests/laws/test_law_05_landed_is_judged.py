"""Law 5: what landed is what was judged. Generated sequences of pull requests and merges, in real git, through the sandbox.

Each pull request is judged, signed, overridden or left alone; then it is merged in one of GitHub's ways, through the queue, or
outside GitHub with other content; in time or late; in any order and with sweeps anywhere in between. The ledger names exactly
those merges as bypasses whose landed content had no valid verdict.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reassay.ledger.sweep_records import Bypass
from reassay.sweep.judged_content import JudgedContent
from tests.gate_lab import FILES, MITIGATION_FILE, MITIGATIONS, GateLab
from tests.lab import Lab

LOOSER = MITIGATIONS.replace(b"    every: 1 year\n    reassess", b"    every: 2 years\n    reassess")
_NAMES = count(1)
STATES = ("readme", "signed", "signed", "unsigned", "overridden", "closed")
WAYS = ("merge", "squash", "rebase", "outside", "outside-with-more", "queue")


@dataclass(frozen=True)
class Case:
    """One pull request, and how it comes in."""

    state: str
    way: str
    late: bool
    swept: bool

    @property
    def why(self) -> str | None:
        """What the ledger says of it; None if it is in order."""
        is_guarded = self.state != "readme" or self.way == "outside-with-more"
        if not is_guarded:
            return None
        if self.state in {"unsigned", "closed"}:
            return "no-green-verdict"
        if self.state == "overridden" and self.late:
            return "expired-verdict"
        return "other-content" if self.way == "outside-with-more" else None


CASES = st.builds(
    Case, state=st.sampled_from(STATES), way=st.sampled_from(WAYS), late=st.booleans(), swept=st.booleans()
)


def deployment(number: int) -> bytes:
    return b"id: app-%d\ntitle: Assistant %d\naudience: internal\n" % (number, number)


def proposed(gate: GateLab, number: int, case: Case) -> int:
    """The pull request as it stands just before it is merged; each changes a file of its own."""
    path = f"framework/deployments/app-{number}.yml"
    watched = deployment(number) + b"oversight: A person reads every answer.\n"
    files: dict[str, bytes | None] = {f"notes-{number}.md": b"words\n"} if case.state == "readme" else {path: watched}
    pull = gate.propose(files, branch=f"change-{number}")
    gate.push({f"more-{number}.md": b"words\n"}, branch=f"change-{number}")
    gate.lab.later(minutes=1)
    gate.lab.fine(pull=pull)
    said = {"signed": ("red-team-lead", "/reassay signoff 1"), "closed": ("red-team-lead", "/reassay signoff 1"),
            "overridden": ("release-manager", "/reassay override because it cannot wait")}.get(case.state)  # fmt: skip
    if said is not None:
        gate.lab.later(minutes=2)
        gate.lab.say(said[0], pull, said[1])
        gate.lab.fine(pull=pull)
    if case.state == "closed":
        gate.lab.repo.close_as("auditor", pull)
        gate.lab.fine(pull=pull)
    if case.late:
        # An override holds for three working days, whichever day it is given on.
        gate.lab.later(days=6)
    if case.state == "closed":
        gate.lab.repo.reopen_as("auditor", pull)
    gate.lab.later(minutes=1)
    return pull


def merged(gate: GateLab, pull: int, case: Case) -> None:
    repo = gate.lab.repo
    if case.way == "queue":
        group = repo.enqueue_as("auditor", pull)
        if case.why is None:
            gate.lab.fine(group=group, base="main")
        gate.lab.later(minutes=1)
        repo.land_as("auditor", group)
    elif case.way.startswith("outside"):
        more: dict[str, bytes | None] = {MITIGATION_FILE: LOOSER} if case.way == "outside-with-more" else {}
        repo.merge_locally_as("auditor", pull, more)
    else:
        repo.merge_as("auditor", pull, how=case.way)
    gate.lab.later(minutes=1)
    if case.swept:
        gate.lab.fine(pull=pull)
        gate.lab.fine()


@pytest.mark.long
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases=st.lists(CASES, min_size=2, max_size=3, unique_by=lambda case: case.way == "outside-with-more" or case))
def test_the_ledger_names_exactly_the_merges_whose_content_had_no_valid_verdict(
    make_lab: Callable[..., Lab], cases: list[Case]
) -> None:
    apps = {f"framework/deployments/app-{number}.yml": deployment(number) for number in range(len(cases))}
    gate = GateLab.of(make_lab({**FILES, **apps}, name=f"example-lab/landed-{next(_NAMES)}"))
    gate.lab.fine()
    gate.lab.later(minutes=5)
    expected = []
    for number, case in enumerate(cases):
        pull = proposed(gate, number, case)
        merged(gate, pull, case)
        if case.why is not None:
            expected.append((case.why, pull))
    gate.lab.fine()
    recorded = [(body.why, body.pull) for body in gate.bodies() if isinstance(body, Bypass)]
    assert sorted(recorded) == sorted(expected)
    # Looked at again, on another day, the same merges are the same.
    gate.lab.later(days=1)
    gate.lab.fine()
    assert [(body.why, body.pull) for body in gate.bodies() if isinstance(body, Bypass)] == recorded


WORD = st.text("0123456789abcdef/:", min_size=1, max_size=40)


@given(content=WORD, words=WORD, landing=st.just("") | WORD, until=st.none() | st.dates(min_value=date(2020, 1, 1)))
def test_a_check_run_says_what_it_judged(content: str, words: str, landing: str, until: date | None) -> None:
    judged = JudgedContent(content, words, landing, until)
    assert JudgedContent.read(judged.text) == judged
    # A run of an earlier version named two things.
    assert JudgedContent.read(f"{content} {words}") == JudgedContent(content, words)
