"""Findings about the same unknown key, as one."""

from collections.abc import Iterable
from dataclasses import replace

from reassay.register.finding import Finding

_CODE = "unknown-key"


def once_a_key(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings; an unknown key of one kind of object is said once, at its first place, with the number of files."""
    kept: dict[tuple[str, str] | int, Finding] = {}
    places: dict[tuple[str, str] | int, list[str]] = {}
    for number, finding in enumerate(findings):
        key = (finding.message, finding.remedy) if finding.code == _CODE else number
        kept.setdefault(key, finding)
        places.setdefault(key, []).append(finding.at.path)
    return tuple(_with_places(finding, places[key]) for key, finding in kept.items())


def _with_places(finding: Finding, paths: list[str]) -> Finding:
    if len(paths) == 1:
        return finding
    files = len(set(paths))
    where = (
        f"in {files} files"
        if files == len(paths)
        else f"{len(paths)} times" + (f" in {files} files" if files > 1 else "")
    )
    return replace(finding, message=f"{finding.message}; {where}, first here")
