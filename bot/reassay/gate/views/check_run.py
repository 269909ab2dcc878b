"""What a pull request is told: the check run's title, summary and annotations, and the one comment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reassay.changes.words import change_words
from reassay.common.calendar import zone
from reassay.common.environment import render
from reassay.common.inert import Markdown, inert_title, plain
from reassay.gate.input import GateInput
from reassay.gate.rules.signed import asked, changed_words
from reassay.gate.verdict import Node, Status, Verdict
from reassay.github.drafts import Annotation
from reassay.github.section import keyed, shorten
from reassay.ledger.views.words import city

TITLE_LIMIT = 120
SUMMARY_ROOM = 60_000


@dataclass(frozen=True, slots=True)
class Published:
    """What every publication of one pass says alike."""

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
    ours: frozenset[str]
    """Accounts whose comments are this bot's own."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text, and the part of it that says something new when it changes."""

    text: Markdown
    stable: str


def title(verdict: Verdict, about: Published) -> str:
    """`Blocked: 2 signatures and 1 decision are missing`, for the list of checks."""
    words = _title(verdict)
    if not about.enforces and not verdict.passes:
        words = f"Advice only. {words}"
    return words if len(words) <= TITLE_LIMIT else f"{words[: TITLE_LIMIT - 1]}…"


def _title(verdict: Verdict) -> str:
    if verdict.overridden and verdict.passes:
        return "Overridden: merges without what is asked; it is re-assessed"
    if verdict.passes:
        if not verdict.rows and verdict.tree.status in {Status.MET, Status.SKIPPED}:
            return "Nothing that is gated is changed" if not verdict.changes else "Nothing more is needed"
        return "Signed and decided: it may be merged"
    counts = _counts(verdict)
    about = _about(verdict)
    if verdict.conclusion == "error":
        return f"Error, so blocked: {plain(verdict.missing[0].why)}"
    return f"Blocked: {inert_title(about)} {'needs' if about != 'several objects' else 'need'} {counts}"


def _about(verdict: Verdict) -> str:
    looser = [change for change in verdict.changes if change.is_looser] or list(verdict.changes)
    names = {change.key for change in looser}
    if len(names) > 1 or not looser:
        return "several objects" if names else "this"
    first = looser[0]
    return f"{change_words(first)} on {first.name}" if len(looser) == 1 else first.name


def _counts(verdict: Verdict) -> str:
    missing = verdict.missing
    groups = {"signed": ("signature", 0), "decided-before": ("decision", 0)}
    counts: dict[str, int] = {}
    for node in missing:
        word = groups.get(node.name, ("thing", 0))[0]
        if node.name == "signed" and "answer" in node.how:
            word = "answer"
        counts[word] = counts.get(word, 0) + 1
    said = [f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts.items()]
    return " and ".join(filter(None, [", ".join(said[:-1]), said[-1]])) if said else "nothing"


def _rows(facts: GateInput) -> list[dict[str, object]]:
    found = []
    for row in facts.approvals.rows:
        signers = [
            f"@{facts.situation.people.login(each.person)} as {facts.approvals.spoken(each.role)}"
            for each in row.signatures
            if each.holds
        ]
        found.append(
            {
                "number": row.number,
                "asks": asked(row).replace("`", ""),
                "changes": changed_words(row, facts),
                "done": row.is_signed,
                "answer": row.answer.body.answer if row.answer else "",
                "signers": signers,
                "who": [] if row.is_signed else list(facts.approvals.may_sign(row.requirement)),
                "roles": " or ".join(row.requirement.roles),
            }
        )
    return found


def _values(verdict: Verdict, facts: GateInput, about: Published, number: int) -> Mapping[str, object]:
    missing = verdict.missing
    notes = [note for node in verdict.tree.leaves() for note in node.notes]
    reviews = _reviews(facts)
    return {
        "verdict": verdict,
        "missing": missing,
        "rows": _rows(facts),
        "notes": [*notes, *reviews],
        "changes": _changes(verdict),
        "after": [each for each in verdict.openings if not each.fired.before_change],
        "number": number,
        "about": about,
        "ways": tuple(_ways(verdict, facts)),
        "title": _title(verdict),
    }


def _changes(verdict: Verdict) -> list[dict[str, object]]:
    return [
        {
            "object": f"{each.kind} {each.name}",
            "words": change_words(each),
            "why": each.why,
            "direction": str(each.direction),
            "significant": each.significant,
            "place": f"{each.at.path}:{each.at.line}" if each.at else "",
        }
        for each in verdict.changes[:40]
    ]


def _reviews(facts: GateInput) -> list[str]:
    """An approving review is not a sign-off, and people wonder why."""
    if facts.situation.register.configuration.gate.approve_counts or not facts.approvals.rows:
        return []
    names = dict.fromkeys(each.by.login for each in facts.proposal.reviews)
    return [f"@{name}'s approving review: a review is not a sign-off" for name in names]


def _ways(verdict: Verdict, facts: GateInput) -> list[str]:
    """What to do tonight, if it cannot wait."""
    if verdict.passes:
        return []
    found = []
    looser = {change.key for change in verdict.changes if change.is_looser}
    if looser and len({change.key for change in verdict.changes}) > len(looser):
        found.append("move what loosens to a pull request of its own; the rest needs one signer who is not its author")
    wider = [change for change in verdict.changes if change.kind == "deployment" and change.is_looser and change.field]
    if any(node.name == "decided-before" for node in verdict.missing) and wider:
        first = wider[0]
        after = first.after[0] if isinstance(first.after, list) and first.after else first.after
        plan = f'planned: [{{change: "{first.field}: add {after}", not_before: DATE}}]'
        found.append(f"declare it: `{plan}`, merge that, and switch it on then")
    gate = facts.situation.register.configuration.gate
    if gate.override is not None:
        people = " or ".join(f"@{each}" for each in facts.approvals.people((gate.override,)))
        found.append(f"`/reassay override because ...` ({people}; reviewed in 3 working days; auditors see it)")
    return found


def summary(verdict: Verdict, facts: GateInput, about: Published, number: int) -> Words:
    """The summary of the check run."""
    values = _values(verdict, facts, about, number)
    stable = render("gate/gate", **values)
    text = f"{stable}\n\n{_made_from(verdict, facts, about)}"
    return Words(Markdown(shorten(text, SUMMARY_ROOM)), str(stable))


def _made_from(verdict: Verdict, facts: GateInput, about: Published) -> Markdown:
    local = about.now.astimezone(zone(about.timezone))
    proposal = facts.proposal
    return render(
        "gate/gate_made_from",
        head=proposal.head[:7],
        base=f"{proposal.base_ref}@{proposal.base_commit[:7]}",
        policy=about.policy,
        anchor=about.anchor,
        at=f"{local:%Y-%m-%d %H:%M} {city(about.timezone)}",
        trust=about.trust,
        content=verdict.content.rsplit(":", 1)[-1][:12],
        valid_until=verdict.valid_until,
    )


def sticky_body(key: str, verdict: Verdict, facts: GateInput, about: Published, number: int) -> str:
    """The one comment: the same words, found again by its key."""
    words = summary(verdict, facts, about, number)
    heading = render("gate/gate_heading", title=title(verdict, about), passes=verdict.passes)
    return keyed(key, shorten(f"{heading}\n\n{words.text}", SUMMARY_ROOM))


def annotations(verdict: Verdict) -> tuple[Annotation, ...]:
    """At file and line: what is in the way first, then what the change means."""
    found = [
        Annotation(node.place[0], node.place[1], "FAILURE", _short(node), plain(f"{node.why}. {node.how}"))
        for node in verdict.missing
        if node.place
    ]
    found += [
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
    return tuple(dict.fromkeys(found))


def _short(node: Node) -> str:
    return {"signed": "A signature is missing", "decided-before": "A decision is missing"}.get(node.name, node.name)
