"""Find anything by initials, pinyin, characters: what fits, in which order, and which letters lead on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import load
from kiosk.writing.readings import ALPHABET, read, syllables
from kiosk.writing.search import MOST, Index, Why

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo" / "hall.toml"


def found(index: Index[str], typed: str) -> list[str]:
    return [hit.thing for hit in index.look(typed).hits]


def initials(name: str) -> str:
    return "".join(each[0][0] for each in read(name) if each)


# Each name stands for a trap: several readings, surnames, places, popular names, names that hold another.
NAMES = {
    "最低生活保障申请": ("低保申请", "低保"), "高龄津贴": ("老人补贴",), "长者食堂": ("老年食堂",), "创业担保贷款": (),
    "社会保障卡办理": ("社保卡",), "社区食堂": (), "行政复议": (), "银行卡激活": (), "朝阳社区": (), "仇家屯": (),
    "覃家村": (), "解家店": (), "单家窝堡": (), "曾家街": (), "殡葬惠民补贴": (), "绿化补种": (), "调解矛盾": (),
    "身份证（补办）2号": (), "医疗保险": ("医保",), "重阳活动": (), "路灯不亮": (), "楼道灯不亮": (),
    "退役军人优待证": ("军人证",),
}
ENGLISH = {"创业担保贷款": "Start-up loans", "高龄津贴": "Old-age allowance"}
INDEX = Index.of((name, (name, *also), ENGLISH.get(name, "")) for name, also in NAMES.items())


@pytest.mark.parametrize(("typed", "first", "why"), [
    ("DBSQ", "最低生活保障申请", Why.WHOLE), ("dbsq", "最低生活保障申请", Why.WHOLE),
    ("DB", "最低生活保障申请", Why.WHOLE), ("ZDSH", "最低生活保障申请", Why.BEGINS),
    ("SHBZ", "社会保障卡办理", Why.BEGINS), ("BZSQ", "最低生活保障申请", Why.HOLDS), ("ZZST", "长者食堂", Why.WHOLE),
    ("CZST", "长者食堂", Why.OTHERWISE), ("HK", "银行卡激活", Why.HOLDS), ("YXK", "银行卡激活", Why.OTHERWISE),
    ("XZFY", "行政复议", Why.WHOLE), ("HZFY", "行政复议", Why.OTHERWISE), ("CYSQ", "朝阳社区", Why.WHOLE),
    ("ZYSQ", "朝阳社区", Why.OTHERWISE), ("QJT", "仇家屯", Why.WHOLE), ("CJT", "仇家屯", Why.OTHERWISE),
    ("QJC", "覃家村", Why.WHOLE), ("TJC", "覃家村", Why.OTHERWISE), ("XJD", "解家店", Why.WHOLE),
    ("JJD", "解家店", Why.OTHERWISE), ("SJWP", "单家窝堡", Why.OTHERWISE), ("DJWB", "单家窝堡", Why.OTHERWISE),
    ("ZJJ", "曾家街", Why.WHOLE), ("CJJ", "曾家街", Why.OTHERWISE), ("SFZBB", "身份证（补办）2号", Why.BEGINS),
    ("DIBAO", "最低生活保障申请", Why.SPELT), ("DIBAOSQ", "最低生活保障申请", Why.SPELT),
    ("ZHANGZHE", "长者食堂", Why.SPELT), ("CHANGZHE", "长者食堂", Why.SPELT), ("ZHZHE", "长者食堂", Why.SPELT),
    ("ZHANGZHES", "长者食堂", Why.SPELT), ("BINZANG", "殡葬惠民补贴", Why.SPELT), ("LVHUA", "绿化补种", Why.SPELT),
    ("LUHUA", "绿化补种", Why.SPELT), ("TIAOJ", "调解矛盾", Why.SPELT), ("CHONGY", "重阳活动", Why.SPELT),
    ("SHITANG", "长者食堂", Why.SPELT_INSIDE), ("LUDENG", "路灯不亮", Why.SPELT),
    ("DENGBU", "路灯不亮", Why.SPELT_INSIDE), ("ZBSQ", "最低生活保障申请", Why.SCATTERED),
    ("SBZB", "社会保障卡办理", Why.SCATTERED), ("BDSQ", "最低生活保障申请", Why.SHUFFLED),
    ("YBLX", "医疗保险", Why.SHUFFLED), ("AL", "高龄津贴", Why.SPELT_INSIDE), ("START", "创业担保贷款", Why.SPELT),
    ("LOANS", "创业担保贷款", Why.SPELT_INSIDE), ("低保", "最低生活保障申请", Why.WHOLE),
    ("最低", "最低生活保障申请", Why.BEGINS), ("食堂", "长者食堂", Why.HOLDS), ("军人证", "退役军人优待证", Why.WHOLE),
    ("身证", "身份证（补办）2号", Why.SCATTERED), ("2号", "身份证（补办）2号", Why.HOLDS),
    ("抵保", "最低生活保障申请", Why.ALIKE), ("路登", "路灯不亮", Why.ALIKE),
], ids=str)
def test_what_is_found_first_and_why(typed, first, why):
    hit = INDEX.look(typed).hits[0]
    assert (hit.thing, hit.why) == (first, why)


def test_the_order_of_what_is_found():
    """Prefix of initials, substring, other readings, full pinyin from the beginning, inside it, scattered."""
    names = ["包打听", "党办", "低保", "代办服务", "三代办", "大包子", "党员互助帮"]
    index = Index.of((name, (name,), "") for name in names)
    assert found(index, "DB") == ["党办", "低保", "代办服务", "大包子", "三代办", "党员互助帮"]
    index = Index.of((name, (name,), "") for name in ("第长山", "小蝉", "蝉鸣", "长安", "重安", "宠爱"))
    assert found(index, "ZA") == ["重安", "长安"], "the usual reading before the other one"
    assert found(index, "CHANG") == ["长安", "第长山"]
    assert found(index, "CHAN") == ["蝉鸣", "长安", "重安", "第长山", "小蝉"], "重安 is CH and AN"
    index = Index.of((name, (name,), "") for name in ("三二一", "一二三"))
    assert found(index, "YSE") == ["三二一", "一二三"], "in another order, where nothing fits better"
    assert found(index, "YES") == ["一二三"]


def test_by_which_name_it_was_found():
    (hit, *_others) = INDEX.look("LRBT").hits
    assert (hit.thing, hit.name) == ("高龄津贴", 1)
    assert INDEX.look("GLJT").hits[0].name == 0
    assert INDEX.look("OLDAGE").hits[0].name == 2, "its name in Latin letters comes last"


def test_nothing_typed_finds_nothing_and_says_where_to_begin():
    look = INDEX.look("")
    assert look.hits == ()
    assert {letter for letter in ALPHABET if INDEX.look(letter).hits} == set(look.letters)
    for typed in ("、（", "低保"):
        assert INDEX.look(typed).letters == look.letters, "after characters a letter begins anew"


@given(st.text(ALPHABET, max_size=MOST + 2) | st.sampled_from(
    [(initials(name) + "".join(one[0] for one in read(name)))[:size] for name in NAMES for size in range(1, 20)]))
def test_the_letters_that_are_offered_are_those_that_lead_on(typed):
    offered = INDEX.look(typed).letters
    for letter in ALPHABET:
        assert (letter in offered) == bool(len(typed) < MOST and INDEX.look(typed + letter).hits), letter


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5).filter(syllables)


@given(st.text(HAN, min_size=1, max_size=12), st.data())
def test_any_name_is_found_by_all_that_it_may_be_looked_for_by(name, data):
    index = Index.of([("other", ("别的事",), ""), ("it", ("别名", name), "")])
    own = initials(name)
    assert "it" in found(index, own)
    assert "it" in found(index, "".join(each[0] for each in read(name)))
    assert "it" in found(index, "".join(data.draw(st.sampled_from(each)) for each in read(name))), "in any reading"
    assert "it" in found(index, name)
    kept = data.draw(st.sets(st.integers(0, len(own) - 1), min_size=1).map(sorted))
    assert "it" in found(index, "".join(own[at] for at in kept)), "by some of its initials"
    assert "it" in found(index, "".join(name[at] for at in kept)), "by some of its characters"


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=8))
def test_any_text_can_be_a_name_and_any_text_can_be_typed(name, latin, typed):
    look = Index.of([("it", (name,), latin)]).look(typed)
    assert set(look.letters) <= set(ALPHABET)


def test_a_character_that_nobody_knows_sounds_like_any():
    index = Index.of([("it", ("㐂事",), "")])
    assert found(index, "S") == found(index, "XS") == found(index, "XSHI") == ["it"]
    assert index.look("").letters == ALPHABET


def test_everything_of_the_demo_hall_is_found_by_its_initials_and_by_what_people_call_it():
    hall = load(DEMO)
    matters = [matter for service in hall.services for matter in service.matters]
    assert len(matters) >= 40
    index = Index.of((matter.name.zh, (matter.name.zh, *matter.also), matter.name.en) for matter in matters)
    for matter in matters:
        for name in (matter.name.zh, *matter.also):
            assert matter.name.zh in found(index, initials(name))[:3], name
            assert found(index, "".join(each[0] for each in read(name)))[0] == matter.name.zh, name
    assert found(index, "DBSQ")[0] == "最低生活保障申请"
    assert found(index, "SBK")[0] == "社会保障卡办理"


def test_hundreds_of_names_cost_little():
    """A ratio to plain work of Python's own, since the machine may be busy: 2 ms where that takes 0.4."""
    many = [(name, (name, *also), "") for name, also in NAMES.items()] * 15
    index = Index.of(many)

    def cost(work, times):
        begun = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - begun) / times

    plain = min(cost(lambda: [at for at in range(10_000) if at % 7 == 3], 5) for _ in range(6))
    for typed in ("D", "S", "DB", "ZDS", "SHEHUIBAO", "低保", "抵保"):
        assert min(cost(lambda typed=typed: index.look(typed), 3) for _ in range(6)) < 6 * plain, typed
