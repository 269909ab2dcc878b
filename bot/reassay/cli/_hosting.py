"""What `serve` and `worker` share: options, settings, the end of the process."""

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from reassay.hosted.settings import HostingSettings

EXTRA = 'Install it with: pip install "reassay[server]"'
OPTIONS = (
    ("data-dir", "FOLDER", "secrets, the embedded PostgreSQL, copies of repositories (~/.local/share/reassay)"),
    (
        "database-url",
        "URL",
        "a PostgreSQL of your own; better as REASSAY_DATABASE_URL or in a file, since it may hold a password",
    ),
    ("github-url", "URL", "of a GitHub Enterprise Server"),
    ("api-url", "URL", "of its API, if not GITHUB-URL/api/v3"),
    ("concurrency", "N", "jobs at once in this process (2)"),
)
EPILOG = """\
Every option can be a variable (--data-dir is REASSAY_DATA_DIR), and every variable a file (REASSAY_DATABASE_URL_FILE).
SIGTERM ends it in good order: jobs that run are finished first. docs/how-to/host-the-app.md has the rest.
"""


def add_options(parser: argparse.ArgumentParser, *more: tuple[str, str, str]) -> None:
    """Of this command and of both."""
    for name, shown, text in (*more, *OPTIONS):
        parser.add_argument(f"--{name}", metavar=shown, help=text)


def settings_of(args: argparse.Namespace) -> "HostingSettings":
    """From options and the environment. Raises UsageError, also where the server extra is missing."""
    from reassay.common.errors import UsageError
    from reassay.hosted.settings import read_hosting

    try:
        import fastapi
        import procrastinate
        import uvicorn
    except ModuleNotFoundError as error:
        raise UsageError(f"the hosted App needs the server extra ({error.name} is missing).", remedy=EXTRA) from error
    del fastapi, procrastinate, uvicorn
    given = {name.replace("_", "-"): value for name, value in vars(args).items() if isinstance(value, str)}
    return read_hosting(os.environ, given)


def log_to(settings: "HostingSettings", err: TextIO, *, quiet: bool) -> None:
    """JSON lines, without whatever is secret here."""
    import logging
    from contextlib import suppress

    from reassay.common.errors import UsageError
    from reassay.hosted.engine import identity
    from reassay.hosted.web.logs import configure

    known: list[str] = []

    def secrets() -> tuple[str, ...]:
        if not known:
            # Once it is there it stays as it is until the process begins anew: no file is read for each line.
            with suppress(UsageError):
                app = identity(settings)
                known.extend(app.secrets if app else ())
        return (*known, settings.previous_webhook_secret, settings.keys.key, settings.keys.previous_key)

    configure(err, secrets, logging.WARNING if quiet else logging.INFO)


def ended(run: Callable[[], bool], out: TextIO, err: TextIO) -> int:
    """The exit code. A job that did not end in time must not hold the process: another one takes it up."""
    if not run():
        out.flush()
        err.flush()
        os._exit(0)
    return 0
