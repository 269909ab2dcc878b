import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reassay.assessment.cells import CellStatus, State
from reassay.assessment.views.documents import status_csv
from reassay.common.csv_cells import as_written, neutralised

BEGINS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
RISKY = st.builds(
    lambda before, begin, after: before + begin + after,
    st.text(" \t\n\r\u00a0\u3000", max_size=3),
    st.sampled_from(BEGINS),
    st.text(max_size=8),
)
ANY = st.text(max_size=12) | RISKY | st.text("'=+-@\t\r \uff1d\uff20a", max_size=6)


def is_run(cell: str) -> bool:
    """Whether a spreadsheet program might run it: it begins so, or would once white space is cut off."""
    return cell.startswith(BEGINS) or cell.lstrip().startswith(BEGINS)


@given(RISKY)
def test_what_a_spreadsheet_might_run_gets_one_apostrophe(text: str) -> None:
    assert neutralised(text) == f"'{text}"


@given(ANY)
@example("=1+1")
@example("'=1")
@example("''=1")
@example("'quoted'")
def test_no_cell_is_run_and_what_was_written_can_be_read_back(text: str) -> None:
    assert not is_run(neutralised(text))
    assert as_written(neutralised(text)) == text


@pytest.mark.parametrize("text", ["", "plain", " plain", "a=b", "'quoted'", "2026-12-01", "\u2013", "1-2", "{=}"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutralised(text) == text


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "\uff1d1+1", "\u3000@SUM(A1)"])
def test_the_status_as_a_table_runs_nothing(text: str) -> None:
    row = next(
        csv.DictReader(
            io.StringIO(status_csv([CellStatus("filter", "*", State.DUE, None, text, (), None, None)]), newline="")
        )
    )
    assert row["reason"] == f"'{text}"
