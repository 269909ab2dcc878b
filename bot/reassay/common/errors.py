"""Errors that a person can act on, with what is wrong, where, why, and what to do next.

The module imports nothing, because every start of the command line loads it.
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
    """GitHub, git or another service failed or refused a request."""

    exit_code = 3


class UnavailableError(UpstreamError):
    """GitHub or the database is unavailable; trying again later helps."""


class OddAnswerError(UnavailableError):
    """GitHub reported success with an answer that is not what its description says: whether a write took effect is unknown."""


class RenamedError(UpstreamError):
    """The repository was renamed to `name`, or another repository has its name."""

    def __init__(self, message: str, name: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.name = name


class NotAllowedError(UpstreamError):
    """The credentials lack a permission; trying again does not help."""


class InvalidCredentialsError(NotAllowedError):
    """GitHub does not accept the credentials at all: this says nothing of what was asked for."""


class LockedError(NotAllowedError):
    """The conversation of an issue or a pull request is locked: it takes no comment until it is unlocked."""


class IssuesOffError(UpstreamError):
    """The repository has its issues turned off."""


class NotFoundError(UpstreamError):
    """The repository, issue or branch does not exist or is not visible to these credentials."""


class RejectedError(UpstreamError):
    """GitHub rejected the content of a request; `codes` are its (field, code) pairs."""

    def __init__(self, message: str, codes: tuple[tuple[str, str], ...]) -> None:
        super().__init__(message)
        self.codes = codes


class LimitError(UpstreamError):
    """A rate limit or content-creation limit is reached. `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: float, where: str = "", remedy: str = "") -> None:
        super().__init__(message, where=where, remedy=remedy)
        self.retry_after = retry_after


class SpentError(LimitError):
    """The request budget of this program is spent; GitHub did not refuse a request."""


class StaleHeadError(UpstreamError):
    """The ledger changed since it was read; read it and decide again."""
