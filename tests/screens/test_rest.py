"""A page that stands costs nothing: what says nothing new is not laid again, and yet the clock goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.screens.samples import STEPS


def test_a_step_that_says_nothing_new_is_not_laid_again(driver, monkeypatch) -> None:
    shell, laid = driver.shell, []
    lay = shell.lay
    monkeypatch.setattr(shell, "lay", lambda: (laid.append(1), lay()))
    step = STEPS["waiting"]
    for _ in range(3):
        shell.turn(replace(step), shell.kit.tokens, shell.kit.words)
    assert len(laid) == 1
    shell.turn(replace(step, lost_slip=True), shell.kit.tokens, shell.kit.words)
    assert len(laid) == 2
    shell.wipe()
    shell.turn(replace(step, lost_slip=True), shell.kit.tokens, shell.kit.words)
    assert len(laid) == 3, "what was wiped is shown anew"


@pytest.mark.parametrize("name", ["waiting", "home"])
def test_the_clock_goes_on(driver, name: str) -> None:
    driver.show(STEPS[name])
    before, said = driver.colours(), driver.words()
    driver.hall_time += timedelta(minutes=1)
    try:
        driver.shell.tick()
        driver.frame()
        assert "9:31" in driver.words()
        assert "9:31" not in said
        assert driver.colours() != before
    finally:
        driver.hall_time -= timedelta(minutes=1)


def test_kivy_does_not_look_after_its_caches(driver) -> None:
    from kivy.cache import Cache
    from kivy.clock import Clock

    del driver
    waiting, event = [], Clock._root_event
    while event is not None:
        waiting.append(event.get_callback())
        event = event.next
    assert Cache._purge_by_timeout not in waiting
