"""Places of evidence: a file of a commit, of a workflow's artifact or of a release, or a sealed pointer."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import unquote

from reassay.commands.base import BadCommandError, read_day, word_shown

_SEALED: Final = re.compile(
    r"sealed:(?P<place>\S+)\s+(?P<digest>sha256:[0-9a-f]{64})"
    r"(?:\s+custodian\s+(?P<custodian>\S+))?(?:\s+until\s+(?P<until>\S+))?",
    re.IGNORECASE,
)
_ARTIFACT: Final = re.compile(r"artifact:(?P<run>[0-9]{1,19})/(?P<name>[^/\s]+)(?:/(?P<member>\S+))?", re.IGNORECASE)
_RELEASE: Final = re.compile(r"release:(?P<tag>\S+)/(?P<asset>[^/\s]+)", re.IGNORECASE)
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """The location of the evidence."""

    locator: str
    digest: str | None = None
    """Salted digest of sealed content; None for a file."""
    commit: str | None = None
    custodian: str | None = None
    until: date | None = None

    @property
    def is_stored(self) -> bool:
        """Whether it is an artifact or an asset of a release, which are not in git."""
        return self.digest is None and self.locator.startswith(("artifact:", "release:"))

    def commit_of(self, register_commit: str) -> str:
        """The commit of a path: the named one, or that of the register; empty for files that are not in git."""
        return "" if self.is_stored else self.commit or register_commit

    def recorded(self, register_commit: str, run_commit: str = "", member: str = "") -> dict[str, str]:
        """The location as the ledger keeps it; with the commit of the workflow's run, and the file's path in its artifact."""
        if self.digest:
            return {"sealed": self.locator, "custodian": self.custodian or ""}
        if self.is_stored:
            more = {"commit": run_commit, "path": member}
            return {"stored": self.locator, **{name: value for name, value in more.items() if value}}
        return {"path": self.locator, "commit": self.commit_of(register_commit)}


def split_source(words: str, kinds: tuple[str, ...]) -> tuple[EvidenceSource | None, str]:
    """The location at the beginning of the words, and the words after it; `kinds` are words that are none.

    Raises BadCommandError.
    """
    if "://" in words.split(" ", 1)[0]:
        raise BadCommandError(
            "URLs are not fetched; commit the file to this repository, name a workflow's artifact or a release's asset, or seal"
            " it with `reassay evidence seal FILE`"
        )
    match = _SEALED.match(words)
    if match:
        until = read_day(match["until"], "`until`") if match["until"] else None
        custodian = (match["custodian"] or "").lstrip("@") or None
        return EvidenceSource(match["place"], match["digest"].lower(), None, custodian, until), words[match.end() :]
    first, _, after = words.partition(" ")
    if not first or first.lower() in kinds:
        return None, words
    return _file(first.strip("`'\"")), after


def _file(word: str) -> EvidenceSource:
    kind = word.partition(":")[0].lower()
    if kind == "artifact":
        if match := _ARTIFACT.fullmatch(word):
            member = f"/{match['member']}" if match["member"] else ""
            return EvidenceSource(f"artifact:{int(match['run'])}/{match['name']}{member}")
        raise BadCommandError(
            f"{word_shown(word)} is not a workflow's artifact; write `artifact:<run id>/<name>`, and `/<path>` if it has several"
            " files, e.g. `artifact:9876543210/evaluation/logs/results.json`; a blank is `%20`"
        )
    if kind == "release":
        if match := _RELEASE.fullmatch(word):
            return EvidenceSource(f"release:{match['tag']}/{match['asset']}")
        raise BadCommandError(
            f"{word_shown(word)} is not an asset of a release; write `release:<tag>/<asset>`, e.g."
            " `release:v1.2/results.json`; a blank is `%20`"
        )
    written, _, commit = word.partition("@")
    path = unquote(written)
    if path.startswith("/") or ".." in path.split("/") or "\\" in path or not path.isprintable():
        raise BadCommandError(f"{word_shown(path)} is not a path in this repository; write e.g. `reports/training.csv`")
    if commit and not _COMMIT.fullmatch(commit):
        raise BadCommandError(f"{word_shown(commit)} is not a full commit id of 40 digits")
    return EvidenceSource(path, None, commit or None)
