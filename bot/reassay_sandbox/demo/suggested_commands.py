"""Commands that the bot proposes in an issue or a pull request, with who may write them: the pages offer them as buttons."""

import re
from dataclasses import dataclass
from typing import Final

from reassay_sandbox.state import SandboxIssue

MOST: Final = 6
_LINE: Final = re.compile(r"^- (?P<who>@[^:]+): (?P<what>.*)$", re.MULTILINE)
_COMMAND: Final = re.compile(r"`(/reassay [^`]+)`")
_LOGIN: Final = re.compile(r"@([A-Za-z0-9-]+)")
_OPEN: Final = re.compile(r"\.\.\.|<[^>]*>|\|")
"""What a person has to fill in."""


@dataclass(frozen=True, slots=True)
class SuggestedCommand:
    """A command, ready to be posted or to be filled in."""

    who: str
    text: str

    @property
    def is_complete(self) -> bool:
        """Whether it can be posted as it is."""
        return _OPEN.search(self.text) is None


def proposed(issue: SandboxIssue) -> tuple[SuggestedCommand, ...]:
    """What the bot's last words with a list of next steps propose: its text of the issue, or one comment that it keeps."""
    texts = [issue.body, *(comment.body for comment in issue.comments if comment.author and comment.author.is_bot)]
    commands: dict[SuggestedCommand, None] = {}
    for text in reversed([text.replace("\u2060", "") for text in texts]):
        for line in _LINE.finditer(text):
            login = _LOGIN.search(line["who"])
            for command in _COMMAND.findall(line["what"]) if login else ():
                commands.setdefault(SuggestedCommand(login[1], command) if login else SuggestedCommand("", command))
        if commands:
            break
    return tuple(commands)[:MOST]
