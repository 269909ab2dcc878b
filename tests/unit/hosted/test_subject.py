"""A subject's text names it within its repository, and is read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.hosted.rules.subject import JobSubject

number = st.integers(1, 10**12)
branch = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029"), min_size=1, max_size=60
)
subjects = st.one_of(
    st.just(JobSubject(7)),
    number.map(lambda n: JobSubject(7, "issue", n)),
    number.map(lambda n: JobSubject(7, "pull", n)),
    st.builds(
        lambda commit, base: JobSubject(7, "group", commit=commit, base=base),
        st.text("0123456789abcdef", min_size=40, max_size=40),
        branch,
    ),
)


@given(subjects)
def test_what_is_written_is_read_back(subject: JobSubject) -> None:
    assert JobSubject.read(7, subject.text) == subject


@pytest.mark.parametrize(
    "text", ["", "issue:0", "issue:x", "pull:-1", "group:main", "release:3", "repository:1", "issue:1\n"]
)
def test_what_is_not_known_is_none_and_no_error(text: str) -> None:
    assert JobSubject.read(7, text) is None
