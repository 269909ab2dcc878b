"""The arguments of the tools. What a client sends is foreign input: it is checked here, and none of it names a folder."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from reassay.common.errors import UsageError

LONGEST = 300
"""Characters of an argument."""
LARGEST_NUMBER = 2**31 - 1
LONGEST_NAME, MOST_PROBLEMS = 40, 5
"""Characters of a name, and number of problems, in a message about arguments."""
State = Literal[
    "any", "unreadable", "withdraw-ordered", "restrict-ordered", "ineffective", "overdue", "due", "triggered", "extended",
    "acceptance-expired", "evidence-stale", "unassessed", "degraded", "due-soon", "unknown", "current", "retired",
]  # fmt: skip
"""States of `reassay status --state`; a test compares them."""


def _plain(text: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise ValueError("it holds a control character")
    return text


def _revision(text: str) -> str:
    if text.startswith("-"):
        raise ValueError("it begins with a hyphen; name a branch, a tag or a commit")
    return text


Words = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_plain)]
Revision = Annotated[Words, AfterValidator(_revision)]
Instant = Annotated[
    Words, Field(description="Date or instant to answer for, such as 2027-01-31: that day's end. Now if left out.")
]


class ToolArguments(BaseModel):
    """Arguments of one tool, in the order of its description."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def options(self) -> Mapping[str, object]:
        """Options of the command that answers, by their names in its parsed command line."""
        return self.model_dump()


class StatusArguments(ToolArguments):
    """Arguments of `status`."""

    owner: Annotated[Words | None, Field(description="Only cells that this role owns, or a role of this login.")] = None
    states: Annotated[
        list[State], Field(max_length=20, description="Only cells in one of these states; all if empty.")
    ] = []
    at: Instant | None = None

    def options(self) -> Mapping[str, object]:
        """The most urgent cells come first: what is left out of a long answer is the calmest."""
        return {"owner": self.owner, "state": self.states, "at": self.at, "sort": "urgency"}


class ExplainArguments(ToolArguments):
    """Arguments of `explain`."""

    id: Annotated[
        Words,
        Field(
            description="A mitigation or commitment, ID/DEPLOYMENT for one deployment, or a record such as R-2026-001."
        ),
    ]
    as_of: Instant | None = None

    def options(self) -> Mapping[str, object]:
        """`as_of` is `at` in the command."""
        return {"id": self.id, "at": self.as_of}


class DueArguments(ToolArguments):
    """Arguments of `due`."""

    until: Annotated[Words, Field(description="The last day of the forecast, such as 2027-01-31.")]
    at: Instant | None = None


class VerdictArguments(ToolArguments):
    """Arguments of `verdict`."""

    base: Annotated[
        Revision, Field(description="Revision that is merged into: a branch, a tag or a commit of the clone.")
    ]
    head: Annotated[Revision, Field(description="Revision with the changes.")]
    base_name: Annotated[
        Revision | None, Field(description="Name of the base branch, to find its sign-offs; the base if left out.")
    ] = None
    pull: Annotated[
        int | None, Field(ge=1, le=LARGEST_NUMBER, description="Number of the pull request, to find its sign-offs.")
    ] = None
    at: Instant | None = None


ArgumentsOfTool = TypeVar("ArgumentsOfTool", bound=ToolArguments)


def read_arguments(kind: type[ArgumentsOfTool], values: object) -> ArgumentsOfTool:
    """Arguments of one tool. Raises UsageError that names each argument that is wrong."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        problems = "; ".join(_problem(details["loc"], details["msg"]) for details in error.errors()[:MOST_PROBLEMS])
        remedy = f"The arguments are {', '.join(kind.model_fields)}; see the tool's description."
        raise UsageError(f"{problems}.", remedy=remedy) from None


def _problem(place: Sequence[int | str], message: str) -> str:
    name = ".".join(str(part)[:LONGEST_NAME] for part in place) or "arguments"
    return f"{_printable(name)}: {message.removeprefix('Value error, ').removesuffix('.')}"


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
