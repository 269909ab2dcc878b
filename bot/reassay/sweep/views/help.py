"""The reply to `help`: first what this person may do here now, the other commands folded; or one command in full."""

from reassay.approvals.command_context import CommandContext
from reassay.commands.help_ import Help
from reassay.commands.offers import Offer, offers, roles_here
from reassay.commands.registry import BY_NAME, COMMANDS
from reassay.common.calendar import due_words
from reassay.common.environment import render
from reassay.common.inert import Markdown, code
from reassay.common.sentences import names
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.sweep.views.replies import CommandReply


def help_reply(wanted: Help, context: CommandContext, change: GateInput | None) -> CommandReply:
    """Help for who asked, where they asked."""
    about = BY_NAME.get(wanted.about or "")
    if about is not None:
        return CommandReply(render("sweep/help_one", verb=about))
    mine = offers(context)
    roles = names(*(code(role) for role in roles_here(context)))
    shown = {offer.line.split()[1].rstrip(":") for offer in mine}
    return CommandReply(
        render(
            "sweep/help",
            unknown=wanted.about or "",
            place=_place(context, change),
            login=context.by.login,
            roles=Markdown(roles),
            now=[offer for offer in mine if not offer.waits_for],
            later=[offer for offer in mine if offer.waits_for],
            shows=_shows(context, change),
            others=[verb for verb in COMMANDS if verb.name not in shown],
        )
    )


def _place(context: CommandContext, change: GateInput | None) -> str:
    """Where the comment is, and its state, as a sentence without its full stop."""
    if change is not None:
        blocked = "is blocked" if change.assessment_input.register.enforces else "would be blocked in mode `enforce`"
        state = "is ready to merge" if decide(change).passes else blocked
        return f"This pull request {state}"
    here = context.reassessment_here
    if here is None:
        return "This issue is not a re-assessment"
    if here.state == "open":
        return f"{here.id} is open, due {due_words(here.due, here.due_at)}"
    word = {"superseded": "no longer due", "side-exit": "closed without a decision"}.get(here.state, here.state)
    return f"{here.id} is {word}"


def _shows(context: CommandContext, change: GateInput | None) -> tuple[Offer, ...]:
    """Commands that show something to everybody who can read the repository."""
    explain = Offer("/reassay explain", "says what is missing and who can do it")
    plan = Offer("/reassay plan", "shows what would be opened within a year")
    if change is not None:
        return (explain,)
    return (explain, plan) if context.reassessment_here else ()
