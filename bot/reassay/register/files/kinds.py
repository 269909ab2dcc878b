"""Of what kind an object is: it says so, or its folder does."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from reassay.register.configuration import Configuration
from reassay.register.files.model_places import keys_of
from reassay.register.finding import nearest
from reassay.register.register import KINDS, LISTS

COLLECTION_KEYS: Final[Mapping[str, str]] = LISTS
"""Keys of a collection file, with the kind of what they list."""
CONFIGURATION_KEYS: Final = frozenset(keys_of(Configuration))
_FOLDERS: Final[Mapping[str, str]] = {**LISTS, **{key.replace("_", "-"): kind for key, kind in LISTS.items()}}
_MARKS_OF_AN_OBJECT: Final = frozenset({"kind", "id", "title", "owner", "audience", "actor"})
_LOOKED_AT: Final = 50
"""Keys of an unknown file that are compared with known ones."""


def kind_by_folder(path: str) -> str | None:
    """The kind that the nearest folder of that name gives, if any."""
    return next((_FOLDERS[part] for part in reversed(PurePosixPath(path).parent.parts) if part in _FOLDERS), None)


def kind_by_name(path: str) -> str | None:
    """The kind that a file's own name gives, for a list: `mitigations.yml`."""
    return _FOLDERS.get(PurePosixPath(path).stem)


def is_one_object(keys: frozenset[str], *, names_mitigations: bool = False) -> bool:
    """Whether a mapping with these keys is one object. Mitigations name deployments, so those keys alone say little.

    `names_mitigations`: the key `mitigations` lists ids, not objects.
    """
    if "mitigations" in keys and not (names_mitigations and "id" in keys):
        return False
    if keys & _MARKS_OF_AN_OBJECT:
        return True
    known = COLLECTION_KEYS.keys() | CONFIGURATION_KEYS
    return not keys & known and not any(nearest(key, known) for key in sorted(keys)[:_LOOKED_AT])


def has_its_own_kind(kind: str | None) -> bool:
    """Whether objects of this kind have a field of their own that is called `kind`."""
    return kind is not None and "kind" in KINDS[kind].model_fields


def kind_names() -> str:
    """For a sentence: the kinds there are."""
    return ", ".join(KINDS)
