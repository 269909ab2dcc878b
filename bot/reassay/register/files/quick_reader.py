"""The quick way for files in which nothing is unusual and nothing is wrong; everything else goes the long way.

It never makes a finding. A file for which one would have to be made, or for which it is not certain that the long way
would say the very same, is declined.
"""

from pydantic import ValidationError
from pydantic_core import to_json

from reassay.register.files.lazily import LazyDocument, Source, lazy_origin
from reassay.register.files.quick_documents import quick_documents
from reassay.register.files.tree import File
from reassay.register.register import KINDS, Entry, RegisterObject

Parsed = tuple[tuple[str, bytes], ...]
"""Kind and JSON of each object of a file. JSON is what models are validated from, on the long way too."""
Entries = tuple[Entry[RegisterObject], ...]


def parsed(file: File) -> Parsed | None:
    """The first half, which needs no models; None if the file is to go the long way."""
    found = quick_documents(file)
    return None if found is None else tuple((kind, to_json(document)) for kind, document in found)


def entries(file: File, found: Parsed) -> Entries | None:
    """The second half; None if an object is not as its model wants it, since then there is something to be said."""
    source = Source(file)
    try:
        return tuple(
            Entry(KINDS[kind].model_validate_json(document), lazy_origin(source, index), LazyDocument(source, index))
            for index, (kind, document) in enumerate(found)
        )
    except ValidationError:
        return None
