"""Texts that look like YAML, most of them nearly plain, with everything on which parsers differ strewn in."""

from hypothesis import strategies as st

from tests.unit.register.trees import Files

TRAPS = [
    *("yes", "no", "on", "off", "y", "n", "Yes", "OFF", "true", "True", "tRUE", "false", "FALSE", "truely"),
    *("null", "Null", "NULL", "nUll", "~", "''", '""', "", "nan", "NaN", ".nan", "inf", ".inf", "-.INF", "Infinity"),
    *("1_000", "0o17", "012", "00", "0x1F", "0b1", "1e3", "1E5", "1.0e25", ".5", "5.", "+1", "-1", "-0", "0", "-0.0"),
    *("0.1", "0.10", "100", "1.5", "123456789", "1234567890", "0.1234567", "999999999.999999", "9007199254740993"),
    *(
        "1:30",
        "12:30:45",
        "190:20:30.15",
        "2026-01-01",
        "2026-1-1",
        "2001-12-14t21:59:43.10-05:00",
        "2026-01-01 10:00:00",
    ),
    *(
        "=",
        "<<",
        "*a",
        "&a b",
        "!a",
        "!!str 1",
        "%a",
        "@a",
        "`a",
        "|",
        ">",
        ">-",
        "|+",
        ">2",
        "|1-",
        "> # c",
        "?",
        "? a",
        "-",
        "- a",
        "---",
        "...",
    ),
    *(
        "a: b",
        "a:b",
        "a :b",
        "a #b",
        "a#b",
        "#a",
        ":a",
        "a:",
        "a,b",
        "a, b",
        "[a",
        "a]",
        "{a",
        "a}",
        "[a, b]",
        "[a, b,]",
        "[a,, b]",
        "[ a , b ]",
    ),
    *(
        "{a: b}",
        "{a}",
        "{a:b}",
        "{a: }",
        "{a: 1, a: 2}",
        "[a: b]",
        "[[a], [b]]",
        "{[a]: b}",
        "{a: [b], [c]}",
        "[[[[a]]]]",
        "[-]",
        "[?]",
        "[a?]",
        "{a: b?}",
    ),
    *("'a'", '"a"', "'it''s'", '"a\\tb"', '"a\\u00e9"', "'a' b", '"a" # b', "it's", 'a "b"', "'a", '"a', "a'", 'a"'),
    *(
        "é",
        "“q”",
        "\u3000x",
        "x\u00a0",
        "x\u2028y",
        "x\x85y",
        "\ufeffx",
        "٣",
        "²",
        "😀",
        "a\tb",
        "\ta",
        "a ",
        "  a",
        "a\r",
        "a\x07",
        "\x7f",
    ),
    *(
        "6 months",
        "5%",
        "10k",
        "1M-10M",
        "3-6 months",
        "24/7",
        "1.3.2",
        "1 e5",
        "1 000",
        "4.1(5)",
        "(a)",
        "a\\n",
        "x  y",
        "\ud7ff",
        "\ue000",
    ),
]
# Mostly plain: one trap too many, and the quick way is not taken at all.
_SIMPLE = st.sampled_from(
    ["b", "b c", "some words", "it's so", "12", "true", "5 days", "[b, c]", "{b: c}", "'b: c'", '"d"', ""]
)
_KEYS = st.one_of(
    *[st.sampled_from(["name", "note", "text_of", "x-y"])] * 15,
    st.sampled_from(["a", "a", "kind", "true", "null", "no", "on", "1", "é", "<<", "A", '"a"', "a b"]),
)
_VALUES = st.one_of(*[_SIMPLE] * 11, st.sampled_from(TRAPS))
_COMMENTS = st.one_of(*[st.just("")] * 9, st.sampled_from([" # c", " #", " ", "  # c: d"]))
_BODIES = st.one_of(
    *[st.sampled_from(["x", "y z", "", " more"])] * 4,
    st.sampled_from(
        [
            "# no",
            "a: b",
            "- q",
            "it's",
            '"',
            "x ",
            "é",
            "1",
            "true",
            "[",
            "---",
            "end'",
            'end"',
            "''",
            "x''",
            "*x",
            "{a: b}",
        ]
    ),
)
_MORE = st.one_of(*[st.integers(1, 3)] * 9, st.integers(-2, 0))


@st.composite
def _value(draw: st.DrawFn, indent: int) -> list[str]:
    """What stands after a key or a hyphen, on this line and on those below."""
    head = draw(_VALUES) + draw(_COMMENTS)
    if draw(st.integers(0, 3)):
        return [head]
    head = draw(st.sampled_from([head, ">-", "|", ">", "|-", "'open", '"open', "plain", "5 x"]))
    deeper = " " * max(0, indent + draw(_MORE))
    return [head, *(deeper + line if line else "" for line in draw(st.lists(_BODIES, min_size=1, max_size=4)))]


@st.composite
def _mapping(draw: st.DrawFn, indent: int, depth: int, first: str) -> list[str]:
    lines: list[str] = []
    for index in range(draw(st.integers(1, 3))):
        key = draw(_KEYS)
        start = (first if index == 0 and first else " " * indent) + (f"{key}{index}:" if len(key) > 2 else f"{key}:")
        shape = draw(st.integers(0, 5)) if depth else 5
        if shape == 0:
            lines += [start, *draw(_mapping(indent + draw(st.sampled_from([1, 2, 2, 4])), depth - 1, ""))]
        elif shape == 1:
            lines += [start, *draw(_sequence(indent + draw(st.sampled_from([0, 1, 2, 2])), depth - 1))]
        else:
            head, *below = draw(_value(indent + 1))
            lines += [f"{start} {head}" if head else start, *below]
        if not draw(st.integers(0, 12)):
            lines.append(draw(st.sampled_from(["", "# c", "      # c", "  ", "\t"])))
    return lines


@st.composite
def _sequence(draw: st.DrawFn, indent: int, depth: int) -> list[str]:
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        start = " " * indent + "- "
        if depth and draw(st.booleans()):
            lines += draw(_mapping(indent + 2, depth - 1, start))
        else:
            head, *below = draw(_value(indent + 1))
            lines += [start + head, *below]
    return lines


DOCUMENTS = st.builds(
    lambda lines, end: "\n".join(lines) + end, _mapping(0, 3, ""), st.sampled_from(["\n", "\n", "\n", "\n\n", ""])
)
SOUP = st.lists(
    st.sampled_from(
        [
            *TRAPS,
            "a: ",
            "id: ",
            "- ",
            "\n",
            "\n",
            "\n  ",
            "\n    ",
            ", ",
            "]",
            "}",
            "'",
            '"',
            " # c\n",
            "mitigations:\n",
            "---\n",
        ]
    ),
    max_size=24,
).map(lambda pieces: "".join(pieces) + "\n")


@st.composite
def _mutated(draw: st.DrawFn, examples: tuple[tuple[str, str], ...]) -> Files:
    """A few files of the examples, one of them changed in a few places."""
    chosen = draw(st.lists(st.sampled_from(examples), min_size=1, max_size=3, unique=True))
    (name, text), *others = chosen
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        key, colon, _ = line.partition(": ")
        lines[at : at + 1] = draw(
            st.sampled_from(
                [
                    [],
                    [line, line],
                    [f" {line}"],
                    [line[1:]],
                    [f"{line} "],
                    [f"{line} # note"],
                    [line, ""],
                    [f"{key}{colon}{draw(st.sampled_from(TRAPS))}"],
                    [line, draw(st.sampled_from(TRAPS))],
                    [f"{line}\r"],
                    ["# a comment", line],
                ]
            )
        )
    files = {name: "\n".join(lines), **dict(others)}
    return {f"framework/{path.partition('/framework/')[2]}": each for path, each in files.items()}


MUTATED = _mutated
