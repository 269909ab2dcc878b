"""Anchors of the ledger in what this bot has published. Pure.

Only the bot's own check runs, comments and issues count, and only while nobody else has edited them.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from reassay.github.repository_state import Issue
from reassay.github.section import anchor_in, nonces
from reassay.ledger.loss import PublishedAnchor
from reassay.ledger.state import read_anchor
from reassay.people.account import Account
from reassay.sweep.input import SweepInput

NONCE = "6c65646765722d6c6f7373"
"""The nonce of the one issue about a refused ledger, the same in every repository: the ledger cannot hold its claim."""
EARLIER = "an earlier issue about the ledger"
DATABASE = "the database of the hosted App"


def published_anchors(inputs: SweepInput, kept: Iterable[str] = ()) -> Iterator[PublishedAnchor]:
    """All anchors that were read from GitHub, and those that the hosted App has kept."""
    state = inputs.repository_state
    threads = (*state.issues.values(), *(pull.issue for pull in state.pulls.values()), *state.recent)
    checks = [check for pull in state.pulls.values() for check in pull.checks]
    checks += [*state.recent_checks, *(check for entry in state.queue for check in entry.checks)]
    for issue in threads:
        yield from _in_thread(issue, inputs)
    slugs = {login.removesuffix("[bot]") for login in _authors(inputs)}
    for check in checks:
        if check.app in slugs:
            yield from _published(check.anchor, f"the check run {check.name} on {check.head[:7]}", check.at)
    for text in kept:
        yield from _published(text, DATABASE, None)


def _in_thread(issue: Issue, inputs: SweepInput) -> Iterator[PublishedAnchor]:
    repository = inputs.repository_state.repository.id
    if _is_own(issue.author, issue.edited_by, inputs):
        place = EARLIER if NONCE in nonces(issue.body) else f"issue #{issue.number}"
        yield from _published(anchor_in(issue.body, repository), place, None)
    for comment in issue.comments:
        if _is_own(comment.author, comment.edited_by, inputs):
            place = f"a comment on #{issue.number}"
            yield from _published(anchor_in(comment.body, repository), place, comment.created_at)


def _published(text: str | None, place: str, at: datetime | None) -> Iterator[PublishedAnchor]:
    anchor = read_anchor(text) if text else None
    if anchor is not None:
        yield PublishedAnchor(anchor, place, at)


def _is_own(author: Account | None, edited_by: str | None, inputs: SweepInput) -> bool:
    """Whether the bot wrote it, and nobody else edited it last. GitHub names an editing App by its slug."""
    if author is None or author.login not in _authors(inputs):
        return False
    return edited_by is None or edited_by in inputs.bot_accounts


def _authors(inputs: SweepInput) -> frozenset[str]:
    """The bot's own accounts, without a person whose login is the App's slug."""
    return frozenset({inputs.repository_state.viewer, *inputs.assessment_input.register.configuration.bots})
