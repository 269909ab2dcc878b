"""Operators: an id names one account for good, and digits are never a login."""

import pytest

from reassay.hosted.web.access import is_operator


@pytest.mark.parametrize(
    ("operators", "login", "account", "expected"),
    [
        (["1004"], "auditor", 1004, True),
        (["1004"], "1004", 2000, False),
        (["Auditor"], "auditor", 1004, True),
        (["auditor#1004"], "auditor", 1004, True),
        (["auditor#1004"], "auditor", 2000, False),
        (["auditor#1004"], "renamed", 1004, True),
        ([], "auditor", 1004, False),
    ],
)
def test_digits_are_an_id_and_a_pinned_login_is_its_account(
    operators: list[str], login: str, account: int, expected: bool
) -> None:
    assert is_operator(operators, login, account) is expected
