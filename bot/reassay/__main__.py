"""The command `reassay`."""

import sys

from reassay import __version__

BRIEF = (["gate"], ["diff"])
"""Commands that read and answer: afterwards nothing is left to be put away."""


def main() -> int:
    """Runs the command line of this process; returns the exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"reassay {__version__}\n")
        return 0
    from reassay.cli import start  # noqa: PLC0415 -- paid only by those who need it

    is_brief = arguments[:1] in BRIEF
    start.quickly(briefly=is_brief)
    from reassay.cli import main as run  # noqa: PLC0415 -- same

    code = run(arguments, sys.stdout, sys.stderr)
    if is_brief:
        start.leave(code)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
