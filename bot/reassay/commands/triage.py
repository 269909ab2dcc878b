"""triage: says whether new information is material."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, not_yours
from reassay.assessment.authority import callers
from reassay.commands.base import BadCommandError, Command, VerbHelp, needs_reason, one_of
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.reassessment import Noted
from reassay.ledger.risks import Triaged
from reassay.register.finding import did_you_mean
from reassay.register.information import InformationItem

NAME = "triage"
WORDS = ("material", "not-material")
HELP = VerbHelp(
    usage="triage [<information item>] material|not-material because <reason>",
    who="owner, assessors and approvers of what it affects, and roles that a `manual` trigger names",
    effect=(
        "records the triage of an information item of the register, where the item holds none yet. Material information opens"
        " a re-assessment; what is not triaged in time counts as material"
    ),
    example="/reassay triage suffix-attack material because it gets through in two of ten tries",
)


@dataclass(frozen=True, slots=True)
class Triage(Command):
    """A judgement of new information."""

    verb: ClassVar[str] = NAME
    material: bool
    because: str
    item: str | None = None


def parse(rest: str) -> Triage:
    """Reads item, word and reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "a triage")
    *before, word = words.split() or [""]
    if len(before) > 1:
        raise BadCommandError("write one item and one word: `triage suffix-attack material because ...`")
    return Triage(one_of(word, WORDS, "triage") == "material", because, before[0] if before else None)


def act(command: Triage, asking: Asking) -> Effect | Refusal:
    """Recorded once for an item: a second judgement is written in the register, where it is reviewed."""
    register = asking.situation.register
    known = {name: entry.value for name, entry in register.information_items.items()}
    item = known.get(command.item) if command.item else _only_one(tuple(known.values()), asking)
    if item is None:
        hint = did_you_mean(command.item or "", known).replace("'", "`")
        what = (
            f"no information item is called '{command.item}'" if command.item else "it is not clear which item is meant"
        )
        return Refusal(what, hint or "Name it: `triage suffix-attack material because ...`")
    subjects = [register.subjects[name].value for name in item.affects if name in register.subjects]
    roles = tuple(dict.fromkeys(role for each in subjects for role in callers(each, register, asking.today)))
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("triage", roles or ("an owner or assessor of what it affects",), asking.people(*roles))
    if item.triage is not None or item.id in triaged_in(asking):
        return Refusal(f"{item.id} is triaged already", "Change it in the register, in a pull request.")
    keep = Keep()
    each = asking.reassessment_here
    body = Triaged(
        information=item.id,
        reassessment=each.id if each else None,
        material=command.material,
        because=keep(command.because),
        role=seat.recorded,
    )
    return Effect((body,), keep.objects)


def triaged_in(asking: Asking) -> frozenset[str]:
    """Items that the ledger holds a triage of."""
    return frozenset(body.information for _, body in asking.situation.history.noted(Triaged))


def _only_one(items: tuple[InformationItem, ...], asking: Asking) -> InformationItem | None:
    subject = asking.reassessment_here.subject if asking.reassessment_here else None
    done = triaged_in(asking)
    waiting = [each for each in items if subject in each.affects and each.triage is None and each.id not in done]
    return waiting[0] if len(waiting) == 1 else None


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """What follows."""
    body = noted[0].body
    if not isinstance(body, Triaged):
        return None
    word = "material" if body.material else "not material"
    more = "A re-assessment is open for what it affects, or opens now" if body.material else "Nothing follows from it"
    return Receipt(f"@{asking.by.login}, {asking.spoken(body.role)}, judged `{body.information}` {word}", (more,))


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Triage,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_anywhere=True,
)
