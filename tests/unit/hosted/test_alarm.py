"""The dead man's switch: which tasks have stopped, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import respx

from reassay.common.errors import UnavailableError
from reassay.hosted.alarm import Alarm, Heartbeat, StoppedTask, WatchedTask, stopped_tasks

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
SWEEPS, DRAIN = (
    WatchedTask("sweeps", timedelta(minutes=5), "sweep", "nothing is opened"),
    WatchedTask("drain", timedelta(minutes=2), "drain", "nothing is read"),
)
URL = "https://beats.example.com/a-secret-token"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("last", "now", "silent"),
    [
        ({}, 0, []),
        ({}, 2, []),
        ({}, 2.1, ["drain"]),
        ({}, 6, ["sweeps", "drain"]),
        ({"drain": 4, "sweeps": 1}, 6, []),
        ({"drain": 4, "sweeps": 0.9}, 6, ["sweeps"]),
        # What was long before the start is no reason to raise an alarm at once.
        ({"drain": -600, "sweeps": -600}, 1, []),
        # A clock that was ahead and set back: a success in the future is no sign of health.
        ({"drain": 90, "sweeps": 5}, 6, ["drain"]),
        # Clocks of servers may differ by a minute.
        ({"drain": 7, "sweeps": 7}, 6, []),
        ({"other": 0}, 1, []),
    ],
)
def test_a_part_is_silent_once_its_patience_is_over(last: Mapping[str, float], now: float, silent: list[str]) -> None:
    found = stopped_tasks((SWEEPS, DRAIN), {name: at(minutes) for name, minutes in last.items()}, START, at(now))
    assert [each.task.name for each in found] == silent


def test_the_words_say_which_since_when_and_what_it_means() -> None:
    (never,) = stopped_tasks((DRAIN,), {"drain": None}, START, at(3))
    (late,) = stopped_tasks((DRAIN,), {"drain": at(1)}, START, at(4))
    (ahead,) = stopped_tasks((DRAIN,), {"drain": at(2880)}, START, at(4))
    assert ahead.words == (
        "its last success is stored for 2026-12-03 09:00 UTC, which is in the future: check the clocks of the servers."
        " Until the next success it counts as stopped; nothing is read"
    )
    assert never.words == "no drain since the server started; nothing is read"
    assert late.words == "no drain since 2026-12-01 09:01 UTC; nothing is read"


@dataclass
class Bench:
    last: dict[str, datetime | None] = field(default_factory=dict)
    broken: bool = False
    beats: int = 0
    unheard: str = ""
    said: list[str] = field(default_factory=list)

    def beat(self) -> str:
        self.beats += 1
        return self.unheard

    def read(self) -> Mapping[str, datetime | None]:
        if self.broken:
            raise UnavailableError("PostgreSQL did not answer.")
        return self.last

    def alarm(self) -> Alarm:
        return Alarm((SWEEPS, DRAIN), self.read, START, self.beat, self.said.append)


def test_a_sign_goes_out_while_all_is_well_and_stops_with_the_first_silence() -> None:
    bench = Bench({"sweeps": START, "drain": START})
    alarm = bench.alarm()
    assert alarm.tick(at(1)) == ()
    assert bench.beats == 1
    assert [each.task.name for each in alarm.tick(at(3))] == ["drain"]
    alarm.tick(at(4))
    assert bench.beats == 1
    # Said once, not every minute.
    assert len(bench.said) == 1
    bench.last["drain"] = bench.last["sweeps"] = at(5)
    assert alarm.tick(at(5)) == ()
    assert bench.beats == 2
    alarm.tick(at(8))
    assert len(bench.said) == 2


def test_no_sign_goes_out_while_it_cannot_be_known() -> None:
    bench = Bench(broken=True)
    alarm = bench.alarm()
    alarm.tick(at(1))
    alarm.tick(at(2))
    assert bench.beats == 0
    assert bench.said == ["the state of the background tasks cannot be read: PostgreSQL did not answer."]


def test_a_sign_that_is_not_heard_is_said() -> None:
    bench = Bench(unheard="the heartbeat was answered with 404")
    bench.alarm().tick(at(1))
    assert bench.said == ["the heartbeat was answered with 404"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(200), ""),
        (httpx.Response(301, headers={"location": "https://elsewhere.example/"}), ""),
        (httpx.Response(404), "the heartbeat was answered with 404"),
        (httpx.ConnectError(f"cannot reach {URL}"), "the heartbeat was not sent (ConnectError)"),
        (httpx.ReadTimeout("slow"), "the heartbeat was not sent (ReadTimeout)"),
    ],
)
@respx.mock
def test_the_heartbeat_asks_one_address_and_never_says_it(answer: httpx.Response | Exception, said: str) -> None:
    route = respx.get(URL).mock(side_effect=[answer])
    with httpx.Client() as http:
        heart = Heartbeat(http, URL)
        assert heart.beat() == said
        assert "secret" not in repr(heart)
    assert route.call_count == 1


def test_a_server_that_started_while_its_clock_was_ahead_is_patient_no_longer_than_others() -> None:
    bench = Bench()
    alarm = bench.alarm()
    alarm.started = at(2880)
    assert alarm.tick(at(0)) == ()
    assert [each.task.name for each in alarm.tick(at(3))] == ["drain"]


def test_no_heartbeat_is_sent_while_all_runs_of_jobs_fail_and_the_log_has_the_reason() -> None:
    bench = Bench({"sweeps": START, "drain": START})
    alarm = bench.alarm()
    jobs = WatchedTask("jobs", timedelta(0), "run", "nothing is judged")
    alarm.failing = lambda: StoppedTask(jobs, None, failure="the last 7 runs failed", reason="another key")
    assert [each.task.name for each in alarm.tick(at(1))] == ["jobs"]
    assert (bench.beats, bench.said) == (0, ["the last 7 runs failed: another key"])


def test_before_there_is_an_app_nothing_has_stopped_and_no_heartbeat_goes_out() -> None:
    bench, exists = Bench(), False
    alarm = Alarm((SWEEPS, DRAIN), bench.read, START, bench.beat, bench.said.append, is_expected=lambda: exists)
    assert alarm.tick(at(60)) == ()
    assert (bench.beats, bench.said) == (0, [])
    exists = True
    # Their patience begins with the App, not with the server.
    assert alarm.tick(at(61)) == ()
    assert bench.beats == 1
    assert [task.task.name for task in alarm.tick(at(63))] == ["drain"]
