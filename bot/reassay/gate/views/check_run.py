"""The check run of a verdict: title, summary and annotations; and the comment on the pull request."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reassay.approvals.reviews import without_effect
from reassay.changes.words import change_words
from reassay.common.calendar import day_words, zone
from reassay.common.environment import render
from reassay.common.inert import Markdown, inert_title, plain
from reassay.common.sentences import alternatives, names
from reassay.gate.input import GateInput
from reassay.gate.rules import decided_before as decisions
from reassay.gate.rules import signed as sign_offs
from reassay.gate.rules.base import unread_entries
from reassay.gate.rules.signed import changed_words, requirement_words
from reassay.gate.verdict import Node, RuleStatus, Verdict
from reassay.github.drafts import MOST_ANNOTATIONS, Annotation
from reassay.github.section import keyed, shorten
from reassay.ledger.views.words import city

TITLE_LIMIT = 120
SUMMARY_LIMIT = 60_000
"""Characters; GitHub takes 65,535."""
SEVERAL = "several objects"


@dataclass(frozen=True, slots=True)
class PublicationContext:
    """Values that every publication of one run has in common."""

    repository: str
    """Node id."""
    url: str
    enforces: bool
    """Whether an unmet rule fails the check; in mode `advise` it does not."""
    trust: str
    anchor: str
    policy: str
    """Branch and commit whose rules were applied."""
    now: datetime
    timezone: str
    bot_accounts: frozenset[str]
    """Accounts whose comments are this bot's own."""
    notice: str = ""
    """That an earlier configuration judges, and why; empty if that of the default branch does."""


@dataclass(frozen=True, slots=True)
class SummaryText:
    """The summary of a check run."""

    text: Markdown
    stable: str
    """The text without what differs at every run, such as the time."""


def title(verdict: Verdict, about: PublicationContext) -> str:
    """`Blocked: public-api needs 2 sign-offs and 1 decision`, for the list of checks."""
    words = _title(verdict)
    if not about.enforces and not verdict.passes:
        words = f"Advisory. {words}"
    return words if len(words) <= TITLE_LIMIT else f"{words[: TITLE_LIMIT - 1]}…"


def _title(verdict: Verdict) -> str:
    if verdict.overridden and verdict.passes:
        return "Ready to merge by override; a re-assessment follows"
    if verdict.passes:
        if verdict.rows or verdict.tree.status not in {RuleStatus.MET, RuleStatus.SKIPPED}:
            return "Ready to merge"
        return "These changes need no sign-off" if verdict.changes else "No gated change found"
    reasons = [_needed(verdict)] if verdict.conclusion == "failure" else []
    reasons += [
        rule.why
        for rule in verdict.tree.children
        if rule.status is _WORST[verdict.conclusion] and rule.name not in _COUNTED
    ]
    return f"Blocked: {plain('; '.join(filter(None, reasons)))}"


_WORST = {"error": RuleStatus.ERROR, "failure": RuleStatus.UNMET}
_COUNTED = frozenset({decisions.NAME, sign_offs.NAME})
"""Rules whose missing parts are counted in the title."""


def _needed(verdict: Verdict) -> str:
    """`users added to public-api needs 1 sign-off and 1 decision`; empty where neither is missing."""
    counts = Counter(_kind(node) for node in verdict.missing if node.name in _COUNTED)
    if not counts:
        return ""
    needed = names(*(f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts.items()))
    objects = _objects(verdict)
    return f"{inert_title(objects)} {'need' if objects == SEVERAL else 'needs'} {needed}"


def _kind(node: Node) -> str:
    if node.name == decisions.NAME:
        return "decision"
    return "answer" if node.command.startswith("/reassay answer") else "sign-off"


def _objects(verdict: Verdict) -> str:
    """The object that becomes looser, with its change if it is only one."""
    looser = [change for change in verdict.changes if change.is_looser] or list(verdict.changes)
    if not looser:
        return "this"
    if len({change.key for change in looser}) > 1:
        return SEVERAL
    first = looser[0]
    return f"{change_words(first)} on {first.name}" if len(looser) == 1 else first.name


def _rows(gate_input: GateInput) -> list[dict[str, object]]:
    rows = []
    for row in gate_input.approvals.rows:
        signers = [
            f"@{gate_input.assessment_input.people.login(signature.person)} as {gate_input.approvals.spoken(signature.role)}"
            for signature in row.signatures
            if signature.counts
        ]
        rows.append(
            {
                "number": row.number,
                "asks": requirement_words(row).replace("`", ""),
                "changes": changed_words(row, gate_input),
                "done": row.is_signed,
                "answer": row.answer.body.answer if row.answer else "",
                "signers": signers,
                "who": [] if row.is_signed else list(gate_input.approvals.may_sign(row.requirement)),
                "roles": " or ".join(row.requirement.roles),
            }
        )
    return rows


def _values(verdict: Verdict, gate_input: GateInput, about: PublicationContext, number: int) -> Mapping[str, object]:
    missing = verdict.missing
    notes = [note for node in verdict.tree.leaves() for note in node.notes]
    reviews = _reviews(gate_input)
    return {
        "verdict": verdict,
        "missing": missing,
        "rows": _rows(gate_input),
        "notes": [*notes, *reviews],
        "changes": _changes(verdict),
        "unread": unread_entries(gate_input),
        "after": [opening for opening in verdict.openings if not opening.fired.before_change],
        "number": number,
        "about": about,
        "ways": tuple(_ways(verdict, gate_input)),
        "title": _title(verdict),
    }


def _changes(verdict: Verdict) -> list[dict[str, object]]:
    return [
        {
            "object": f"{change.kind} {change.name}",
            "words": change_words(change),
            "why": change.why,
            "direction": str(change.direction),
            "significant": change.significant,
            "place": f"{change.at.path}:{change.at.line}" if change.at else "",
        }
        for change in verdict.changes[:40]
    ]


def _reviews(gate_input: GateInput) -> list[str]:
    """Notes that an approving review is not a sign-off, or why it signs nothing where the configuration counts reviews."""
    if not gate_input.approvals.rows:
        return []
    if gate_input.assessment_input.register.configuration.gate.approve_counts:
        return list(without_effect(gate_input.approvals))
    reviewers = dict.fromkeys(review.by.login for review in gate_input.proposal.reviews or () if review.approves)
    return [f"@{login}'s approving review: a review is not a sign-off" for login in reviewers]


def _ways(verdict: Verdict, gate_input: GateInput) -> list[str]:
    """Ways to merge sooner."""
    if verdict.passes or gate_input.proposal.ledger is not None:
        # While the ledger is refused nothing is recorded, so no command opens a way.
        return []
    ways = []
    looser = {change.key for change in verdict.changes if change.is_looser}
    if looser and len({change.key for change in verdict.changes}) > len(looser):
        ways.append("move the loosening to a separate pull request; the rest needs one sign-off, not from its author")
    wider = [change for change in verdict.changes if change.kind == "deployment" and change.is_looser and change.field]
    if any(node.name == "decided-before" for node in verdict.missing) and wider:
        first = wider[0]
        after = first.after[0] if isinstance(first.after, list) and first.after else first.after
        plan = f'planned: [{{change: "{first.field}: add {after}", not_before: DATE}}]'
        ways.append(f"plan it: write `{plan}`, merge that now, and make the change on that date")
    gate = gate_input.assessment_input.register.configuration.gate
    if gate.override is not None:
        people = alternatives(*(f"@{login}" for login in _may_override(gate.override, gate_input))) or "nobody now"
        ways.append(f"`/reassay override because ...` ({people}; reviewed in 3 working days; auditors see it)")
    return ways


def _may_override(role: str, gate_input: GateInput) -> list[str]:
    """Logins of the role's holders who did not write the change."""
    source, directory = gate_input.source, gate_input.assessment_input.people
    return [login for login in gate_input.approvals.people((role,)) if not source.wrote(directory.account(login).id)]


def summary(verdict: Verdict, gate_input: GateInput, about: PublicationContext, number: int) -> SummaryText:
    """The summary of the check run."""
    values = _values(verdict, gate_input, about, number)
    stable = render("gate/gate", **values)
    text = f"{stable}\n\n{_made_from(verdict, gate_input, about)}"
    return SummaryText(Markdown(shorten(text, SUMMARY_LIMIT, "`reassay gate`")), str(stable))


def _made_from(verdict: Verdict, gate_input: GateInput, about: PublicationContext) -> Markdown:
    local = about.now.astimezone(zone(about.timezone))
    proposal = gate_input.proposal
    return render(
        "gate/gate_made_from",
        head=proposal.head[:7],
        base=f"{proposal.base_ref}@{proposal.base_commit[:7]}",
        policy=about.policy,
        anchor=about.anchor,
        at=f"{day_words(local.date(), year=True)}, {local:%H:%M} {city(about.timezone)}",
        trust=about.trust,
        content=verdict.content.rsplit(":", 1)[-1][:12],
        valid_until=verdict.valid_until,
    )


def sticky_body(key: str, verdict: Verdict, gate_input: GateInput, about: PublicationContext, number: int) -> str:
    """The comment on the pull request: the check's summary, marked with a key."""
    words = summary(verdict, gate_input, about, number)
    heading = render("gate/gate_heading", title=title(verdict, about), passes=verdict.passes)
    return keyed(key, shorten(f"{heading}\n\n{words.text}", SUMMARY_LIMIT, "`reassay gate`"))


def annotations(verdict: Verdict) -> tuple[Annotation, ...]:
    """Notes at file and line: first whatever blocks, then the meaning of each change."""
    notes = [
        Annotation(node.place[0], node.place[1], "FAILURE", _short(node), plain(f"{node.why}. {node.next_step}"))
        for node in verdict.missing
        if node.place
    ]
    notes += [
        Annotation(
            change.at.path,
            change.at.line,
            "WARNING" if change.is_looser else "NOTICE",
            plain(f"{change.kind} {change.name}"),
            plain(f"{change_words(change)}: {change.why}"),
        )
        for change in verdict.changes
        if change.at and change.after is not None
    ]
    return _most(tuple(dict.fromkeys(notes)))


def _most(notes: tuple[Annotation, ...]) -> tuple[Annotation, ...]:
    """As many notes as are published, the first ones; the last says how many are left out."""
    if len(notes) <= MOST_ANNOTATIONS:
        return notes
    kept, last = notes[: MOST_ANNOTATIONS - 1], notes[MOST_ANNOTATIONS - 1]
    words = f"{len(notes) - len(kept)} more notes are not shown here; `reassay gate` shows them"
    return (*kept, Annotation(last.path, last.line, "WARNING", "More notes", words))


def _short(node: Node) -> str:
    if node.name in _COUNTED:
        kind = _kind(node)
        return f"{'An' if kind == 'answer' else 'A'} {kind} is missing"
    return {"hold": "On hold", "not-overdue": "Overdue", "readable": "Error in the register",
            "not-too-early": "Before its planned date"}.get(node.name, node.name)  # fmt: skip
