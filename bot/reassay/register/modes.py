"""What each mode does, in words that every view uses: a mode never claims what this version does not do."""

from collections.abc import Mapping
from typing import Final

from reassay.register.configuration import Mode

WORDS: Final[Mapping[Mode, str]] = {
    "remind": "Mode remind: issues and conclusions on a person's word; answers and sign-offs are not asked for.",
    "record": "Mode record: conclusions take answers, sign-offs and approval steps; nothing holds a merge back.",
    "advise": "Mode advise: works as record, and pull requests get a verdict; the check always passes, so nothing is held back.",
    "enforce": "Mode enforce: works as record, and the check of a pull request fails until it is decided and signed.",
}


def words(mode: Mode | None) -> str:
    """One sentence; for a register that was not accepted yet too."""
    return WORDS[mode] if mode else "No mode is set yet: nothing is opened before the first plan is accepted."
