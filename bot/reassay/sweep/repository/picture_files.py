"""Draws pictures, which imports Matplotlib: only where one is written."""

from reassay.common.drawing_errors import drawing_errors
from reassay.signals.views.rate_picture import RatePicture


def drawn(picture: RatePicture) -> bytes:
    """The picture as SVG. Raises ReassayError."""
    with drawing_errors():
        from reassay.signals.views.rate_drawing import draw

        return draw(picture)
