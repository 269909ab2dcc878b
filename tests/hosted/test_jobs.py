"""The hosted App's jobs on the sandbox: from a tick to issues on GitHub, and whatever gets in between."""

from tests.hosted.hosted_lab import FIRST, SECOND, HostedLab


def test_what_is_installed_is_swept_and_then_left_alone(hosted: HostedLab) -> None:
    hosted.round()
    assert hosted.titles(FIRST)
    assert hosted.titles(FIRST) == hosted.titles(SECOND)
    assert hosted.fine() == {FIRST: True, SECOND: True}
    # Its own writes look like a change once; then nothing does.
    hosted.hours(1)
    hosted.round()
    with hosted.box.readonly():
        hosted.hours(1)
        hosted.round()
        before = len(hosted.box.traffic)
        hosted.hours(1)
        hosted.round()
    looks = [
        each
        for each in hosted.box.traffic[before:]
        if not each.operation.endswith(("access_tokens", "/installations", "/installation/repositories"))
    ]
    assert [each.operation for each in looks] == ["Glances", "Glances"]
