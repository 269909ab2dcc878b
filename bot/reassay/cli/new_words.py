"""The words of `reassay new`: each option that is not one of the command's own is a key of the object."""

from collections.abc import Sequence
from typing import Final

OWN_FLAGS: Final = frozenset({"--help", "-h", "--quiet", "-q", "--dry-run"})
SET: Final = "--set"


def with_keys_set(words: Sequence[str]) -> Sequence[str]:
    """The words, with `--every 6m` and `--every=6m` as `--set every=6m`; underscores and hyphens in keys are the same."""
    given = list(words)
    prepared: list[str] = []
    while given:
        word = given.pop(0)
        if not word.startswith("--") or word in OWN_FLAGS or word == SET:
            prepared.append(word)
            continue
        key, is_joined, value = word.removeprefix("--").partition("=")
        if not is_joined:
            value = given.pop(0) if given and not given[0].startswith("--") else ""
        prepared.extend((SET, f"{key.replace('-', '_')}={value}"))
    return prepared
