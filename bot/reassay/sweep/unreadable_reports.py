"""The one issue about what cannot be read in the register any more, as the ledger has it, and its records."""

from collections.abc import Iterator

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.schedule.plan import Claim
from reassay.assessment.unreadable import UnreadableObject
from reassay.ledger.entry import Record
from reassay.ledger.sweep_records import ReadableAgain, UnreadableClaimed
from reassay.sweep.repository_issues import UNREADABLE


def unreadable_records(assessment_input: AssessmentInput, claim: Claim, nonce: str) -> Iterator[Record]:
    """The claim of an issue where there is none, or the end of the one that there is."""
    unreadable = assessment_input.register_index.unreadable
    latest = UNREADABLE.latest(assessment_input.history)
    is_open = latest is not None and latest.ended is None
    if unreadable and not is_open:
        last, prior = assessment_input.last_readable, assessment_input.register.prior
        body = UnreadableClaimed(
            nonce=nonce,
            run=claim.run,
            lease_until=claim.lease_until,
            objects=tuple(dict.fromkeys(object_key(own) for own in unreadable)),
            readable=last.commit if last else None,
            configuration=prior.commit if prior else None,
        )
        yield Record(body=body)
    elif latest is not None and is_open and not unreadable and latest.number is not None:
        yield Record(body=ReadableAgain(nonce=latest.claim.nonce))


def object_key(own: UnreadableObject) -> str:
    """`mitigation/jailbreak-filter`; without an id, or without a kind, what there is of it."""
    kind = own.kind or "entry"
    return f"{kind}/{own.id}" if own.id else kind
