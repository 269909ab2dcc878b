"""Errors that a person can act on: what is wrong, where, why, and what to do next.

Imports nothing: every start of the command line pays for what stands here.
"""


class ReassayError(Exception):
    """Base of every error raised on purpose; `exit_code` follows the table in the command-line reference."""

    exit_code = 2

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        """Where it happened: a file, a repository, a setting."""
        self.remedy = remedy
        """What to do next."""

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{remedy}"


class UsageError(ReassayError):
    """The command line, the environment or the configuration cannot be used as given."""


class UpstreamError(ReassayError):
    """GitHub, git or another service did not do what was asked."""

    exit_code = 3


class UnavailableError(UpstreamError):
    """GitHub or the database was not there, or failed by itself: nothing about the repository is wrong; waiting helps."""


class RenamedError(UpstreamError):
    """The repository is called `name` now, or another one has its name."""

    def __init__(self, message: str, name: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.name = name


class NotAllowedError(UpstreamError):
    """The credentials may not do this; waiting does not help."""


class NotFoundError(UpstreamError):
    """The repository, issue or branch is not there or not visible to these credentials."""


class RejectedError(UpstreamError):
    """GitHub understood the request and refuses its content; `codes` are its own (field, code) pairs."""

    def __init__(self, message: str, codes: tuple[tuple[str, str], ...]) -> None:
        super().__init__(message)
        self.codes = codes


class LimitError(UpstreamError):
    """A rate or content-creation limit: the work goes on later. `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: float, where: str = "", remedy: str = "") -> None:
        super().__init__(message, where=where, remedy=remedy)
        self.retry_after = retry_after


class SpentError(LimitError):
    """This program's own budget is spent; GitHub itself did not refuse anything."""


class StaleHeadError(UpstreamError):
    """Somebody else appended to the ledger since it was read: read again and decide anew."""
