"""git at work beside this process."""

import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Self

from bot.adapters.git import TIMEOUT_SECONDS, Git, last_line
from bot.errors import UpstreamError


class Running:
    """One git process. It writes into files, so that it never waits for somebody to listen."""

    def __init__(self, git: Git, arguments: Sequence[str], data: bytes = b"") -> None:
        """Starts it. Raises UpstreamError if git cannot be run."""
        self._what = arguments[0]
        with ExitStack() as files:
            self._said, self._complained = (files.enter_context(TemporaryFile()) for _ in range(2))
            with TemporaryFile() as given:
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
                stderr=self._complained,
            )
        except FileNotFoundError as error:
            raise UpstreamError("git was not found on this machine", remedy="Install git and try again.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Ends it, wherever it is."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._files.close()

    def output(self) -> bytes:
        """What it wrote, once it is done. Raises UpstreamError with git's own last line."""
        try:
            code = self._process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired as error:
            message = f"git {self._what} took longer than {TIMEOUT_SECONDS} s"
            raise UpstreamError(message, remedy="Try again.") from error
        if code:
            self._complained.seek(0)
            raise UpstreamError(f"git {self._what} failed: {last_line(self._complained.read())}")
        self._said.seek(0)
        return self._said.read()
