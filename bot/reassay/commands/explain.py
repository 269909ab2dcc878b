"""explain: why a re-assessment is open, what would settle it, and who can."""

from reassay.commands.asking import Asking, Shows
from reassay.commands.base import Explain, VerbHelp

NAME = "explain"
HELP = VerbHelp(
    usage="explain",
    who="anyone who can read the repository",
    effect="looks again, and says why this is open, what would settle it, and who can",
    example="/reassay explain",
)


def parse(_rest: str) -> Explain:
    """Anything after the verb is talk."""
    return Explain()


def act(_command: Explain, _asking: Asking) -> Shows:
    """Shown from the world as it is now."""
    return Shows("explanation")


on_change = act
"""On a pull request the verdict is made anew."""
