"""The quick way in a process of its own, for a server: what brings that process down does not bring the server down.

It changes when something is parsed and never what comes of it: whatever is not delivered is composed.
"""

import marshal
import subprocess
import sys
from collections.abc import Sequence

from reassay.register.files.quick_reader import Parsed, parsed
from reassay.register.files.tree import File

SECONDS = 120.0


def parsed_apart(files: Sequence[File]) -> list[Parsed | None]:
    """What the quick way makes of each file; None for all of them if the process did not end well."""
    given = marshal.dumps([(each.path, each.data) for each in files])
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__], input=given, capture_output=True, check=True, timeout=SECONDS
        )
        found: list[Parsed | None] = marshal.loads(done.stdout)  # noqa: S302 -- written by this very program
    except (OSError, subprocess.SubprocessError, ValueError, EOFError, TypeError):
        return [None] * len(files)
    return found


def main() -> None:
    """The child: files from standard input, what they say to standard output."""
    given = marshal.loads(sys.stdin.buffer.read())  # noqa: S302 -- as above
    made = [parsed(File(path, data, size=len(data or b""))) for path, data in given]
    sys.stdout.buffer.write(marshal.dumps(made))


if __name__ == "__main__":
    main()
