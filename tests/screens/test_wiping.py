"""After a visit nothing that was typed or told stands in any widget or live object, and the pixels are the same
again."""

from __future__ import annotations

import gc
from dataclasses import replace

from tests.screens.samples import STEPS


def holders(needle: str) -> list[str]:
    """Live strings in lists, tuples and dicts that hold the needle, spaces aside."""
    gc.collect()
    out = []
    for thing in gc.get_objects():
        if type(thing) not in (dict, list, tuple):
            continue
        values = list(thing.values()) if type(thing) is dict else thing
        out += [value for value in values if type(value) is str and needle in value.replace(" ", "")]
    return out


def test_nothing_typed_outlives_the_visit(driver) -> None:
    driver.show(STEPS["waiting"])
    before = driver.colours()
    needle = "7" * 4 + "6" * 4
    driver.show(replace(STEPS["phoneok"], typed="139" + needle))
    assert "139 7777 6666" in driver.words()
    assert holders(needle)
    driver.shell.wipe()
    driver.show(STEPS["waiting"])
    driver.frame(2)
    assert [text for text in holders(needle) if len(text) < 40] == []
    assert driver.colours() == before


def test_what_was_shown_is_gone_from_every_page(driver) -> None:
    from screens.widgets.slip import QrCode
    from screens.widgets.wording import Wording

    for name in ("done", "nopaper", "check", "appt", "found", "code"):
        driver.show(STEPS[name])
    driver.shell.wipe()
    for page in driver.shell._pages.values():
        for piece in page.pieces():
            if isinstance(piece, Wording):
                assert "482" not in piece.text
                assert "5678" not in piece.text
            if isinstance(piece, QrCode):
                assert piece.content == ""
                assert piece._texture is None
