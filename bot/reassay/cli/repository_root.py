"""The root of the repository that a command reads when it is run in one of its folders."""

import argparse
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATION, FOLDER = ".github/reassay.yml", "framework"


def at_root(args: argparse.Namespace, err: TextIO) -> None:
    """Replaces PATH by the root of its repository, and says so; a folder that holds a register of its own stays."""
    import os
    from pathlib import Path

    given = Path(args.path)
    root = repository_root(given)
    if root == given:
        return
    args.path = os.path.relpath(root)
    if not args.quiet:
        print(f"reassay: reading the repository at {root}, because {given} is a folder inside it", file=err)


def repository_root(path: "Path") -> "Path":
    """The nearest folder upward that holds a `.git`; the path itself without one, or where it holds a register of its own.

    A configuration makes a folder a register's. The usual folder `framework/` does, too, unless the root has a configuration.
    """
    if not path.is_dir() or (path / ".git").exists() or (path / CONFIGURATION).exists():
        return path
    root = next((folder for folder in path.resolve().parents if (folder / ".git").exists()), None)
    if root is None or (not (root / CONFIGURATION).exists() and _holds_register(path / FOLDER)):
        return path
    return root


def _holds_register(folder: "Path") -> bool:
    return any(file.suffix.lower() in {".yml", ".yaml", ".md"} for file in folder.glob("**/*"))
