"""How the process of a command begins and ends: a tenth of a second that no command has to pay."""

import gc
import os
import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from typing import Final

PACE: Final = 50_000
"""New objects between two searches for cycles. Python's own pace of 700 is made for programs that throw things away; what
starting makes is all kept, and would be looked through sixty times."""
_UNUSED: Final = "importlib.metadata"


def quickly() -> None:
    """Before anything heavy is imported. Plugins of pydantic that happen to be installed take no part in a verdict."""
    gc.set_threshold(PACE)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    _when_used(_UNUSED)


def _when_used(name: str) -> None:
    """Has a module of the standard library loaded when something of it is used: pydantic imports it for its plugins."""
    spec = find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def leave(code: int) -> None:
    """Ends the process without taking thousands of objects apart one by one. What was said is out before.

    Returns where it could not be said: then the interpreter ends as usual, and complains as usual.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return
    os._exit(code)
