import asyncio

import pytest

from reassay.hosted.web.deadline import Deadline


def test_what_is_in_time_is_left_alone() -> None:
    async def act() -> str:
        with Deadline(60):
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        return "done"

    assert asyncio.run(act()) == "done"


def test_what_is_late_times_out_and_the_task_goes_on() -> None:
    async def act() -> str:
        with pytest.raises(TimeoutError), Deadline(0):
            await asyncio.Event().wait()
        await asyncio.sleep(0)
        return "done"

    assert asyncio.run(act()) == "done"


def test_whoever_cancels_the_task_from_outside_is_heard() -> None:
    async def act() -> None:
        with Deadline(60):
            await asyncio.Event().wait()

    async def outside() -> None:
        task = asyncio.create_task(act())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(outside())


def test_an_error_within_stays_what_it_is() -> None:
    async def act() -> None:
        with Deadline(0):
            raise KeyError("a")

    with pytest.raises(KeyError):
        asyncio.run(act())
