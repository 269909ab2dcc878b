"""abandon: gives up an evaluation run of which no result will come, with a reason."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, not_yours, unreadable
from reassay.assessment.joined import assessor_roles
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, needs_reason, word_shown
from reassay.ledger.reassessment import LedgerRecord
from reassay.ledger.run_history import EvaluationRun, runs_of
from reassay.ledger.runs import RunEnded

NAME = "abandon"
HELP = VerbHelp(
    usage="abandon <run> because <reason>",
    who="an assessor or the owner",
    effect="records that a registered evaluation run was given up. It stays in the record, and a later result still counts",
    example="/reassay abandon 4711-1-evaluate because the provider withdrew the model halfway",
)


@dataclass(frozen=True, slots=True)
class Abandon(Command):
    """The arguments: id of the run and reason."""

    verb: ClassVar[str] = NAME
    run: str
    because: str


def parse(rest: str) -> Abandon:
    """Reads the run and the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "giving up a run")
    if len(words.split()) != 1:
        raise BadCommandError("write the id of one run, e.g. `/reassay abandon 4711-1-evaluate because ...`")
    return Abandon(words.strip("`"), because)


def act(command: Abandon, context: CommandContext) -> Effect | Refusal:
    """The record; refused for a run that is not open."""
    reassessment, subject = context.reassessment, context.subject
    if subject is None:
        return unreadable(reassessment)
    roles = (*assessor_roles(subject, *context.facts), subject.owner)
    if context.seat(*roles) is None:
        return not_yours("give up a run", roles, context.people(*roles))
    runs = runs_of(context.assessment_input.history, reassessment.subject)
    run = next((own for own in runs if own.run == command.run), None)
    if run is None or run.registered is None or run.state != "open":
        return _refused(command.run, run, runs)
    keep = Keep()
    body = RunEnded(
        run=run.run,
        subject=run.registered.subject,
        reassessment=reassessment.id,
        how="abandoned",
        criterion=run.registered.criterion,
        provenance=run.registered.provenance,
        because=keep(command.because),
        ended_at=context.assessment_input.now,
    )
    return Effect((body,), keep.objects)


def _refused(name: str, run: EvaluationRun | None, runs: tuple[EvaluationRun, ...]) -> Refusal:
    opened = ", ".join(f"`{own.run}`" for own in runs if own.state == "open") or "none"
    why = (
        f"{word_shown(name)} is not a run of this mitigation" if run is None else f"`{run.run}` has ended: {run.state}"
    )
    return Refusal(why, f"Its open runs: {opened}")


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The run that was given up."""
    body = records[0].body
    if not isinstance(body, RunEnded):
        return None
    return Receipt(
        f"@{context.by.login} gave up the evaluation run `{body.run}`",
        ("It stays in the record. A result that it uploads later still counts",),
    )


COMMAND = SlashCommand(name=NAME, help=HELP, arguments=Abandon, parse=parse, act=act, receipt=receipt)
