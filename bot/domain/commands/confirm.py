"""confirm: the second person's word for something that takes two."""

from bot.domain.commands.base import BadCommandError, Confirm, VerbHelp, word_shown

NAME = "confirm"
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
