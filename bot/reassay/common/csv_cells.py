"""CSV cells that a spreadsheet program cannot run as formulas (https://owasp.org/www-community/attacks/CSV_Injection)."""

import re

_RISKY = re.compile("'*\\s*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""The start of a formula, also after white space; the last four are full-width forms, which some programs accept. Leading
apostrophes are included, so that `as_written` restores texts that begin with one."""


def neutralised(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet program could run it."""
    return f"'{text}" if _RISKY.match(text) else text


def as_written(text: str) -> str:
    """The text from which `neutralised` made a cell."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
