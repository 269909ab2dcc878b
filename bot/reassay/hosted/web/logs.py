"""Logging: one JSON object a line, with secrets removed.

The code logs no secrets; removing them from the finished line is a second safeguard.
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
"""Shorter texts are not hidden: they would match by chance in most lines."""
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
"""Libraries that log request addresses, or too much."""


def redacted(line: str, secrets: Iterable[str] = ()) -> str:
    """The line without the given secrets and without anything that looks like a secret."""
    for secret in secrets:
        if len(secret) >= SHORTEST:
            line = line.replace(secret, HIDDEN).replace(json.dumps(secret)[1:-1], HIDDEN)
    return _LOOKS.sub(HIDDEN, line)


@dataclass(frozen=True, slots=True)
class _Line:
    """The last processor: renders an event as a line."""

    secrets: Callable[[], Iterable[str]]

    def __call__(self, _logger: object, _name: str, event: MutableMapping[str, Any]) -> str:
        event.pop("_record", None)
        event.pop("_from_structlog", None)
        # uvicorn's second form of a message, with escape sequences for terminals.
        event.pop("color_message", None)
        # Every value becomes a text first, so that a traceback is redacted as a whole.
        plain = {str(key): _text(value) for key, value in event.items()}
        return redacted(json.dumps(plain, ensure_ascii=False), self.secrets())


def _text(value: object) -> object:
    return value if isinstance(value, (bool, int, float, type(None))) else str(value)


def configure(stream: TextIO, secrets: Callable[[], Iterable[str]], level: int = logging.INFO) -> None:
    """Sends all logs of this process to `stream`, whether they are made by structlog or by logging."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
                # Without the values of local variables: those may be secrets.
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
    """A structured logger: `logger("reassay.web").info("request", status=200)`.

    It writes through `logging`, so without `configure` the usual rules of `logging` apply.
    """
    bound: structlog.stdlib.BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return bound
