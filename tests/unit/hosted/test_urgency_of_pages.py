"""Pages of the hosted App list what is most urgent first, orders and ineffective verdicts before all dates."""

from reassay.assessment.cell_status import State
from reassay.hosted.web.pages import most_urgent_first, states


def test_the_summary_begins_with_what_a_verdict_asks_for() -> None:
    every = {str(state): 1 for state in reversed(State)}
    assert states({"summary": every}) == ", ".join(f"1 {state}" for state in State)
    assert states({"summary": {"current": 3, "restrict-ordered": 1}}) == "1 restrict-ordered, 3 current"


def test_the_table_begins_with_it_and_an_unknown_word_is_never_last() -> None:
    cells = [{"mitigation": name, "state": name} for name in ("current", "overdue", "withdraw-ordered", "new-word")]
    assert [cell["state"] for cell in most_urgent_first(cells)] == [
        "new-word",
        "withdraw-ordered",
        "overdue",
        "current",
    ]
    assert most_urgent_first(None) == []
