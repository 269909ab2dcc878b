"""Cells of a CSV file that no spreadsheet program takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""

import re

_RISKY = re.compile("'*\\s*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""What begins a formula, after white space too; the last four are the full-width forms, which some programs take for the
same. Apostrophes before it are counted in, so that one which stood there before is not taken for ours."""


def neutralised(text: str) -> str:
    """The text, after one apostrophe if a spreadsheet program might run it."""
    return f"'{text}" if _RISKY.match(text) else text


def as_written(text: str) -> str:
    """The text before it was neutralised."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
