"""Plainly written YAML by way of a parser in Rust, which is an order of magnitude quicker and gives no places."""

from collections.abc import Callable
from functools import cache, partial
from threading import current_thread, main_thread
from typing import Final

from reassay.register.files.screen import is_plainly_written

_Loads = Callable[[str], object]
_PANIC: Final = "pyo3_runtime"
"""The module of what Rust raises when it gives up; it is no Exception."""


class Declined:
    """Not read the quick way; says nothing about the text."""


DECLINED: Final = Declined()


def parse(text: str) -> object:
    """The data of a plainly written text, as the composer would give it; DECLINED if that is not certain."""
    # With several threads at work it has brought a process down (docs/decisions/0016): a server composes everything.
    loads = _loads() if current_thread() is main_thread() else None
    if loads is None or not is_plainly_written(text):
        return DECLINED
    try:
        return loads(text)
    except Exception:  # noqa: BLE001 -- broken, or with a key twice, or anything else: the composer says what and where
        return DECLINED
    except BaseException as stopped:
        if type(stopped).__module__ != _PANIC:
            raise
        return DECLINED


@cache
def _loads() -> _Loads | None:
    """The parser, once it is needed; None where there is none for this machine, and everything is composed."""
    try:
        from yaml_rs import loads  # noqa: PLC0415 -- paid by those who read a large register, not at every start
    except ImportError:
        return None
    return partial(loads, parse_datetime=False)
