"""Draws pictures, which imports Matplotlib: only where one is written."""

from reassay.common.errors import ReassayError, UsageError
from reassay.signals.views.rate_picture import RatePicture


def drawn(picture: RatePicture) -> bytes:
    """The picture as SVG. Raises ReassayError."""
    try:
        from reassay.signals.views.rate_drawing import draw
    except ImportError as error:
        remedy = 'Install the extra: `pip install "reassay[pictures]"`.'
        raise UsageError("drawing needs Matplotlib, which is not installed.", remedy=remedy) from error
    try:
        return draw(picture)
    except Exception as error:  # what a library cannot draw must not keep the issue from being opened
        raise ReassayError(f"it could not be drawn ({type(error).__name__}: {str(error)[:100]}).") from error
