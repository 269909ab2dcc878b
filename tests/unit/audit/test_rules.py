"""Single rules of the figures, on ledgers in memory."""

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from reassay.assessment.cells import AssessmentInput
from reassay.audit.audit_input import AuditInput
from reassay.audit.derived_exceptions import derived_exceptions
from reassay.audit.exceptions import recorded_exceptions
from reassay.audit.figures import figures
from reassay.audit.headline import headline
from reassay.audit.parameters import Period, SampleParameters
from reassay.audit.sample import sample
from reassay.common.canonical import canonical, digest
from reassay.ledger.answers import SignedItem, SignedOff, Withdrawn
from reassay.ledger.deferrals import Held, Released
from reassay.ledger.entry import Observation, ObservedName
from reassay.ledger.history import History
from reassay.ledger.protection import BranchRules, Protection
from reassay.ledger.pull_requests import ChangeHeld, ChangeReleased
from reassay.ledger.risks import Contained, Ratified
from reassay.ledger.sweep_records import ProtectionChanged, ReadableAgain, RoleChanged, UnreadableClaimed
from reassay.ledger.trust import Span, Standing, Trust
from reassay.register.acceptance import RiskAcceptance
from reassay.register.base import Strict
from reassay.register.register import Register
from tests.make import Story, made, mitigation, object_of, register

START, END = date(2026, 12, 1), date(2026, 12, 31)
BECAUSE = object_of("it leaks")


class Overridden(Strict):
    """As a later version might record it."""

    kind: Literal["overridden"] = "overridden"
    reassessment: str
    because: str
    until: date


def facts(
    story: Story, what: Register | None = None, start: date = START, end: date = END, *, is_covered: bool = True
) -> AuditInput:
    """An audit of a story; the ledger is written to until the end of the period, or to the story's last entry alone."""
    period = Period(start, end, "UTC")
    entries = tuple(story.entries)
    if is_covered and entries[-1].recorded_at < period.closing:
        last = {"seq": entries[-1].seq + 1, "recorded_at": period.closing, "body": Observation()}
        entries = (*entries, entries[-1].model_copy(update=last))
    opening, closing = (
        AssessmentInput(what or story.register, History.of(entries, until=at), {}, at)
        for at in (period.opening, period.closing)
    )
    return AuditInput(period, opening, closing, entries, Trust((), ()), {BECAUSE[0]: "it leaks"})


def opened_story(**fields: object) -> Story:
    story = Story(register(mitigation(**fields)))
    story.sweep()
    return story


def outcomes(found: AuditInput) -> list[tuple[str, int]]:
    return [(row.outcome, row.days_late) for row in figures(found).obligations]


def test_a_date_within_its_grace_is_not_missed_and_says_how_late_it_is() -> None:
    story = opened_story(every=None, reassess={"every": "6 months", "grace": "10 days"})
    due = story.opened()[0].due
    assert due == date(2026, 12, 15)
    assert outcomes(facts(story, end=date(2026, 12, 15))) == [("still open", 0)]
    assert outcomes(facts(story, end=date(2026, 12, 25))) == [("still open", 10)]
    assert outcomes(facts(story, end=date(2026, 12, 26))) == [("missed", 11)]


@pytest.mark.parametrize(("day", "wanted"), [(14, ("on time", 0)), (15, ("on time", 0)), (16, ("late", 1))])
def test_the_due_date_itself_is_in_time(day: int, wanted: tuple[str, int]) -> None:
    story = opened_story()
    story.move_to(date(2026, 12, day))
    story.conclude("filter")
    assert outcomes(facts(story)) == [wanted]


def test_what_was_closed_before_the_period_is_no_obligation_of_it_unless_it_fell_due_in_it() -> None:
    story = opened_story()
    story.conclude("filter")
    assert outcomes(facts(story, start=date(2026, 12, 2), end=date(2026, 12, 14))) == []
    assert outcomes(facts(story, start=date(2026, 12, 2), end=date(2026, 12, 15))) == [("on time", 0)]


def test_what_is_closed_on_the_first_day_belongs_to_the_period() -> None:
    story = opened_story()
    story.move_to(date(2026, 12, 3))
    story.conclude("filter")
    assert outcomes(facts(story, start=date(2026, 12, 3), end=date(2026, 12, 4))) == [("on time", 0)]
    assert outcomes(facts(story, start=date(2026, 12, 4), end=date(2026, 12, 5))) == []


def test_a_date_that_a_decision_set_and_a_longer_interval_took_away_is_said() -> None:
    story = Story(register(mitigation(every="2 weeks")))
    story.sweep()
    story.conclude("filter")
    (_, moved) = figures(facts(story, register(mitigation(every="1 year")))).obligations
    assert (moved.outcome, moved.due, moved.record) == ("moved", date(2026, 12, 15), "")
    assert moved.note.startswith("due by R-2026-001; now due 2027-12-01")


def test_a_signature_is_taken_back_only_by_who_gave_it() -> None:
    story = opened_story()
    name = story.opened()[0].reassessment
    content, signed = "c14n/1:sha256:" + "a" * 64, "signed/1:sha256:" + "b" * 64
    item = SignedItem(item="scope", digest=signed)
    story.add(SignedOff(reassessment=name, role="safety-lead", says="answer", items=(item,), content=content), 1)
    story.add(Withdrawn(reassessment=name, items=("scope",)), 2)
    assert [row.taken_back for row in figures(facts(story)).sign_offs] == [""]
    story.add(Withdrawn(reassessment=name, items=("scope",)), 1)
    assert [row.taken_back for row in figures(facts(story)).sign_offs] == [f"entry {len(story.entries)}"]


@pytest.mark.parametrize(
    ("ratified", "end", "status"),
    [
        (None, 4, "not ratified yet"),
        (None, 5, "not ratified"),
        (4, 31, "ratified"),
        (9, 31, "ratified late, on 2026-12-09"),
    ],
)
def test_a_containment_is_ratified_in_time_or_is_not(ratified: int | None, end: int, status: str) -> None:
    story = opened_story()
    name = story.opened()[0].reassessment
    story.add(
        Contained(
            reassessment=name,
            subject="filter",
            cells=("*",),
            action="restrict",
            because=BECAUSE[0],
            role="safety-lead",
            ratify_by=date(2026, 12, 4),
        ),
        1,
    )
    if ratified:
        seq = len(story.entries)
        story.move_to(date(2026, 12, ratified))
        story.add(Ratified(reassessment=name, contained_seq=seq, role="red-team-lead"), 2)
    found = [row for row in recorded_exceptions(facts(story, end=date(2026, 12, end))) if row.kind == "containment"]
    assert [(row.status, row.text) for row in found] == [(status, "it leaks")]


def test_a_kind_of_entry_that_is_not_known_yet_is_an_exception() -> None:
    story = opened_story()
    later = Overridden(reassessment=story.opened()[0].reassessment, because=BECAUSE[0], until=date(2026, 12, 20))
    story.add(Observation(), 1)
    story.entries[-1] = story.entries[-1].model_copy(update={"body": later})
    (row,) = recorded_exceptions(facts(story))
    assert (row.kind, row.subject, row.by, row.until, row.status, row.text) == (
        "override",
        "filter",
        "account 1",
        date(2026, 12, 20),
        "expired",
        "it leaks",
    )


def test_risk_acceptances_of_the_register_are_exceptions_and_one_that_was_taken_out_is_said() -> None:
    accepted = made(
        RiskAcceptance,
        id="small",
        mitigations=["filter"],
        requester="safety-lead",
        approver="release-manager",
        rationale="small",
        accepted_on="2026-11-01",
        expires_at="2026-12-10",
    )
    with_it, without = register(mitigation(), accepted), register(mitigation())
    story = Story(with_it)
    story.add(Observation())
    found = facts(story)
    assert [(row.status, row.second) for row in derived_exceptions(found) if row.kind.startswith("risk")] == [
        ("expired", "release-manager")
    ]
    gone = AuditInput(
        found.period,
        found.opening,
        AssessmentInput(without, found.history, {}, found.closing.now),
        found.entries,
        found.trust,
        {},
    )
    assert [row.status for row in derived_exceptions(gone) if row.kind.startswith("risk")] == [
        "no longer in the register"
    ]


def test_an_outage_that_lasts_at_the_end_is_seen() -> None:
    story = Story(register(mitigation()))
    story.add(Observation(swept=True))
    assert [row.kind for row in derived_exceptions(facts(story)) if row.kind == "outage"] == ["outage"]
    assert [row for row in derived_exceptions(facts(story, end=date(2026, 12, 3))) if row.kind == "outage"] == []


def test_what_could_not_be_read_is_an_exception_for_as_long_as_it_lasted() -> None:
    story = opened_story()
    claim = UnreadableClaimed(
        nonce="c" * 32, run="run", lease_until=story.now, objects=("mitigation/filter",), configuration="d" * 40
    )
    story.move_to(date(2026, 12, 5))
    story.add(claim)

    def rows(start: date, end: date) -> list[tuple[str, str]]:
        found = recorded_exceptions(facts(story, start=start, end=end))
        return [(row.status, row.what) for row in found if row.kind == "unreadable"]

    what = "could not be read from then on: mitigation/filter; the configuration of dddddddddddd was in force"
    assert rows(date(2026, 12, 7), date(2026, 12, 9)) == [("not readable again", what)]
    story.move_to(date(2026, 12, 10))
    story.add(ReadableAgain(nonce="c" * 32))
    assert rows(date(2026, 12, 10), END) == [("readable again on 2026-12-10", what)]
    assert rows(date(2026, 12, 11), END) == []
    assert rows(START, date(2026, 12, 4)) == []
    (line,) = [row for row in headline(figures(facts(story)), facts(story), (0, 0), "fine") if row.name == "Unreadable"]
    assert (line.text, line.is_bad) == ("in the period 1 time, see the exceptions", True)


def test_protection_that_was_loosened_is_an_exception_and_in_the_summary() -> None:
    story = opened_story()
    tight, loose = (Protection(default_rulesets=BranchRules(flags=flags)) for flags in (("no-deletion",), ()))
    story.add(ProtectionChanged(before=tight, after=loose))
    story.add(ProtectionChanged(before=loose, after=tight))
    found = facts(story)
    assert [(row.status, row.what) for row in recorded_exceptions(found) if row.kind == "protection change"] == [
        ("loosened", "the block of deletions no longer holds for the default branch"),
        ("changed", "protection of the branches changed, nothing looser"),
    ]
    (line,) = [row for row in headline(figures(found), found, (0, 0), "fine") if row.name == "Bypasses"]
    assert (line.text, line.is_bad) == ("none; protection of the branches loosened 1 time", True)


def test_a_hold_that_was_not_lifted_is_in_every_later_period() -> None:
    story = opened_story()
    name = story.opened()[0].reassessment
    story.move_to(date(2026, 12, 3))
    story.add(Held(reassessment=name, role="safety-lead"), 1)
    story.add(ChangeHeld(pull=4, role="safety-lead", because=BECAUSE[0]), 1)
    pull = story.entries[-1].seq

    def status(start: date, end: date = END) -> list[tuple[str, str]]:
        return [(row.kind, row.status) for row in recorded_exceptions(facts(story, start=start, end=end))]

    both = ("hold", "hold on a pull request")
    assert status(date(2026, 12, 5)) == [(kind, "not lifted") for kind in both]
    story.move_to(date(2026, 12, 10))
    story.add(Released(reassessment=name, role="safety-lead"), 1)
    story.add(ChangeReleased(pull=4, held_seq=pull), 1)
    assert status(date(2026, 12, 5)) == [(kind, "lifted on 2026-12-10") for kind in both]
    assert status(date(2026, 12, 5), date(2026, 12, 9)) == [(kind, "not lifted") for kind in both]
    assert status(date(2026, 12, 11)) == []


def test_the_summary_is_never_calmer_than_the_verification_or_an_empty_register() -> None:
    def lines(*standings: Standing, what: Register | None = None) -> dict[str, str]:
        spans = tuple(Span(1, 1, None, standing) for standing in standings)
        found = replace(facts(opened_story(), what), trust=Trust(spans, ()))
        return {row.name: row.text for row in headline(figures(found), found, (0, 0), "fine")}

    assert lines("trusted")["Ledger verification"] == "fine"
    assert lines("unsigned", "self-attested")["Ledger verification"].startswith("fine, but self-attested: ")
    assert lines("unsigned")["Ledger verification"].startswith("fine, but unsigned: ")
    assert lines("trusted")["Unreadable"] == "none: both registers were read in full"
    assert lines(what=register())["Unreadable"].startswith(
        "no mitigation or commitment on the first day; no mitigation or commitment on the last day"
    )


def test_a_sample_is_the_same_whoever_draws_it() -> None:
    story = Story(register(*(mitigation(f"m{number}") for number in range(5))), date(2026, 12, 1))
    story.sweep()
    for each in story.assessment_input.history.open:
        story.conclude(each.subject)
    rows = figures(facts(story)).decisions
    drawn = sample(rows, SampleParameters(size=2, seed="seed"))
    assert sample(tuple(reversed(rows)), SampleParameters(size=2, seed="seed")) == drawn
    assert [row.rank for row in sample(rows, SampleParameters(size=99, seed="seed"))] == list(range(1, len(rows) + 1))
    assert sample(rows, SampleParameters(size=5, seed="other")) != sample(rows, SampleParameters(size=5, seed="seed"))
    # printf '%s\n%s' seed R-2026-001 | sha256sum
    first = next(row for row in sample(rows, SampleParameters(size=99, seed="seed")) if row.record == "R-2026-001")
    assert first.digest == "115432eef70570931566e3e738087a6d8c4c04590ffee3914ecc76202649ea4c"
    assert sample(rows, None) == ()


def test_a_login_is_said_only_where_it_is_known() -> None:
    """A pin, an observation of a sweep, or a role with one user and one holder; never a guess between two."""
    roles = {
        "safety": {"users": ["safety-lead"]},
        "board": {"users": ["a", "b#7"]},
        "team": {"users": ["c"], "teams": ["lab/d"]},
    }
    story = Story(register(mitigation(owner="safety", assessor="red-team-lead"), roles=roles))
    story.add(RoleChanged(role="safety", people=(1,)))
    story.add(RoleChanged(role="board", people=(6, 7)))
    story.add(RoleChanged(role="team", people=(8,)))
    seen = f"name:{digest(canonical('red-team-lead'))}"
    story.add(Observation(names=(ObservedName(name=seen, id=2),)))
    audit = facts(story)
    assert [audit.person(number) for number in (1, 2, 6, 7, 8, 9, None)] == [
        "safety-lead (1)", "red-team-lead (2)", "account 6", "b (7)", "account 8", "account 9", "",
    ]  # fmt: skip
    story.add(RoleChanged(role="safety", people=(1, 5)))
    assert facts(story, start=END).person(5) == "account 5"
