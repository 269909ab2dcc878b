"""The reply to attached evidence, from its record: what was counted, what it shows by the criterion, and what is still needed."""

from collections.abc import Iterator, Mapping

from reassay.approvals.command_context import CommandContext, Receipt
from reassay.evidence.criterion_bounds import criteria_of
from reassay.evidence.criterion_verdicts import ON_A_WORD, criterion_verdicts, verdict_words
from reassay.evidence.evidence_input import readings_of
from reassay.evidence.reading import Reading
from reassay.evidence.reading_words import reading_words, unmarked
from reassay.ledger.answers import Attached
from reassay.ledger.reassessment import LedgerRecord
from reassay.register.assessable import Assessable
from reassay.register.criteria import evidence_names

MOST_READINGS = 5
"""Metrics of a file whose counts are told one by one."""


def evidence_receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The evidence, compared with its criterion."""
    body, subject = records[0].body, context.subject
    if not isinstance(body, Attached) or subject is None:
        return None
    what = (
        f"@{context.by.login}, {context.spoken(body.role)}, attached {body.evidence} evidence ({_where(body, context)})"
    )
    more = (
        *_counts(body, context.objects),
        *_verdict(body, subject, context),
        *_cautions(body, context.objects),
        "" if body.independent else "You own the mitigation, so this is marked self-assessed",
    )
    return Receipt(what, tuple(unmarked(line) for line in more if line))


def _where(body: Attached, context: CommandContext) -> str:
    short = f"`{(body.digest or '')[-64:][:12]}`"
    stored = _locator(body, context.objects).get("stored", "")
    if stored:
        kind = "a workflow's artifact" if stored.startswith("artifact:") else "a release's asset"
        return f"{kind}, {short}"
    return {
        "file": f"a file of this repository, {short}",
        "sealed": f"sealed, {short}",
        "word": f"{ON_A_WORD}, so its basis is attested",
        "workflow-run": f"the result of a registered run, {short}",
    }[body.provenance]


def _locator(body: Attached, objects: Mapping[str, object]) -> Mapping[str, str]:
    value = objects.get(body.locator or "")
    return value if isinstance(value, dict) else {}


def _readings(body: Attached, objects: Mapping[str, object]) -> tuple[Reading, ...]:
    return (readings_of(objects.get(body.result.readings)) or ()) if body.result else ()


def _counts(body: Attached, objects: Mapping[str, object]) -> Iterator[str]:
    """The counts of each metric, and what is wrong with it."""
    readings = _readings(body, objects)
    for reading in readings[:MOST_READINGS]:
        yield reading_words(reading)
        for problem in reading.problems[:MOST_READINGS]:
            yield f"Problem: {problem}"
    if len(readings) > MOST_READINGS:
        yield f"The file has {len(readings) - MOST_READINGS} more metrics; `reassay evidence FILE` shows them all"


def _verdict(body: Attached, subject: Assessable, context: CommandContext) -> Iterator[str]:
    about = {own.name for own in criteria_of(subject) if body.criterion in evidence_names(own)}
    for verdict in criterion_verdicts(subject, context.reassessment, context.evidence_input):
        if verdict.name in about:
            yield verdict_words(verdict)
    if body.evidence == "result" and body.criterion is None:
        yield (
            "No criterion of this mitigation is measured by a result file, so these counts decide nothing: state one in the"
            " register, of kind `rate` or `sample`"
        )


def _cautions(body: Attached, objects: Mapping[str, object]) -> Iterator[str]:
    if body.result is not None:
        if _locator(body, objects).get("stored", "").startswith("artifact:"):
            yield (
                "GitHub deletes artifacts after a while, and the ledger keeps only the counts. Keep a copy of the file"
            )
        if body.result.trained_on == "unknown":
            yield (
                "You did not say whether the mitigation or the model was trained on these prompts; if not, attach it again with"
                " `trained-on no`"
            )
    elif body.evidence == "attested" and body.provenance == "file":
        yield "No reader recognises this file as a result, so it was not counted"
