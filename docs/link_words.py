"""Links the first use of each word of our own to the glossary, in every page that lacks it: `python docs/link_words.py`."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def linked(text: str, page: str, glossary: str) -> str:
    """The page with the links that `tests/unit/docs/test_glossary.py` misses; `glossary` is the address seen from it."""
    from tests.unit.docs.test_glossary import first_unlinked_use

    while (use := first_unlinked_use(text, page)) is not None:
        text = f"{text[: use[0]]}[{text[use[0] : use[1]]}]({glossary}){text[use[1] :]}"
    return text


def main() -> int:
    """Changes the pages, and prints the names of those that it changed."""
    from tests.unit.docs.page_commands import PAGES
    from tests.unit.docs.test_glossary import READ_ALONE

    for page in READ_ALONE:
        file = PAGES[page]
        text = file.read_text(encoding="utf-8")
        after = linked(text, page, os.path.relpath(ROOT / "docs/explanation/glossary.md", file.parent))
        if after != text:
            file.write_text(after, encoding="utf-8")
            print(f"linked words in {page}")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
