"""Files with private keys: one rule for who else may read or write them, which fits the secrets that containers mount."""

import os
import stat
from pathlib import Path

from reassay.common.errors import UsageError

LARGEST = 100_000
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def read_key_file(path: Path, where: str) -> str:
    """The text of a private key's file. Raises UsageError, which never shows the text.

    Nobody but its owner may write it, and nobody else may read a file of this program's own account. Of another account's file
    the group may be a reader, as with a Kubernetes secret and `fsGroup`; everybody may read it only where it is mounted for this
    program alone: it is root's while this program is not, or its mount is read-only.
    """
    try:
        with path.open("rb") as file:
            status, data = os.fstat(file.fileno()), file.read(LARGEST)
            is_mounted = bool(os.fstatvfs(file.fileno()).f_flag & os.ST_RDONLY) if os.name == "posix" else True
    except PermissionError as error:
        message = f"{path} cannot be read by account {os.geteuid()} ({error.strerror})."
        remedy = f"Run `chown {os.geteuid()} {path}` and `chmod 400 {path}`, where the file is kept."
        raise UsageError(message, where=where, remedy=remedy) from error
    except OSError as error:
        message = f"{path} cannot be read ({error.strerror})."
        raise UsageError(message, where=where, remedy="Give the file with the key.") from error
    problem = too_open(status.st_mode, status.st_uid, os.geteuid() if os.name == "posix" else 0, is_mounted=is_mounted)
    if problem is not None:
        what, change = problem
        raise UsageError(f"{path} can be {what}.", where=where, remedy=f"Run `chmod {change} {path}`.")
    return data.decode("utf-8", "replace")


def too_open(mode: int, owner: int, account: int, *, is_mounted: bool) -> tuple[str, str] | None:
    """What others may do with a file and the mode that fixes it, where that is too much; None if it is not.

    `account` is the one that this program runs as; `is_mounted` says that nobody can write to the file's mount.
    """
    if os.name != "posix":
        return None
    if mode & _OTHERS_WRITE and not is_mounted:
        return "written by others", "600"
    is_for_this_program = is_mounted or (owner == 0 and account != 0)
    readers = stat.S_IROTH | (stat.S_IRGRP if owner == account else 0)
    if mode & readers and not is_for_this_program:
        return "read by others", "600"
    return None
