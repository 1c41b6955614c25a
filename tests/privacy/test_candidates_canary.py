"""What was offered says what was written: with the real reader and decoder, the sentences and characters that stood in
the row are in no live object and no file once the visit is over, those that were not taken as well.
"""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from kiosk.flows.pens import open_pen
from kiosk.flows.steps import Write
from tests.memory import living
from tests.privacy.test_requests_canary import on_disk, settle

pytestmark = pytest.mark.window
# letters of a sentence that stands in no file of the house, made of pieces at run time
_LETTERS = ("zhujin", "quede", "laonainai", "huashui")
_LEAST = 5  # characters: what is shorter is a word of the dictionary


@pytest.fixture
def writing(stand):
    pen, missing = open_pen()
    assert not missing
    stand.app.lend(pen, None)
    return stand


def begin(stand, way: str) -> None:
    for label in ("轻触这里开始", "反映诉求", "环境卫生", "就在这里", way):
        stand.press(label)


def copied(texts) -> list[str]:
    """The same letters in other objects, so that holding these proves nothing."""
    return ["".join(list(text)) for text in texts]


def test_sentences_that_were_offered(writing, tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    begin(writing, "拼音")
    letters = "".join(_LETTERS)
    for end in range(6, len(letters) + 1, 6):
        writing.type(letters[max(0, end - 6):end].upper())
    offered = copied(one for one in writing.sees(Write).offered if len(one) >= _LEAST)
    assert len(offered) >= 3
    assert living(*offered), "otherwise nothing below proves anything"
    writing.press(offered[0])
    writing.bar("home")
    writing.bar("back")
    settle(writing)
    needles = [*offered, letters.lower(), letters.upper()]
    assert living(*needles) == []
    assert on_disk(tmp_path, *((one, "", "") for one in offered)) == []
    assert not [one for one in offered if one in caplog.text]
