"""The one place where templates are loaded. Whatever a template inserts is inert unless it is our own Markdown."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reassay.common.calendar import day_words
from reassay.common.inert import Markdown, code, inert, mention, prose, quoted
from reassay.common.sentences import alternatives, names


def templates_folder() -> Path:
    """Inside the package once installed; at the top of the tree in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent.parent / "templates"


@cache
def _environment() -> Environment:
    # The target is Markdown: finalize makes every inserted value inert, which HTML autoescape would not.
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
        "cell": lambda cell: Markdown("all of it") if cell == "*" else code(cell),
        "prose": prose,
        "first_upper": lambda text: text[:1].upper() + text[1:],
        "quoted": quoted,
        "day": lambda day: Markdown(day_words(day)),
        "day_year": lambda day: Markdown(day_words(day, year=True)),
    }
    return environment


def _finalize(value: object) -> str:
    if value is None:
        raise ValueError("a template would have said None")
    return value if isinstance(value, Markdown) else inert(str(value))


def listed(items: Sequence[object]) -> Markdown:
    """`a, b and c`, each item inert."""
    return Markdown(names(*(_finalize(item) for item in items)))


def render(template: str, **values: object) -> Markdown:
    """The template `NAME.md.j2` with `values`. Raises jinja2.UndefinedError for a value it misses."""
    return Markdown(_environment().get_template(f"{template}.md.j2").render(**values).strip())


def clock_words(instant: datetime) -> str:
    """`2026-12-11 14:02 UTC`."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"
