"""The message about a severe incident, as a document for programs and in Slack's form; strangers' words are inert in both."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from reassay.common.calendar import due_words
from reassay.common.inert import inert_title, plain
from reassay.common.sentences import capitalised, shortened
from reassay.register.incident import Severity

SCHEMA: Final = "reassay/page/v1"
LONGEST_HEADER: Final = 150
"""Characters of a header of Slack (https://docs.slack.dev/reference/block-kit/blocks/header-block)."""
LONGEST_TEXT: Final = 300
MOST_NAMES: Final = 20
CONTAIN: Final = "/reassay contain restrict because <reason>"


@dataclass(frozen=True, slots=True)
class OpenReassessment:
    """The open re-assessment about an incident that is due first."""

    id: str
    url: str | None
    """Address of its issue; None until that is there."""
    due: str
    """As `due_words` says it."""
    due_on: str
    """The date, or the instant of a deadline that has an hour, in ISO 8601."""


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What a message says."""

    key: str
    """Key of the message, which stays the same when it is sent again."""
    repository: str
    repository_url: str
    place: str
    """`incident/ID` or `signal/ID`."""
    kind: str
    severity: Severity
    raised_from: Severity | None
    title: str | None
    """A person's or a stranger's words; None if they cannot be read now."""
    mitigations: tuple[tuple[str, str | None], ...]
    """Ids and titles; a title is None where the register has no such mitigation."""
    deployment: str | None
    source: str | None
    first_seen_at: datetime
    reassessment: OpenReassessment | None

    @property
    def what_to_do(self) -> str:
        """The next step."""
        if self.reassessment is None or self.reassessment.url is None:
            return "No issue is open about it yet. Read it in the repository and decide whether a deployment must be restricted."
        return f"If harm continues, the person on call comments on the issue: {CONTAIN}"


def page_body(message: PageMessage, form: Literal["slack", "json"]) -> bytes:
    """The document in a form; the same message has the same bytes."""
    document = _slack(message) if form == "slack" else _document(message)
    return json.dumps(document, ensure_ascii=True, sort_keys=True).encode()


def _document(message: PageMessage) -> dict[str, object]:
    reassessment = message.reassessment
    return {
        "schema": SCHEMA,
        "id": message.key,
        "repository": message.repository,
        "about": message.place,
        "kind": message.kind,
        "severity": message.severity,
        "raised_from": message.raised_from,
        "title": _short(message.title) if message.title is not None else None,
        "mitigations": [name for name, _ in message.mitigations],
        "deployment": message.deployment,
        "source": message.source,
        "first_seen_at": message.first_seen_at.isoformat(),
        "reassessment": reassessment.id if reassessment else None,
        "issue": reassessment.url if reassessment else None,
        "due": reassessment.due_on if reassessment else None,
        "what_to_do": message.what_to_do,
    }


def _slack(message: PageMessage) -> dict[str, object]:
    headline = _headline(message)
    lines = [f"Mitigations: {_mitigations(message)}"]
    if message.deployment:
        lines.append(f"Deployment: {message.deployment}")
    if message.source:
        lines.append(f"Reported by: {message.source}")
    lines.append(f"First seen: {due_words(message.first_seen_at.date(), message.first_seen_at)}")
    if message.reassessment:
        lines.append(f"Re-assessment {message.reassessment.id} is due {message.reassessment.due}")
    return {
        # Shown in notifications. Nothing in it is formatted, and no address is opened for a preview.
        "text": slack_escaped(headline),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [
            {"type": "header", "text": _plain(headline, LONGEST_HEADER)},
            {"type": "section", "text": _plain("\n".join(lines), 3_000)},
            {"type": "section", "text": {"type": "mrkdwn", "text": f"{_link(message)}\n{_step(message)}"}},
        ],
    }


def _headline(message: PageMessage) -> str:
    severity = f"{message.severity} {message.kind}"
    raised = f" (was {message.raised_from})" if message.raised_from else ""
    title = _short(message.title) if message.title is not None else f"{message.place}, whose words cannot be read now"
    return f"{capitalised(severity)}{raised} in {message.repository}: {title}"


def _mitigations(message: PageMessage) -> str:
    names = [f"{name} ({_short(title)})" if title else name for name, title in message.mitigations[:MOST_NAMES]]
    more = len(message.mitigations) - MOST_NAMES
    return f"{', '.join(names)}{f' and {more} more' if more > 0 else ''}" or "none named"


def _link(message: PageMessage) -> str:
    url = message.reassessment.url if message.reassessment else None
    label = f"Open the issue of {message.reassessment.id}" if message.reassessment and url else "Open the repository"
    return f"<{slack_escaped(url or message.repository_url).replace('|', '%7C')}|{label}>"


def _step(message: PageMessage) -> str:
    return slack_escaped(message.what_to_do).replace(slack_escaped(CONTAIN), f"`{slack_escaped(CONTAIN)}`")


def _plain(text: str, longest: int) -> dict[str, object]:
    """Text that Slack shows as it is: no formatting, no mentions."""
    return {"type": "plain_text", "text": shortened(text, longest), "emoji": False}


def _short(text: str) -> str:
    return shortened(inert_title(plain(text)), LONGEST_TEXT)


def slack_escaped(text: str) -> str:
    """Text without Slack's control characters: no mention of a channel, and no link that hides its address.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
