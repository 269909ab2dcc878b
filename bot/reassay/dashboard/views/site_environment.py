"""Templates of the dashboard's pages: every value is escaped, and shown without characters that hide or reorder text."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from reassay.common.calendar import day_words, due_words
from reassay.common.environment import templates_folder
from reassay.common.inert import plain
from reassay.common.sentences import alternatives, capitalised, count_words, names, number_words
from reassay.dashboard.views import state_words
from reassay.dashboard.views.addresses import anchor, page_name
from reassay.dashboard.views.cell_rows import deployment_words
from reassay.dashboard.views.figure_words import measure_words
from reassay.dashboard.views.state_words import tone_words

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'"
)
"""The policy that each page states itself. A server sends it, too, with `frame-ancestors`, which pages cannot state."""

LONGEST: Final = 600
"""Characters of a text on a page. The register's own limit for a text on one line is 300."""

_SHOWN_AS_IT_IS: Final = (Markup, int)


@cache
def site_environment() -> Environment:
    """The environment of `templates/dashboard`."""
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / "dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "anchor": anchor,
        "coded": coded,
        "count": count_words,
        "day": lambda day: day_words(day, year=True),
        "deployment": deployment_words,
        "due": due_words,
        "first_upper": capitalised,
        "instant": lambda instant: due_words(instant.date(), instant),
        "lines": lines,
        "logins_of": logins_of,
        "measure": measure_words,
        "number": number_words,
        "one_of": lambda texts: bidi_joined(alternatives, texts),
        "prose": prose,
        "whole": whole,
        "all_of": lambda texts: bidi_joined(names, texts),
        "page_name": page_name,
    }
    environment.globals |= {
        "AUDIENCES": state_words.AUDIENCES,
        "CONCLUSIONS": state_words.CONCLUSIONS,
        "EVENTS": state_words.EVENTS,
        "POLICY": CONTENT_SECURITY_POLICY,
        "PROBLEMS": state_words.PROBLEMS,
        "STANDINGS": state_words.STANDINGS,
        "TRUST": state_words.TRUST,
        "VERDICTS": state_words.VERDICTS,
        "state_words": state_words.state_words,
        "tone_words": tone_words,
    }
    return environment


def shown(value: object) -> object:
    """A value as a page shows it. A text is cut where it would bury the rest of the page; `dashboard.json` has it whole.

    Raises ValueError for None, which no page shows.
    """
    if value is None:
        raise ValueError("a template inserts None")
    if isinstance(value, _SHOWN_AS_IT_IS):
        return value
    text = str(value)
    return text if len(text) <= LONGEST and text.isprintable() else _cut(_visible(text))


def whole(text: str) -> Markup:
    """A text of any length, escaped."""
    return escape(_visible(text))


def _visible(text: str) -> str:
    return text if text.isprintable() else plain(text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\u2026 ({len(text) - LONGEST:,} more characters)"


def bidi_joined(join: Callable[..., str], texts: Iterable[str]) -> Markup:
    """The texts as a list in words, each apart from the direction of its neighbours."""
    parts = [Markup("<bdi>{}</bdi>").format(shown(text)) for text in texts]
    return Markup(join(*parts))  # noqa: S704 -- each part is escaped


def lines(text: str) -> Markup:
    """Text of several lines, each apart from the others."""
    return Markup("<br>").join(whole(line) for line in text.splitlines())


def coded(text: str) -> Markup:
    """A sentence with names and commands between backticks, as code. Backticks without a partner stay as they are."""
    parts = str(shown(text)).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    pieces = (
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )
    return Markup("").join(pieces)


def logins_of(people: Iterable[str], word: str = "or") -> Markup:
    """Logins in words: `@a, @b or @c`."""
    return bidi_joined(alternatives if word == "or" else names, [f"@{login}" for login in people])


def prose(text: str) -> Markup:
    """A text in which words between backticks are code. It is cut where it would bury the rest of the page."""
    parts = _cut(_visible(text)).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if number % 2 else escape(part) for number, part in enumerate(parts))


def page_text(template: str, **values: object) -> str:
    """Renders `templates/dashboard/NAME.html.j2`. Raises jinja2.UndefinedError for a missing value."""
    return site_environment().get_template(f"{template}.html.j2").render(**values)


def asset(name: str) -> str:
    """The style sheet or the script."""
    return (templates_folder() / "dashboard" / name).read_text(encoding="utf-8")
