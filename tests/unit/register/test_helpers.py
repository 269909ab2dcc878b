"""A second process changes when a file is parsed, and nothing else."""

import subprocess
import sys
from unittest.mock import patch

import pytest

from reassay.register.files import helpers
from tests.unit.register.quick import quick_from, seen
from tests.unit.register.trees import Files, read

FILES: Files = {
    f"framework/mitigations/m{number}.yml": (
        f"id: m{number}\ntitle: M\nowner: {'&o ' if number % 7 == 0 else ''}o\n"
        f"{'every: never' if number % 11 == 0 else 'every: P1Y'}\n"
    )
    for number in range(300)
}

TWO = """
import os
from unittest.mock import patch
from reassay.register.files import helpers
from tests.unit.register.quick import seen
from tests.unit.register.test_helpers import FILES
from tests.unit.register.trees import read

alone = seen(read(FILES))
started = []
real = helpers._start
def start(chunks, order):
    found = real(chunks, order)
    started.append(found)
    return found
def parsed_by_the_other(file):
    if os.getpid() == parent and len(delivered) < 3:
        import time; time.sleep(0.05)
    return slowly(file)
slowly, parent, delivered = helpers.parsed, os.getpid(), []
real_delivered = helpers._Helper.delivered
def counted(helper):
    for each in real_delivered(helper):
        delivered.append(each)
        yield each
with (
    patch.object(helpers, "ENOUGH", 0),
    patch.object(helpers, "_CHUNK", 5),
    patch.object(helpers, "_start", start),
    patch.object(helpers, "parsed", parsed_by_the_other),
    patch.object(helpers._Helper, "delivered", counted),
    patch.object(os, "sched_getaffinity", lambda _: {0, 1, 2}),
):
    together = seen(read(FILES))
assert together == alone
assert len(started) == 2, started
assert delivered
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("nobody is left")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="helpers are forked on Linux only")
def test_two_processes_read_the_same_register_as_one_and_leave_nothing_behind() -> None:
    # A process of its own: where threads run, as in a parallel run of these tests, none is forked.
    done = subprocess.run([sys.executable, "-W", "error", "-c", TWO], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("nobody is left", "")


@pytest.mark.parametrize("failure", [OSError("no process to be had"), None])
def test_without_a_helper_everything_is_parsed_here(failure: OSError | None) -> None:
    with quick_from(0):
        alone = seen(read(FILES))
        with (
            patch.object(helpers, "ENOUGH", 0),
            patch.object(helpers, "_may_fork", return_value=failure is not None),
            patch.object(helpers, "_start", side_effect=failure or AssertionError),
        ):
            assert seen(read(FILES)) == alone
