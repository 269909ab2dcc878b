"""An environment of its own for `reassay demo` and `reassay sandbox` without the server extra (docs/decisions/0059)."""

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from reassay.common.errors import UsageError

_INSIDE = "REASSAY_SERVER_ENVIRONMENT"
"""Set where the process already runs in such an environment, so that a broken one is an error and not a loop."""
_NAME = "server-requirements.txt"
"""The hash-locked requirements, as they lie in an installed package."""


def run_in_own_environment(arguments: Sequence[str], requirements: Path, err: TextIO) -> NoReturn:
    """Becomes `reassay ARGUMENTS` with the packages of the server extra, which are installed once.

    It is the same process, so that whoever ends it ends all of it. Nothing of the environment that runs now is changed. Raises
    UsageError if the packages cannot be installed, or the environment cannot be started.
    """
    if inside := os.environ.get(_INSIDE):
        raise _incomplete(inside)
    home = cache_folder(os.environ)
    key = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:16]
    folder = home / f"server-{key}"
    if not (folder / ".complete").exists():
        print(
            f"A GitHub on this machine needs packages that are missing here. They are installed into {folder}", file=err
        )
        print("once, by version and hash. Delete that folder to remove them.", file=err, flush=True)
        _install(folder, requirements)
    package = Path(__file__).resolve().parents[2]
    path = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, _INSIDE: str(folder)}
    python = str(folder / "bin" / "python")
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        os.execve(python, [python, "-m", "reassay", *arguments], environment)  # noqa: S606 -- no shell is wanted
    except OSError as error:
        raise _incomplete(folder) from error


def _incomplete(folder: Path | str) -> UsageError:
    return UsageError(f"the environment {folder} is not complete.", remedy="Delete that folder and try again.")


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Folder for files that can be made again: `$XDG_CACHE_HOME/reassay`, by default `~/.cache/reassay`."""
    stated = Path(environment.get("XDG_CACHE_HOME", ""))
    return (stated if stated.is_absolute() else Path.home() / ".cache") / "reassay"


def server_requirements() -> Path:
    """The hash-locked requirements of the server extra: of the package, or of a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / _NAME
    return installed if installed.is_file() else package.parents[1] / "requirements" / "server.txt"


def _install(folder: Path, requirements: Path) -> None:
    venv.EnvBuilder(with_pip=True, clear=True).create(folder)
    pip = [
        str(folder / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ]
    done = subprocess.run(
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(requirements)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        last = next((text for text in reversed(done.stderr.splitlines()) if text.strip()), "pip failed")
        remedy = 'Check the network, or install the extra yourself: pip install "reassay[server]"'
        raise UsageError(f"the packages could not be installed: {last.strip()}", remedy=remedy)
    (folder / ".complete").touch()
