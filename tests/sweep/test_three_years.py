"""Three years of promises on the sandbox: every one opens when its text says, and is due when its text says.

The tables are written by hand, from the texts of the promises and the events beside them, never from what the program did. Real
sweeps go from event to event: the evening before each opening, the morning of it, and the day on which people conclude.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest

from docs.generate_commitments import EXAMPLE
from reassay.assessment.cells import State
from reassay.ledger.entry import Opened
from reassay.sweep.report import Report
from reassay_sandbox.demo.environment import files_of
from tests.lab import Lab

Opening = tuple[str, str, str]
"""When it opens, what, and by when: a date, or an instant."""
Act = Callable[["Play"], None]


def instant(text: str) -> datetime:
    """`2027-03-01` is that morning."""
    return datetime.fromisoformat(f"{text}T09:00+00:00" if len(text) == len("2027-03-01") else text)


@dataclass
class Play:
    """A repository in which time goes on."""

    lab: Lab
    assessors: Mapping[str, str] = field(default_factory=dict)
    """Who concludes, by subject; red-team-lead for all others."""
    late: frozenset[str] = frozenset()
    """Subjects that are concluded by the acts alone."""
    swept: Report | None = None
    """The last sweep."""

    def sweep(self) -> None:
        self.swept = self.lab.fine()

    def write(self, path: str, text: str) -> None:
        self.lab.repo.commit({path: text.encode()}, message="what happened", author="safety-lead")

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.lab.repo.read("main", path) or b"").decode()
        assert old in text, old
        self.write(path, text.replace(old, new))

    def open(self) -> dict[str, tuple[int, date]]:
        """The issue and the due date of each open re-assessment, by subject."""
        assert self.swept is not None
        assert self.swept.assessment_input is not None
        return {each.subject: (each.issue or 0, each.due) for each in self.swept.assessment_input.history.open}

    def say(self, who: str, subject: str, text: str) -> int:
        return self.lab.say(who, self.open()[subject][0], text)

    def conclude(self, *subjects: str) -> None:
        waiting = self.open()
        for name in subjects:
            who = self.assessors.get(name, "red-team-lead")
            self.lab.say(who, waiting[name][0], "/reassay conclude effective because it was looked at")
        self.sweep()

    def conclude_what_is_due(self) -> None:
        today = self.lab.box.clock.now().date()
        due = [name for name, (_, day) in self.open().items() if day <= today and name not in self.late]
        if due:
            self.conclude(*due)

    def play(self, acts: Mapping[str, Act], table: Iterable[Opening], until: str) -> None:
        """Sweeps the evening before each opening and on its morning, acts as stated, and concludes in the noon of each due date."""
        stops: dict[datetime, list[Act]] = {}
        for opens, _, due in table:
            morning = instant(opens)
            if len(opens) == len("2027-03-01"):
                stops.setdefault(datetime.combine(morning.date() - timedelta(days=1), time(20), UTC), [])
            stops.setdefault(morning, [])
            if len(due) == len("2027-03-01"):
                stops.setdefault(datetime.combine(date.fromisoformat(due), time(12), UTC), []).append(
                    Play.conclude_what_is_due
                )
        for written, act in acts.items():
            stops.setdefault(instant(written), []).append(act)
        for at in sorted(stop for stop in stops if stop <= instant(until)):
            if at > self.lab.box.clock.now():
                self.lab.box.clock.move_to(at)
            if self.swept is None:
                self.sweep()
            for act in dict.fromkeys(stops[at]):
                act(self)
            self.sweep()
        with self.lab.box.readonly():
            assert self.lab.fine().done == (), "run twice, nothing is written"

    def openings(self) -> list[Opening]:
        """Every opening in the ledger, in the form of the tables."""
        content = self.lab.fine().content
        assert content is not None
        bodies = ((entry.recorded_at, entry.body) for entry in content.ledger.entries)
        return sorted((f"{at:%Y-%m-%d}", body.subject, due_of(body)) for at, body in bodies if isinstance(body, Opened))

    def differences(self, table: Iterable[Opening]) -> tuple[list[Opening], list[Opening]]:
        """What did not open as the table says, and what opened otherwise."""
        said, opened = Counter(days(table)), Counter(self.openings())
        return sorted((said - opened).elements()), sorted((opened - said).elements())


def due_of(body: Opened) -> str:
    at = min((each.due_at for each in body.triggers if each.due_at and each.due == body.due), default=None)
    return f"{at:%Y-%m-%dT%H:%M}" if at else f"{body.due}"


def days(table: Iterable[Opening]) -> list[Opening]:
    """The table with days of opening, as the ledger has them."""
    return sorted((opens[:10], subject, due.removesuffix("Z")) for opens, subject, due in table)


# Five promises that are hard to keep, made up.

HARD = """\
mode: remind
timezone: Europe/Berlin
reminders: {holidays: [2027-03-22]}
commitments:
  - id: statute
    title: Reports of critical incidents
    owner: safety-lead
    assessor: red-team-lead
    statement: >-
      An early warning within 24 hours of becoming aware, a notification within 72 hours of becoming aware, an interim report four
      weeks after the notification and every four weeks until it is resolved, a final report one month after it is resolved.
    source: {organisation: A legislature, document: An act}
    subject: {kind: framework}
    triggers: [{kind: incident-severity, at_least: critical}]
    deadlines:
      - {id: early-warning, anchor: aware, count: 24, unit: hours, what: early warning}
      - {id: notification, anchor: aware, count: 72, unit: hours, what: notification}
      - {id: interim-report, after: notification, count: 4, unit: weeks, repeats: 4 weeks, until: resolved, what: interim report}
      - {id: final-report, anchor: resolved, count: 1, unit: months, what: final report}
  - id: customer
    title: Notice to a customer in Tokyo
    owner: safety-lead
    assessor: red-team-lead
    statement: The customer is told within three business days in Tokyo of our becoming aware of a high or critical incident.
    source: {organisation: A customer, document: A contract}
    subject: {kind: framework}
    triggers: [{kind: incident-severity, at_least: high}]
    deadlines: [{anchor: aware, count: 3, unit: days, calendar: business, timezone: Asia/Tokyo, what: tell the customer}]
  - id: report
    title: Risk report
    owner: safety-lead
    assessor: red-team-lead
    statement: A risk report every three to six months.
    source: {organisation: A developer, document: A framework}
    subject: {kind: framework}
    last_assessed: 2026-12-01
    triggers: [{kind: interval-range, at_least_after: 3 months, every: 6 months}]
  - id: audit
    title: Audit
    owner: safety-lead
    assessor: auditor
    statement: Audited by 16 January and 16 July each year; the next working day if that is a day off.
    source: {organisation: An auditor, document: An engagement}
    subject: {kind: framework}
    triggers: [{kind: interval, every: {interval: 6 months, from: schedule, starting: 2027-01-16, roll: next}}]
  - id: evaluation
    title: Light evaluation
    owner: safety-lead
    assessor: red-team-lead
    statement: A light evaluation every nine months, unless an update follows within a month.
    source: {organisation: A developer, document: A framework}
    subject: {kind: framework}
    last_assessed: 2026-12-01
    triggers:
      - kind: interval-unless
        every: 9 months
        unless: [{id: update-follows, text: An update follows within a month., within: 1 month}]
"""
LEAK = """\
incidents:
  - {id: leak, title: Leak, severity: critical, first_seen_at: 2027-03-09T20:00Z, aware_at: 2027-03-10T22:14Z%s}
"""
OUTAGE = (
    "  - {id: outage, title: Outage, severity: high, first_seen_at: 2027-03-17T12:00Z, aware_at: 2027-03-18T15:30Z}\n"
)
INCIDENTS = "framework/incidents.yml"

HARD_TABLE: list[Opening] = [
    # Aware on Wed 10 Mar 2027 at 22:14 UTC.
    ("2027-03-10T23:00Z", "statute", "2027-03-11T22:14Z"),
    ("2027-03-11T10:00Z", "statute", "2027-03-13T22:14Z"),
    # The notification was made on 12 Mar at 10:00: four weeks later, and every four weeks. The next one is begun when one was due.
    ("2027-03-12T10:00Z", "statute", "2027-04-09T10:00Z"),
    ("2027-04-09T22:00Z", "statute", "2027-05-07T10:00Z"),
    ("2027-05-07T22:00Z", "statute", "2027-06-04T10:00Z"),
    # In Tokyo it was Thu 11 Mar, so Fri 12, Mon 15 and Tue 16: that day ends at 15:00 UTC.
    ("2027-03-10T23:00Z", "customer", "2027-03-16T14:59Z"),
    # Aware on Fri 19 Mar 00:30 in Tokyo; Mon 22 is a holiday: Tue 23, Wed 24, Thu 25.
    ("2027-03-19", "customer", "2027-03-25T14:59Z"),
    # Three to six months; the first was early, on 15 Apr, all others on their last day.
    ("2027-03-01", "report", "2027-06-01"),
    ("2027-07-15", "report", "2027-10-15"),
    ("2028-01-15", "report", "2028-04-15"),
    ("2028-07-15", "report", "2028-10-15"),
    ("2029-01-15", "report", "2029-04-15"),
    ("2029-07-15", "report", "2029-10-15"),
    # Sat 16 Jan 2027 is Mon 18, Sun 16 Jan 2028 is Mon 17, Sun 16 Jul 2028 is Mon 17; late once, early once, the sequence stays.
    ("2027-01-04", "audit", "2027-01-18"),
    ("2027-07-02", "audit", "2027-07-16"),
    ("2028-01-03", "audit", "2028-01-17"),
    ("2028-07-03", "audit", "2028-07-17"),
    ("2029-01-02", "audit", "2029-01-16"),
    ("2029-07-02", "audit", "2029-07-16"),
    # Waived until 1 Oct, a month after it was due; then at once, and nine months from there.
    ("2027-08-18", "evaluation", "2027-09-01"),
    ("2027-10-02", "evaluation", "2027-09-01"),
    ("2028-06-18", "evaluation", "2028-07-02"),
    ("2029-03-19", "evaluation", "2029-04-02"),
]  # fmt: skip


def _concluding(*subjects: str) -> Act:
    return lambda play: play.conclude(*subjects)


def _waive(play: Play) -> None:
    play.say("safety-lead", "evaluation", "/reassay waive update-follows until 2027-10-02 because an update follows")
    play.sweep()
    refused = play.lab.repo.issue(play.open()["evaluation"][0]).comments[-1].body
    assert "It can be waived for 1 month after the due date at most" in refused
    asked = play.say(
        "safety-lead", "evaluation", "/reassay waive update-follows until 2027-10-01 because an update follows"
    )
    play.sweep()
    play.say("red-team-lead", "evaluation", f"/reassay confirm {asked}")


@pytest.mark.long
def test_five_made_up_promises_through_three_years(make_lab: Callable[..., Lab]) -> None:
    play = Play(make_lab({"framework/commitments.yml": HARD.encode()}), {"audit": "auditor"}, frozenset({"audit"}))
    acts: dict[str, Act] = {
        "2027-01-18T12:00Z": _concluding("audit"),
        "2027-03-10T23:00Z": lambda play: play.write(INCIDENTS, LEAK % ""),
        "2027-03-11T10:00Z": _concluding("statute"),
        "2027-03-12T10:00Z": _concluding("statute", "customer"),
        "2027-03-19": lambda play: play.write(INCIDENTS, LEAK % "" + OUTAGE),
        "2027-03-24T12:00Z": _concluding("customer"),
        "2027-04-09T08:00Z": _concluding("statute"),
        "2027-04-15T12:00Z": _concluding("report"),
        "2027-05-07T08:00Z": _concluding("statute"),
        "2027-05-20": lambda play: play.write(INCIDENTS, LEAK % ", resolved_at: 2027-05-20T07:30Z" + OUTAGE),
        "2027-06-04T08:00Z": _concluding("statute"),
        "2027-07-20T12:00Z": _concluding("audit"),
        "2027-08-25": _waive,
        "2027-10-02T12:00Z": _concluding("evaluation"),
        "2028-01-05T12:00Z": _concluding("audit"),
        "2028-07-17T12:00Z": _concluding("audit"),
        "2029-01-16T12:00Z": _concluding("audit"),
        "2029-07-16T12:00Z": _concluding("audit"),
    }
    play.play(acts, HARD_TABLE, "2029-12-01")
    assert play.differences(HARD_TABLE) == ([], [])


# The promises as shipped.

QUARTERS = [
    ("2027-02-15", "2027-03-01"), ("2027-05-18", "2027-06-01"), ("2027-08-18", "2027-09-01"), ("2027-11-17", "2027-12-01"),
    ("2028-02-16", "2028-03-01"), ("2028-05-18", "2028-06-01"), ("2028-08-18", "2028-09-01"), ("2028-11-17", "2028-12-01"),
    ("2029-02-15", "2029-03-01"), ("2029-05-18", "2029-06-01"), ("2029-08-18", "2029-09-01"), ("2029-11-17", "2029-12-01"),
]  # fmt: skip
"""Every three months from 1 Dec 2026 on, each opened two weeks before."""
HALVES, YEARS = QUARTERS[1::2], QUARTERS[3::4]


def _each(names: Iterable[str], dates: Iterable[tuple[str, str]]) -> list[Opening]:
    return [(opens, name, due) for opens, due in dates for name in names]


PUBLIC_TABLE: list[Opening] = [
    # Nothing is recorded of any of them when the play begins: what has an interval or compares is assessed at once.
    *_each(
        ["rsp22-4x-or-6-months", "rsp34-risk-report", "rsp34-third-party-annual", "rsp34-third-party-annual-update",
         "fcf2-nine-months-unless", "cop-before-change", "cop-six-months", "sb53-clocks-framework", "sb53-clocks-internal-use",
         "nist-ra3", "fsf31-new-capability", "fsf31-yearly", "meta2-new-tools", "meta2-new-tools-update",
         "pf2-deployment-conditions", "fgf-six-months", "msft-leading-indicators", "amzn-before-major-update",
         "amzn-before-major-update-framework", "xai-depths", "nvidia-severity-or-frequency", "naver-3-months-or-6x"],
        [("2026-12-01", "2026-12-15")]),
    # Adversarial testing at least quarterly, of every mitigation, since 1 Sep 2026.
    *_each(["misuse-classifier", "usage-monitoring"], [("2026-12-01", "2026-12-01"), *QUARTERS]),
    *_each(["naver-3-months-or-6x", "rsp34-third-party-annual-update", "sb53-clocks-internal-use"], QUARTERS),
    *_each(["fgf-six-months"], HALVES),
    *_each(["rsp34-third-party-annual", "fsf31-yearly", "sb53-clocks-framework", "amzn-before-major-update-framework"], YEARS),
    # A full assessment every year, whatever was looked at lightly.
    *_each(["xai-depths"], YEARS),
    # Three to six months after the last, which is made on the last day.
    *_each(["rsp34-risk-report"], [("2027-03-01", "2027-06-01"), ("2027-09-01", "2027-12-01"), ("2028-03-01", "2028-06-01"),
                                   ("2028-09-01", "2028-12-01"), ("2029-03-01", "2029-06-01"), ("2029-09-01", "2029-12-01")]),
    *_each(["fcf2-nine-months-unless"], [QUARTERS[2], QUARTERS[5], QUARTERS[8], QUARTERS[11]]),
    # 18 Aug 2027: version 2, with four times the effective compute.
    *_each(["amzn-before-major-update", "cop-before-change", "fsf31-new-capability", "xai-depths",
            "nvidia-severity-or-frequency", "rsp22-4x-or-6-months"], [QUARTERS[2]]),
    # Six months from the last: twice before that, then from 1 Sep on.
    *_each(["rsp22-4x-or-6-months"], [QUARTERS[1], QUARTERS[4], QUARTERS[6], QUARTERS[8], QUARTERS[10]]),
    # 16 Feb 2028: browsing. A new tool, a change of features, of conditions.
    *_each(["meta2-new-tools", "pf2-deployment-conditions", "nist-ra3", "nvidia-severity-or-frequency"], [QUARTERS[4]]),
    # 18 May 2028: the weights are released.
    *_each(["meta2-new-tools-update", "pf2-deployment-conditions", "nist-ra3", "nvidia-severity-or-frequency"], [QUARTERS[5]]),
    # 18 Aug 2028: a critical incident, with injury imminent: a day. A serious incident, a major one, a severe hazard.
    ("2028-08-18", "sb53-clocks", "2028-08-19T06:00Z"),
    *_each(["xai-depths", "nvidia-severity-or-frequency", "meta2-new-tools-update"], [QUARTERS[6]]),
    # 15 Feb 2029: a near miss of a similar model; fine-tuning exceeds a third of base compute.
    *_each(["cop-before-change", "msft-leading-indicators"], [QUARTERS[8]]),
    # Six months from the last, which was then.
    *_each(["msft-leading-indicators"], [QUARTERS[1], QUARTERS[3], QUARTERS[5], QUARTERS[7], QUARTERS[10]]),
    # A more capable model followed within a month of 1 Dec 2027: waived until 31 Dec, then at once, and six months from there.
    *_each(["cop-six-months"], [QUARTERS[1], QUARTERS[3], ("2028-01-01", "2027-12-01"), ("2028-06-17", "2028-07-01"),
                                ("2028-12-18", "2029-01-01"), ("2029-06-17", "2029-07-01")]),
    # 1 Oct 2029: another critical incident, fifteen days.
    ("2029-10-01", "sb53-clocks", "2029-10-16T05:30Z"),
    *_each(["xai-depths", "nvidia-severity-or-frequency", "meta2-new-tools-update"], [("2029-10-01", "2029-10-15")]),
]  # fmt: skip
SYSTEM = "framework/system.yml"
SEVERE = """\
incidents:
  - {id: injury, title: Injury imminent, severity: critical, first_seen_at: 2028-08-18T06:00Z,
     circumstances: [imminent-death-or-injury]}
"""
SIMILAR = "  - {id: near, title: Near, kind: near-miss, severity: low, similar_model: true, first_seen_at: 2029-02-15T06:00Z}\n"
AGAIN = "  - {id: again, title: Again, severity: critical, first_seen_at: 2029-10-01T05:30Z}\n"


def _changed(old: str, new: str) -> Act:
    return lambda play: play.replace(SYSTEM, old, new)


def _similar(play: Play) -> None:
    play.write(INCIDENTS, SEVERE + SIMILAR)
    play.replace(SYSTEM, "fine_tuning_compute: 1.0e24", "fine_tuning_compute: 3.4e24")


def _waive_for_a_more_capable_one(play: Play) -> None:
    text = "/reassay waive more-capable-follows until 2027-12-31 because a more capable model follows"
    asked = play.say("commitments-lead", "cop-six-months", text)
    play.sweep()
    play.say("red-team-lead", "cop-six-months", f"/reassay confirm {asked}")


PUBLIC_ACTS: dict[str, Act] = {
    "2026-12-01T12:00Z": lambda play: play.conclude(*play.open()),
    "2027-08-18": _changed('version: "1"\n    metrics:\n      effective_compute: 1.0e25',
                           'version: "2"\n    metrics:\n      effective_compute: 4.0e25'),
    "2027-11-20": _waive_for_a_more_capable_one,
    "2028-01-01T12:00Z": lambda play: play.conclude("cop-six-months"),
    "2028-02-16": _changed("access: [api, fine-tuning]", "access: [api, fine-tuning]\n    affordances: [browsing]"),
    "2028-05-18": _changed("access: [api, fine-tuning]", "access: [api, fine-tuning, weights]"),
    "2028-08-18": lambda play: play.write(INCIDENTS, SEVERE),
    "2028-08-18T20:00Z": lambda play: play.conclude("sb53-clocks"),
    "2029-02-15": _similar,
    "2029-10-01": lambda play: play.write(INCIDENTS, SEVERE + SIMILAR + AGAIN),
    "2029-10-15T12:00Z": lambda play: play.conclude("sb53-clocks"),
}  # fmt: skip


@pytest.mark.long
def test_the_public_commitments_through_three_years(make_lab: Callable[..., Lab]) -> None:
    files = files_of(EXAMPLE) | {".github/reassay.yml": b"mode: remind\nrollout: {max_open: 100, per_week: 100}\n"}
    lab = make_lab(files)
    for login in ("commitments-lead", "responsible-scaling-officer", "third-party-reviewer"):
        lab.box.add_user(login)
    others = {
        "rsp22-4x-or-6-months": "responsible-scaling-officer",
        "rsp34-third-party-annual": "third-party-reviewer",
        "rsp34-third-party-annual-update": "responsible-scaling-officer",
    }
    play = Play(lab, others)
    play.play(PUBLIC_ACTS, PUBLIC_TABLE, "2029-12-01")
    assert play.differences(PUBLIC_TABLE) == ([], [])
    assert play.swept is not None
    assert {cell.state for cell in play.swept.cells if cell.subject == "rsp22-operating-range"} == {State.UNKNOWN}
