"""Content-creation limits by the sandbox's clock: so many a minute, so many an hour."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class SandboxLimits:
    """GitHub's own numbers, unless a test makes them smaller."""

    per_minute: int = 80
    per_hour: int = 500
    created: list[datetime] = field(default_factory=list)

    def refuse(self, now: datetime) -> int | None:
        """Seconds to wait, or None if one more may be created (which it then counts as)."""
        self.created = [instant for instant in self.created if now - instant < timedelta(hours=1)]
        if len(self.created) >= self.per_hour:
            return int((self.created[0] + timedelta(hours=1) - now).total_seconds()) + 1
        if sum(now - instant < timedelta(minutes=1) for instant in self.created) >= self.per_minute:
            return 60
        self.created.append(now)
        return None
