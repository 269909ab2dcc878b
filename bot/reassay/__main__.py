"""The command `reassay`."""

import os
import sys

from reassay.cli import main as run


def main() -> int:
    """Runs the command line of this process; returns the exit code."""
    # Plugins of pydantic that happen to be installed take no part in a verdict.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    return run(sys.argv[1:], sys.stdout, sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
