"""Which mitigations a change can reach: of ten thousand, few have to be parsed to judge three.

Only a file that holds one mitigation, plainly written and the same on both sides, may stay unread. It is read after all
where it names what changed, shares a threat model with what is concerned, or is named by anything that is read. In doubt
everything is read: nothing here decides what a verdict says, only what is parsed for it, and tests hold both readings
against each other.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.adapters.register_files.kinds import kind_by_folder
from bot.adapters.register_files.tree import File, Mode
from bot.domain.register.commitment import Commitment
from bot.domain.register.deployment import Deployment
from bot.domain.register.mentions import SUBJECT, mentions
from bot.domain.register.mitigation import Mitigation
from bot.domain.register.model import Model
from bot.domain.register.register import RegisterObject

WORTH_IT: Final = 400
"""Fewer unread files than this are all read."""
MOST_WORDS: Final = 100
"""More names than this are not searched for: then everything is read."""
_WITHIN_A_NAME: Final = b"abcdefghijklmnopqrstuvwxyz0123456789-"
_LETTERS: Final = frozenset(bytes([each]) for each in _WITHIN_A_NAME)
_ID: Final = b"\nid: "
_UNUSUAL: Final = re.compile(rb"\n(?:kind|mitigations|---|\.\.\.|[?%\"'])")
"""Other kinds, collections, second documents, and keys written in another way."""
_ESCAPES: Final = (b"\\", b"\r")
"""What can hide a word or the end of a line."""
_RINGS: Final = 2
"""What shares a threat model with what is touched is judged as well, and looks at what shares its own."""
Objects = Iterable[RegisterObject]
Parse = Callable[[Sequence[File]], Objects]


@dataclass(frozen=True, slots=True)
class Aside:
    """Files that are not read unless something leads to them."""

    files: Mapping[str, File]
    """By path."""
    ids: Mapping[str, str]
    """The path of each by the id that it declares."""

    def named_by(self, read: Objects) -> set[str]:
        """What is named by objects that are read."""
        names = {name for each in read for _, kind, name in mentions(each) if kind in {"mitigation", SUBJECT}}
        return {self.ids[name] for name in names if name in self.ids}

    def naming(self, names: frozenset[str]) -> set[str]:
        """What has one of these names in its text, wherever it stands there."""
        words = [name.encode() for name in sorted(names)]
        return {path for word in words for path, file in self.files.items() if _stands_in(word, file.data or b"")}

    def serving_all(self) -> set[str]:
        """What names no deployment, and so serves all."""
        return {path for path, file in self.files.items() if b"deployments" not in (file.data or b"")}


def set_aside(before: Mapping[str, File], after: Mapping[str, File]) -> Aside:
    """Files of a mitigation each that are the same on both sides and so plain that their words can be searched."""
    files: dict[str, File] = {}
    ids: dict[str, str] = {}
    same = {path: file for path, file in after.items() if (known := before.get(path)) is file or known == file}
    # All at once first: one search through everything takes a tenth of ten thousand small ones.
    together = b"\n".join(file.data or b"" for file in same.values())
    is_plain = not _is_unusual(together)
    for path, file in same.items():
        name = _plain_id(file, is_plain=is_plain)
        if name is None:
            continue
        if name in ids:
            files.pop(ids[name], None)  # an id that is used twice is something to be said
            continue
        ids[name] = path
        files[path] = file
    return Aside(files, {name: path for name, path in ids.items() if path in files})


def reached(changed: Sequence[RegisterObject], read: Objects, aside: Aside, parse: Parse) -> frozenset[str] | None:
    """Paths among `aside` that have to be read; None for all of them.

    `changed` are the objects that differ, of both sides; `read` are all that were read already, those among them.
    """
    if any(isinstance(each, Commitment | Model) for each in changed):
        return None
    words = frozenset(name for each in changed for name in (each.id, *getattr(each, "formerly", ())))
    found = aside.named_by(changed)
    if any(isinstance(each, Deployment) for each in changed):
        found |= aside.serving_all()
    concerned: Objects = changed
    searched: frozenset[str] = frozenset()
    for ring in range(_RINGS + 1):
        new = words if ring == 0 else _threats(concerned) - searched
        searched |= new
        if len(searched) > MOST_WORDS:
            return None
        more = (found if ring == 0 else set()) | (aside.naming(new) - found)
        found |= more
        concerned = [*concerned, *parse([aside.files[path] for path in sorted(more)])]
    return frozenset(found | aside.named_by(read))


def _threats(objects: Objects) -> frozenset[str]:
    return frozenset(name for each in objects if isinstance(each, Mitigation) for name in each.threat_models)


def _is_unusual(text: bytes) -> bool:
    return any(each in text for each in _ESCAPES) or _UNUSUAL.search(text) is not None


@lru_cache(maxsize=1000)
def _holds_mitigations(folder: str) -> bool:
    """Thousands of files share a folder."""
    return kind_by_folder(f"{folder}/any.yml") == "mitigation"


def _plain_id(file: File, *, is_plain: bool) -> str | None:
    """The id of the one mitigation in a file; None where it is not certain that it is one, or a word may hide."""
    data = file.data
    if data is None or file.mode is not Mode.FILE or not _holds_mitigations(file.path.rpartition("/")[0]):
        return None
    text = b"\n" + data
    if not (data[:1].isalpha() or data[:1] == b"#"):
        return None
    if not is_plain and _is_unusual(text):
        return None
    start = text.find(_ID)
    end = text.find(b"\n", start + len(_ID))
    if start < 0 or text.find(_ID, end) >= 0:
        return None
    name = text[start + len(_ID) : end].strip()
    return name.decode() if name and not name.strip(_WITHIN_A_NAME) else None


def _stands_in(word: bytes, data: bytes) -> bool:
    """Whether a name stands there whole."""
    at = data.find(word)
    while at >= 0:
        end = at + len(word)
        if data[at - 1 : at] not in _LETTERS and data[end : end + 1] not in _LETTERS:
            return True
        at = data.find(word, at + 1)
    return False
