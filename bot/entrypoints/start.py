"""How the process of a command begins and ends: a tenth of a second that no command has to pay."""

import gc
import os
import sys
from typing import Final

PACE: Final = 50_000
"""New objects between two searches for cycles. Python's own pace of 700 is made for programs that throw things away; what
starting makes is all kept, and would be looked through sixty times."""


def quickly(*, briefly: bool) -> None:
    """Before anything heavy is imported. `briefly`: the process ends before cycles could add up to anything.

    Plugins of pydantic that happen to be installed take no part in a verdict, and are not looked for.
    """
    if briefly:
        gc.disable()
    gc.set_threshold(PACE)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


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
