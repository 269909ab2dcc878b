"""Dataclasses whose methods are written when they are first used.

`dataclasses` writes six for each class, and compiles each: half a millisecond. A command that judges declares ninety
classes, makes something of fifty, and compares or shows next to none of it.
"""

import dataclasses
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 -- passed on
else:

    def dataclass(**options: bool) -> Callable[[type], type]:
        """`dataclasses.dataclass`, for classes of which there are never so many that slots would save memory.

        Not for a class whose fields are asked for, or of which something is unpickled, before one was made.
        """
        options.pop("slots", None)
        return lambda kind: _later(kind, options)


_OF_EACH: Final = frozenset({"__dict__", "__weakref__", "__setattr__", "__delattr__"})
_COMPARING: Final = frozenset({"__repr__", "__eq__", "__hash__"})
Type = Any
"""A class to which methods are given while it is in use."""


def _later(kind: Type, options: dict[str, bool]) -> Type:
    """Gives a class methods that write the real ones. Twice at once is as good as once: they are the same each time."""
    own = {name: value for name, value in vars(kind).items() if name not in _OF_EACH}
    as_usual = options.get("eq", True) and not options.get("order") and _COMPARING.isdisjoint(own)

    def write(**less: bool) -> None:
        copy = type(kind)(kind.__name__, kind.__bases__, {**own, "__qualname__": kind.__qualname__})
        _take_over(kind, own, vars(dataclasses.dataclass(**{**options, **less})(copy)))

    def __init__(self: object, *values: object, **named: object) -> None:  # noqa: N807
        write(**({"repr": False, "eq": False} if as_usual else {}))
        kind.__init__(self, *values, **named)

    def __repr__(self: object) -> str:  # noqa: N807
        write()
        return repr(self)

    def __eq__(self: Type, other: object) -> Type:  # noqa: N807
        write()
        return self.__eq__(other)

    def __hash__(self: object) -> int:  # noqa: N807
        write()
        return hash(self)

    def __init_subclass__(subclass: type, /, **more: Type) -> None:  # noqa: N807
        write()
        super(kind, subclass).__init_subclass__(**more)

    kind.__init__ = __init__
    kind.__init_subclass__ = classmethod(__init_subclass__)
    if options.get("frozen"):
        kind.__setattr__ = kind.__delattr__ = _refuse
    if as_usual:
        kind.__repr__, kind.__eq__ = __repr__, __eq__
        kind.__hash__ = __hash__ if options.get("frozen") else None
    return kind


def _refuse(_self: object, name: str, *_value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


def _take_over(kind: Type, own: dict[str, object], made: Mapping[str, object]) -> None:
    """What was written for a copy of a class. The one that makes objects last, so that none is half done."""
    for name in own.keys() - made.keys():
        _remove(kind, name)
    for name in sorted(made.keys() - _OF_EACH, key="__init__".__eq__):
        if own.get(name) is not made[name]:
            setattr(kind, name, made[name])
    if "__eq__" in made:
        _remove(kind, "__init_subclass__")


def _remove(kind: Type, name: str) -> None:
    # Another thread may have been here in the same moment.
    with suppress(AttributeError):
        delattr(kind, name)
