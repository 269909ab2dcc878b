"""Generated registers with a ledger that has a past: what the forecast is compared over."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from reassay.assessment.schedule.plan import Ask
from reassay.ledger.deferrals import Extended, Settled, SideExit, Snoozed, Waived
from reassay.ledger.digests import Asked
from reassay.ledger.entry import Opened, Place, Proposed, Trigger
from reassay.ledger.history import Reassessment
from reassay.ledger.risks import Accepted, Triaged
from reassay.register.acceptance import RiskAcceptance
from reassay.register.base import Depth
from reassay.register.evidence_item import EvidenceItem
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import Register, RegisterObject
from tests.make import TODAY, Story, commitment, deployment, made, mitigation, model, register, threat_model

NAMES = ("a", "b", "c")
BEFORE = TODAY - timedelta(days=70)
DIGEST = f"sha256:{'0' * 64}"
ASKED = Asked(comment=1, index=0, body_sha256="0" * 64, by=1)
SPANS = st.sampled_from(["9 days", "3 weeks", "1 month", "45 days", "2 months"])
DAYS = st.integers(-120, 100).map(lambda offset: TODAY + timedelta(days=offset))
COMING = st.integers(-10, 80).map(lambda offset: TODAY + timedelta(days=offset))
INSTANTS = st.builds(
    lambda day, hour: datetime(day.year, day.month, day.day, hour, tzinfo=UTC).isoformat(), DAYS, st.integers(0, 23)
)
DEPTHS = st.sampled_from([None, None, "light", "full"])
UNLESS = [{"id": "unchanged", "text": "Nothing changed"}]


def one_or_none(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | values


SIMPLE = st.one_of(
    st.builds(lambda every, depth: {"kind": "interval", "every": every, "depth": depth}, SPANS, DEPTHS),
    st.builds(
        lambda days, months: {"kind": "interval-range", "at_least_after": f"{days} days", "every": f"{months} months"},
        st.integers(3, 25),
        st.integers(1, 2),
    ),
    st.builds(lambda every: {"kind": "interval-unless", "every": every, "unless": UNLESS}, SPANS),
    st.builds(lambda ratio: {"kind": "metric-ratio", "metric": "compute", "ratio": ratio}, st.sampled_from([2, 4])),
    st.builds(lambda most: {"kind": "metric-threshold", "metric": "compute", "at_most": most}, st.sampled_from([3, 50])),
    st.just({"kind": "metric-ratio", "metric": "compute", "ratio": 2, "relative_to": "refusals"}),
    st.builds(lambda span: {"kind": "evidence-stale", "older_than": span}, SPANS),
    st.builds(lambda span: {"kind": "new-information", "triage_within": span}, one_or_none(SPANS)),
    st.builds(
        lambda least, similar: {"kind": "incident-severity", "at_least": least, "similar_models": similar},
        st.sampled_from(["low", "high"]),
        st.booleans(),
    ),
    st.builds(
        lambda form, least: {"kind": "incident-rate", "at_least": least, **form},
        st.sampled_from([
            {"more_than": 1, "window": "2 months"},
            {"accepted": "1 per 20 years", "stated_by": "board"},
            {"accepted": "1 per 2 years", "stated_by": "board", "since": "2026-05-01", "similar_models": True},
            {"accepted": "1 per 20 years", "stated_by": "board", "method": "change", "run_length": "2 months"},
        ]),
        st.sampled_from(["low", "high"]),
    ),
    st.sampled_from([
        {"kind": "deployment-change"},
        {"kind": "model-change"},
        {"kind": "redundancy-lost"},
        {"kind": "acceptance-expired"},
        {"kind": "mitigation-change"},
        {"kind": "drift"},
        {"kind": "invalidation-condition", "condition": "It is published"},
    ]),
)  # fmt: skip
COMBINED = st.builds(
    lambda kind, members, depth: {"kind": kind, "of": members, "depth": depth},
    st.sampled_from(["any", "all"]),
    st.lists(SIMPLE, min_size=1, max_size=3),
    DEPTHS,
)
TRIGGERS = st.lists(SIMPLE | COMBINED, max_size=3)


@st.composite
def clocks(draw: st.DrawFn) -> Mapping[str, object]:
    own: dict[str, object] = {"every": draw(SPANS), "triggers": draw(TRIGGERS), "depth": draw(DEPTHS)}
    match draw(st.sampled_from(["plain", "range", "unless", "none"])):
        case "range":
            own |= {"at_least_after": "5 days", "every": draw(st.sampled_from(["3 weeks", "2 months"]))}
        case "unless":
            own["unless"] = UNLESS
        case "none":
            own["every"] = "unspecified"
        case _:
            pass
    return own | {"grace": draw(st.sampled_from([None, "4 days"]))}


@st.composite
def mitigations(draw: st.DrawFn, name: str) -> RegisterObject:
    return mitigation(
        name,
        every=None,
        reassess=draw(clocks()),
        status=draw(st.sampled_from(["active", "active", "active", "proposed", "retired"])),
        version=draw(st.integers(1, 2)),
        deployments=draw(st.sampled_from([[], ["api"], ["api", "lab"]])),
        threat_models=draw(st.sampled_from([[], ["misuse"]])),
        last_assessed=draw(one_or_none(DAYS)),
        invalidation_conditions=draw(st.sampled_from([[], [{"text": "It leaks"}]])),
    )


@st.composite
def commitments(draw: st.DrawFn, name: str) -> RegisterObject:
    return commitment(
        name,
        subject={"kind": draw(st.sampled_from(["mitigation", "framework", "deployment", "model"]))},
        triggers=draw(st.lists(SIMPLE | COMBINED, min_size=1, max_size=2)),
        in_force_from=draw(one_or_none(DAYS)),
        superseded_by=draw(st.sampled_from([None, "second"])) if name == "first" else None,
        depth=draw(DEPTHS),
    )


@st.composite
def deployments(draw: st.DrawFn) -> list[RegisterObject]:
    api = deployment(
        "api",
        languages=draw(st.sampled_from([["en"], ["en", "fr"]])),
        model=draw(st.sampled_from([None, "large"])),
        planned=draw(st.lists(st.builds(_planned, COMING), max_size=1)),
        preauthorised_changes=draw(st.lists(st.builds(_preauthorised, COMING), max_size=1)),
    )
    lab = deployment("lab", audience="internal", model="large")
    large = model("large", draw(st.sampled_from(["1", "2"])), compute=draw(st.sampled_from([1, 5, 80])), refusals=3)
    return [api, lab, large]


def _planned(day: date) -> Mapping[str, object]:
    return {"change": "languages: add fr", "not_before": day}


def _preauthorised(day: date) -> Mapping[str, object]:
    return {"change": "languages: add fr", "protocol": "as agreed", "expires": day}


ABOUT = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)
SOURCE = {"file": "old.csv", "sha256": DIGEST, "row": 1}


@st.composite
def happenings(draw: st.DrawFn) -> RegisterObject:
    """An incident, news, evidence, an acceptance or an imported assessment, past or still to come."""
    number, about, day, instant = draw(st.integers(1, 2)), draw(ABOUT), draw(DAYS), draw(INSTANTS)
    where = draw(st.sampled_from([[], ["api"]]))
    flag = draw(st.booleans())
    match draw(st.sampled_from(["incident", "news", "evidence", "accepted", "past"])):
        case "incident" as kind:
            severity = "critical" if draw(st.booleans()) else "low"
            fields: dict[str, Any] = {"severity": severity, "first_seen_at": instant, "mitigations_failed": about}
            return made(Incident, id=f"{kind}-{number}", similar_model=flag, **fields)
        case "news" as kind:
            judged = {"material": flag, "rationale": "read", "by": "safety-lead", "on": day}
            fields = {"triage": draw(st.sampled_from([None, judged])), "triage_due": draw(one_or_none(DAYS))}
            fields |= {"known_at": instant, "affects": about, "kind": "jailbreak", "source": "a report"}
            return made(InformationItem, id=f"{kind}-{number}", **fields)
        case "evidence" as kind:
            fields = {"mitigations": about, "performed_at": day, "scope": {"deployments": where, "languages": ["fr"]}}
            fields |= {"method": "test", "performed_by": "red team", "finding": "fine", "file": "evidence.md"}
            return made(EvidenceItem, id=f"{kind}-{number}", **fields)
        case "accepted" as kind:
            fields = {"mitigations": about, "deployments": where, "expires_at": day, "rationale": "for now"}
            return made(RiskAcceptance, id=f"{kind}-{number}", requester="safety-lead", approver="red-team", **fields)
        case kind:
            decision = draw(st.sampled_from([None, "effective", "inconclusive"]))
            fields = {"mitigation": about[0], "assessed_on": day, "depth": draw(DEPTHS), "decision": decision}
            return made(PastAssessment, id=f"{kind}-{number}", attestor="safety-lead", source=SOURCE, **fields)


@st.composite
def registers(draw: st.DrawFn) -> Register:
    objects: list[RegisterObject] = [threat_model("misuse"), *draw(deployments())]
    objects += draw(st.lists(happenings(), max_size=4, unique_by=lambda item: item.id))
    objects += [draw(mitigations(name)) for name in NAMES[: draw(st.integers(1, len(NAMES)))]]
    objects += [draw(commitments(name)) for name in draw(st.sampled_from([(), ("first",), ("first", "second")]))]
    return register(
        *objects,
        timezone=draw(st.sampled_from(["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"])),
        rollout={"max_open": draw(st.integers(1, 3)), "per_week": draw(st.integers(1, 2))},
        reminders={"holidays": draw(st.lists(COMING, max_size=2)), "working_days": ["mon", "tue", "thu"]},
        defaults={
            "open_before": draw(st.sampled_from(["5 days", "2 weeks"])),
            "respond_within": draw(st.sampled_from(["4 days", "2 weeks"])),
            "triage_within": draw(st.sampled_from(["2 days", "2 weeks"])),
            "depth": draw(st.sampled_from(["light", "full"])),
        },
    )


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A register as it is today, and a ledger of what was done while it was another one."""
    now = draw(registers())
    past = draw(st.just(now) | registers())
    story = Story(past, BEFORE)
    for offset in draw(st.lists(st.integers(0, 69), max_size=3).map(sorted)):
        story.move_to(BEFORE + timedelta(days=offset))
        story.sweep(draw(st.sampled_from([None, Ask("a", "safety-lead", 1, "a new family")])))
        for reassessment in story.assessment_input.history.open:
            _go_on(draw, story, reassessment)
    story.register = now
    story.move_to(TODAY)
    return story


def _go_on(draw: st.DrawFn, story: Story, reassessment: Reassessment) -> None:
    """One thing that people did about an open re-assessment, or nothing."""
    name, subject = reassessment.id, reassessment.subject
    both: dict[str, Any] = {"asked": ASKED, "confirmed_by": 2, "because": DIGEST}
    match draw(st.sampled_from(["effective", "degraded", "ineffective", "inconclusive", "extend", "snooze", "waive",
                                "accept", "exit", "merge", "propose", "triage", "nothing"])):  # fmt: skip
        case "extend":
            story.add(Extended(reassessment=name, until=draw(COMING), **both))
        case "snooze":
            story.add(Snoozed(reassessment=name, until=draw(COMING), because=DIGEST))
        case "waive":
            story.add(Waived(reassessment=name, subject=subject, cells=reassessment.cells, condition="unchanged", until=draw(COMING), **both))  # fmt: skip
        case "accept":
            story.add(Accepted(reassessment=name, subject=subject, cells=reassessment.cells, until=draw(COMING), **both))  # fmt: skip
        case "exit" | "merge" as how:
            others = [each.id for each in story.assessment_input.history.open if each.id != name]
            into = draw(st.sampled_from(others)) if how == "merge" and others else None
            settled = tuple(Settled(kind=one.kind, about=one.about, reason=one.reason) for one in reassessment.triggers)
            story.add(SideExit(reassessment=name, subject=subject, how="merged-into" if into else "not-material", into=into, settled=settled, **both))  # fmt: skip
        case "propose":
            story.add(_proposal(story, reassessment))
        case "triage":
            story.add(Triaged(information="news-1", material=draw(st.booleans()), because=DIGEST, role="safety-lead"))
        case "nothing":
            pass
        case decision:
            # What a pull request opened is concluded on the pull request.
            if reassessment.proposal is None:
                story.conclude(subject, decision)


def _proposal(story: Story, reassessment: Reassessment) -> Opened:
    """A re-assessment of what a pull request would merge; nothing that is in force waits for it."""
    opened = reassessment.opened
    return Opened(
        reassessment=story.assessment_input.history.next_id(story.now.year),
        nonce="f" * 32,
        run="run",
        lease_until=story.now,
        subject=opened.subject,
        version=opened.version,
        cells=opened.cells,
        depth=Depth.LIGHT,
        triggers=(Trigger(kind="deployment-change", reason="it is proposed", cells=opened.cells),),
        opened_on=story.now.date(),
        due=story.now.date(),
        checklist=DIGEST,
        place=Place(commit="0" * 40, path="framework/x.yml", line=1),
        proposal=Proposed(pull=7, base="main"),
    )
