"""The subjects, problems and duties of the sample dashboard."""

from datetime import UTC, date, datetime

from reassay.dashboard.subject_values import (
    DashboardSubject,
)
from reassay.dashboard.values import DashboardDuty, DashboardProblem
from tests.unit.dashboard.sample_cells import RECORDS
from tests.unit.dashboard.sample_values import in_days, place


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
        follow_up="R-2026-003 follow-up 1",
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
