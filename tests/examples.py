"""How many examples Hypothesis tries: all of them where a change lands (`.ci/run`), two fifths in `make test`."""

import os

PERCENT = int(os.environ.get("REASSAY_EXAMPLES", "40"))


def examples(full: int = 100) -> int:
    """The examples of a property that gets `full` where a change lands; `REASSAY_EXAMPLES` is the share in percent."""
    return max(1, full * PERCENT // 100)
