"""Writes the reference pages that are generated from the code. A test compares the committed pages with what this gives.

A generator is a file `docs/generate_<page>.py` with PAGES (path -> function); nothing else lists it.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def pages() -> Mapping[str, Callable[[], str]]:
    """Every generated page by its path in the repository."""
    found: dict[str, Callable[[], str]] = {}
    for file in sorted((ROOT / "docs").glob("generate_*.py")):
        found |= import_module(f"docs.{file.stem}").PAGES
    return found


def main() -> int:
    """Writes the pages that changed and prints their names."""
    for path, make in pages().items():
        file, text = ROOT / path, make()
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
