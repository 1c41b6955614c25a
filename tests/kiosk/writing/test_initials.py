"""Initials: the borders of GB 2312's own order, the second level, other readings, and what fits what was typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import load
from kiosk.writing.initials import ALPHABET, MOST, Index, initials, letters

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo" / "hall.toml"


@pytest.mark.parametrize(("characters", "letter"), [
    ("啊澳", "A"), ("芭怖", "B"), ("擦错", "C"), ("搭堕", "D"), ("蛾贰", "E"), ("发咐", "F"), ("噶过", "G"),
    ("哈祸", "H"),
    ("击骏", "J"), ("喀阔", "K"), ("垃络", "L"), ("妈穆", "M"), ("拿诺", "N"), ("哦沤", "O"), ("啪瀑", "P"),
    ("期群", "Q"),
    ("然弱", "R"), ("撒所", "S"), ("塌唾", "T"), ("挖误", "W"), ("昔迅", "X"), ("压孕", "Y"), ("匝座", "Z"),
    ("殡", "B"), ("恪", "K"), ("钰", "Y"), ("亍", "C"), ("齄", "Z"), ("婵", "C"), ("淼", "M"), ("瑾", "J"),
    ("曦", "X")])
def test_the_first_and_last_of_each_letter_and_some_rarer_ones(characters, letter):
    assert [letters(character)[0] for character in characters] == [letter] * len(characters)


def test_other_readings_signs_and_strangers():
    assert (set(letters("长")), set(letters("行")), set(letters("单"))) == ({"C", "Z"}, {"X", "H"}, {"D", "C", "S"})
    assert [letters(sign) for sign in ("a", "7", "、", "（", "𠮷", "한")] == ["A", "7", "", "", "", ""]
    assert initials("身份证（补办）") == ("S", "F", "Z", "B", "B")
    assert initials("㐂事") == ("", "S")


def test_every_character_of_gb2312_has_a_letter():
    count = 0
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            count += 1
            assert letters(character)[0] in ALPHABET
    assert count == 6763


def test_the_second_level_is_read_by_its_place():
    """Against a few characters of each zone whose reading everybody can look up."""
    assert "".join(letters(c)[0] for c in "侗佗偎亳匕厮邛谂阡垓埒埔堙塥芄苣荃莛菽葳蓓蔻薏夼奕扪挈揶") == \
        "DTWBBSQSQGLPYGWJQTSWBKYKYMQY"


INDEX = Index.of([
    ("dibao", ("最低生活保障申请", "低保"), "Minimum living allowance"),
    ("gaoling", ("高龄津贴", "老人补贴"), "Old-age allowance"),
    ("changzhe", ("长者食堂",), ""),
    ("danbao", ("创业担保贷款",), "Start-up loans"),
])


def test_what_begins_so_comes_before_what_only_holds_it():
    assert INDEX.find("ZD") == ("dibao",)
    assert INDEX.find("DB") == ("dibao", "danbao")
    assert INDEX.find("CZST") == INDEX.find("ZZST") == ("changzhe",)
    assert INDEX.find("BT") == ("gaoling",)
    assert INDEX.find("STARTUP") == ("danbao",)
    assert INDEX.find("AL") == ("dibao", "gaoling")
    assert INDEX.find("Q") == ("dibao",)
    assert INDEX.find("QQ") == ()
    assert len(INDEX.find("")) == 4


@given(st.text(ALPHABET, max_size=MOST + 3))
def test_the_letters_that_are_offered_are_those_that_lead_on(typed):
    offered = INDEX.next_letters(typed)
    for letter in ALPHABET:
        assert (letter in offered) == bool(len(typed) < MOST and INDEX.find(typed + letter))


@given(st.text(max_size=12), st.text(ALPHABET, max_size=6))
def test_any_name_can_be_indexed_and_is_found_by_its_own_initials(name, typed):
    index = Index.of([("it", (name,), "")])
    index.find(typed)
    own = "".join(spelt[0] if spelt else "Q" for spelt in initials(name))
    assert index.find(own) == ("it",)


def test_every_matter_of_the_demo_hall_is_found_by_its_initials_and_by_what_people_call_it():
    services = load(DEMO).services
    assert len(services) == 6
    matters = [matter for service in services for matter in service.matters]
    assert len(matters) >= 40
    index = Index.of((matter.name.zh, (matter.name.zh, *matter.also), matter.name.en) for matter in matters)
    for matter in matters:
        for name in (matter.name.zh, *matter.also):
            whole = "".join(spelt[0] for spelt in initials(name))
            assert matter.name.zh in index.find(whole)[:3], name
    assert index.find("DB")[0] == "最低生活保障申请"
    assert index.find("SBK")[0] == "社会保障卡办理"
