"""The parser of the command line: help of at most 80 columns that ends with examples, and suggestions for misspelt words."""

import argparse
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from typing import Any, Final, NoReturn

from reassay.cli.examples import EXAMPLES
from reassay.common.errors import UsageError

PROGRAM: Final = "reassay"
COLUMN: Final = 24
"""Column of help at which the explanations of commands and options begin, in every version of Python."""
_LONGEST_CHOICES: Final = 50
"""Characters of the choices that usage shows."""
WIDEST: Final = 80
"""Columns of help at most; a narrower terminal gets narrower help."""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Formats help with a fixed column: Python before 3.13 measures command names without their indent."""

    def __init__(self, prog: str) -> None:
        from shutil import get_terminal_size

        super().__init__(prog, max_help_position=COLUMN, width=min(get_terminal_size().columns, WIDEST) - 2)
        self._action_max_length = COLUMN

    def _metavar_formatter(self, action: argparse.Action, default_metavar: str) -> Callable[[int], tuple[str, ...]]:
        """Names the value of an option with many choices, which no line of usage could hold."""
        if _has_many_choices(action):
            return lambda size: (default_metavar,) * size
        return super()._metavar_formatter(action, default_metavar)

    def _expand_help(self, action: argparse.Action) -> str:
        """Lists these choices in the explanation instead."""
        text = super()._expand_help(action)
        return f"{text}. One of {', '.join(map(str, action.choices or ()))}" if _has_many_choices(action) else text

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Keeps the lines of a text, and wraps those that are too long below their own indent."""
        return "".join(f"{indent}{line}\n" for line in _wrapped(text.splitlines(), width))


class Parser(argparse.ArgumentParser):
    """A parser whose errors are UsageErrors; the parsers of its subcommands are of the same class."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 -- those of argparse, passed on
        super().__init__(*arguments, **{"formatter_class": HelpFormatter, **options})
        # Python 3.14 would colour help by what standard output is, also where the help goes to a file or a page.
        self.color = False

    def format_help(self) -> str:
        """The help, and below it the examples of this command."""
        examples = EXAMPLES.get(self.prog.removeprefix(PROGRAM).strip(), ())
        lines = ("", "examples:", *(f"  {example}" for example in examples)) if examples else ()
        return super().format_help() + "".join(f"{line}\n" for line in lines)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:  # noqa: ANN401 -- as argparse has it
        """Parses the words of a command. Raises UsageError for words that it does not have."""
        words = None if args is None else list(args)
        # Of a parser with commands, the options before the command are its own.
        self._refuse_unknown_options(
            takewhile(lambda word: word.startswith("--"), words or ()) if self._has_subcommands() else words or ()
        )
        parsed, left = super().parse_known_args(words, namespace)
        if left:
            self._refuse_unknown_options(left)
            self._refuse(f"'{left[0]}' is not expected here.")
        return parsed, left

    def error(self, message: str) -> NoReturn:
        """Raises UsageError with the message of argparse, and the command that prints the help."""
        self._refuse(f"{message[:1].lower()}{message[1:]}.")

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401 -- as argparse has it
        """Refuses a word that is not one of the choices, with the nearest one."""
        if action.choices is not None and value not in action.choices:
            choices = [str(choice) for choice in action.choices]
            is_command = isinstance(action, argparse._SubParsersAction)  # noqa: SLF001 -- argparse has no public name
            name = "a command" if is_command else f"a value of {_name(action)}"
            self._refuse(f"'{value}' is not {name}.", _suggestion(str(value), choices, is_listed=not is_command))

    def _has_subcommands(self) -> bool:
        return any(isinstance(action, argparse._SubParsersAction) for action in self._actions)  # noqa: SLF001 -- as above

    def _refuse_unknown_options(self, words: Iterable[str]) -> None:
        """Before argparse reads the words: it would first complain of a required option that is misspelt."""
        for word in words:
            if word == "--":
                return
            name = word.partition("=")[0]
            if not name.startswith("--") or any(option.startswith(name) for option in self._option_string_actions):
                continue
            longer = [option for option in self._option_string_actions if option.startswith("--")]
            self._refuse(f"'{name}' is not an option of `{self.prog}`.", _suggestion(name, longer, is_listed=False))

    def _refuse(self, message: str, suggestion: str = "") -> NoReturn:
        help_ = f"For its help, run `{self.prog.replace(PROGRAM, f'{PROGRAM} help', 1)}`."
        raise UsageError(f"{message}", remedy=f"{suggestion} {help_}".strip())


def _has_many_choices(action: argparse.Action) -> bool:
    return action.metavar is None and len(",".join(map(str, action.choices or ()))) > _LONGEST_CHOICES


def _name(action: argparse.Action) -> str:
    return action.option_strings[0] if action.option_strings else str(action.metavar or action.dest)


def _suggestion(wrong: str, words: list[str], *, is_listed: bool) -> str:
    """The nearest word; the list of all of them where none is near and they are few."""
    from reassay.register.finding import did_you_mean

    near = did_you_mean(wrong, words)
    return near or (f"It is one of {', '.join(words)}." if is_listed else "")


def _wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    from textwrap import wrap

    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()))
        yield from wrap(line, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False) or [""]
