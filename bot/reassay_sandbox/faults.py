"""Fault switches: what a network and a busy GitHub do to a client."""

import re
import threading
from dataclasses import dataclass, field
from typing import Literal

OddKind = Literal[
    "cut-off",
    "cut-short",
    "empty",
    "null",
    "list",
    "empty-text",
    "html",
    "wrong-type",
    "no-data",
    "partial",
    "null-nodes",
    "no-fields",
]
"""A success whose body is not what GitHub's description says; what was asked took effect. `wrong-type` alone is whole."""
RefusedKind = Literal["410", "locked", "401", "404", "404-html", "401-html", "403-html", "redirect"]
"""Refused before anything was done."""
Kind = Literal[
    "502-before",
    "502-after-commit",
    "500",
    "403-primary",
    "403-secondary",
    "429",
    "forbidden",
    "timeout",
    "drop",
    "dead",
    "stale-read",
    "stale-head",
    "reorder-comments",
    OddKind,
    RefusedKind,
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    `match` is a regular expression over `METHOD path`, `MUTATION name`, `QUERY name` or `GIT service`, or one of the
    words `write` and `any`; `after` lets so many matches pass first, `times` is how often it strikes.
    """

    kind: Kind
    match: str
    times: int = 1
    after: int = 0
    retry_after: int | None = None

    def applies(self, names: tuple[str, ...], *, is_write: bool) -> bool:
        """Whether a request of these names is meant."""
        if self.match in {"write", "any"}:
            return is_write or self.match == "any"
        return any(re.search(self.match, name) for name in names)


@dataclass(slots=True)
class _Armed:
    fault: Fault
    seen: int = 0
    struck: int = 0


@dataclass(slots=True)
class Faults:
    """Those switched on."""

    armed: list[_Armed] = field(default_factory=list)
    dead: bool = False
    outage: bool = False
    """GitHub is down: everything but the pages answers 503."""
    struck: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Switches one on."""
        with self._lock:
            self.armed.append(_Armed(fault))

    def clear(self) -> None:
        """Switches all off; what was dead or down lives again."""
        with self._lock:
            self.armed.clear()
            self.dead = self.outage = False
            self.struck = 0

    def wants(self, kind: Kind) -> bool:
        """Whether a fault of this kind is switched on."""
        return any(armed.fault.kind == kind for armed in self.armed)

    def fired(self) -> int:
        """How often any struck since they were cleared."""
        return self.struck

    def strike(self, names: tuple[str, ...], *, is_write: bool) -> Fault | None:
        """The fault that this request meets."""
        with self._lock:
            for armed in self.armed:
                if not armed.fault.applies(names, is_write=is_write):
                    continue
                armed.seen += 1
                if armed.seen > armed.fault.after and armed.struck < armed.fault.times:
                    armed.struck += 1
                    self.struck += 1
                    return armed.fault
            return None
