"""git at work beside this process."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from mmap import ACCESS_READ, mmap
from types import TracebackType
from typing import IO, Self

from reassay.common.errors import UpstreamError
from reassay.git.git import TIMEOUT_SECONDS, Git, last_line


class Running:
    """One git process. What it finds goes into a file, so that it never waits for somebody to listen."""

    def __init__(self, git: Git, arguments: Sequence[str], data: bytes = b"") -> None:
        """Starts it. Raises UpstreamError if git cannot be run."""
        self._what = arguments[0]
        self._complained = b""
        with ExitStack() as files:
            self._said = files.enter_context(_file())
            with _file() as given:
                given.write(data)
                given.seek(0)
                self._process = self._started(git, arguments, given)
            self._files = files.pop_all()

    def _started(self, git: Git, arguments: Sequence[str], given: IO[bytes]) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(
                ["git", *arguments],
                cwd=git.folder,
                env=git.environment,
                stdin=given,
                stdout=self._said,
                stderr=subprocess.PIPE,
            )
        except FileNotFoundError as error:
            raise UpstreamError("git was not found on this machine.", remedy="Install git and try again.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Ends it, wherever it is."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._files.close()

    def output(self) -> bytes:
        """What it wrote, once it is done. Raises UpstreamError with git's own last line."""
        self._wait()
        self._said.seek(0)
        return self._said.read()

    def mapped(self) -> bytes | mmap:
        """The same where it may be many megabytes: the file itself, of which only what is looked at becomes memory."""
        self._wait()
        return mmap(self._said.fileno(), 0, access=ACCESS_READ) if os.fstat(self._said.fileno()).st_size else b""

    def _wait(self) -> None:
        try:
            if self._process.returncode is None:
                # Not `wait`, which looks now and then, and so up to a twentieth of a second too late.
                _, self._complained = self._process.communicate(timeout=TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as error:
            message = f"git {self._what} took longer than {TIMEOUT_SECONDS} s"
            raise UpstreamError(message, remedy="Try again.") from error
        if self._process.returncode:
            raise UpstreamError(f"git {self._what} failed: {last_line(self._complained)}")


def _file() -> IO[bytes]:
    """A file without a name. In memory where the system can do that: what is loaded for a temporary one takes 4 ms."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("git"), "w+b")
    from tempfile import TemporaryFile  # noqa: PLC0415

    return TemporaryFile()
