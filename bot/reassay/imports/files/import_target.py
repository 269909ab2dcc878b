"""The file that an import writes, checked in memory before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reassay.common.errors import UsageError
from reassay.register.files import MAX_FILE_BYTES, File, Tree, WorkingTree, read_register
from reassay.register.register import Register


@dataclass(frozen=True, slots=True)
class TreeWithFile:
    """A tree with one file replaced or removed."""

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
class ImportTarget:
    """A file to write, and the repository of the register."""

    root: Path
    file: Path
    path: str | None
    """Path from the root of the repository; None if the file is outside."""

    @staticmethod
    def of(root: Path, register: Register, out: str | None, name: str) -> "ImportTarget":
        """The file `out`, or `name` in the register folder. Raises UsageError if it cannot be a register file."""
        if out is None or out == "-":
            file = root / register.configuration.register_folder.rstrip("/") / name
        else:
            file = Path(out)
            if file.suffix.lower() not in {".yml", ".yaml"}:
                raise UsageError("a register file must be YAML.", where=out, remedy="Give a name that ends in .yml.")
        inside = file.resolve().is_relative_to(root.resolve())
        if out is None and not inside:
            remedy = "Make it an ordinary folder, or add --out FILE."
            raise UsageError(
                "the register folder is a link that leads out of the repository.", where=str(file), remedy=remedy
            )
        return ImportTarget(root, file, file.resolve().relative_to(root.resolve()).as_posix() if inside else None)

    @property
    def shown(self) -> str:
        """The path as shown in messages."""
        return self.path or str(self.file)

    def outside_of(self, register: Register) -> str:
        """A warning if the file is outside the register folder; "" if it is inside."""
        folder = register.configuration.register_folder.rstrip("/")
        if self.path is not None and self.path.startswith(f"{folder}/"):
            return ""
        return f"{self.shown} is not in {folder}/; move it there, or it is not read."

    def text(self) -> str | None:
        """The present text; None if the file does not exist. Raises UsageError if it cannot be read."""
        try:
            return self.file.read_text(encoding="utf-8") if self.file.exists() else None
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                "this file cannot be read.", where=self.shown, remedy="Give another one with --out."
            ) from error

    def register_with(self, text: str | None) -> Register:
        """The register with `text` in the file, or without the file for None."""
        tree = WorkingTree(self.root)
        if self.path is None:
            return read_register(tree)
        return read_register(TreeWithFile(tree, self.path, None if text is None else text.encode()))

    def checked(self, text: str) -> Register:
        """The register with `text` in the file. Raises UsageError if the text has an error."""
        register = self.register_with(text)
        wrong = next((finding for finding in register.errors if finding.at.path == self.path), None)
        if wrong is None:
            return register
        message = f"the import would have an error in line {wrong.at.line}: {wrong.message}."
        raise UsageError(message, where=self.shown, remedy=wrong.remedy)

    def refuse_to_overwrite(self, *, force: bool) -> None:
        """Raises UsageError if the file exists and `force` is False."""
        if self.file.exists() and not force:
            raise UsageError(
                "this file exists.",
                where=self.shown,
                remedy="To replace it, add --force; or give another one with --out.",
            )

    def write(self, text: str) -> None:
        """Writes the file, and its folder if needed. Raises UsageError."""
        write_text(self.file, text)


def write_text(file: Path, text: str) -> None:
    """Writes a text as UTF-8 with its own line ends. Raises UsageError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8", newline="") as opened:
            opened.write(text)
    except OSError as error:
        message = f"cannot be written: {error.strerror}."
        raise UsageError(message, where=str(file), remedy="Check the folder's rights.") from error
