"""Which texts may be read the quick way: those written so plainly that every YAML parser reads them alike.

One grammar for a whole file, line by line. What it does not know is not wrong: it is left to the composer, which knows
all of YAML. So each rule may be stricter than YAML. Where one is laxer, as with indentation, the quick parser refuses
what is wrong, and the text is left to the composer, too.

Not in the grammar, and therefore never read the quick way: anchors, aliases, tags, directives, document markers, merge
keys, `?` keys, quoted keys, escapes, tabs, carriage returns, control characters, disputed line breaks, byte order
marks, lists directly inside lists, brackets over several lines, every spelling of null, and numbers that are not
written as JSON writes them or that have many digits. Nothing backtracks (`*+`, `++`), so that the time is linear.
"""

import re
from functools import cache
from typing import Final

MAX_CHARACTERS: Final = 64 * 1024
"""Longer texts go to the composer, which counts what is in them. A shorter one cannot reach any of its limits."""
_USUAL: Final = b"\n" + bytes(range(0x20, 0x7F))
_FIRST_BEYOND_ASCII: Final = 0x80
_ODD: Final = re.compile(r"[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")

# How a text begins: with a letter of any alphabet or a round bracket (said by what it is not, which is quicker), ...
_LETTER: Final = r"[^\n -')-@\[-`{-~FINTfint]"
# ... with one of the letters of words that are no text, unless it is such a word, in whatever spelling, ...
_NO_WORD: Final = r"(?!(?i:true|false|null|nan|inf|infinity)[ \n,\]}])[FINTfint]"
# ... or as `6 months`, `2026-06-01`, `10k`, `5%` and `1.3.2` do.
_COUNTED: Final = r"[0-9]{1,9}(?:[-/ ][A-Za-z0-9]|[kKM%]|\.[0-9]{1,9}\.[0-9])"
_START: Final = rf"(?:{_LETTER}|{_NO_WORD}|{_COUNTED})"
# How it goes on: a colon or a hash only where it begins neither a value nor a comment; nothing special in brackets.
_REST: Final = r"[^:\#\n]*+(?:(?::(?![ \n])|(?<! )\#)[^:\#\n]*+)*+"
_BARE: Final = r"""[^:\#,\[\]{}"?\n]*+"""
# Values that are no text, and texts in quotes.
_EXACT: Final = r"(?:(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?+|true|false)"
_IN_DOUBLE: Final = r'[^"\\\n]*+'
_IN_SINGLE: Final = r"[^'\n]*+(?:''[^'\n]*+)*+"
_QUOTED: Final = rf"""(?:"{_IN_DOUBLE}"|'{_IN_SINGLE}')"""
_KEY: Final = r"(?:[a-eg-mo-su-z]|(?!(?:true|false|null):)[fnt])[a-z0-9_-]{0,60}+:"


def _bracketed(inside: str) -> str:
    listed = rf"\[ ?+(?:{inside}(?:, |(?= ?\])))*+ ?+\]"
    named = rf"\{{ ?+(?:{_KEY} {inside}(?:, |(?= ?\}})))*+ ?+\}}"
    return rf"(?:{listed}|{named})"


_ITEM: Final = rf"(?:{_START}{_BARE}|{_QUOTED}|{_EXACT}(?= ?[,\]}}]))"
_FLOW: Final = _bracketed(rf"(?:{_ITEM}|{_bracketed(rf'(?:{_ITEM}|{_bracketed(_ITEM)})')})")
"""Brackets in brackets in brackets, on one line."""

_CLEAN: Final = r"(?<! )(?=\n)"
"""The end of a line, without a blank before it."""
_END: Final = r"(?:(?: ++|(?<= ))\#.*+)?+"
"""A comment, or nothing."""


def _long(deeper: str, name: str) -> str:
    """A value over several lines, which begin with `deeper`."""
    line = rf"(?! ).++{_CLEAN}"
    folded = rf">-?+\n(?P<f{name}>{deeper}){line}(?:\n++(?P=f{name}){line})*+"
    literal = rf"\|-?+\n(?P<l{name}>{deeper}){line}(?:\n++(?P=l{name}) *+{line})*+"
    double = rf'"{_IN_DOUBLE}(?:{_CLEAN}\n{deeper}[^"\\ \n]{_IN_DOUBLE})++"{_END}'
    single = rf"'{_IN_SINGLE}(?:{_CLEAN}\n{deeper}(?:''|[^' \n]){_IN_SINGLE})++'{_END}"
    return rf"(?:{folded}|{literal}|{double}|{single})"


# The kinds of lines. Group `at` is how far a line is indented; a list's entry stands two columns further in. A text that
# goes on below its key is, on each further line, a line of nothing but text.
_VALUE: Final = rf"(?:{_START}{_REST}|{_EXACT}|{_FLOW}|{_QUOTED})"
_SINGLE: Final = rf" {{0,20}}+(?:- )?+(?:{_KEY}(?: ++{_VALUE})?+|(?<=- ){_VALUE}){_END}"
_SEVERAL: Final = (
    rf"(?P<at> {{0,20}}+)(?:{_KEY} ++{_long('(?P=at) ++', 'a')}"
    rf"|- (?:{_KEY} ++{_long('(?P=at)   ++', 'b')}|{_long('(?P=at)  ', 'c')}))"
)
_GOES_ON: Final = rf" ++{_START}{_REST}"
_PLAINLY: Final = rf"(?:{_SINGLE}\n|{_SEVERAL}\n|\n|{_GOES_ON}\n| *+\#.*+\n)*+"
_NO_MATCHES: Final = ((r"(?:ab?c)*+", "a"), (r"(?:(?!C).)*+", "ABC"))


def is_plainly_written(text: str) -> bool:
    """Whether the quick parser may be asked: if it then gives an answer, the composer would give the same."""
    if len(text) > MAX_CHARACTERS:
        return False
    unusual = text.encode().translate(None, _USUAL)
    if unusual and (min(unusual) < _FIRST_BEYOND_ASCII or _ODD.search(text)):
        return False
    grammar = _plainly()
    return grammar is not None and grammar.fullmatch(text) is not None


@cache
def _plainly() -> re.Pattern[str] | None:
    """Compiled when the first file is read: it takes as long as composing twenty.

    None where `re` cannot be relied on: before Python 3.11.5 it is wrong about groups that are repeated without
    backtracking, and matches what does not match (python/cpython#100061, #106052). Then everything is composed.
    """
    if any(re.fullmatch(pattern, text) for pattern, text in _NO_MATCHES):
        return None
    return re.compile(_PLAINLY)
