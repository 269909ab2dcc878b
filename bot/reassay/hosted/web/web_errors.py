"""What the web answers when it does not do what is asked: always what, and what to do next."""

from reassay.common.errors import (
    LimitError,
    NotAllowedError,
    NotFoundError,
    ReassayError,
    UnavailableError,
    UpstreamError,
)


class WebError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, message: str, remedy: str = "", *, wait: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.remedy = remedy
        self.wait = wait
        """Seconds until it is worth trying again; 0 if that is not known."""


def missing() -> WebError:
    """The same for what is not there and for what one may not read."""
    return WebError(
        404, "There is nothing here that you may read.", "See the address, or sign in with another account."
    )


def unknown() -> WebError:
    """Nobody is signed in."""
    return WebError(
        401, "You are not signed in.", "Sign in with GitHub on the front page, or send a token of GitHub's."
    )


def forged() -> WebError:
    """It comes from elsewhere, or from a page that is too old."""
    return WebError(
        403, "This did not come from a page of this server.", "Load the page again, and press the button there."
    )


def as_web(error: ReassayError) -> WebError:
    """What an error of the layers below means for the answer."""
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
