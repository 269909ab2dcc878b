"""How long a limit of GitHub is waited for: by GitHub's own clock, never by that of this machine."""

import pytest

from reassay.common.errors import LimitError
from reassay.github.answers import DEFAULT_LIMIT_SECONDS, GitHubAnswer

RESET = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1796115600"}
"""2026-12-01 09:00 UTC."""


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Tue, 01 Dec 2026 08:50:00 GMT", 600.0),
        ("Tue, 01 Dec 2026 09:10:00 GMT", 1.0),
        ("yesterday", DEFAULT_LIMIT_SECONDS),
        ("", DEFAULT_LIMIT_SECONDS),
    ],
)
def test_a_limit_is_over_by_the_date_of_the_answer(date: str, seconds: float) -> None:
    answer = GitHubAnswer(403, {**RESET, "date": date}, '{"message": "API rate limit exceeded"}', "GET /repos")
    refusal = answer.refusal()
    assert isinstance(refusal, LimitError)
    assert refusal.retry_after == seconds
