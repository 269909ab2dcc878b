"""A worker as a process of its own: python -m tests.hosted.worker_process DATABASE DATA BOX APP KEY-FILE."""

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from reassay.hosted.database.database import Database
from reassay.hosted.job_services import job_services
from reassay.hosted.jobs.worker import Worker
from reassay.hosted.settings import AppIdentity, HostingSettings
from tests.lab import START


class FixedClock:
    def now(self) -> datetime:
        return START

    def sleep(self, seconds: float) -> None:
        pass


async def until_told(worker: Worker) -> bool:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    return await worker.run(stop)


def main() -> int:
    url, data, box, app, key = sys.argv[1:]
    settings = HostingSettings(Path(data), api_url=f"{box}/api/v3", server_url=box, write_pause=0.0)
    identity = AppIdentity(int(app), Path(key).read_text(encoding="utf-8"), "secret")
    with Database.connect(url) as database, job_services(settings, identity, database, FixedClock()) as jobs:
        clean = asyncio.run(until_told(jobs.worker))
    return 0 if clean else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
