"""Whether the grammar of plain files may be relied on, which depends on the Python that runs it."""

import sys
from unittest.mock import patch

import pytest

from reassay.register.files import screen
from tests.unit.register.quick import FAULTY_RE

PLAIN = "a: 1\nb: [c, 'd e']\nf:\n  - g: 6 months # h\n"


def test_with_expressions_that_match_too_much_nothing_is_plain() -> None:
    screen._plainly.cache_clear()
    try:
        with patch.object(screen, "_NO_MATCHES", ((r"a*+", "a"),)):
            assert not screen.is_plainly_written(PLAIN)
    finally:
        screen._plainly.cache_clear()


@pytest.mark.skipif(sys.version_info < (3, 11, 5), reason=FAULTY_RE)
def test_with_expressions_that_are_right_it_is() -> None:
    assert screen.is_plainly_written(PLAIN)


@pytest.mark.skipif(sys.version_info >= (3, 11, 5), reason="the expressions of this Python are right")
def test_the_faults_of_older_ones_are_noticed() -> None:
    assert not screen.is_plainly_written(PLAIN)
