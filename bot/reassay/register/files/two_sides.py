"""Two sides of a change, read together: what is the same is parsed once, and what no change can reach not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reassay.register.files import reach
from reassay.register.files.aside import Aside, set_aside
from reassay.register.files.configuration import Settings, read_configuration
from reassay.register.files.contents import Contents
from reassay.register.files.reader import Read, assembled, collector_waits, listed, read_files
from reassay.register.files.tree import File, Tree
from reassay.register.register import Register, RegisterObject


@dataclass(frozen=True, slots=True)
class _Side:
    """One side: its configuration file, and what stands in the folder of the register."""

    own: Settings
    folder: str
    found: Sequence[File | Contents]

    @property
    def is_clear(self) -> bool:
        """Whether no path is there twice, as git itself never writes it: then nothing is left unread."""
        return len({each.path for each in self.found}) == len(self.found)

    @property
    def files(self) -> Mapping[str, File]:
        """By path."""
        return {each.path: each for each in self.found if isinstance(each, File)}


@dataclass(slots=True)
class _Parsing:
    """What was parsed so far, by path and content: no file is parsed twice."""

    known: dict[str, list[Read]] = field(default_factory=dict)
    count: int = 0

    def read(self, wanted: Sequence[File | Contents]) -> list[Read]:
        """In order of path."""
        files = {each.path: each for each in wanted if isinstance(each, File)}
        same = {
            path: read for path, file in files.items() for read in self.known.get(path, ()) if read.data == file.data
        }
        self.count += len(files) - len(same)
        done = read_files(wanted, same)
        for each in done:
            if each.path in files and each.path not in same:
                self.known.setdefault(each.path, []).append(each)
        return done

    def objects(self, wanted: Sequence[File]) -> Iterator[RegisterObject]:
        """What they declare."""
        return (entry.value for each in self.read(wanted) for entry in each.entries)


@dataclass(frozen=True, slots=True)
class Apart:
    """Files of two trees that were found to be the same and plain, and both trees without them."""

    folder: str
    """Where they all are: the register, or a part of it."""
    aside: Aside
    before: Tree
    after: Tree


def read_two(
    before: Tree, after: Tree, worth_it: int = reach.WORTH_IT, apart: Callable[[], Apart | None] = lambda: None
) -> tuple[Register, Register]:
    """Both registers, in the folder that the first one says, with all that can tell what differs between them.

    Mitigations that it cannot reach are left unread where that saves at least `worth_it` files; `Register.elsewhere` has
    their ids. Where anything is wrong on either side, everything is read. `apart` may know what can be left unread more
    quickly than looking at each file does.
    """
    with collector_waits():
        settings = (read_configuration(before), read_configuration(after))
        parsing = _Parsing()
        known = apart()
        if known is not None and len(known.aside.paths) >= worth_it and known.folder == settings[0].folder:
            narrow = _narrowly(_sides(settings, known.before, known.after), parsing, known.aside)
            if narrow is not None:
                return narrow
        sides = _sides(settings, before, after)
        aside = set_aside(sides[0].files, sides[1].files)
        if len(aside.paths) >= worth_it and all(side.is_clear for side in sides):
            narrow = _narrowly(sides, parsing, aside)
            if narrow is not None:
                return narrow
        first, second = (assembled(each.own, each.folder, parsing.read(each.found)) for each in sides)
        return first, second


def _sides(settings: tuple[Settings, Settings], before: Tree, after: Tree) -> Sequence[_Side]:
    folder = settings[0].folder
    return [
        _Side(own, folder, tuple(listed(tree, folder))) for own, tree in zip(settings, (before, after), strict=True)
    ]


def _narrowly(sides: Sequence[_Side], parsing: _Parsing, aside: Aside) -> tuple[Register, Register] | None:
    """Both registers without what cannot be reached; None where that cannot be told."""
    unread = set(aside.paths)
    found = [[each for each in side.found if each.path not in unread] for side in sides]
    read = [parsing.read(each) for each in found]
    known: list[dict[str, bytes | None]] = [{each.path: each.data for each in side} for side in read]
    changed = [
        entry.value
        for side, other in zip(read, reversed(known), strict=True)
        for each in side
        if each.data is None or each.path not in other or other[each.path] != each.data
        for entry in each.entries
    ]
    objects = [entry.value for side in read for each in side for entry in each.entries]
    reached = reach.reached(changed, objects, aside, lambda files: list(parsing.objects(files)))
    if reached is None:
        return None
    elsewhere = frozenset(name for name, path in aside.ids.items() if path not in reached)
    more = [aside.file(path) for path in reached]
    first, second = (
        assembled(side.own, side.folder, parsing.read([*each, *more]), elsewhere)
        for side, each in zip(sides, found, strict=True)
    )
    if first.errors or second.errors or first.configuration != second.configuration:
        return None
    return first, second
