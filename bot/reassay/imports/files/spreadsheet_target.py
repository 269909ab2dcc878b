"""Where an import is written, and what `check` will say of it: tried on a copy in memory before anything is touched."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.register.files import MAX_FILE_BYTES, File, Tree, WorkingTree, read_register
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class With:
    """A tree in which one file is another, or not there."""

    tree: Tree
    path: str
    data: bytes | None

    def read(self, path: str) -> File | None:
        """The file at `path`."""
        return self._own() if path == self.path else self.tree.read(path)

    def list(self, folder: str) -> Iterable[File]:
        """Every file below `folder`."""
        yield from (file for file in self.tree.list(folder) if file.path != self.path)
        own = self._own()
        if own is not None and self.path.startswith(f"{folder.rstrip('/')}/"):
            yield own

    def _own(self) -> File | None:
        if self.data is None:
            return None
        too_large = len(self.data) > MAX_FILE_BYTES
        return File(self.path, None if too_large else self.data, size=len(self.data))


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write, and the repository it may be part of."""

    root: Path
    file: Path
    path: str | None
    """From the root of the repository; None if it is outside of it."""

    @staticmethod
    def of(root: Path, register: Register, out: str | None, name: str) -> "Target":
        """`out`, or `name` in the register folder. Raises UsageError for a file that cannot be a register file."""
        if out is None or out == "-":
            file = root / register.configuration.register_folder.rstrip("/") / name
        else:
            file = Path(out)
            if file.suffix.lower() not in {".yml", ".yaml"}:
                raise UsageError("a register file is YAML.", where=out, remedy="Give it a name that ends in .yml.")
        inside = file.resolve().is_relative_to(root.resolve())
        if out is None and not inside:
            remedy = "Make it an ordinary folder, or say --out FILE."
            raise UsageError(
                "the register folder is a link that leads out of the repository.", where=str(file), remedy=remedy
            )
        return Target(root, file, file.resolve().relative_to(root.resolve()).as_posix() if inside else None)

    @property
    def shown(self) -> str:
        """Its name for a sentence."""
        return self.path or str(self.file)

    def outside_of(self, register: Register) -> str:
        """What to say if the file is not where the register is read from; "" if it is."""
        folder = register.configuration.register_folder.rstrip("/")
        if self.path is not None and self.path.startswith(f"{folder}/"):
            return ""
        return f"{self.shown} is not in {folder}/, so nothing reads it until it is moved there."

    def text(self) -> str | None:
        """What stands there now; None if there is no such file. Raises UsageError if it cannot be read."""
        try:
            return self.file.read_text(encoding="utf-8") if self.file.exists() else None
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                "this file cannot be read.", where=self.shown, remedy="Say another one with --out."
            ) from error

    def register_with(self, text: str | None) -> Register:
        """The register as it will be with this text in the file; None: without the file."""
        tree = WorkingTree(self.root)
        if self.path is None:
            return read_register(tree)
        return read_register(With(tree, self.path, None if text is None else text.encode()))

    def checked(self, text: str) -> Register:
        """The register as it will be. Raises UsageError if this text would bring an error with it."""
        register = self.register_with(text)
        wrong = next((each for each in register.errors if each.at.path == self.path), None)
        if wrong is None:
            return register
        message = f"what would be written has an error in line {wrong.at.line}: {wrong.message}."
        raise UsageError(message, where=self.shown, remedy=wrong.remedy)

    def refuse_to_overwrite(self, *, force: bool) -> None:
        """Raises UsageError if something stands there and nobody said that it may go."""
        if self.file.exists() and not force:
            raise UsageError("this file exists.", where=self.shown, remedy="--force replaces it, --out names another.")

    def write(self, text: str) -> None:
        """Writes the file and the folder it stands in. Raises UsageError."""
        write_text(self.file, text)


def write_text(file: Path, text: str) -> None:
    """Writes UTF-8 with the line ends of the text. Raises UsageError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as opened:
            opened.write(text)
    except OSError as error:
        message = f"cannot be written: {error.strerror}."
        raise UsageError(message, where=str(file), remedy="Check the folder's rights.") from error
