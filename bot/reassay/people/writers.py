"""One writer at a time: a repository says whether the Action writes or the App does, and the other one only looks."""

from dataclasses import dataclass
from typing import Literal

from reassay.register.configuration import Configuration


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """By which door a run came in."""

    program: Literal["action", "app"] | None = None
    """None is a person at a command line, who knows what they do."""
    app_id: int | None = None
    """Of the hosted App."""


SOMEBODY = RunOrigin()


def another_writer(configuration: Configuration, acting: RunOrigin) -> str | None:
    """Why this run writes nothing; None if it is the one that writes. Without `writer`, whoever runs does."""
    if acting.program is None:
        return None
    if configuration.writer is not None and configuration.writer != acting.program:
        here, there = _NAMES[acting.program], _NAMES[configuration.writer]
        return (
            f"the configuration says `writer: {configuration.writer}`, so {there} writes and {here} only looks;"
            f" change that line once {here} is to write, and switch off the one that is not needed"
        )
    named = configuration.app_id
    if acting.program == "app" and named is not None and named != acting.app_id:
        return (
            f"the configuration names App {named} (`app_id`), and this is App {acting.app_id}, so it only looks;"
            " change that number once this App is to write, or uninstall this App"
        )
    return None


_NAMES = {"action": "the Action", "app": "the hosted App"}
