"""Errors of drawing, in one form for every place that draws."""

from collections.abc import Iterator
from contextlib import contextmanager

from reassay.common.errors import ReassayError, UsageError


@contextmanager
def drawing_errors(where: str = "") -> Iterator[None]:
    """Wraps a drawing and the import of its module.

    Raises UsageError, which names the extra, if Matplotlib is not installed; ReassayError for what it cannot draw.
    """
    try:
        yield
    except ImportError as error:
        remedy = 'Install the extra: `pip install "reassay[pictures]"`.'
        raise UsageError("drawing needs Matplotlib, which is not installed.", where=where, remedy=remedy) from error
    except ReassayError:
        raise
    except Exception as error:  # what a library cannot draw must not keep the rest from being shown
        raise ReassayError(f"it could not be drawn ({type(error).__name__}: {str(error)[:100]}).") from error
