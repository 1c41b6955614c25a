"""Line breaking: what may end a line, what may begin one, what is never torn, and that nothing is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.text import NEVER_END, NEVER_START, balance, break_lines, torn


def wide(text: str) -> float:
    """Chinese one em, everything else half."""
    return sum(1.0 if ord(char) > 0x2E7F else 0.5 for char in text)


@pytest.mark.parametrize(("text", "width", "lines"), [
    ("", 5, [""]),
    ("您好", 5, ["您好"]),
    ("您要办什么", 3, ["您要办", "什么"]),
    ("您要办，什么", 3, ["您要", "办，什", "么"]),          # no line begins with a comma
    ("去（五楼）找", 2, ["去", "（五", "楼）", "找"]),      # no line ends with an opening bracket
    ("说「好」吧", 3, ["说", "「好」", "吧"]),
    ("还有10 个", 4, ["还有", "10 个"]),                    # digits stay with their unit
    ("约在 11月24日 星期二", 6, ["约在", "11月24日", "星期二"]),  # nor is a day torn
    ("大约15 分钟到", 5, ["大约", "15 分钟到"]),
    ("时间14:00–15:00到", 6, ["时间", "14:00–15:00", "到"]),  # a time is one piece, though nearly too long
    ("take the slip", 4, ["take the", "slip"]),
    ("take the slip", 3, ["take", "the", "slip"]),
    ("第482761号", 4, ["第", "482761号"]),
    ("Make a request  ·  3 / 5", 10, ["Make a request  ·", "3 / 5"]),   # where one is, in one piece
    ("a request  ·  3 / 5", 5, ["a", "request  ·", "3 / 5"]),           # and no line begins with a dot
    ("一\n二", 5, ["一", "二"]),
    ("一\n\n二", 5, ["一", "", "二"]),
    ("supercalifragilistic", 3, ["superc", "alifra", "gilist", "ic"]),
    ("满了。", 2, ["满", "了。"]),
    ("ab, cd", 2, ["ab,", "cd"]),
    ("100%的人", 2, ["100%", "的人"]),
])  # fmt: skip
def test_lines(text: str, width: float, lines: list[str]) -> None:
    assert break_lines(text, width, wide) == lines


def test_a_title_breaks_where_the_sentence_pauses() -> None:
    assert balance("这个不行，换一个可以吗？", 9, wide) == ["这个不行，", "换一个可以吗？"]


def test_a_title_leaves_no_single_character_behind() -> None:
    assert break_lines("一二三四五六七", 6, wide) == ["一二三四五", "六七"]
    assert break_lines("请到窗口找工作人员。", 8, wide) == ["请到窗口找工作", "人员。"]
    assert break_lines("A member of staff comes to you", 14, wide) == ["A member of staff comes", "to you"]
    assert break_lines("等得太久", 3, wide) == ["等得", "太久"], "as it is spoken"
    assert break_lines("一二三", 2, wide) == ["一二", "三"], "a narrow column would only look emptier"
    assert break_lines("还有10 个空", 3, wide) == ["还有", "10 个", "空"]
    assert balance("一二三四五六七", 6, wide) == ["一二三四", "五六七"]


@pytest.mark.parametrize(("text", "width", "count"), [
    ("Environment", 5, 1), ("The environment", 5, 1), ("The environment", 6, 0), ("supercalifragilistic", 3, 3),
    ("环境卫生", 2, 0), ("D 座 Environment", 4, 1), ("13912345678", 3, 0), ("", 3, 0),
])
def test_a_torn_word_is_counted(text: str, width: float, count: int) -> None:
    assert torn(text, break_lines(text, width, wide)) == count


def test_nothing_is_lost_after_a_torn_word() -> None:
    lines = break_lines("it is not extraordinary ca", 4, wide)
    assert lines == ["it is", "not", "extraord", "inary ca"]
    assert break_lines("by and by so extraordinary of", 6, wide) == ["by and by so", "extraordinar", "y of"]


MIXED = st.text(st.sampled_from("一二三约个月，。（）「」？:Az09 %–.\n"), max_size=60)


@given(MIXED, st.integers(1, 12))
def test_nothing_is_lost_or_turned_round(text: str, width: int) -> None:
    lines = break_lines(text, width, wide)
    assert torn(text, lines) >= 0
    kept = "".join("".join(lines).split())
    assert kept == "".join(text.split())


@given(MIXED, st.integers(4, 14))
def test_marks_stand_where_they_may(text: str, width: int) -> None:
    for paragraph in text.split("\n"):
        lines = break_lines(paragraph, width, wide)
        for line in lines[1:]:
            begins = line[:1] in NEVER_START and not set(paragraph.strip()) <= NEVER_START | set(" ")
            before = lines[lines.index(line) - 1]
            # only a mark that a space set apart, or a run of marks wider than the line, may begin one
            assert not begins or line[0] not in "，。）」？" or wide(before + line[0]) > width + 1


@given(st.text(st.sampled_from("一二三四五，。"), min_size=1, max_size=40), st.integers(4, 10))
def test_no_line_is_wider_than_its_place_but_for_marks(text: str, width: int) -> None:
    for line in break_lines(text, width, wide):
        assert wide(line.rstrip("，。")) <= width


@given(st.text(st.sampled_from("一二三（「五六"), min_size=2, max_size=40), st.integers(4, 10))
def test_no_line_ends_with_an_opening_mark(text: str, width: int) -> None:
    lines = break_lines(text, width, wide)
    for line, following in pairwise(lines):
        assert line[-1] not in NEVER_END or set(line) <= NEVER_END or set(line + following[0]) <= NEVER_END
