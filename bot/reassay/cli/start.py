"""How the process of a command begins and ends: a tenth of a second that no command has to pay."""

import gc
import importlib
import os
import sys
from types import ModuleType
from typing import Any, Final

PACE: Final = 50_000
"""New objects between two searches for cycles. Python's own pace of 700 is made for programs that throw things away; what
starting makes is all kept, and would be looked through sixty times."""

SWITCH_SECONDS: Final = 0.0005
"""How long a thread that waited for git then waits for the one that loads modules. Python's own 5 ms add up."""


def quickly(*, briefly: bool) -> None:
    """Before anything heavy is imported. `briefly`: the process ends before cycles could add up to anything.

    Plugins of pydantic that happen to be installed take no part in a verdict, and are not looked for.
    """
    if briefly:
        gc.disable()
        sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(PACE)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.modules.setdefault(_Installed.name, _Installed())


class _Installed(ModuleType):
    """What is installed here: of the standard library, and loaded when something of it is used.

    pydantic imports it to look for plugins, which it is told not to do; email, zipfile and sockets come with it.
    """

    name = "importlib.metadata"

    def __init__(self) -> None:
        super().__init__(self.name)
        self.__path__ = [f"{each}/metadata" for each in importlib.__path__]

    def __getattr__(self, name: str) -> object:
        return getattr(self.load(), name)

    def entry_points(self, **which: str) -> object:
        """The one thing that pydantic takes from it by name."""
        return self.load().entry_points(**which)

    def load(self) -> Any:  # noqa: ANN401 -- a module
        """The real one, in the place of this."""
        if sys.modules.get(self.name) is self:
            del sys.modules[self.name]
        return importlib.import_module(self.name)


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
