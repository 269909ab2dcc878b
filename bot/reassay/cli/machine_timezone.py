"""The time zone of this machine, as a proposal."""

import os
from pathlib import Path

LINK, NAME = Path("/etc/localtime"), Path("/etc/timezone")


def machine_timezone(link: Path = LINK, name: Path = NAME) -> str | None:
    """The IANA name in TZ, in the link /etc/localtime or in /etc/timezone; None if none of them has one."""
    from reassay.common.calendar import zone

    for candidate in (os.environ.get("TZ", "").removeprefix(":"), _linked(link), _written(name)):
        try:
            if candidate:
                return "UTC" if candidate == "Etc/UTC" else zone(candidate).key
        except ValueError:
            continue
    return None


def _linked(link: Path) -> str:
    try:
        return str(link.readlink()).partition("zoneinfo/")[2]
    except OSError:
        return ""


def _written(name: Path) -> str:
    try:
        return name.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
