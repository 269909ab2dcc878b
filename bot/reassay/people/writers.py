"""The writer of a repository: either the Action or the hosted App writes, and the other one only reads."""

from dataclasses import dataclass
from typing import Literal

from reassay.register.configuration import Configuration


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """The program that started a run."""

    program: Literal["action", "app"] | None = None
    """None for a person at a command line."""
    app_id: int | None = None
    """Id of the hosted App."""


SOMEBODY = RunOrigin()


def another_writer(configuration: Configuration, acting: RunOrigin) -> str | None:
    """The reason why a run must not write; None if it may. Without `writer` in the configuration every run may write."""
    if acting.program is None:
        return None
    if configuration.writer is not None and configuration.writer != acting.program:
        here, there = _NAMES[acting.program], _NAMES[configuration.writer]
        return (
            f"the configuration says `writer: {configuration.writer}`, so {there} writes and {here} only reads;"
            f" to let {here} write, change that line and switch the other one off"
        )
    named = configuration.app_id
    if acting.program == "app" and named is not None and named != acting.app_id:
        return (
            f"the configuration names App {named} (`app_id`), but this is App {acting.app_id}, so it only reads;"
            " to let this App write, change that number; or uninstall this App"
        )
    return None


_NAMES = {"action": "the Action", "app": "the hosted App"}
