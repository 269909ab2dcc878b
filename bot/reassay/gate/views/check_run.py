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
from reassay.common.sentences import alternatives, count_words, names
from reassay.gate.input import GateInput
from reassay.gate.rules import decided_before as decisions
from reassay.gate.rules import signed as sign_offs
from reassay.gate.rules.base import unread_entries
from reassay.gate.verdict import Node, RuleStatus, Verdict
from reassay.gate.views.asking_rules import asking_rules
from reassay.gate.views.changed_rows import table_rows
from reassay.gate.views.next_steps import next_steps, open_rows
from reassay.github.drafts import MOST_ANNOTATIONS, Annotation
from reassay.github.section import keyed, shorten
from reassay.ledger.views.words import city

TITLE_LIMIT = 120
SUMMARY_LIMIT = 60_000
"""Characters; GitHub takes 65,535."""
RULES_PAGE = Markdown("https://github.com/reassay/reassay/blob/main/docs/how-to/gate-merges.md#the-check-is-red")
"""The section that says of each rule when it is not met, and how to settle it."""
MOST_ROLES = 3
"""Roles that a title names."""


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
    """A notice that an earlier configuration judges, and why; empty if that of the default branch judges."""


@dataclass(frozen=True, slots=True)
class SummaryText:
    """The summary of a check run."""

    text: Markdown
    stable: str
    """The text without what differs at every run, such as the time."""


def title(verdict: Verdict, about: PublicationContext) -> str:
    """`Blocked: public-api needs 2 sign-offs and 1 decision`, for the list of checks."""
    words = _title(verdict, about, is_whole=True)
    if len(words) > TITLE_LIMIT:
        words = _title(verdict, about, is_whole=False)
    return words if len(words) <= TITLE_LIMIT else f"{words[: TITLE_LIMIT - 1]}…"


def _title(verdict: Verdict, about: PublicationContext, *, is_whole: bool) -> str:
    """The title; unless it is whole, without the objects, which the table names."""
    if verdict.overridden and verdict.passes:
        return "Ready to merge by override; a re-assessment follows"
    if verdict.passes:
        if verdict.rows or verdict.tree.status not in {RuleStatus.MET, RuleStatus.SKIPPED}:
            return "Ready to merge"
        return "These changes need no sign-off" if verdict.changes else "No gated change found"
    reasons = [_needed(verdict, is_whole=is_whole)] if verdict.conclusion == "failure" else []
    reasons += [
        rule.why
        for rule in verdict.tree.children
        if rule.status is _WORST[verdict.conclusion] and rule.name not in _COUNTED
    ]
    state = "Blocked" if about.enforces else "Would be blocked in mode enforce"
    return f"{state}: {plain('; '.join(filter(None, reasons)))}"


_WORST = {"error": RuleStatus.ERROR, "failure": RuleStatus.UNMET}
_COUNTED = frozenset({decisions.NAME, sign_offs.NAME})
"""Rules whose missing parts are counted in the title."""


def _needed(verdict: Verdict, *, is_whole: bool) -> str:
    """`1 decision and 2 sign-offs by red-team-lead and board for users added to public-api`; empty where neither is missing."""
    counts = Counter(_kind(node) for node in verdict.missing if node.name in _COUNTED)
    if not counts:
        return ""
    needed = names(*(count_words(count, word) for word, count in counts.items()))
    objects = _objects(verdict) if is_whole else ""
    return f"{needed}{_by(verdict)}{f' for {inert_title(objects)}' if objects else ''}"


def _by(verdict: Verdict) -> str:
    """The roles that sign next, where they are few."""
    if not any(node.name == sign_offs.NAME for node in verdict.missing):
        return ""
    roles = dict.fromkeys(
        alternatives(*row.requirement.roles[:MOST_ROLES]) for row in verdict.rows if not row.is_signed
    )
    return f" by {inert_title(names(*roles))}" if 0 < len(roles) <= MOST_ROLES else ""


def _kind(node: Node) -> str:
    if node.name == decisions.NAME:
        return "decision"
    return "answer" if node.command.startswith("/reassay answer") else "sign-off"


def _objects(verdict: Verdict) -> str:
    """The object that becomes looser, with its change if it is only one; empty where there are several."""
    looser = [change for change in verdict.changes if change.is_looser] or list(verdict.changes)
    if not looser or len({change.key for change in looser}) > 1:
        return ""
    first = looser[0]
    return f"{change_words(first)} on {first.name}" if len(looser) == 1 else first.name


def _values(verdict: Verdict, gate_input: GateInput, about: PublicationContext, number: int) -> Mapping[str, object]:
    notes = [note for node in verdict.tree.leaves() for note in node.notes]
    return {
        "verdict": verdict,
        "steps": next_steps(verdict, gate_input),
        "not_met": () if verdict.passes else _not_met(verdict),
        "rules_page": RULES_PAGE,
        "rows": table_rows(verdict, gate_input),
        "count": len(verdict.rows),
        "rules": asking_rules(verdict.rows),
        "concerned": gate_input.concerned(tuple(change for change in verdict.changes if change.is_looser)),
        "authors": _excluded_authors(verdict, gate_input),
        "notes": list(dict.fromkeys([*notes, *_reviews(gate_input)])),
        "changes": verdict.changes,
        "unread": unread_entries(gate_input),
        "after": [opening for opening in verdict.openings if not opening.fired.before_change],
        "number": number,
        "about": about,
        "ways": tuple(_ways(verdict)),
    }


def _not_met(verdict: Verdict) -> tuple[str, ...]:
    """Names of the rules that are unmet or could not be judged, in the order in which they are shown."""
    not_met = {RuleStatus.UNMET, RuleStatus.ERROR}
    return tuple(rule.name for rule in verdict.tree.children if rule.status in not_met)


def _excluded_authors(verdict: Verdict, gate_input: GateInput) -> tuple[str, ...]:
    """Logins of the authors, where they hold a role that is asked for and do not count."""
    rows = [row for row in open_rows(verdict, gate_input) if "author" in row.requirement.excludes]
    roles = tuple(dict.fromkeys(role for row in rows for role in row.requirement.roles))
    holders = {login.lower() for login in gate_input.approvals.people(roles)} if roles else set()
    people = gate_input.proposal.people.values()
    authors = dict.fromkeys(person.author.login for person in people if person.author is not None)
    return tuple(login for login in authors if login.lower() in holders)


def _reviews(gate_input: GateInput) -> list[str]:
    """Notes that an approving review is not a sign-off, or why it signs nothing where the configuration counts reviews."""
    if not gate_input.approvals.rows:
        return []
    if gate_input.assessment_input.register.configuration.gate.approve_counts:
        return list(without_effect(gate_input.approvals))
    reviewers = dict.fromkeys(review.by.login for review in gate_input.proposal.reviews or () if review.approves)
    return [f"@{login}'s approving review: a review is not a sign-off" for login in reviewers]


def _ways(verdict: Verdict) -> list[str]:
    """Ways to merge sooner that leave every rule in force. Overriding is in `/reassay help` of those who may."""
    if verdict.passes:
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
    return ways


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
        is_last_day=verdict.valid_until == local.date(),
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
