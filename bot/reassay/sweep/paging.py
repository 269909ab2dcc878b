"""Telling people at once: sends messages about severe incidents, and records each.

A message is recorded after it was sent, so it may come twice if a run ends in between, and is never lost; its key is the same.
"""

import re
from collections.abc import Iterator
from typing import Final

from reassay.common.calendar import due_words
from reassay.common.canonical import canonical, digest
from reassay.common.errors import LimitError
from reassay.ledger.entry import Record
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.signals import Paged
from reassay.signals.page_delivery import UndeliveredError
from reassay.signals.received_words import words_of
from reassay.sweep.input import SweepInput
from reassay.sweep.pages import DuePage, KnownIncident, due_pages
from reassay.sweep.reconciliation import Reconciliation
from reassay.sweep.report import SweepFailure
from reassay.sweep.views.page_message import OpenReassessment, PageMessage, page_body

MOST_PAGES: Final = 20
"""Messages of one run; the others wait for the next one."""
MOST_FAILURES: Final = 3
"""Messages that a webhook does not take in a run, after which it is sent no more: each may take half a minute."""
LONGEST_WHY: Final = 300


def send_pages(reconciliation: Reconciliation) -> None:
    """Sends what is due, each message once in a run, and records it. Raises StaleHeadError."""
    if reconciliation.focus.is_narrow:
        return
    inputs, sent = reconciliation.inputs, reconciliation.run_state.paged
    # What failed before comes last: a webhook that is dead must not keep another one's messages.
    due = tuple(sorted(due_pages(inputs.assessment_input), key=lambda page: page.has_failed))
    if reconciliation.is_dry:
        for page in due:
            reconciliation.note(f"would tell {page.hook.id} of {page.incident.about}")
        return
    for page in due:
        name = (page.hook.id, page.incident.about)
        failures = sum(hook == page.hook.id and not own.delivered for (hook, _), own in sent.items())
        if name not in sent and len(sent) < MOST_PAGES and failures < MOST_FAILURES:
            sent[name] = _sent(page, reconciliation)
    left = [page for page in due if (page.hook.id, page.incident.about) not in sent]
    if left:
        text = f"{len(left)} more messages about severe incidents wait; the next sweep sends them."
        reconciliation.cannot_write(SweepFailure("paging", text))
    try:
        reconciliation.append([*_records(due, sent)])
    except LimitError as limit:
        reconciliation.limit = limit


def _records(due: tuple[DuePage, ...], sent: dict[tuple[str, str], Paged]) -> Iterator[Record]:
    """What this run sent and the ledger does not have yet. A failure is recorded once."""
    for page in due:
        paged = sent.get((page.hook.id, page.incident.about))
        if paged is not None and (paged.delivered or not page.has_failed):
            yield Record(body=paged)


def _sent(page: DuePage, reconciliation: Reconciliation) -> Paged:
    message = message_of(page, reconciliation.inputs)
    hook, about = page.hook, page.incident.about
    try:
        reconciliation.context.pages.deliver(hook, page_body(message, hook.format), message.key)
    except UndeliveredError as error:
        text = f"{hook.id} could not be told of {about}: {error} The next sweep tries again."
        reconciliation.cannot_write(SweepFailure("paging", text))
        return Paged(hook=hook.id, about=about, delivered=False, why=str(error)[:LONGEST_WHY].removesuffix("."))
    return Paged(hook=hook.id, about=about, delivered=True)


def message_of(page: DuePage, inputs: SweepInput) -> PageMessage:
    """What a message says, from register, ledger and issues."""
    incident, register, repository = page.incident, inputs.assessment_input.register, inputs.repository_state.repository
    mitigations, words = register.mitigations, words_of(inputs.objects, incident.text)
    key = digest(canonical([repository.id, page.hook.id, incident.about]))
    return PageMessage(
        key=key.removeprefix("sha256:")[:32],
        repository=repository.full_name,
        repository_url=repository.url,
        place=incident.place,
        kind=incident.kind,
        severity=incident.severity,
        raised_from=page.raised_from,
        title=incident.title if incident.text is None else words.title if words else None,
        mitigations=tuple(
            (name, mitigations[name].value.title if name in mitigations else None) for name in incident.mitigations
        ),
        deployment=incident.deployment,
        source=incident.source,
        first_seen_at=incident.first_seen_at,
        reassessment=_first_due(incident, inputs),
    )


def _first_due(incident: KnownIncident, inputs: SweepInput) -> OpenReassessment | None:
    """The open re-assessment about an incident that is due first; None if there is none."""
    reassessments = inputs.assessment_input.history.open
    about = [own for own in reassessments if any(_is_about(incident, trigger.about) for trigger in own.triggers)]
    if not about:
        return None
    first = min(about, key=_order)
    url = f"{inputs.repository_state.repository.url}/issues/{first.issue}" if first.issue else None
    due_on = first.due_at.isoformat() if first.due_at else first.due.isoformat()
    return OpenReassessment(first.id, url, due_words(first.due, first.due_at), due_on)


def _order(reassessment: Reassessment) -> tuple[object, ...]:
    at = reassessment.due_at
    return (reassessment.due, at is None, at.timestamp() if at else 0, reassessment.id)


def _is_about(incident: KnownIncident, about: str) -> bool:
    """Whether the cause of a trigger names an incident, alone or among others, by its id or by that of its root cause."""
    names = [incident.id, *incident.signals, *([incident.root_cause] if incident.root_cause else [])]
    words = re.split(r"[,\s]+", about)
    return any(name in words for name in names)
