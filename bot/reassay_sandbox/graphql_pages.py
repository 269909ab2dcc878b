"""GraphQL: pages of connections."""

from collections.abc import Sequence
from typing import Any


def page_of(
    rows: Sequence[Any],
    first: int | None = None,
    last: int | None = None,
    after: str | None = None,
    before: str | None = None,
) -> dict[str, Any]:
    """The rows between two cursors, with what stands before and after them."""
    start, end = int(after or 0), int(before) if before else len(rows)
    if first is not None:
        end = min(end, start + first)
    if last is not None:
        start = max(start, end - last)
    return {
        "nodes": rows[start:end],
        "totalCount": len(rows),
        "pageInfo": {
            "hasNextPage": end < len(rows),
            "endCursor": str(end),
            "hasPreviousPage": start > 0,
            "startCursor": str(start),
        },
    }
