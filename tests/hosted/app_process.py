"""The real `serve` or `worker` as a process of its own, with a clock that a test can move and a heart that beats quickly.

python -m tests.hosted.app_process serve|worker CLOCK-FILE; everything else comes by the environment, as for the real ones.
"""

import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reassay.cli.hosting_options import ended, log_to
from reassay.hosted.credentials import Credentials
from reassay.hosted.engine import Engine, hosted_database
from reassay.hosted.jobs import reaper, worker
from reassay.hosted.settings import read_hosting
from reassay.hosted.web.process import HostedServer, listen, until_signalled


@dataclass(frozen=True)
class FileClock:
    """Real time, and what the file says on top of it, in seconds."""

    file: Path

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.file.read_text() or 0))

    def sleep(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.2))


def main() -> int:
    what, clock = sys.argv[1], FileClock(Path(sys.argv[2]))
    worker.HEARTBEAT_SECONDS, worker.STALLED_SECONDS, worker.GRACE_SECONDS = 0.5, 4.0, 5.0
    reaper.Reaper.run.__defaults__ = (4.0,)
    settings = read_hosting(os.environ, {})
    Credentials(settings.data).prepare()
    log_to(settings, sys.stderr, quiet=False)
    with hosted_database(settings) as database:
        if what == "worker":
            return ended(
                lambda: until_signalled(lambda stop: Engine(settings, database, clock).run(stop)),
                sys.stdout,
                sys.stderr,
            )
        with listen(settings) as listening:
            serving = HostedServer(settings, database, clock, print)
            return ended(lambda: until_signalled(lambda stop: serving.run(stop, listening)), sys.stdout, sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
