"""Verdicts as they should be published, beside what is published already: the difference, as actions. Pure."""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from reassay.assessment.cells import Situation
from reassay.gate.decide import decide
from reassay.gate.facts import GateFacts
from reassay.gate.verdict import Verdict
from reassay.gate.views.check_run import Published, annotations, sticky_body, summary, title
from reassay.github.repository_state import CheckDraft, Comment, Pull, StickyDraft
from reassay.github.section import key_of
from reassay.sweep.actions import Publish
from reassay.sweep.proposals import PREFIX, Proposals

STICKY = "gate-"
"""How the key of the one comment begins; its digest follows."""


def publication(
    number: int, known: Proposals, situation: Situation, objects: Mapping[str, object], about: Published
) -> Publish | None:
    """What to publish for an open pull request; None if it stands there already."""
    pull = known.pulls.get(number)
    own = known.facts(number, situation, objects)
    if pull is None or own is None:
        return None
    every = [own, *_siblings(pull, known, situation, objects)]
    judged = [(facts, decide(facts)) for facts in every]
    own_verdict = judged[0][1]
    facts, verdict = next((each for each in judged if not each[1].passes), judged[0])
    check, digest = _check(facts, verdict, about, number)
    if own.changed_objects and verdict is not own_verdict:
        # What this pull request's people sign is their own content, whichever of several pull requests is in the way.
        check = replace(check, external_id=f"{own_verdict.content} {digest}")
    latest = known.own_checks(pull)
    on_head = [each for each in latest if each.head == pull.head]
    is_there = bool(on_head) and (on_head[-1].external_id, on_head[-1].conclusion) == (
        check.external_id,
        check.conclusion,
    )
    sticky = _sticky(pull, facts, verdict, about, digest)
    if is_there and sticky is None:
        return None
    return Publish(number, about.repository, check, sticky)


def group_publication(facts: GateFacts, seen: Sequence[str], about: Published) -> Publish | None:
    """What to publish on the commit of a group; `seen` are external ids of our runs there."""
    check, _ = _check(facts, decide(facts), about, 0)
    return None if check.external_id in seen else Publish(0, about.repository, check, None)


def _siblings(pull: Pull, known: Proposals, situation: Situation, objects: Mapping[str, object]) -> Iterator[GateFacts]:
    """A check belongs to a commit: what it says has to hold for every open pull request of that head into that base."""
    for number in pull.siblings:
        found = known.facts(number, situation, objects)
        if found is not None:
            yield found


def _check(facts: GateFacts, verdict: Verdict, about: Published, number: int) -> tuple[CheckDraft, str]:
    words = summary(verdict, facts, about, number)
    heading = title(verdict, about)
    passes = verdict.passes or not about.enforces
    digest = hashlib.sha256(f"{heading}\n{words.stable}\n{passes}".encode()).hexdigest()[:16]
    draft = CheckDraft(
        name=f"{PREFIX}{facts.proposal.base_ref}",
        head=facts.proposal.head,
        conclusion="success" if passes else "failure",
        external_id=f"{verdict.content} {digest}",
        title=heading,
        summary=words.text,
        annotations=annotations(verdict),
    )
    return draft, digest


def _sticky(pull: Pull, facts: GateFacts, verdict: Verdict, about: Published, digest: str) -> StickyDraft | None:
    known = _own_comment(pull, about.ours)
    key = f"{STICKY}{digest}"
    if known is None and not facts.changed_objects and verdict.passes:
        # Nothing is asked of anybody: the check says so, and no comment does.
        return None
    if known is not None and key_of(known.body) == key and known.edited_by in {None, "", *about.ours}:
        return None
    return StickyDraft(
        pull.node_id, sticky_body(key, verdict, facts, about, pull.number), known.node_id if known else None
    )


def _own_comment(pull: Pull, ours: Collection[str]) -> Comment | None:
    """A comment that carries our marker and is not ours is just text."""
    own = (each for each in pull.issue.comments if each.author and each.author.login in ours)
    return next((each for each in own if (key_of(each.body) or "").startswith(STICKY)), None)
