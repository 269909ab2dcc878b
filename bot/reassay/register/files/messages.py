"""Messages and remedies of validation errors, for the person who wrote the file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from reassay.common.sentences import capitalised
from reassay.register.base import ID_PATTERN, LINE_PATTERN, LINK_PATTERN, NAME_PATTERN, TEXT_PATTERN
from reassay.register.configuration import CONFIGURATION_PATH, FOLDER_PATTERN
from reassay.register.examples import example
from reassay.register.files.declared_ids import slug
from reassay.register.finding import did_you_mean, inert, is_close, nearest, quoted
from reassay.register.pins import LOGIN_PATTERN, TEAM_PATTERN
from reassay.register.signal_sources import (
    PATH_PATTERN,
    PRODUCT_PATTERN,
    REPOSITORY_PATTERN,
    SECRET_PATTERN,
    URL_PATTERN,
)
from reassay.register.threat_model import ATLAS_PATTERN

_LONGEST_MESSAGE: Final = 300
_LONGEST_LOGIN: Final = 39
_LONGEST_SHOWN: Final = 40
_QUOTED = re.compile(r"'([^']*)'")


@dataclass(frozen=True, slots=True)
class ValidationProblem:
    """One validation error with the context of its message."""

    type: str
    name: str
    """Dotted path of the key or value; "" for the object as a whole."""
    value: object
    context: Mapping[str, object]
    keys: tuple[str, ...] = ()
    """Possible keys at this place."""
    whose: str = ""
    """Owner of the keys, for example `a mitigation`."""
    is_key: bool = False
    """Whether the key is wrong, not its value."""
    is_object: bool = False
    """Whether it is at the top of an object of the register."""


@dataclass(frozen=True, slots=True)
class FindingText:
    """The code, message and remedy of a finding."""

    code: str
    message: str
    remedy: str


def finding_text(problem: ValidationProblem) -> FindingText:
    """The text of the finding, without terms of the validator."""
    if (own := problem.context.get("text")) is not None and "-" in problem.type:
        return _split(problem.type, str(own))
    handler = _HANDLERS.get(problem.type)
    if handler is not None:
        return handler(problem)
    remedy = "Compare it with the register reference."
    return FindingText("bad-value", f"{_subject(problem)} cannot be {_shown(problem.value)}", remedy)


def _subject(problem: ValidationProblem) -> str:
    return quoted(problem.name) if problem.name else "this entry"


def _last(name: str) -> str:
    return re.sub(r"\[\d+\]$", "", name).rpartition(".")[2]


def _shown(value: object) -> str:
    match value:
        case None:
            return "left empty"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {quoted(value)}"
        case list():
            return "a list"
        case _:
            return "a group of keys"


def _split(code: str, text: str) -> FindingText:
    """The text of an error of our own validators, which has the form `what is wrong; what to write`."""
    clipped = inert(text if len(text) <= _LONGEST_MESSAGE else f"{text[:100]}…{text[-150:]}")
    message, _, remedy = clipped.partition("; ")
    return FindingText(code, message, f"{capitalised(remedy)}." if remedy else "Change one of them.")


def _missing(problem: ValidationProblem) -> FindingText:
    written = example(_last(problem.name), problem.whose)
    shown = f", for example '{_last(problem.name)}: {written}'" if written else ""
    return FindingText("missing-key", f"{_subject(problem)} is missing", f"Add it{shown}.")


def _unknown_key(problem: ValidationProblem) -> FindingText:
    key = _last(problem.name)
    near = nearest(key, problem.keys)
    remedy = f"Did you mean '{near}'?" if near else f"Possible keys: {', '.join(problem.keys)}."
    if near is None or not is_close(key, near):
        remedy = f"{remedy} {_to_keep(problem)}"
    whose = f" of {problem.whose}" if problem.whose else " here"
    return FindingText("unknown-key", f"{quoted(key)} is not a key{whose}", remedy)


def _to_keep(problem: ValidationProblem) -> str:
    """How a key of another program may stay."""
    key = _last(problem.name)
    shown = key if key.isprintable() and len(key) <= _LONGEST_SHOWN else "..."
    ignored = f" or 'ignore_keys: [{shown}]' in {CONFIGURATION_PATH}" if problem.is_object else ""
    return f"To keep it for another program, write 'x-{shown}'{ignored}."


def _not_one_of(problem: ValidationProblem) -> FindingText:
    options = _QUOTED.findall(str(problem.context.get("expected") or problem.context.get("expected_tags")))
    if not isinstance(problem.value, str):
        message = f"{_subject(problem)} must be one of a few words; this is {_shown(problem.value)}"
        return FindingText("wrong-type", message, f"Write one of: {', '.join(options)}.")
    guess = did_you_mean(problem.value, options)
    remedy = f"{guess} " if guess else ""
    if problem.is_key:
        message = f"{quoted(problem.value)} is not a key of {problem.whose}"
        return FindingText("unknown-key", message, f"{remedy}Possible: {', '.join(options)}.")
    return FindingText(
        "not-one-of",
        f"{_subject(problem)} cannot be {quoted(problem.value)}",
        f"{remedy}Possible: {', '.join(options)}.",
    )


def _wrong_type(wanted: str, remedy: str) -> Callable[[ValidationProblem], FindingText]:
    def say(problem: ValidationProblem) -> FindingText:
        message = f"{_subject(problem)} must be {wanted}; this is {_shown(problem.value)}"
        if problem.value is None:
            message = f"{_subject(problem)} is left empty; it must be {wanted}"
        return FindingText(
            "wrong-type", message, remedy.format(key=_last(problem.name) or "key", value=_inline(problem.value))
        )

    return say


def _inline(value: object) -> str:
    return value if isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST_SHOWN else "…"


def _text_wanted(problem: ValidationProblem) -> FindingText:
    remedy = "Write a text, or delete the key."
    if isinstance(problem.value, bool | int | float):
        remedy = "Put it in quotes to make it a text."
    elif isinstance(problem.value, list | dict):
        remedy = "Write one text here."
    return _wrong_type("a text", remedy)(problem)


def _flag_wanted(problem: ValidationProblem) -> FindingText:
    remedy = "Write true or false, without quotes."
    if isinstance(problem.value, str) and problem.value.lower() in {"yes", "no", "on", "off"}:
        remedy = "Write true or false: yes, no, on and off are ordinary texts in YAML 1.2."
    return _wrong_type("true or false", remedy)(problem)


def _out_of_range(limit: str, words: str) -> Callable[[ValidationProblem], FindingText]:
    def say(problem: ValidationProblem) -> FindingText:
        bound = problem.context.get(limit)
        bound = f"{bound:g}" if isinstance(bound, int | float) else bound
        percent = bound == "1" and limit == "le"
        remedy = "A share is written between 0 and 1: 5% is 0.05." if percent else f"Write a number {words} {bound}."
        return FindingText(
            "out-of-range", f"{_subject(problem)} must be {words} {bound}; this is {problem.value}", remedy
        )

    return say


def _length(code: str, limit: str, words: str, unit: str) -> Callable[[ValidationProblem], FindingText]:
    def say(problem: ValidationProblem) -> FindingText:
        bound = problem.context.get(limit)
        if bound == 1 and code == "too-short":
            remedy = "Fill it in, or delete the key."
            return FindingText(code, f"{_subject(problem)} is empty", remedy)
        size = f"; it has {len(problem.value):,}" if isinstance(problem.value, str | list) else ""
        message = f"{_subject(problem)} may have {words} {bound:,} {unit}{size}"
        return FindingText(code, message, f"Write {words} {bound:,} {unit}.")

    return say


def _pattern(problem: ValidationProblem) -> FindingText:
    value = str(problem.value)
    subject = f"{_subject(problem)} cannot be {quoted(value)}"
    pattern = str(problem.context.get("pattern"))
    if pattern == ID_PATTERN:
        near = slug(value)
        write = f"Write for example '{near[:100]}'." if near else "Write for example 'jailbreak-filter'."
        return FindingText("bad-id", f"{subject}: ids are lower-case letters and digits, joined by hyphens", write)
    if pattern == NAME_PATTERN or (pattern == LOGIN_PATTERN and "#" not in value):
        return _bad_name(value)
    code, message, remedy = _PATTERNS.get(pattern, ("bad-value", "{subject}", "Compare it with the reference."))
    return FindingText(code, message.format(subject=subject, name=_subject(problem)), remedy)


def _bad_name(value: str) -> FindingText:
    bare = value.removeprefix("@")
    remedy = "Write a GitHub login, or the name of a role declared under 'roles'."
    if "/" in bare:
        remedy = "Teams are not read; declare a role with its accounts under 'roles' and name the role."
    elif bare != value and re.fullmatch(NAME_PATTERN, bare):
        remedy = f"Write it without the @: '{bare}'."
    elif near := slug(value)[:_LONGEST_LOGIN].strip("-"):
        remedy = f"Names are letters, digits, hyphens and underscores, for example '{near}'."
    return FindingText("bad-name", f"{quoted(value)} is not a valid login or role name", remedy)


def _contradiction(problem: ValidationProblem) -> FindingText:
    return _split("contradiction", str(problem.context.get("error", "these keys contradict each other")))


def _kind_missing(problem: ValidationProblem) -> FindingText:
    return FindingText("missing-key", f"'{problem.name}.kind' is missing", "Add it, for example 'kind: judgement'.")


_PATTERNS: Final[Mapping[str, tuple[str, str, str]]] = {
    LINE_PATTERN: (
        "more-than-a-line",
        "{name} must be on one line, without control characters",
        "Write it on one line; longer prose belongs in 'description'.",
    ),
    LOGIN_PATTERN: (
        "bad-login",
        "{subject}: not a login, nor a login with its account id",
        "Write for example 'safety-lead', or 'safety-lead#1003' for one account for good.",
    ),
    TEAM_PATTERN: (
        "bad-team",
        "{subject}: not a team, nor a team with its id",
        "Write for example 'example-lab/board', or 'example-lab/board#77' for one team for good.",
    ),
    TEXT_PATTERN: ("control-character", "{name} contains a control character", "Delete it."),
    FOLDER_PATTERN: ("bad-folder", "{subject}: not a folder of this repository", "Write for example 'framework/'."),
    ATLAS_PATTERN: (
        "bad-technique",
        "{subject}: not a MITRE ATLAS technique id",
        "Write for example 'AML.T0054' or 'AML.T0051.000'.",
    ),
    SECRET_PATTERN: (
        "bad-secret-name",
        "{subject}: the name of a secret is capital letters, digits and _",
        "Write the name that the operator declares, for example 'PROMETHEUS'; never the secret itself.",
    ),
    URL_PATTERN: (
        "bad-url",
        "{subject}: not an address that begins with https:// and holds no login",
        "Write for example 'https://feeds.example.org/a.json'; a token is named under 'secret'.",
    ),
    LINK_PATTERN: (
        "bad-url",
        "{subject}: not an address that begins with https:// or http://",
        "Write for example 'https://atlas.mitre.org/mitigations/AML.M0004'.",
    ),
    PATH_PATTERN: (
        "bad-path",
        "{subject}: not the path of a file in the repository",
        "Write it from the root of the repository, without a slash before it, for example 'ops/incidents.csv'.",
    ),
    REPOSITORY_PATTERN: (
        "bad-repository",
        "{subject}: not the name of a repository with its owner",
        "Write for example 'example-lab/product'.",
    ),
    PRODUCT_PATTERN: (
        "bad-product",
        "{subject}: not a vendor with a product",
        "Write both as the catalogue does, for example 'Langflow/Langflow', or 'nvidia/*' for all of a vendor.",
    ),
}
_GROUP = _wrong_type("a group of keys", "Write its keys below it, indented: '{key}:' and then 'name: value' lines.")
_WHOLE = _wrong_type("a whole number", "Write digits, without quotes.")
_LIST = _wrong_type("a list", "Put it in brackets: '{key}: [{value}]'.")
_HANDLERS: Final[Mapping[str, Callable[[ValidationProblem], FindingText]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "enum": _not_one_of,
    "literal_error": _not_one_of,
    "union_tag_invalid": _not_one_of,
    "union_tag_not_found": _kind_missing,
    "string_type": _text_wanted,
    "bool_type": _flag_wanted,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _wrong_type("a number", "Write digits, without quotes, for example 0.05."),
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "greater_than": _out_of_range("gt", "more than"),
    "greater_than_equal": _out_of_range("ge", "at least"),
    "less_than": _out_of_range("lt", "less than"),
    "less_than_equal": _out_of_range("le", "at most"),
    "string_too_short": _length("too-short", "min_length", "at least", "characters"),
    "string_too_long": _length("too-long", "max_length", "at most", "characters"),
    "too_short": _length("too-short", "min_length", "at least", "entries"),
    "too_long": _length("too-long", "max_length", "at most", "entries"),
    "string_pattern_mismatch": _pattern,
    "value_error": _contradiction,
}
