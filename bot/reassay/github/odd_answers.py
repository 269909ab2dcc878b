"""One error for every answer of GitHub that its mapping cannot take: readers ask again, writers say so at once.

Python has an error for each way in which JSON can be something else than expected. None of them leaves this package.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from reassay.github.answers import odd

MAPPING_ERRORS = (LookupError, TypeError, AttributeError, ValueError)
PAUSES = (1.0, 4.0)
"""Seconds before a question is asked again whose answer cannot be understood."""
Returned = TypeVar("Returned")
Arguments = ParamSpec("Arguments")


class _Client(Protocol):
    def wait(self, seconds: float) -> None:
        """Waits by the clock of the run."""


class _Asking(Protocol):
    @property
    def client(self) -> _Client:
        """The client that the requests go through."""
        ...


Owner = TypeVar("Owner", bound=_Asking)


def reads(
    method: Callable[Concatenate[Owner, Arguments], Returned],
) -> Callable[Concatenate[Owner, Arguments], Returned]:
    """A method that only reads: it is run again while an answer cannot be mapped, and then raises OddAnswerError."""

    @wraps(method)
    def asking(owner: Owner, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Returned:
        for pause in PAUSES:
            try:
                return method(owner, *arguments, **named)
            except MAPPING_ERRORS:
                owner.client.wait(pause)
        return writes(method)(owner, *arguments, **named)

    return asking


def writes(
    method: Callable[Concatenate[Owner, Arguments], Returned],
) -> Callable[Concatenate[Owner, Arguments], Returned]:
    """A method that writes, so it is not run again: an answer that cannot be mapped raises OddAnswerError.

    Whoever asked looks at GitHub before asking again, because the write may have taken effect.
    """

    @wraps(method)
    def asking(owner: Owner, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Returned:
        try:
            return method(owner, *arguments, **named)
        except MAPPING_ERRORS as error:
            came = f"something that has not what is needed ({type(error).__name__}: {str(error)[:100]})"
            raise odd(came, method.__name__.strip("_").replace("_", " ")) from error

    return asking
