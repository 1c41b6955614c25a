"""Answers come home to the loop: all of them, in order, with their failures; ids of names are UUIDs of version 5."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from uuid import NAMESPACE_OID, UUID, uuid4, uuid5

import pytest

from kiosk.hall.ids import name_id, timed_id
from kiosk.hall.returning import Home


def test_answers_of_many_threads_all_come_home():
    async def wait() -> list[int]:
        home = Home(asyncio.get_running_loop())
        answers: list[Future[int]] = [Future() for _ in range(2000)]
        waiting = [home.wait(answer) for answer in answers]

        def give(first: int) -> None:
            for n in range(first, 2000, 8):
                answers[n].set_result(n)

        for first in range(8):
            threading.Thread(target=give, args=(first,)).start()
        async with asyncio.timeout(60):
            return list(await asyncio.gather(*waiting))

    assert asyncio.run(wait()) == list(range(2000))


def test_a_group_wakes_the_loop_once():
    async def wait() -> int:
        loop = asyncio.get_running_loop()
        woken = 0
        wake = loop.call_soon_threadsafe

        def counted(*given: object) -> object:
            nonlocal woken
            woken += 1
            return wake(*given)  # type: ignore[arg-type]

        loop.call_soon_threadsafe = counted  # type: ignore[method-assign,assignment]
        home = Home(loop)
        answers: list[Future[int]] = [Future() for _ in range(16)]
        waiting = [home.wait(answer) for answer in answers]
        for answer in answers:
            answer.set_result(1)
        await asyncio.gather(*waiting)
        return woken

    assert asyncio.run(wait()) == 1


def test_a_failure_is_raised_and_who_stopped_waiting_is_in_nobody_s_way():
    async def wait() -> None:
        home = Home(asyncio.get_running_loop())
        left, failed = Future[int](), Future[int]()
        gone, bad = home.wait(left), home.wait(failed)
        gone.cancel()
        left.set_result(1)
        failed.set_exception(ValueError("no"))
        with pytest.raises(ValueError, match="no"):
            await bad

    asyncio.run(wait())


def test_an_answer_after_the_loop_has_ended_is_nobody_s():
    late: Future[int] = Future()

    async def leave() -> None:
        Home(asyncio.get_running_loop()).wait(late)

    asyncio.run(leave())
    late.set_result(1)


def test_ids_of_names_are_uuids_of_version_5():
    for name in ("", "a", "no-show:中文", *(str(uuid4()) for _ in range(100))):
        assert name_id(NAMESPACE_OID, name) == str(uuid5(NAMESPACE_OID, name))


def test_ids_made_later_sort_later_and_say_what_they_are():
    command = str(uuid4())
    ids = [timed_id(1_795_000_000_000 + n, command) for n in (0, 1, 1000, 86_400_000, 10**12)]
    assert ids == sorted(ids)
    assert {UUID(id_).version for id_ in ids} == {8}
    assert timed_id(1, command) != timed_id(1, str(uuid4()))
