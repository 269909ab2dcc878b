"""Age of the last backup of the App's credentials and the ledger's key, by a file that the backup touches."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from reassay.common.sentences import count_words
from reassay.doctor.checks.base import Check
from reassay.hosted.credentials import APP_FILE, BACKUP_FILE, KEY_FILE, Credentials
from reassay.hosted.settings import HostingSettings

OLDEST = timedelta(days=180)
"""Age from which on a backup is worth a look: whether it can still be read, and by whom."""
_NAME = "backup"


def backup_check(settings: HostingSettings, now: datetime) -> Check:
    """Whether the files of the data folder that cannot be made again are backed up."""
    needed = [name for name in (APP_FILE, KEY_FILE) if (settings.data / name).exists()]
    if not needed:
        if settings.app is None:
            return Check(
                _NAME, "unknown", f"There is nothing to back up in {settings.data}: no App is set up there yet."
            )
        return Check(
            _NAME,
            "unknown",
            "App and ledger key come from the environment.",
            "Whether the platform that holds these secrets has a backup cannot be seen from here.",
            "Back them up there.",
        )
    names = " and ".join(needed)
    mend = f"Copy {names} of {settings.data} to another machine, encrypted, then run `touch {settings.data / BACKUP_FILE}`."
    made = Credentials(settings.data).backed_up_at()
    if made is None:
        return Check(
            _NAME, "weak", f"No backup of {names} is stated.", "Nobody can make a lost ledger key again.", mend
        )
    newer = [name for name in needed if _changed_at(settings.data / name) > made]
    if newer:
        return Check(
            _NAME, "weak", f"{' and '.join(newer)} changed after the last backup.", f"It was {_age(now - made)}.", mend
        )
    if now - made > OLDEST:
        return Check(
            _NAME, "weak", f"The last backup was {_age(now - made)}.", "It may be lost or unreadable by now.", mend
        )
    return Check(_NAME, "ok", f"The last backup of {names} was {_age(now - made)}.")


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _age(age: timedelta) -> str:
    return "today" if age < timedelta(days=1) else f"{count_words(age.days, 'day')} ago"
