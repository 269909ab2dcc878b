"""Kinds of objects from their folder or the keys of their file."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from reassay.register.configuration import Configuration
from reassay.register.files.error_places import keys_of
from reassay.register.finding import nearest
from reassay.register.register import KINDS, LISTS

COLLECTION_KEYS: Final[Mapping[str, str]] = LISTS
"""Kinds by key of a collection file."""
CONFIGURATION_KEYS: Final = frozenset(keys_of(Configuration))
READ_KEYS: Final = frozenset({"kind", *LISTS, *(key for model in KINDS.values() for key in keys_of(model))})
"""Keys that mean something at the top of an object or of a list of objects."""
_FOLDERS: Final[Mapping[str, str]] = {**LISTS, **{key.replace("_", "-"): kind for key, kind in LISTS.items()}}
_MARKS_OF_AN_OBJECT: Final = frozenset({"kind", "id", "title", "owner", "audience", "actor"})
_LOOKED_AT: Final = 50
"""Most keys of an unknown file that are compared with those of collections."""


def kind_by_folder(path: str) -> str | None:
    """The kind that the nearest folder with the name of a kind implies; None if there is none."""
    return next((_FOLDERS[part] for part in reversed(path.split("/")[:-1]) if part in _FOLDERS), None)


def kind_by_name(path: str) -> str | None:
    """The kind that the name of a file implies for its list, for example `mitigations.yml`; None if it implies none."""
    return _FOLDERS.get(PurePosixPath(path).stem)


def is_one_object(keys: frozenset[str], *, names_mitigations: bool = False) -> bool:
    """Whether a mapping with these keys is one object and not a collection.

    `names_mitigations`: the key `mitigations` lists ids, not objects.
    """
    if "mitigations" in keys and not (names_mitigations and "id" in keys):
        return False
    if keys & _MARKS_OF_AN_OBJECT:
        return True
    file_keys = COLLECTION_KEYS.keys() | CONFIGURATION_KEYS
    return not keys & file_keys and not any(nearest(key, file_keys) for key in sorted(keys)[:_LOOKED_AT])


def has_its_own_kind(kind: str | None) -> bool:
    """Whether objects of this kind have a field `kind`."""
    return kind is not None and "kind" in KINDS[kind].model_fields


def kind_names() -> str:
    """All kinds, for a sentence."""
    return ", ".join(KINDS)
