"""Error responses with a message and the next step."""

from reassay.common.errors import (
    LimitError,
    NotAllowedError,
    NotFoundError,
    ReassayError,
    UnavailableError,
    UpstreamError,
)


class WebError(Exception):
    """An error response."""

    def __init__(self, status: int, message: str, remedy: str = "", *, wait: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.remedy = remedy
        self.wait = wait
        """Seconds until a retry is useful; 0 if that is not known."""


def missing() -> WebError:
    """The response for a missing object, which is the same for an unreadable one."""
    return WebError(404, "Not found, or you may not read it.", "Check the address, or sign in with another account.")


def not_signed_in() -> WebError:
    """The sender is not signed in."""
    return WebError(401, "You are not signed in.", "Sign in with GitHub on the front page, or send a GitHub token.")


def forged() -> WebError:
    """The request was sent by another site, or from an outdated page."""
    return WebError(
        403, "This request was not sent from a page of this server.", "Reload the page, then press the button again."
    )


def as_web(error: ReassayError) -> WebError:
    """The error response for an error from below the web."""
    text = f"{error.where}: {error.message}" if error.where else error.message
    match error:
        case LimitError():
            return WebError(503, text, error.remedy or "Try again later.", wait=max(1, round(error.retry_after)))
        case UnavailableError():
            return WebError(503, text, error.remedy or "Try again later.", wait=10)
        case NotFoundError():
            return WebError(404, text, error.remedy)
        case NotAllowedError():
            return WebError(403, text, error.remedy)
        case UpstreamError():
            return WebError(502, text, error.remedy)
        case _:
            return WebError(422, text, error.remedy)
