"""The register as it last could be read, from the history of a checkout."""

from datetime import datetime
from typing import Final

from reassay.assessment.unreadable import LastReadableRegister
from reassay.common.calendar import local_date
from reassay.git.git import Git
from reassay.register.files import CONFIGURATION_PATH, ParsedFiles, read_register
from reassay.register.files.configuration import DEFAULT_FOLDER, read_configuration
from reassay.register.files.git_tree import GitTree
from reassay.register.register import Register

MOST_COMMITS: Final = 50
"""Commits to the register that are checked, newest first."""


def is_whole(register: Register) -> bool:
    """Whether nothing of a register is unread, so that what is not in it was removed."""
    holds_something = bool(register.mitigations or register.commitments)
    return holds_something and not (register.errors or register.unreadable or register.configuration_is_broken)


def last_readable(git: Git, register: Register) -> LastReadableRegister | None:
    """The newest register without errors in the history of HEAD; None if none of the last commits has one.

    Where files are left unread now, because they were emptied or renamed, the newest in which one of them was read. The folder
    of `git` has to be the root of the repository. Raises UpstreamError.
    """
    if git.run("rev-parse", "--show-prefix").strip():
        return None
    # The folder may be what was mistyped.
    folders = {register.configuration.register_folder, read_configuration(GitTree(git, "HEAD")).folder, DEFAULT_FOLDER}
    paths = (*sorted(folders), CONFIGURATION_PATH)
    lines = git.run("log", f"--max-count={MOST_COMMITS}", "--format=%H %cI", "HEAD", "--", *paths)
    parsed, since, newest = ParsedFiles(), None, None
    unread = _unread_files(register)
    for line in lines.decode().splitlines():
        commit, _, at = line.partition(" ")
        earlier = read_register(GitTree(git, commit), parsed=parsed)
        if (earlier.mitigations or earlier.commitments) and not earlier.errors:
            readable = LastReadableRegister(earlier, commit, since)
            if not unread or unread - _unread_files(earlier):
                return readable
            newest = newest or readable
        since = local_date(datetime.fromisoformat(at), register.configuration.timezone)
    return newest


def _unread_files(register: Register) -> frozenset[str]:
    """Files that may have held objects and are left unread, without being an error."""
    return frozenset(entry.finding.at.path for entry in register.unreadable if not entry.is_error)
