"""The ledger: kinds of entries, and the history that follows from them.

Its modules are loaded when something of them is used, as in `ledger.risks.Accepted`: where nothing is recorded yet, a
verdict needs none of the sixty kinds of records.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reassay.ledger import answers as answers
    from reassay.ledger import bypass_issues as bypass_issues
    from reassay.ledger import deferrals as deferrals
    from reassay.ledger import entry, reassessment, risks, waived
    from reassay.ledger import pull_requests as pull_requests
    from reassay.ledger import sweep_records as sweep_records

__all__ = [
    "answers",
    "bypass_issues",
    "deferrals",
    "entry",
    "pull_requests",
    "reassessment",
    "risks",
    "sweep_records",
    "waived",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A module, when it is first asked for (PEP 562)."""
        if name in __all__:
            return import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
