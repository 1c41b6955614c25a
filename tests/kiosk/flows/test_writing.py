"""The place to write on, without pixels: nothing is taken unasked, nothing is lost, whatever is drawn, pressed and
picked in whatever order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flows.places import PLAIN, Aloud, Back, Go, Prompt, Stay, World
from kiosk.flows.steps import Draw, Pick, Press
from kiosk.flows.writing import LONGEST, MOST_LETTERS, MOST_POINTS, MOST_STROKES, SIGNS, Pen, WritePlace
from tests.kiosk.flows.small_hall import MONDAY

WORLD = World(MONDAY, voice=True)
LINE = ((0.1, 0.1), (0.9, 0.9))


class Reader:
    """A character for each number of strokes; one that fits the text before it comes first."""

    def candidates(self, strokes, before="", most=10, fit=None):
        found = list("一二三四五六七八九十百千"[len(strokes) - 1:])
        return sorted(found, key=lambda each: -fit(before, each) if fit else 0)[:most]


@dataclass(frozen=True)
class Offer:
    text: str
    used: int


class Speller:
    """Syllables of two letters; each says 字."""

    def syllables(self, typed):
        return [typed[at:at + 2] for at in range(0, len(typed), 2)]

    def listen(self):
        return self

    def heard(self, typed, before=""):
        del before
        syllables, first = self.syllables(typed), min(2, len(typed))
        return [Offer("字" * len(syllables), len(typed)), Offer("字", first), Offer("子", first)], syllables


class Lore:
    def fit(self, before, char):
        return 1.0 if (before, char) == ("第", "三") else 0.0

    def following(self, before, most=8):
        return ["道", "道里"][:most] if before.endswith("楼") else []


PEN = Pen(Reader(), Speller(), Lore())


def place(text: str = "", most: int = 20, prompt: Prompt = PLAIN, pen: Pen = PEN) -> WritePlace:
    made = pen.place(text, most, Go, prompt)
    assert isinstance(made, WritePlace)
    return made


def after(here: WritePlace, *answers: object) -> WritePlace:
    for answer in answers:
        move = here.draw(answer) if isinstance(answer, Draw) else here.answer(answer, WORLD)
        assert isinstance(move, Stay | None)
        here = move.place if move else here
    return here


def test_a_stroke_offers_and_only_a_pick_takes() -> None:
    here = after(place(), Draw(0, LINE))
    step = here.step(WORLD)
    assert (step.text, step.box, step.offered[:2], step.pending, step.ready) == ("", 0, ("一", "二"), True, False)
    assert len(step.offered) == 10
    assert after(here, Draw(0, LINE)).step(WORLD).offered[0] == "二", "the row follows every stroke"
    here = after(here, Pick("1"))
    assert (here.text, here.strokes) == ("二", ())
    assert here.answer(Pick("ok"), WORLD) == Go("二")


def test_what_fits_the_text_before_it_comes_first() -> None:
    assert after(place("第"), Draw(0, LINE)).step(WORLD).offered[:2] == ("三", "一")


def test_letters_have_an_end_and_so_has_a_sentence_that_can_be_read_at_a_glance() -> None:
    full = after(place(), Pick("pinyin"), *[Press("A")] * MOST_LETTERS)
    assert full.answer(Press("A"), WORLD) is None
    assert len(full.typed) == MOST_LETTERS
    assert full.step(WORLD).offered == ("字", "子"), "the whole is too long, its beginnings are not"
    most = after(place(), Pick("pinyin"), *[Press("A")] * 2 * LONGEST).step(WORLD)
    assert most.offered[0] == "字" * LONGEST


def test_one_text_read_in_two_ways_is_offered_once_and_takes_what_the_better_way_takes() -> None:
    class Twice(Speller):
        def heard(self, typed, before=""):
            return [Offer("先", 4), Offer("先", 2)], self.syllables(typed)

    here = after(place(pen=Pen(None, Twice(), None)), Pick("pinyin"), *map(Press, "XIAN"))
    assert here.step(WORLD).offered == ("先",)
    assert after(here, Pick("0")).typed == ""


def test_two_boxes_are_decided_in_the_order_of_writing() -> None:
    here = after(place(), Draw(1, LINE), Draw(1, LINE), Draw(0, LINE))
    step = here.step(WORLD)
    assert (step.box, step.at, step.offered[0], step.text) == (1, 0, "二", ""), "the other box takes nothing"
    here = after(here, Pick("0"))
    step = here.step(WORLD)
    assert (step.text, step.box, step.offered[0], step.strokes) == ("二", 0, "一", ((0, LINE),))
    assert after(here, Pick("0")).text == "二一"


def test_undo_takes_the_last_stroke_and_clear_the_box_last_written() -> None:
    here = after(place(), Draw(0, LINE), Draw(1, LINE), Draw(1, LINE))
    assert after(here, Press("undo")).strokes == ((0, LINE), (1, LINE))
    assert after(here, Press("clear")).strokes == ((0, LINE),)
    assert after(here, *[Press("undo")] * 5).strokes == ()


def test_a_panel_with_one_box_goes_on_in_the_other() -> None:
    here = after(place(), Draw(0, LINE), Press("next"))
    assert here.step(WORLD).at == 1
    here = after(here, Draw(1, LINE))
    assert here.step(WORLD).box == 0
    assert after(here, Pick("0"), Pick("1")).text == "一二"


def test_changing_the_way_of_writing_loses_nothing() -> None:
    here = after(place("楼"), Draw(0, LINE), Pick("pinyin"), Press("H"), Press("A"), Pick("signs"), Press("3"),
                 Pick("hand"))
    assert (here.text, here.strokes, here.typed) == ("楼3", ((0, LINE),), "ha")
    assert here.step(WORLD).offered[0] == "一"
    assert here.answer(Pick("ok"), WORLD) is None, "something is undecided"
    assert after(here, Pick("pinyin")).step(WORLD).spelt == ("ha",)


def test_a_picked_word_keeps_the_other_letters() -> None:
    here = after(place(prompt=Prompt(way="pinyin")), *(Press(key) for key in "HAOMA"))
    step = here.step(WORLD)
    assert (step.way, step.spelt, step.offered) == ("pinyin", ("ha", "om", "a"), ("字字字", "字", "子"))
    here = after(here, Pick("2"))
    assert (here.text, here.typed, here.offered[0]) == ("子", "oma", ("字字", 3))
    assert after(here, Pick("0")).typed == ""


def test_back_is_by_letter_or_character_and_word_by_syllable_or_word() -> None:
    here = after(place(prompt=Prompt(way="pinyin")), *(Press(key) for key in "HAOM"), Pick("0"), Press("H"), Press("A"),
                 Press("O"))
    assert (here.text, here.typed) == ("字字", "hao")
    assert after(here, Press("back")).typed == "ha"
    assert after(here, Press("word")).typed == "ha"
    assert after(here, Press("word"), Press("word")).typed == ""
    here = after(here, Press("clear"))
    assert after(here, Press("back")).text == "字"
    assert after(here, Press("word")).text == ""


def test_with_nothing_written_the_row_says_what_may_come_next() -> None:
    here = place("三号楼")
    assert here.step(WORLD).offered == ("道", "道里")
    assert after(here, Pick("1")).text == "三号楼道里"
    assert after(here, Pick("signs")).step(WORLD).offered == ()


def test_what_does_not_fit_is_said_and_nothing_is_cut() -> None:
    here = after(place("三号楼", most=4), Pick("1"))
    step = here.step(WORLD)
    assert (step.text, step.overlong, step.room) == ("三号楼", True, 1)
    here = after(here, Pick("0"))
    assert (here.text, here.step(WORLD).room, here.step(WORLD).overlong) == ("三号楼道", 0, False)
    assert after(here, Draw(0, LINE), Pick("0")).step(WORLD).overlong
    assert after(here, Draw(0, LINE), Pick("0")).strokes, "and what was written stays"


def test_an_unknown_scrawl_is_said() -> None:
    nothing = replace(PEN, reader=type("Blind", (), {"candidates": lambda *_args, **_more: []})())
    here = after(place(pen=nothing), Draw(0, LINE))
    assert here.step(WORLD).missed
    assert not here.step(WORLD).offered


def test_back_and_the_list_lead_where_it_was_asked_and_may_be_gone_on_with() -> None:
    def left(draft, text):
        return Go((draft, text))

    here = after(place("楼", prompt=Prompt(leave=left)), Draw(0, LINE), Pick("pinyin"), Press("H"))
    assert here.step(WORLD).choose
    draft, text = here.back().place
    assert here.answer(Pick("choose"), WORLD) == here.back()
    again = PEN.place(text, 20, Go, Prompt(way="hand", leave=left, left=draft))
    assert (again.text, again.strokes, again.typed, again.way) == ("楼", ((0, LINE),), "h", "hand")
    assert place("楼").back() == Back()
    assert place("楼").answer(Pick("choose"), WORLD) is None
    assert place("楼").answer(Pick("ok"), WORLD) == Go("楼")


def test_it_is_read_aloud_where_there_is_a_voice() -> None:
    assert place("楼").step(WORLD).read
    assert not place("楼").step(World(MONDAY)).read
    assert place("楼").answer(Pick("read"), WORLD) == Aloud("楼")
    assert place().answer(Pick("read"), WORLD) is None


@pytest.mark.parametrize(("pen", "ways", "way"), [
    (PEN, ("hand", "pinyin", "signs"), "hand"), (Pen(speller=Speller()), ("pinyin", "signs"), "pinyin"),
    (Pen(), ("signs",), "signs"),
])
def test_a_machine_offers_the_ways_it_has(pen: Pen, ways, way) -> None:
    step = place(pen=pen, prompt=Prompt(way="hand")).step(WORLD)
    assert (step.ways, step.way) == (ways, way)


_points = st.lists(st.tuples(st.floats(), st.floats()) | st.tuples(st.floats(-1, 2), st.floats(-1, 2)), max_size=30)
_answers = st.one_of(
    st.builds(lambda box, points: Draw(box, tuple(points)), st.integers(-1, 2), _points),
    st.builds(Press, st.sampled_from([*"ABCZ", "undo", "clear", "next", "back", "word", "", "é", "12", *SIGNS[:14]])),
    st.builds(Pick, st.sampled_from([*"0123456789", "10", "9999", "-1", "²", "hand", "pinyin", "signs", "write"])),
)


@given(st.lists(_answers, max_size=60), st.integers(0, 12))
def test_no_sequence_breaks_it_or_takes_more_than_fits(answers, most) -> None:
    here = place("楼道", most)
    for answer in answers:
        before = here
        here = after(here, answer)
        step = here.step(WORLD)
        assert len(step.text) <= most
        assert step.room == most - len(step.text)
        assert len(here.typed) <= MOST_LETTERS
        assert all(0 <= box <= 1 and stroke for box, stroke in here.strokes)
        if not isinstance(answer, Pick) and not (isinstance(answer, Press) and answer.key not in {"undo", "clear"}):
            assert here.text == before.text, "strokes, undo and clear leave the text alone"
        if isinstance(answer, Draw) and here != before:
            assert after(here, Press("undo")).strokes == before.strokes
        if answer in {Pick("hand"), Pick("pinyin"), Pick("signs")}:
            assert (here.text, here.strokes, here.typed) == (before.text, before.strokes, before.typed)


def test_a_finger_that_never_lifts_and_one_that_never_stops() -> None:
    here = after(place(), Draw(0, tuple((at / 5000, at / 5000) for at in range(5000))))
    ((_box, stroke),) = here.strokes
    assert len(stroke) == MOST_POINTS
    assert stroke[-1] == (4999 / 5000, 4999 / 5000)
    assert len(after(place(), *[Draw(0, LINE)] * 100).strokes) == MOST_STROKES
    nan = float("nan")
    assert after(place(), Draw(0, ((nan, 1.0), (1e9, 0.5)))).strokes == ()
