"""Prose of OSCAL with its parameters inserted, as NIST prints it: `[Assignment: time period]`, `[Selection: a; b]`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from reassay.imports.oscal.models import Parameter, Property, Prose, SetParameter

_INSERT = re.compile(r"\{\{\s*(?:insert:\s*param,\s*|param:\s*)?([A-Za-z_][\w.\-]*)\s*\}\}")
_DEEPEST: Final = 5
"""Parameters inside the choices of parameters; further ones stay as they are written."""


def label_of(props: Iterable[Property]) -> str:
    """The label that people know: `AC-2(1)`, `a.`; the one without a class goes first."""
    labels = [prop for prop in props if prop.name == "label"]
    return next((prop.value for prop in sorted(labels, key=lambda prop: prop.class_ != "")), "")


def by_id(params: Iterable[Parameter]) -> dict[str, Parameter]:
    """Parameters by id, and by the identifiers of earlier editions."""
    found = list(params)
    former = {prop.value: param for param in found for prop in param.props if prop.name == "alt-identifier"}
    return {**former, **{param.id: param for param in found}}


def inserted(text: str, params: Mapping[str, Parameter], values: Iterable[SetParameter] = (), depth: int = 0) -> str:
    """The text with each parameter as its value, else as its choices or its label; `values` go first."""
    given = {choice.param_id: ", ".join(choice.values) for choice in values if choice.values}

    def shown(match: re.Match[str]) -> str:
        name = match[1]
        param = params.get(name)
        if name in given:
            return given[name]
        if param is None or depth >= _DEEPEST:
            return f"[Assignment: {name}]"
        if param.values:
            return ", ".join(param.values)
        if param.select is None:
            return f"[Assignment: {param.label or name}]"
        how_many = " (one or more)" if param.select.how_many == "one-or-more" else ""
        choices = (inserted(choice, params, values, depth + 1) for choice in param.select.choice)
        return f"[Selection{how_many}: {'; '.join(choices)}]"

    return _INSERT.sub(shown, text).strip()


def written(parts: Iterable[Prose], params: Mapping[str, Parameter]) -> str:
    """The text of parts and of the parts in them, one paragraph or item a line."""
    return "\n".join(line for part in parts for line in _lines(part, params, ""))


def _lines(part: Prose, params: Mapping[str, Parameter], indent: str) -> Iterator[str]:
    text = " ".join(piece for piece in (label_of(part.props), part.title, inserted(part.prose, params)) if piece)
    if text:
        yield f"{indent}{text}"
    for inner in part.parts:
        yield from _lines(inner, params, f"{indent}  " if text else indent)


def param_text(param: Parameter, params: Mapping[str, Parameter]) -> str:
    """A parameter in one piece: `ac-2_prm_1: time period`."""
    return f"{param.id}: {inserted('{{ insert: param, ' + param.id + ' }}', params)}"
