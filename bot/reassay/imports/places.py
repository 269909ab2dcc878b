"""Places of rows for people: `rows 4-6, 9` of a sheet, or `docs/_mitigations/mi-1.md` of a list of documents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reassay.imports.spreadsheet import SheetRow

_SHOWN: Final = 5
"""Most stated places in one sentence."""


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """The places of the rows of a file, by the numbers of the rows."""

    stated: Mapping[int, str]
    """Places of the rows that are not rows of a sheet."""

    @staticmethod
    def of(rows: Iterable[SheetRow]) -> "RowPlaces":
        """The places that rows state."""
        return RowPlaces({row.number: row.place for row in rows if row.place})

    def of_row(self, number: int) -> str:
        """The place of a row: `row 7`, or its stated place."""
        return self.stated.get(number) or f"row {number}"

    def of_rows(self, numbers: Sequence[int]) -> str:
        """The places of rows: `row 7`, `rows 4-6, 9`, or their stated places."""
        in_order = sorted(set(numbers))
        stated = [self.stated[number] for number in in_order if number in self.stated]
        more = f" and {len(stated) - _SHOWN} more" if len(stated) > _SHOWN else ""
        bare = [number for number in in_order if number not in self.stated]
        parts = [", ".join(stated[:_SHOWN]) + more] if stated else []
        return ", ".join([*parts, *([_row_list(bare)] if bare else [])])

    def with_verb(self, numbers: Sequence[int]) -> str:
        """The places of rows with their verb: `row 7 is`, `rows 4-6, 9 are`, `no row is`."""
        if not numbers:
            return "no row is"
        return f"{self.of_rows(numbers)} {'is' if len(set(numbers)) == 1 else 'are'}"


def _row_list(numbers: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f"row{'s' if len(numbers) > 1 else ''} {shown}"
