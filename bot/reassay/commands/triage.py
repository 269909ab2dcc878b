"""triage: says whether new information is material, and whether what a source gave is an incident at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, not_yours
from reassay.approvals.ownership import not_own, owners_among
from reassay.assessment.authority import callers
from reassay.assessment.triage import TriageItem, triage_items
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, needs_reason, one_of
from reassay.ledger.reassessment import LedgerRecord
from reassay.ledger.risks import Triaged
from reassay.register.assessable import Assessable
from reassay.register.finding import did_you_mean
from reassay.register.register import Register

NAME = "triage"
WORDS = ("material", "not-material")
HELP = VerbHelp(
    usage="triage [<information item or signal>] material|not-material because <reason>",
    who=(
        "owners, assessors and approvers of the mitigations it affects, and roles that a `manual` trigger names; nobody says"
        " `not-material` about a mitigation that they own"
    ),
    effect=(
        "records the triage of an information item of the register, or of a signal that a source gave, that has none yet."
        " Material information opens a re-assessment; items that are not triaged in time count as material. An incident counts"
        " at once, and no longer once it is triaged as `not-material`"
    ),
    example="/reassay triage suffix-attack material because it gets through in two of ten tries",
)


@dataclass(frozen=True, slots=True)
class TriageCommand(Command):
    """The arguments: item, judgement and reason."""

    verb: ClassVar[str] = NAME
    material: bool
    because: str
    item: str | None = None


def parse(rest: str) -> TriageCommand:
    """Reads item, judgement and reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "a triage")
    *before, word = words.split() or [""]
    if len(before) > 1:
        raise BadCommandError(
            "there are too many words; write e.g. `/reassay triage suffix-attack material because ...`"
        )
    return TriageCommand(one_of(word, WORDS, "triage") == "material", because, before[0] if before else None)


def act(command: TriageCommand, context: CommandContext) -> Effect | Refusal:
    """The record of a triage, once for each item; later changes go into the register."""
    register = context.assessment_input.register
    items = triage_items(context.assessment_input)
    item = items.get(command.item) if command.item else _only_one(items, context)
    if item is None:
        return _unknown(command, items)
    lost = context.assessment_input.register_index.unreadable_subjects
    if not command.material and (name := next((name for name in item.affects if name in lost), None)):
        why = f"the register entry of {name} cannot be read ({lost[name].place}), so nobody knows who owns it"
        return Refusal(why, "Fix it first, then comment again; `material` needs no owner.")
    named = [register.subjects[name].value for name in item.affects if name in register.subjects]
    # What names no mitigation is everybody's to look at.
    subjects = named or ([entry.value for entry in register.subjects.values()] if item.is_received else [])
    roles = tuple(dict.fromkeys(role for subject in subjects for role in callers(subject, register, context.today)))
    own = () if command.material else owners_among((*named, *_promises(item, register)), context)
    if own:
        return not_own("triage", own, roles, context)
    seat = context.seat(*roles)
    if seat is None:
        return not_yours(
            "triage this", roles or ("an owner or assessor of the mitigations it affects",), context.people(*roles)
        )
    if item.is_done:
        return Refusal(f"{item.id} is already triaged", "To change it, edit the register in a pull request.")
    keep = Keep()
    here = context.reassessment_here
    body = Triaged(
        information=item.id,
        reassessment=here.id if here else None,
        material=command.material,
        because=keep(command.because),
        role=seat.recorded,
    )
    return Effect((body,), keep.objects)


def _unknown(command: TriageCommand, items: Mapping[str, TriageItem]) -> Refusal:
    hint = did_you_mean(command.item or "", items).replace("'", "`")
    what = (
        f"'{command.item}' is not the id of an information item or of a received signal"
        if command.item
        else "the item is missing"
    )
    return Refusal(what, hint or "Write e.g. `/reassay triage suffix-attack material because ...`")


def _promises(item: TriageItem, register: Register) -> Iterator[Assessable]:
    """Commitments with a clock of their own: their triggers count every incident, whatever it names."""
    if item.is_incident:
        yield from (entry.value for entry in register.commitments.values() if entry.value.has_its_own_clock)


def _only_one(items: Mapping[str, TriageItem], context: CommandContext) -> TriageItem | None:
    subject = context.reassessment_here.subject if context.reassessment_here else None
    waiting = [item for item in items.values() if subject in item.affects and not item.is_incident and not item.is_done]
    return waiting[0] if len(waiting) == 1 else None


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The triage and its effect."""
    body = records[0].body
    if not isinstance(body, Triaged):
        return None
    word = "material" if body.material else "not material"
    item = triage_items(context.assessment_input).get(body.information)
    if item is not None and item.is_incident:
        more = "It counts as an incident" if body.material else "It no longer counts as an incident"
    elif body.material:
        more = "Each mitigation it affects has an open re-assessment, or gets one now"
    else:
        more = "No re-assessment opens"
    return Receipt(f"@{context.by.login}, {context.spoken(body.role)}, judged `{body.information}` {word}", (more,))


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=TriageCommand,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_anywhere=True,
)
