"""The anchor of the longest ledger that was seen is kept, and never a shorter one."""

import pytest

from tests.hosted.hosted_lab import FIRST, HostedLab


@pytest.mark.long
def test_the_kept_anchor_only_grows(hosted: HostedLab) -> None:
    hosted.round()
    tables, repository = hosted.jobs.repositories, hosted.box.repo(FIRST).id
    (kept,) = tables.anchor(repository)
    seq = int(kept.partition(":")[0])
    assert seq > 0
    tables.keep_anchor(repository, seq - 1, f"{seq - 1}:{'a' * 32}")
    tables.keep_anchor(repository, seq, f"{seq}:{'b' * 32}")
    assert tables.anchor(repository) == (kept,)
    tables.keep_anchor(repository, seq + 1, f"{seq + 1}:{'c' * 32}")
    assert tables.anchor(repository) == (f"{seq + 1}:{'c' * 32}",)
    assert tables.anchor(0) == ()
