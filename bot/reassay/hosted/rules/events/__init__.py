"""One module per event of GitHub. A new one is a file here; nothing else lists it.

It has EVENT (GitHub's name), PERMISSION (what an App needs to be sent it; None if every App is), MODEL, and
`meaning(payload, own)`, where `own` says whether the sender is this App itself.
"""

from collections.abc import Mapping
from types import ModuleType

from reassay.modules import modules_in


def _discover() -> Mapping[str, ModuleType]:
    return {module.EVENT: module for module in modules_in(__name__, __path__) if hasattr(module, "EVENT")}


EVENTS: Mapping[str, ModuleType] = _discover()
"""By GitHub's name, in alphabetical order of the files."""


def subscribed() -> Mapping[str, str]:
    """Events that an App has to ask for, with the permission that each needs."""
    return {name: str(each.PERMISSION) for name, each in EVENTS.items() if each.PERMISSION is not None}
