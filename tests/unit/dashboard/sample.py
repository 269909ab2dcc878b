"""A made-up dashboard with something in every field, and the same with hostile texts."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Literal, get_args, get_origin

from pydantic import BaseModel

from reassay.dashboard.coverage_values import (
    CommitmentLine,
    DeploymentColumn,
    IncidentChart,
    IncidentDay,
    LanguageCell,
    LayerCell,
    LayerMember,
    LayerRow,
    StandardLine,
)
from reassay.dashboard.subject_values import (
    CriterionFigure,
    DashboardCell,
    DashboardRecord,
    DashboardSubject,
    EffectivenessPoint,
    EffectivenessSeries,
    LedgerLine,
    SourcePlace,
    TimelineEvent,
)
from reassay.dashboard.values import Dashboard, DashboardDuty, DashboardProblem
from reassay.dashboard.verdict_values import (
    DashboardVerdict,
    VerdictAction,
    VerdictRow,
    VerdictRule,
    VerdictStep,
    WhatIf,
)

TODAY = date(2026, 11, 30)
AT = datetime(2026, 11, 30, 14, 2, tzinfo=UTC)
URL = "https://github.com/example-lab/framework"
CONCLUDE = "/reassay conclude ineffective|degraded|inconclusive|effective because <findings>"


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def place(file: str, line: int) -> SourcePlace:
    return SourcePlace(path=f"framework/{file}", line=line)


BLOCKED = CriterionFigure(
    criterion="Jailbreaks that get through",
    kind="rate",
    verdict="met",
    basis="tested",
    value=0.0211,
    lower=0.0044,
    upper=0.0606,
    level=0.95,
    target=0.1,
    k=3,
    n=142,
    on=date(2026, 8, 28),
    record="R-2026-007",
)
RECALL = CriterionFigure(
    criterion="Recall on known attacks",
    kind="detector",
    verdict="missed",
    basis="tested",
    why="the upper end of the interval is below the target",
    value=0.81,
    lower=0.765,
    upper=0.849,
    level=0.95,
    target=0.9,
    is_ceiling=False,
    k=267,
    n=330,
    on=date(2026, 10, 12),
    record="R-2026-011",
)
DRILL = CriterionFigure(
    criterion="Time until access is cut",
    kind="duration",
    verdict="exceeded",
    basis="exercised",
    why="one of four drills took longer",
    value=74.0,
    target=60.0,
    unit="minutes",
    n=4,
    on=date(2026, 9, 2),
    record="R-2026-009",
)
NOT_MEASURED = CriterionFigure(
    criterion="False positives on traffic",
    kind="detector",
    verdict="not-measured",
    basis="",
    why="no result names it",
    target=0.01,
)
INSUFFICIENT = CriterionFigure(
    criterion="Uplift in a staged task",
    kind="rate",
    verdict="insufficient",
    basis="tested",
    why="12 attempts are too few for a bound of 5%",
    value=0.0,
    lower=0.0,
    upper=0.265,
    level=0.95,
    target=0.05,
    k=0,
    n=12,
    on=date(2026, 11, 20),
    record="R-2026-014",
)
CENSUS = CriterionFigure(
    criterion="Staff trained",
    kind="census",
    verdict="met",
    basis="counted",
    value=0.987,
    target=0.95,
    is_ceiling=False,
    k=228,
    n=231,
    on=date(2026, 5, 11),
    record="R-2026-003",
)


def cell(subject: str, title: str, deployment: str, owner: str, state: str, **more: object) -> DashboardCell:
    values: dict[str, object] = {
        "kind": "mitigation",
        "assessors": ("red-team-lead",),
        "timing": state,
        "is_wrong": state not in {"current", "due-soon", "retired"},
        "verdict": "unassessed",
    }
    return DashboardCell.model_validate(
        values | {"subject": subject, "title": title, "deployment": deployment, "owner": owner, "state": state} | more
    )


CELLS = (
    cell(
        "weights-encryption",
        "Weights are encrypted at rest and in use",
        "research",
        "security-lead",
        "unreadable",
        verdict="was effective on 2026-03-02 (counted)",
        basis="counted",
        due=in_days(-89),
        reason="framework/security.yml:12 cannot be read: unknown key 'evry'",
        issue=41,
        record="R-2026-002",
        decided=date(2026, 3, 2),
    ),
    cell(
        "agent-permissions",
        "Agents act only within permissions",
        "api",
        "product-safety-lead",
        "restrict-ordered",
        verdict="ineffective (tested)",
        basis="tested",
        due=in_days(-3),
        due_at=datetime(2026, 11, 27, 9, 14, tzinfo=UTC),
        reason="restrict agents to read-only tools: not carried out yet",
        issue=44,
        record="R-2026-012",
        decided=date(2026, 11, 25),
        figures=(DRILL,),
    ),
    cell(
        "misuse-monitoring",
        "Accounts that misuse the service are detected and closed",
        "api",
        "trust-and-safety-lead",
        "ineffective",
        timing="current",
        verdict="ineffective (tested; not measured: False positives on traffic)",
        basis="tested",
        due=in_days(133),
        reason="recall is below the target",
        issue=39,
        record="R-2026-011",
        decided=date(2026, 10, 12),
        figures=(RECALL, NOT_MEASURED),
    ),
    cell(
        "jailbreak-filter",
        "Input classifier blocks jailbreak attempts",
        "chat-app",
        "safety-lead",
        "overdue",
        verdict="was effective on 2026-08-28 (tested)",
        basis="tested",
        due=in_days(-2),
        reason="3 months since the assessment of 2026-08-28",
        issue=42,
        record="R-2026-007",
        decided=date(2026, 8, 28),
        figures=(BLOCKED,),
    ),
    cell(
        "jailbreak-filter",
        "Input classifier blocks jailbreak attempts",
        "api",
        "safety-lead",
        "triggered",
        verdict="was effective on 2026-08-28 (tested)",
        basis="tested",
        due=in_days(1),
        reason="incident 2026-11-21-prompt-leak was triaged as material",
        issue=43,
        record="R-2026-007",
        decided=date(2026, 8, 28),
        figures=(BLOCKED,),
    ),
    cell(
        "uplift-evaluation",
        "Uplift evaluations before each release",
        "trusted-testers",
        "evaluations-lead",
        "extended",
        verdict="inconclusive (tested)",
        basis="tested",
        due=in_days(12),
        reason="extended once until 2026-12-12",
        issue=45,
        record="R-2026-014",
        decided=date(2026, 11, 20),
        figures=(INSUFFICIENT,),
    ),
    cell(
        "bug-bounty",
        "Bug bounty for universal jailbreaks",
        "*",
        "safety-lead",
        "unassessed",
        assessors=(),
        opens=in_days(7),
        reason="It was never assessed; pacing opens it on 2026-12-07",
    ),
    cell(
        "safeguards-reapproval",
        "Safeguards are re-approved every year",
        "*",
        "chief-executive",
        "due-soon",
        kind="commitment",
        verdict="effective (attested, self-assessed)",
        basis="attested, self-assessed",
        due=in_days(11),
        reason="1 year since the assessment of 2025-12-11",
        issue=46,
        record="R-2025-001",
        decided=date(2025, 12, 11),
    ),
    cell(
        "egress-limits",
        "Egress bandwidth is limited",
        "research",
        "security-lead",
        "unknown",
        is_blind=True,
        verdict="imported, not verified",
        basis="imported",
        reason="the source network-monitor has been silent for 9 days",
    ),
    cell(
        "misuse-training",
        "Staff with access finish misuse training",
        "research",
        "people-lead",
        "current",
        verdict="effective (counted)",
        basis="counted",
        due=in_days(162),
        reason="1 year since the assessment of 2026-05-11",
        record="R-2026-003",
        decided=date(2026, 5, 11),
        figures=(CENSUS,),
    ),
    cell(
        "output-filter",
        "Output classifier stops harmful answers",
        "chat-app",
        "safety-lead",
        "current",
        verdict="effective (tested)",
        basis="tested",
        due=in_days(97),
        reason="6 months since the assessment of 2026-09-07",
        record="R-2026-010",
        decided=date(2026, 9, 7),
        figures=(
            BLOCKED.model_copy(
                update={"criterion": "Harmful answers", "value": 0.004, "lower": 0.0001, "upper": 0.0221}
            ),
        ),
    ),
    cell(
        "keyword-blocklist",
        "Keyword blocklist",
        "chat-app",
        "safety-lead",
        "retired",
        reason="retired on 2026-06-01",
    ),
)

ENTRIES = (
    LedgerLine(
        seq=17,
        kind="opened",
        at=datetime(2026, 8, 21, 7, 0, tzinfo=UTC),
        actor="bot",
        words="R-2026-007 was opened",
        digest="1f" * 32,
        trust="signed",
    ),
    LedgerLine(
        seq=24,
        kind="signed-off",
        at=datetime(2026, 8, 27, 15, 41, tzinfo=UTC),
        actor="red-team-lead",
        words="signed off row 2 as red-team",
        digest="2e" * 32,
        trust="unsigned",
    ),
    LedgerLine(
        seq=25,
        kind="decided",
        at=datetime(2026, 8, 28, 9, 12, tzinfo=UTC),
        actor="red-team-lead",
        words="decided: effective (tested)",
        digest="3d" * 32,
        trust="unknown-key",
    ),
    LedgerLine(
        seq=26,
        kind="corrected",
        at=datetime(2026, 8, 29, 10, 0, tzinfo=UTC),
        actor="safety-lead",
        words="erratum: the file of attempts was replaced",
        digest="4c" * 32,
        trust="broken",
    ),
)

RECORDS = (
    DashboardRecord(
        id="R-2026-016",
        state="open",
        depth="full",
        cells=("chat-app", "api"),
        opened=date(2026, 11, 21),
        why=("3 months since the assessment of 2026-08-28", "incident 2026-11-21-prompt-leak was triaged as material"),
        due=in_days(-2),
        issue=42,
        is_late=True,
    ),
    DashboardRecord(
        id="R-2026-007",
        state="decided",
        depth="full",
        cells=("chat-app", "api"),
        opened=date(2026, 8, 21),
        why=("the model of chat-app changed from m-4 to m-5",),
        due=date(2026, 8, 31),
        decided=date(2026, 8, 28),
        decision="effective",
        basis="tested",
        by="red-team-lead",
        reason="3 of 142 attempts got through; the bound is 10%.",
        issue=31,
        figures=(BLOCKED.model_copy(update={"cell": "chat-app"}),),
        sign_offs=("red-team: red-team-lead on Thu 27 Aug 2026",),
        evidence=("results/attempts.json, counted from inspect, sealed by security-lead",),
        entries=ENTRIES,
    ),
    DashboardRecord(
        id="R-2026-001",
        state="decided",
        depth="light",
        cells=("chat-app",),
        opened=date(2026, 2, 2),
        why=("It was never assessed",),
        due=date(2026, 2, 16),
        decided=date(2026, 2, 20),
        decision="degraded",
        basis="attested",
        by="red-team-lead",
        reason="Withdrawn: the wrong file was counted.",
        issue=12,
        is_withdrawn=True,
        is_late=True,
    ),
    DashboardRecord(
        id="imported-2025-11-30",
        state="decided",
        depth="full",
        cells=("chat-app",),
        opened=date(2025, 11, 30),
        why=("imported",),
        decided=date(2025, 11, 30),
        decision="effective",
        basis="imported",
        by="imported",
    ),
)


def subject(id_: str, title: str, owner: str, **more: object) -> DashboardSubject:
    return DashboardSubject.model_validate(
        {"kind": "mitigation", "status": "active", "version": 1, "id": id_, "title": title, "owner": owner} | more
    )


SUBJECTS = (
    subject(
        "jailbreak-filter",
        "Input classifier blocks jailbreak attempts",
        "safety-lead",
        description="A classifier reads each request before the model does.\nRequests above the threshold are refused.",
        assessors=("red-team-lead", "evaluations-lead"),
        version=3,
        layer="input",
        stage="deployment",
        target="Against a skilled attacker with 40 hours, most attempts fail.",
        criteria=("Jailbreaks that get through: at most 10% (rate, 95% confidence)",),
        assumptions=("Attackers do not see the classifier's score.",),
        conditions=("A universal jailbreak is published.",),
        triggers=("every 3 months", "each material incident", "each change of the model"),
        threat_models=("cbrn-uplift", "cyber-misuse"),
        deployments=("chat-app", "api"),
        standards=("NIST AI RMF MS-2.7", "ISO/IEC 42001 A.6.2.4"),
        references=("safety-case: https://docs.example.com/safety-case",),
        place=place("safeguards.yml", 4),
        records=RECORDS,
    ),
    subject(
        "weights-encryption",
        "Weights are encrypted at rest and in use",
        "security-lead",
        place=place("security.yml", 12),
    ),
    subject("agent-permissions", "Agents act only within permissions", "product-safety-lead", deployments=("api",)),
    subject("misuse-monitoring", "Accounts that misuse the service are detected and closed", "trust-and-safety-lead"),
    subject("uplift-evaluation", "Uplift evaluations before each release", "evaluations-lead"),
    subject("bug-bounty", "Bug bounty for universal jailbreaks", "safety-lead", status="proposed", version=None),
    subject("egress-limits", "Egress bandwidth is limited", "security-lead"),
    subject("misuse-training", "Staff with access finish misuse training", "people-lead"),
    subject("output-filter", "Output classifier stops harmful answers", "safety-lead"),
    subject("keyword-blocklist", "Keyword blocklist", "safety-lead", status="retired"),
    subject(
        "safeguards-reapproval",
        "Safeguards are re-approved every year",
        "chief-executive",
        kind="commitment",
        description="We will re-approve our safeguards at least once a year.",
    ),
)

PROBLEMS = (
    DashboardProblem(
        kind="unreadable",
        what="weights-encryption",
        why="The key 'evry' is unknown, so nothing re-assesses this mitigation.",
        remedy="Write 'every: 6 months'.",
        place=place("security.yml", 12),
        owner="security-lead",
        since=date(2026, 11, 23),
        issue=41,
    ),
    DashboardProblem(
        kind="ledger",
        what="entry 26",
        why="Its signature is not valid.",
        remedy="Run 'reassay ledger verify'.",
        since=in_days(-1),
    ),
    DashboardProblem(
        kind="blind",
        what="network-monitor",
        why="The source has been silent for 9 days.",
        remedy="Restart its export.",
        owner="security-lead",
    ),
    DashboardProblem(
        kind="error",
        what="roles",
        why="The role 'risk' has no members.",
        remedy="Add one.",
        place=place("roles.yml", 2),
    ),
    DashboardProblem(kind="sweep", what="the last sweep", why="GitHub did not answer.", remedy="Run it again."),
    DashboardProblem(
        kind="verdict", what="pull request 12", why="Computed again, it is a failure.", remedy="Read its explanation."
    ),
)


def duty(group: str, role: str, people: tuple[str, ...], what: str, **more: object) -> DashboardDuty:
    return DashboardDuty.model_validate(
        {"verb": "decide", "group": group, "role": role, "people": people, "what": what} | more
    )


DUTIES = (
    duty(
        "now",
        "security-lead",
        (),
        "framework/security.yml:12",
        verb="fix the register",
        state="unreadable",
        is_late=True,
        issue=41,
        due=in_days(-89),
    ),
    duty(
        "now",
        "product-safety",
        ("product-safety-lead",),
        "Agents act only within permissions",
        subject="agent-permissions",
        cells=("api",),
        state="restrict-ordered",
        due=in_days(-3),
        due_at=datetime(2026, 11, 27, 9, 14, tzinfo=UTC),
        is_late=True,
        issue=44,
    ),
    duty(
        "now",
        "red-team",
        ("red-team-lead", "evaluations-lead"),
        "Input classifier blocks jailbreak attempts",
        subject="jailbreak-filter",
        cells=("chat-app", "api"),
        state="overdue",
        due=in_days(-2),
        is_late=True,
        issue=42,
    ),
    duty(
        "now",
        "",
        ("safety-lead",),
        "Bug bounty for universal jailbreaks",
        verb="verify follow-up",
        subject="bug-bounty",
        due=in_days(2),
        issue=40,
    ),
    duty(
        "month",
        "red-team",
        ("red-team-lead", "evaluations-lead"),
        "Uplift evaluations before each release",
        subject="uplift-evaluation",
        cells=("trusted-testers",),
        state="extended",
        due=in_days(12),
        issue=45,
    ),
    duty(
        "month",
        "leadership",
        ("chief-executive",),
        "Safeguards are re-approved every year",
        subject="safeguards-reapproval",
        cells=("*",),
        state="due-soon",
        due=in_days(11),
        issue=46,
    ),
    duty(
        "later",
        "red-team",
        ("red-team-lead",),
        "Output classifier stops harmful answers",
        subject="output-filter",
        due=in_days(97),
    ),
    duty(
        "queued",
        "red-team",
        ("red-team-lead",),
        "Bug bounty for universal jailbreaks",
        subject="bug-bounty",
        cells=("*",),
        state="unassessed",
    ),
    duty(
        "unknown",
        "security",
        ("security-lead",),
        "Egress bandwidth is limited",
        subject="egress-limits",
        cells=("research",),
        state="unknown",
    ),
)

SERIES = (
    EffectivenessSeries(
        subject="jailbreak-filter",
        cell="chat-app",
        criterion="Jailbreaks that get through",
        target=0.1,
        points=(
            EffectivenessPoint(
                on=date(2025, 11, 30),
                record="imported-2025-11-30",
                value=0.09,
                lower=0.05,
                upper=0.152,
                target=0.15,
                verdict="met",
            ),
            EffectivenessPoint(
                on=date(2026, 2, 20),
                record="R-2026-001",
                value=0.12,
                lower=0.07,
                upper=0.19,
                target=0.1,
                verdict="missed",
            ),
            EffectivenessPoint(
                on=date(2026, 8, 28),
                record="R-2026-007",
                value=0.0211,
                lower=0.0044,
                upper=0.0606,
                target=0.1,
                verdict="met",
            ),
        ),
    ),
    EffectivenessSeries(
        subject="agent-permissions",
        cell="api",
        criterion="Time until access is cut",
        unit="minutes",
        target=60.0,
        points=(
            EffectivenessPoint(on=date(2026, 3, 4), record="R-2026-004", value=41.0, target=60.0, verdict="met"),
            EffectivenessPoint(on=date(2026, 9, 2), record="R-2026-009", value=74.0, target=60.0, verdict="exceeded"),
        ),
    ),
)

TIMELINE = (
    TimelineEvent(
        on=date(2025, 11, 30),
        subject="jailbreak-filter",
        title=CELLS[3].title,
        kind="imported",
        cells=("chat-app",),
        decision="effective",
    ),
    TimelineEvent(
        on=date(2026, 8, 21),
        subject="jailbreak-filter",
        title=CELLS[3].title,
        kind="opened",
        cells=("chat-app", "api"),
        record="R-2026-007",
        words="full",
    ),
    TimelineEvent(
        on=date(2026, 8, 28),
        subject="jailbreak-filter",
        title=CELLS[3].title,
        kind="decided",
        cells=("chat-app", "api"),
        decision="effective (tested)",
        record="R-2026-007",
    ),
    TimelineEvent(
        on=date(2026, 11, 25),
        subject="agent-permissions",
        title=CELLS[1].title,
        kind="decided",
        cells=("api",),
        decision="ineffective (tested)",
        is_late=True,
        record="R-2026-012",
    ),
    TimelineEvent(
        on=in_days(-2),
        subject="jailbreak-filter",
        title=CELLS[3].title,
        kind="due",
        cells=("chat-app",),
        is_late=True,
        record="R-2026-016",
    ),
    TimelineEvent(on=in_days(7), subject="bug-bounty", title=CELLS[6].title, kind="will-open", cells=("*",)),
    TimelineEvent(on=in_days(11), subject="safeguards-reapproval", title=CELLS[7].title, kind="due", cells=("*",)),
    TimelineEvent(
        on=in_days(97),
        subject="output-filter",
        title=CELLS[10].title,
        kind="will-be-due",
        cells=("chat-app",),
        words="6 months since 2026-09-07",
    ),
)

DEPLOYMENTS = (
    DeploymentColumn(
        id="research",
        title="Research cluster",
        audience="internal",
        model="m-5",
        facts=(("access", "weights, fine-tuning"), ("modalities", "text, code"), ("oversight", "two-party approval")),
        states=(("unreadable", 1), ("unknown", 1), ("current", 1)),
        not_covered=("weights-encryption", "egress-limits"),
    ),
    DeploymentColumn(
        id="trusted-testers",
        title="Preview for trusted testers",
        audience="trusted-testers",
        model="m-6-preview",
        facts=(("access", "API with logging"), ("affordances", "browser")),
        states=(("extended", 1),),
    ),
    DeploymentColumn(
        id="chat-app",
        title="Chat application",
        audience="external",
        model="m-5",
        facts=(("access", "chat"), ("modalities", "text, images")),
        states=(("overdue", 1), ("current", 1), ("retired", 1)),
    ),
    DeploymentColumn(
        id="api",
        title="Programming interface",
        audience="external",
        model="m-5",
        facts=(("access", "API"), ("affordances", "tools, code execution")),
        states=(("restrict-ordered", 1), ("ineffective", 1), ("triggered", 1)),
        not_covered=("agent-permissions",),
    ),
)


def layer(
    threat_model: str, deployment: str, minimum: int, *members: tuple[str, str, str], shared: tuple[str, ...] = ()
) -> LayerCell:
    """Members are id, layer and why it does not count."""
    counting = [member for member, _, why_not in members if not why_not]
    return LayerCell(
        threat_model=threat_model,
        deployment=deployment,
        applies=bool(minimum),
        minimum=minimum,
        counted=len(counting),
        members=tuple(
            LayerMember(mitigation=name, layer=where, counts=not why, why_not=why) for name, where, why in members
        ),
        single_point=counting[0] if len(counting) == 1 else "",
        is_short=len(counting) < minimum,
        shared_causes=shared,
    )


LAYERS = (
    LayerRow(
        threat_model="cbrn-uplift",
        title="Help towards chemical, biological, radiological or nuclear weapons",
        cells=(
            layer("cbrn-uplift", "research", 1, ("misuse-training", "people", "")),
            layer("cbrn-uplift", "trusted-testers", 2, ("uplift-evaluation", "model", "inconclusive")),
            layer(
                "cbrn-uplift",
                "chat-app",
                2,
                ("output-filter", "output", ""),
                ("jailbreak-filter", "input", "overdue"),
                ("keyword-blocklist", "", "retired"),
                shared=("jailbreak-filter and output-filter share the training set attacks-v2",),
            ),
            layer(
                "cbrn-uplift",
                "api",
                2,
                ("jailbreak-filter", "input", "triggered"),
                ("misuse-monitoring", "monitoring", "ineffective"),
            ),
        ),
    ),
    LayerRow(
        threat_model="weight-theft",
        title="Model weights are stolen",
        cells=(
            layer(
                "weight-theft",
                "research",
                2,
                ("weights-encryption", "storage", "cannot be read"),
                ("egress-limits", "network", "a source is blind"),
            ),
            layer("weight-theft", "trusted-testers", 0),
            layer("weight-theft", "chat-app", 0),
            layer("weight-theft", "api", 0),
        ),
    ),
    LayerRow(
        threat_model="fraud",
        title="Fraud against users",
        cells=(
            layer("fraud", "research", 0),
            layer("fraud", "trusted-testers", 0),
            layer("fraud", "chat-app", 2, ("output-filter", "output", ""), ("misuse-training", "people", "")),
            layer("fraud", "api", 1, ("output-filter", "output", ""), ("misuse-training", "people", "")),
        ),
    ),
)

LANGUAGES = (
    LanguageCell(deployment="chat-app", language="en", covered=("jailbreak-filter", "output-filter")),
    LanguageCell(deployment="chat-app", language="de", covered=("output-filter",), not_covered=("jailbreak-filter",)),
    LanguageCell(deployment="chat-app", language="zh-Hant", not_decided=("jailbreak-filter", "output-filter")),
    LanguageCell(deployment="api", language="en", covered=("jailbreak-filter",)),
)

STANDARDS = (
    StandardLine(
        catalogue="NIST AI RMF",
        is_listed=True,
        cited=(("MEASURE", ("jailbreak-filter", "output-filter")), ("MANAGE", ("misuse-monitoring",))),
        missing=("GOVERN", "MAP"),
        unknown=("MS-9.9",),
    ),
    StandardLine(catalogue="House rules", is_listed=False, cited=(("HR-1", ("misuse-training",)),)),
)

COMMITMENTS = (
    CommitmentLine(
        id="safeguards-reapproval",
        title="Safeguards are re-approved every year",
        statement="We will re-approve our safeguards at least once a year.",
        source="Frontier safety policy 2.2, section 4",
        standing="at-risk",
        why="It is due in 11 days.",
        due=in_days(11),
        subjects=("safeguards-reapproval",),
    ),
    CommitmentLine(
        id="red-team-before-release",
        title="Red-teaming before each release",
        statement="No model is released before it was red-teamed.",
        standing="broken",
        why="Input classifier blocks jailbreak attempts is overdue in chat-app.",
        due=in_days(-2),
        subjects=("jailbreak-filter",),
    ),
    CommitmentLine(
        id="weights-secured",
        title="Weights are secured",
        statement="Weights are protected at security level 3.",
        standing="not-determinable",
        why="weights-encryption cannot be read.",
        subjects=("weights-encryption",),
    ),
    CommitmentLine(
        id="staff-trained",
        title="Staff are trained",
        statement="Everybody with access is trained every year.",
        standing="kept",
        why="Staff with access finish misuse training is current until Tue 11 May 2027.",
        due=in_days(162),
        subjects=("misuse-training",),
    ),
    CommitmentLine(
        id="publish-summary",
        title="A summary is published",
        statement="We publish a summary from 2027 on.",
        standing="not-in-force",
        why="It is in force from Fri 1 Jan 2027.",
    ),
)

INCIDENTS = (
    IncidentChart(
        subject="misuse-monitoring",
        cell="api",
        title="Misuse that monitoring did not stop",
        words="7 incidents in 90 days at 1.8 million requests; at most 4 are accepted, an alarm fires from 9.",
        unit="requests",
        days=tuple(
            IncidentDay(
                on=in_days(number - 89),
                incidents=float(sum(number >= at for at in (8, 31, 33, 52, 60, 77, 85))),
                accepted=round(4 * (number + 1) / 90, 4),
                fires_at=round(3 + 6 * (number + 1) / 90, 4),
                exposure=20_000.0 * (number + 1),
                is_settled=number < 83,
            )
            for number in range(90)
        ),
        fired=(in_days(-12),),
    ),
    IncidentChart(
        subject="jailbreak-filter",
        cell="chat-app",
        title="Jailbreaks in production",
        words="2 incidents in 60 days; the exposure is not known.",
        days=tuple(
            IncidentDay(on=in_days(number - 59), incidents=float(sum(number >= at for at in (20, 41))))
            for number in range(60)
        ),
    ),
)

VERDICTS = (
    DashboardVerdict(
        name="pull-12",
        title="Add audio to the chat application",
        pull=12,
        base="main",
        head="a" * 40,
        conclusion="failure",
        why="1 row needs an answer or a sign-off",
        enforces=True,
        judged_at=AT,
        valid_until=in_days(1),
        seq=26,
        is_offline=True,
        steps=(
            VerdictStep(
                people=("red-team-lead", "evaluations-lead"),
                actions=(VerdictAction(command="/reassay signoff 2 1a2b3c4", words="after safety"),),
            ),
            VerdictStep(people=(), actions=(VerdictAction(words="Fix the base: it cannot be read"),)),
        ),
        rules=(
            VerdictRule(name="readable", status="met", why="the register has no new errors"),
            VerdictRule(
                name="signed",
                status="unmet",
                why="row 2, `mitigation jailbreak-filter`: review: 1 sign-off from red-team is missing",
                next_step="To settle it, @red-team-lead or @evaluations-lead comments: `/reassay signoff 2 1a2b3c4`",
                people=("red-team-lead", "evaluations-lead"),
                place=place("deployments.yml", 9),
                notes=("@safety-lead as red-team: they pushed to it",),
            ),
            VerdictRule(name="hold", status="skipped", why="there is no hold on this"),
            VerdictRule(name="mergeable", status="error", why="the base cannot be read"),
        ),
        rows=(
            VerdictRow(
                number=1,
                what="`deployment chat-app`: Does the red-team test cover it?",
                role="safety",
                needed=1,
                signed=("@safety-lead as safety",),
                people=("safety-lead",),
                is_signed=True,
                answer="yes",
            ),
            VerdictRow(
                number=2,
                what="`mitigation jailbreak-filter`: review",
                role="red-team",
                needed=2,
                people=("red-team-lead", "evaluations-lead"),
                is_signed=False,
                void=("@safety-lead as red-team: they pushed to it",),
            ),
        ),
        changes=("deployment chat-app: audio added to modalities_in (significant: more can go in)",),
        opens=("jailbreak-filter for chat-app, after the merge: chat-app takes audio",),
        what_if=(
            WhatIf(people=("red-team-lead",), conclusion="success", answered=(1,), signed=(1, 2)),
            WhatIf(
                people=("evaluations-lead",),
                conclusion="failure",
                missing=("Row 2, `mitigation jailbreak-filter`: review: 1 sign-off from red-team is missing.",),
                signed=(2,),
                in_one_role=("evaluations-lead",),
            ),
            WhatIf(people=("red-team-lead", "evaluations-lead"), conclusion="success", signed=(2,)),
        ),
        not_alone=("chief-executive",),
        overridden="@chief-executive as board (entry 25), for head aaaaaaa, until Tue 1 Dec 2026",
    ),
    DashboardVerdict(
        name="range", title="main..audio", head="b" * 40, conclusion="success", judged_at=AT, rules=(), rows=()
    ),
)


@cache
def sample() -> Dashboard:
    """A small lab on a Monday: overdue, ordered, unreadable and blind things beside current ones."""
    return Dashboard(
        repository="example-lab/framework",
        url=URL,
        at=AT,
        timezone="Europe/Berlin",
        today=TODAY,
        provenance=(
            ("Register", "commit 0df4f7d2a1b3"),
            ("Ledger", f"anchor 26:{'4c' * 32}"),
            ("Version", "reassay 0.1.0"),
        ),
        trust="Enforced: the App signs the ledger, and the check is bound to it.",
        swept=AT - timedelta(hours=2),
        problems=PROBLEMS,
        duties=DUTIES,
        cells=CELLS,
        subjects=SUBJECTS,
        series=SERIES,
        timeline=TIMELINE,
        planned_until=in_days(365),
        deployments=DEPLOYMENTS,
        layers=LAYERS,
        languages=LANGUAGES,
        standards=STANDARDS,
        commitments=COMMITMENTS,
        incident_charts=INCIDENTS,
        incident_charts_left_out=2,
        verdicts=VERDICTS,
    )


@cache
def empty() -> Dashboard:
    """A repository without anything."""
    return Dashboard(repository="example-lab/empty", at=AT, timezone="UTC", today=TODAY, provenance=())


KEPT = frozenset({"Dashboard.timezone"})
"""Texts that are no data of strangers: the time zone is checked when the configuration is read."""

POISON = (
    "<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>",
    "javascript:alert(1)//https://evil.example/\" onmouseover=alert(1) x='",
    "\u202egnp.exe\u2066\u200b\u200d\ufeff\x00\x1b[31m",
    "](javascript:alert(1)) [x](https://evil.example) ![x](https://evil.example/i.svg) @everyone | `$x$` {{ 7 * 7 }} {% raw %}",
    "../../../etc/passwd?#%2e%2e/ & &amp; &#106; --> ]]> \r\nSet-Cookie: x=y",
)
LONG_WORD = "W" * 10_000


def with_texts(value: Dashboard, change: Callable[[str, str], str]) -> Dashboard:
    """The dashboard with `change(field, text)` for each of its texts; the field is `Class.field`. Choices, dates and numbers stay."""
    return _changed(value, "Dashboard", change)  # type: ignore[return-value]


def _changed(value: object, field: str, change: Callable[[str, str], str]) -> object:
    if isinstance(value, BaseModel):
        fields = {}
        for name, info in type(value).model_fields.items():
            own, where = getattr(value, name), f"{type(value).__name__}.{name}"
            is_choice = get_origin(info.annotation) is Literal and bool(get_args(info.annotation))
            fields[name] = own if is_choice or where in KEPT else _changed(own, where, change)
        return type(value).model_validate(fields)
    if isinstance(value, tuple):
        return tuple(_changed(item, field, change) for item in value)
    return change(field, value) if isinstance(value, str) else value


@cache
def hostile() -> Dashboard:
    """The sample with hostile words in every text. Equal texts stay equal, so that ids still refer; each field has a long word once."""
    texts: dict[str, str] = {}
    long_in: set[str] = set()

    def poisoned(field: str, text: str) -> str:
        if text not in texts:
            word = "" if field in long_in else LONG_WORD
            texts[text] = f"{''.join(POISON)}{word} {text}"
            long_in.add(field)
        return texts[text]

    return with_texts(sample(), poisoned)
