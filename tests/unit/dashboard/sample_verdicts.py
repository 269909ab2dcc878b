"""The verdicts of the sample dashboard."""

from reassay.dashboard.verdict_values import (
    DashboardVerdict,
    VerdictAction,
    VerdictRow,
    VerdictRule,
    VerdictStep,
    WhatIf,
)
from tests.unit.dashboard.sample_values import AT, in_days, place

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
