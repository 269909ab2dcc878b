"""Logs: one JSON object a line on standard error, with the ids of what it is about, and no secrets.

Nothing secret is given to a log in the first place; the last thing before a line is written looks all the same.
"""

import json
import logging
import re
from collections.abc import Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any, TextIO

import structlog

HIDDEN = "[hidden]"
SHORTEST = 6
"""What is shorter is no secret, and would hide half of every line."""
_LOOKS = re.compile(
    r"-----BEGIN[^-]*PRIVATE KEY-----.*?(?:-----END[^-]*-----|$)"  # a key, also where its line ends are written out
    r"|\bgh[oprsu]_[A-Za-z0-9]{16,}|\bgithub_pat_[A-Za-z0-9_]{16,}|\bv1\.[0-9a-f]{40}\b"  # tokens of GitHub's
    r"|\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"  # signed tokens
    r"|(?<=://)[^\s/@\"]+:[^\s/@\"]+(?=@)"  # name and password of an address
    r"|(?<=[?&]code=)[^\s&\"\\]+|(?<=/app-manifests/)[^\s/\"\\]+"
    r"|(?<=[Bb]earer )[^\s\"\\]+",
    re.DOTALL,
)
_QUIET = ("httpx", "httpcore", "urllib3", "uvicorn.access", "procrastinate", "github")
"""These write addresses of requests, or much too much."""


def redacted(line: str, secrets: Iterable[str] = ()) -> str:
    """The line without what looks like a secret, and without these."""
    for each in secrets:
        if len(each) >= SHORTEST:
            line = line.replace(each, HIDDEN).replace(json.dumps(each)[1:-1], HIDDEN)
    return _LOOKS.sub(HIDDEN, line)


@dataclass(frozen=True, slots=True)
class _Line:
    """Makes the line of an event, as the last step."""

    secrets: Callable[[], Iterable[str]]

    def __call__(self, _logger: object, _name: str, event: MutableMapping[str, Any]) -> str:
        event.pop("_record", None)
        event.pop("_from_structlog", None)
        # Texts are looked at before they are escaped, too: an exception's lines are one value by now.
        plain = {str(key): _text(value) for key, value in event.items()}
        return redacted(json.dumps(plain, ensure_ascii=False), self.secrets())


def _text(value: object) -> object:
    return value if isinstance(value, (bool, int, float, type(None))) else str(value)


def configure(stream: TextIO, secrets: Callable[[], Iterable[str]], level: int = logging.INFO) -> None:
    """Everything that is logged in this process goes to `stream` from now on, be it by structlog or by logging."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                # Never with the values of variables: those may be anything.
                structlog.processors.format_exc_info,
            ],
            processors=[_Line(secrets)],
            keep_exc_info=False,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """`logger("reassay.web").info("request", status=200)`; ids by `structlog.contextvars.bound_contextvars`.

    What it writes goes through logging, so that without `configure` nothing is shown that should not be.
    """
    found: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return found
