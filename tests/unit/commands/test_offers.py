"""What help offers to whom: exactly what would be recorded, at both places where people sign."""

import re
from datetime import timedelta

import pytest

from reassay.approvals.command_context import Refusal
from reassay.commands.offers import Offer, offers, roles_here
from tests.unit.approvals.places import EXCLUDED, PEOPLE, OnPullRequest, OnReassessment, Place

PLACES = [OnReassessment, OnPullRequest]


def filled(line: str) -> str:
    """A line as somebody would send it, with the first of several words."""
    line = line.removeprefix("/reassay ").replace("<YYYY-MM-DD>", "2026-12-20").replace("...", "x")
    line = line.replace("no|not-tested|n/a|yes", "no").replace(
        "ineffective|degraded|inconclusive|effective", "inconclusive"
    )
    line = line.replace("restrict|withdraw", "restrict").replace("<path in this repository> ", "")
    return re.sub(r"<[^>]*>", "x", line)


def offered(place: Place, login: str) -> tuple[Offer, ...]:
    """What help offers in a comment of its own, after everything else."""
    place.comment += 1
    place.now += timedelta(minutes=1)
    return offers(place.written_by(login, "help"))


def verbs(place: Place, login: str) -> set[str]:
    return {offer.line.split()[1] for offer in offered(place, login) if not offer.waits_for}


@pytest.mark.slow
@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("login", sorted(PEOPLE))
@pytest.mark.parametrize("signed", [False, True])
def test_whatever_is_offered_is_not_refused(kind: type[Place], login: str, signed: bool) -> None:
    place = kind()
    if signed:
        place.sign_all()
    for offer in offered(place, login):
        outcome = place.say(login, filled(offer.line)) if not offer.waits_for else None
        assert not isinstance(outcome, Refusal), (offer.line, outcome)
        place = kind()
        if signed:
            place.sign_all()


@pytest.mark.parametrize("kind", PLACES)
def test_an_outsider_is_offered_nothing_and_has_no_role(kind: type[Place]) -> None:
    place = kind()
    assert offers(place.written_by("stranger", "help")) == ()
    assert roles_here(place.written_by("stranger", "help")) == ()


def test_each_is_offered_what_is_theirs() -> None:
    place = OnReassessment()
    assert verbs(place, "safety-lead") >= {"answer", "evidence", "extend", "snooze", "waiting-on", "accept-risk"}
    assert verbs(place, "red-team-lead") >= {"answer", "evidence", "accept-risk"}
    assert "answer" not in verbs(place, "auditor")
    assert "signoff" not in verbs(place, "auditor"), "the questions come first"
    waiting = [offer for offer in offered(place, "auditor") if offer.waits_for]
    assert [offer.line for offer in waiting] == ["/reassay signoff 6 7"]
    for row, login in place.questions.items():
        place.say(login, f"answer {row} yes because it was looked at")
    assert "signoff" in verbs(place, "auditor")


def test_who_wrote_the_change_is_not_offered_to_sign_it() -> None:
    place = OnPullRequest()
    place.say("safety-lead", "answer 1 yes because it was looked at")
    place.say("auditor", "signoff 2")
    assert "signoff" in verbs(place, "release-manager")
    assert "signoff" not in verbs(place, EXCLUDED)
    assert not [offer for offer in offered(place, EXCLUDED) if offer.line.startswith("/reassay signoff")]
