"""A second process that parses, for registers of thousands of files; the first one validates meanwhile.

It changes when something is parsed and never what comes of it: both processes call the same function, and whatever a
helper does not deliver is parsed here. Only on Linux and only where this process has a single thread, since elsewhere
forking is not safe.
"""

import marshal
import os
import signal
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from reassay.register.files.quick_reader import Parsed, parsed
from reassay.register.files.tree import File

WORTH_IT: Final = 50
"""Fewer files are all composed: that takes less time than to make the quick way ready."""
ENOUGH: Final = 2000
"""Files from which on a helper is worth its start."""
MOST: Final = 3
"""Helpers at once."""
_CHUNK: Final = 32
_POLITE: Final = 10
"""A helper takes what is left over: on a busy machine it must not take the time of the process that it helps."""
_PIPE: Final = 1024 * 1024
"""Bytes that a helper may be ahead, as far as the system allows it."""
_HEAD: Final = struct.Struct("<II")
"""Before each chunk: its number, and how many bytes follow."""


@dataclass(slots=True)
class _Helper:
    """A child process and the end of the pipe on which it delivers."""

    pid: int
    pipe: int
    buffer: bytearray = field(default_factory=bytearray)

    def delivered(self) -> Iterator[tuple[int, list[Parsed | None]]]:
        """The chunks that are there by now; never waits."""
        with suppress(BlockingIOError):
            while more := os.read(self.pipe, _PIPE):
                self.buffer += more
        while len(self.buffer) >= _HEAD.size:
            number, size = _HEAD.unpack_from(self.buffer)
            if len(self.buffer) < _HEAD.size + size:
                return
            with memoryview(self.buffer) as seen:
                found = marshal.loads(seen[_HEAD.size : _HEAD.size + size])  # noqa: S302 -- written by this very program
            del self.buffer[: _HEAD.size + size]
            yield number, found

    def stop(self) -> None:
        """Ends it, wherever it is."""
        os.close(self.pipe)
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


def all_parsed(files: Sequence[File]) -> Iterator[tuple[int, Parsed | None]]:
    """Each file's number and what the quick way makes of it, in any order."""
    if len(files) < WORTH_IT:
        yield from ((number, None) for number in range(len(files)))
        return
    chunks = [files[start : start + _CHUNK] for start in range(0, len(files), _CHUNK)]
    waiting = set(range(len(chunks)))
    helpers = _started(chunks) if len(files) >= ENOUGH else []
    try:
        for number in range(len(chunks)):
            for found, each in ((found, each) for helper in helpers for found, each in helper.delivered()):
                if found in waiting:
                    waiting.remove(found)
                    yield from enumerate(each, start=found * _CHUNK)
            if number in waiting:
                waiting.remove(number)
                yield from enumerate(map(parsed, chunks[number]), start=number * _CHUNK)
    finally:
        for helper in helpers:
            helper.stop()


def _started(chunks: Sequence[Sequence[File]]) -> list[_Helper]:
    if not _may_fork():
        return []
    wanted = min(len(os.sched_getaffinity(0)) - 1, MOST)
    # From the end on, so that they meet this process, which begins at the beginning.
    order = range(len(chunks) - 1, -1, -1)
    started: list[_Helper] = []
    with suppress(OSError):
        started.extend(_start(chunks, order[first::wanted]) for first in range(wanted))
    return started


def _may_fork() -> bool:
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 -- names are enough
    except OSError:
        return False


def _start(chunks: Sequence[Sequence[File]], order: Sequence[int]) -> _Helper:
    reading, writing = _pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if pid == 0:
        _help(chunks, order, writing)
    os.close(writing)
    os.set_blocking(reading, False)
    return _Helper(pid, reading)


def _pipe() -> tuple[int, int]:
    """A wide one, so that the helper need not wait while this process validates what it has."""
    from fcntl import F_SETPIPE_SZ, fcntl  # noqa: PLC0415 -- not on every system, and this function is not called there

    reading, writing = os.pipe()
    with suppress(OSError):
        fcntl(writing, F_SETPIPE_SZ, _PIPE)
    return reading, writing


def _help(chunks: Sequence[Sequence[File]], order: Sequence[int], pipe: int) -> None:
    """The child: parses, delivers and leaves, without anything that this process would do at its end."""
    try:
        os.nice(_POLITE)
        for number in order:
            body = marshal.dumps([parsed(file) for file in chunks[number]])
            with memoryview(_HEAD.pack(number, len(body)) + body) as rest:
                sent = 0
                while sent < len(rest):
                    sent += os.write(pipe, rest[sent:])
    finally:
        os._exit(0)
