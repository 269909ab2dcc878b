"""Loading and rendering of templates. Inserted values are made inert unless they are Markdown of this program."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reassay.common.calendar import day_words, due_words
from reassay.common.inert import Markdown, code, inert, mention, prose, quoted
from reassay.common.sentences import alternatives, capitalised, names


def templates_folder() -> Path:
    """The folder of templates: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent.parent / "templates"


@cache
def _environment() -> Environment:
    # finalize makes every inserted value inert in Markdown; autoescape is for HTML.
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=False,  # noqa: S701 - see above
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.filters |= {
        "mention": mention,
        "mentions": lambda logins: Markdown(alternatives(*(mention(login) for login in logins))),
        "listed": listed,
        "code": code,
        "cell_text": lambda text: Markdown(inert(text).replace("|", "\\|").replace("\n", " ")),
        "cell_code": lambda text: Markdown(code(text).replace("|", "\\|")),
        "cell_markdown": lambda text: Markdown(_finalize(text).replace("|", "\\|").replace("\n", " ")),
        "cell": lambda cell: Markdown("all of it") if cell == "*" else code(cell),
        "prose": prose,
        "first_upper": capitalised,
        "quoted": quoted,
        "day": lambda day: Markdown(day_words(day)),
        "due": _due,
        "day_year": lambda day: Markdown(day_words(day, year=True)),
    }
    return environment


def _finalize(value: object) -> str:
    if value is None:
        raise ValueError("a template inserts None")
    return value if isinstance(value, Markdown) else inert(str(value))


def listed(items: Sequence[object]) -> Markdown:
    """The items as `a, b and c`, each inert."""
    return Markdown(names(*(_finalize(item) for item in items)))


def render(template: str, **values: object) -> Markdown:
    """The template `<template>.md.j2` with `values`. Raises jinja2.UndefinedError for a missing value."""
    return Markdown(_environment().get_template(f"{template}.md.j2").render(**values).strip())


def _due(day: date, at: datetime | None = None) -> Markdown:
    return Markdown(due_words(day, at))


def clock_words(instant: datetime) -> str:
    """An instant of any time zone as `2026-12-11 14:02 UTC`."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
