"""What stands in the folder of a package: how a trigger, a rule or a command is found that nobody lists."""

import os
from collections.abc import Collection, Iterable
from importlib import import_module
from types import ModuleType


def names_in(folders: Iterable[str]) -> tuple[str, ...]:
    """Names of the modules, in alphabetical order: what pkgutil says, which takes three milliseconds to begin."""
    files = (name for folder in folders for name in os.listdir(folder))  # noqa: PTH208 -- pathlib takes as long again
    found = {name.removesuffix(".py") for name in files if name.endswith(".py")}
    return tuple(sorted(found - {"__init__"}))


def modules_in(package: str, folders: Iterable[str], but: Collection[str] = ()) -> tuple[ModuleType, ...]:
    """The modules themselves, given the name and the path of their package, less some."""
    return tuple(import_module(f"{package}.{name}") for name in names_in(folders) if name not in but)
