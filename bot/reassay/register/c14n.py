"""`c14n/1`: the canonical form of a register object, and its digest. What is signed is this, whatever the file looks like.

RFC 8785 over the document as written: aliases expanded, defaults not filled in, prose included. Two refinements: numbers
are exact decimals (0.10 is 0.1, and 0.1000000000000000000001 is not), and lists that are declared as sets are sorted. The
published vectors are in docs/reference/c14n-1/.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import rfc8785

from reassay.common.canonical import digest

VERSION: Final = "c14n/1"
SETS: Final[frozenset[str]] = frozenset(
    {
        "access",
        "affects",
        "affordances",
        "assessors",
        "atlas",
        "audiences",
        "circumstances",
        "compensating",
        "deployments",
        "excludes",
        "formerly",
        "ids",
        "integrations",
        "kinds",
        "languages",
        "layers",
        "mitigations",
        "mitigations_failed",
        "modalities_in",
        "modalities_out",
        "models",
        "regions",
        "roles",
        "threat_models",
    }
)
"""Keys whose lists are sets: order means nothing, and what is listed twice is listed once. Part of the version."""


def canonical_form(written: Mapping[str, object]) -> bytes:
    """UTF-8 bytes of a document as written. Raises ValueError for NaN and infinity, TypeError for what no YAML holds."""
    return "".join(_value(written, "")).encode("utf-8")


def content_digest(written: Mapping[str, object]) -> str:
    """`c14n/1:sha256:` and 64 hexadecimal digits; a later version never changes what an earlier one said."""
    return f"{VERSION}:{digest(canonical_form(written))}"


def _value(value: object, key: str) -> Iterator[str]:
    match value:
        case None:
            yield "null"
        case bool():
            yield "true" if value else "false"
        case str():
            yield _text(value)
        case int() | float() | Decimal():
            yield number(value)
        case list() | tuple():
            items = ["".join(_value(item, "")) for item in value]
            yield f"[{','.join(sorted(set(items), key=_utf16) if key in SETS else items)}]"
        case Mapping():
            pairs = sorted(value.items(), key=lambda pair: _utf16(str(pair[0])))
            yield f"{{{','.join(_text(str(name)) + ':' + ''.join(_value(item, str(name))) for name, item in pairs)}}}"
        case _:
            raise TypeError(f"{type(value).__name__} is not a value of a register")


def _text(value: str) -> str:
    return rfc8785.dumps(value).decode("utf-8")


def _utf16(text: str) -> bytes:
    """RFC 8785 sorts by UTF-16 code units."""
    return text.encode("utf-16-be", "surrogatepass")


def number(value: float | Decimal) -> str:
    """Exact decimal without a needless digit: `-0.5`, `120`, and `4e+25` beyond what people write out.

    A float stands for the shortest decimal that reads back as it: the reader refuses those that were written longer.
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not exact.is_finite():
        raise ValueError(f"{value} is not a number of a register")
    sign, digits, power = exact.as_tuple()
    exponent = int(power)
    written = "".join(map(str, digits)).lstrip("0")
    if not written:
        return "0"
    kept = written.rstrip("0")
    return f"{'-' if sign else ''}{_decimal(kept, exponent + len(written) - len(kept))}"


def _decimal(digits: str, exponent: int) -> str:
    """`digits` times ten to the power of `exponent`, without zeros at either end of `digits`."""
    magnitude = len(digits) + exponent - 1
    if abs(magnitude) > WRITTEN_OUT:
        point = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{digits[0]}{point}e{magnitude:+d}"
    if exponent >= 0:
        return digits + "0" * exponent
    if magnitude >= 0:
        return f"{digits[:exponent]}.{digits[exponent:]}"
    return f"0.{'0' * (-magnitude - 1)}{digits}"


WRITTEN_OUT: Final = 20
"""Powers of ten up to which digits are written out."""
