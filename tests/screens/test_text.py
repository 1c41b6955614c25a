"""Line breaking: what may end a line, what may begin one, what is never torn, and that nothing is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.lexicon import Lexicon
from screens.text import NEVER_END, NEVER_START, balance, break_lines, keep_words, torn


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


class Known(Lexicon):
    """A few words."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = frozenset(words.split())


FEW = Known("路灯 道路 诉求 登记 健身房 阅览室 孤儿 儿童 困境 困境儿童 保障 残疾人 补贴 办事 窗口 工作 人员 工作人员")


@pytest.mark.parametrize(("text", "width", "plain", "lines"), [
    ("新修的路灯坏了", 4, ["新修的路", "灯坏了"], ["新修的", "路灯坏了"]),
    ("孤儿和困境儿童保障", 6, ["孤儿和困境儿", "童保障"], ["孤儿和困境", "儿童保障"]),
    ("请工作人员来帮忙", 4, ["请工作人", "员来帮忙"], ["请工作人", "员来帮忙"]),  # a line more would be needed
    ("路灯、道路、窗口", 5, ["路灯、道", "路、窗口"], ["路灯、", "道路、窗口"]),
    ("street 路灯", 4.5, ["street 路", "灯"], ["street", "路灯"]),
])
def test_a_short_text_is_not_broken_within_a_word(text: str, width: float, plain: list[str], lines: list[str]) -> None:
    assert break_lines(text, width, wide) == plain
    assert keep_words(text, plain, width, wide, FEW.inside(text)) == lines


def test_a_line_more_keeps_a_word_where_there_is_room() -> None:
    text, plain = "到窗口办事，先取号", ["到窗口办", "事，先取号"]
    assert keep_words(text, plain, 5, wide, FEW.inside(text)) == plain
    assert keep_words(text, plain, 5, wide, FEW.inside(text), more=True) == ["到窗口", "办事，", "先取号"]


def test_the_shipped_words_are_known_once_they_are_read(tmp_path) -> None:
    lexicon = Lexicon()
    assert lexicon.inside("路灯不亮") == frozenset()
    lexicon.load()
    assert 1 in lexicon.inside("路灯不亮")
    assert lexicon.inside("工作人员") == {1, 3}, "two words may part"
    lexicon.add(["东风社区", "党群服务中心"])
    assert lexicon.inside("整个东风社区") == {1, 3, 4, 5}
    other = Lexicon()
    other.load(tmp_path / "missing.txt")
    assert 1 in other.inside("诉求")


MIXED = st.text(st.sampled_from("一二三约个月，。（）「」？:Az09 %–.\n"), max_size=60)


@given(MIXED, st.integers(1, 12))
def test_nothing_is_lost_or_turned_round(text: str, width: int) -> None:
    lines = break_lines(text, width, wide)
    assert torn(text, lines) >= 0
    kept = "".join("".join(lines).split())
    assert kept == "".join(text.split())


@given(st.text(st.sampled_from("路灯道诉求登记儿童保障，。（）:Az09 "), max_size=30), st.integers(4, 12), st.booleans())
def test_keeping_words_loses_nothing_and_needs_no_more_room(text: str, width: int, even: bool) -> None:
    lines = (balance if even else break_lines)(text, width, wide)
    if not 1 < len(lines) <= 3:
        return
    kept = keep_words(text, lines, width, wide, FEW.inside(text), even=even)
    assert "".join("".join(kept).split()) == "".join(text.split())
    assert len(kept) == len(lines)
    assert max(map(wide, kept)) <= max(width, *map(wide, lines))


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
