"""A cache in memory whose size is bounded; what was not asked for longest goes first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True)
class BoundedCache(Generic[Key, Value]):
    """Threads may share it. A value that alone is larger than the cache is not kept."""

    most: int
    """The sum of the sizes of all values, at most."""
    size_of: Callable[[Value], int]
    values: "OrderedDict[Key, tuple[Value, int]]" = field(default_factory=OrderedDict, repr=False)
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def get(self, key: Key) -> Value | None:
        """The value of a key; None if it is not here."""
        with self.lock:
            if key not in self.values:
                return None
            self.values.move_to_end(key)
            return self.values[key][0]

    def keep(self, key: Key, value: Value) -> None:
        """Keeps a value, if it fits."""
        size = self.size_of(value)
        if size > self.most:
            return
        with self.lock:
            _, before = self.values.pop(key, (value, 0))
            self.values[key] = value, size
            self.size += size - before
            while self.size > self.most:
                _, (_, freed) = self.values.popitem(last=False)
                self.size -= freed
