"""Coverage, series, commitments and incidents of the sample dashboard."""

from datetime import date

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
    EffectivenessPoint,
    EffectivenessSeries,
    TimelineEvent,
)
from tests.unit.dashboard.sample_cells import CELLS
from tests.unit.dashboard.sample_values import in_days

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
