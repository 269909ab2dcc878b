"""The command `reassay`."""

import sys

from bot.entrypoints.cli import main as run


def main() -> int:
    """Runs the command line of this process; returns the exit code."""
    return run(sys.argv[1:], sys.stdout, sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
