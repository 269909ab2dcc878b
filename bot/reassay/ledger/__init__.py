"""The ledger's vocabulary: what an entry says, and the history that the entries add up to.

Its modules are loaded when something of them is used, as in `ledger.risks.Accepted`: where nothing is recorded yet, a
verdict needs none of the sixty kinds of records.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reassay.ledger import answering, bypassing, deferring, entry, gating, reassessment, risks, watching

__all__ = [
    "answering",
    "bypassing",
    "deferring",
    "entry",
    "gating",
    "reassessment",
    "risks",
    "watching",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A module, when it is first asked for (PEP 562)."""
        if name in __all__:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
