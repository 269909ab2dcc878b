"""Addresses on the dashboard's pages. All are built here, from quoted parts; no text of the register becomes one."""

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from reassay.dashboard.subject_values import SourcePlace
from reassay.github.addresses import revision_of

_PATH: Final = r"(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)+"
_REPOSITORY: Final = re.compile(
    rf"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{{1,5}})?{_PATH}"
    rf"|http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{{1,5}})?{_PATH}"
)
"""Addresses of repositories to which pages link; http is for this machine only."""
_FILE_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,98}[a-z0-9])?")
_RESERVED: Final = frozenset(
    {"aux", "con", "nul", "prn", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
)
"""Names that files cannot have on Windows, whatever their suffix."""
_ANCHOR: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,98}")
_DIGITS: Final = 16


def page_name(text: str) -> str:
    """A file name without suffix that stands for this text alone: the text, or part of its digest if it has other characters.

    An underscore is in digests only, so no text can take another one's name.
    """
    is_plain = _FILE_NAME.fullmatch(text) and text.split(".", maxsplit=1)[0] not in _RESERVED
    return text if is_plain else _digest(text)


def anchor(*parts: str) -> str:
    """An `id` of an element that stands for these texts alone, for example `cell_api_jailbreak-filter`."""
    return "_".join(part if _ANCHOR.fullmatch(part) else "all" if part == "*" else _digest(part) for part in parts)


def _digest(text: str) -> str:
    return f"x_{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"


@dataclass(frozen=True, slots=True)
class RepositoryLinks:
    """Addresses below a repository on GitHub; each is empty if `url` is not the address of a repository."""

    url: str
    commit: str = ""
    """Id of the commit whose files are linked, so that a reader sees what was read; without one, the default branch."""

    def at(self, commit: str) -> "RepositoryLinks":
        """The same repository with the files of another commit."""
        return replace(self, commit=commit)

    @property
    def home(self) -> str:
        """The repository."""
        return self.url if _REPOSITORY.fullmatch(self.url) else ""

    def issue(self, number: int | None) -> str:
        """An issue."""
        return f"{self.home}/issues/{number}" if self.home and number else ""

    def pull(self, number: int | None) -> str:
        """A pull request."""
        return f"{self.home}/pull/{number}" if self.home and number else ""

    def file(self, place: SourcePlace | None) -> str:
        """A line of a file; empty for a path that leads out of the repository."""
        if not self.home or place is None or {"", ".", ".."} & set(place.path.split("/")):
            return ""
        path = quote(place.path.encode("utf-8", "surrogatepass"))
        return f"{self.home}/blob/{revision_of(self.commit)}/{path}#L{place.line}"
