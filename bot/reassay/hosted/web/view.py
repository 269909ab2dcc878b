"""Renders the web pages from templates/web. All values are escaped; there are no scripts."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reassay.common.environment import clock_words, templates_folder


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder() / "hosted"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["when"] = _when
    return environment


def _when(instant: datetime | None) -> str:
    return clock_words(instant) if instant else "never"


def page(template: str, **values: object) -> str:
    """Renders `templates/hosted/NAME.html.j2` with `values`. Raises jinja2.UndefinedError for a missing value."""
    return _environment().get_template(f"{template}.html.j2").render(**values)


def style() -> str:
    """The style sheet."""
    return (templates_folder() / "hosted" / "style.css").read_text(encoding="utf-8")


def states(status: Mapping[str, object] | None) -> str:
    """Summary of a document `reassay/status/v1` in words, the most urgent state first: `2 overdue, 11 current`."""
    summary = (status or {}).get("summary")
    if not isinstance(summary, Mapping):
        return ""
    ranked = sorted(summary.items(), key=lambda pair: (_RANK.get(str(pair[0]), len(_RANK)), str(pair[0])))
    return ", ".join(f"{count} {state}" for state, count in ranked if count)


_RANK = {
    name: rank
    for rank, name in enumerate(
        ("overdue", "triggered", "due", "acceptance-expired", "evidence-stale", "unknown", "due-soon", "extended")
    )
}
