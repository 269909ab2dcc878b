"""confirm: the second person's word for something that takes two."""

from reassay.commands.asking import Asking, Receipt, Refusal
from reassay.commands.base import BadCommandError, Confirm, VerbHelp, word_shown
from reassay.ledger.reassessment import Noted

NAME = "confirm"
ANYWHERE = True
HELP = VerbHelp(
    usage="confirm <number>",
    who="somebody who may, and is not the person who asked",
    effect="confirms what another comment asked for; the bot's answer to that comment says the number. It expires after 7 days",
    example="/reassay confirm 2718281828",
)
_LONGEST = 20


def parse(rest: str) -> Confirm:
    """Reads the number. Raises BadCommandError."""
    word = (rest.split() or [""])[0].removeprefix("#")
    if not word.isdigit() or not word.isascii() or len(word) > _LONGEST:
        raise BadCommandError(
            f"write the number that the bot named, not {word_shown(word)}" if word else "the number is missing"
        )
    return Confirm(int(word))


def act(command: Confirm, _asking: Asking) -> Refusal:
    """Reached only where no comment waits: `bot/reassay/sweep/confirming.py` finds it, and its own verb judges."""
    return Refusal(
        f"no comment here with the number {command.comment} waits for confirmation", "The bot's answer names it."
    )


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """In the words of what was confirmed."""
    from reassay.commands import verbs  # noqa: PLC0415 -- it discovers this very module

    for verb in verbs().values():
        if verb.confirmed is not None and verb.receipt is not None:
            found = verb.receipt(noted, asking)
            if found is not None:
                return found
    return None
