"""Readings: the borders of GB 2312's own order, its second level, other readings and the words that tell them apart."""

from __future__ import annotations

import pytest

from kiosk.writing.readings import ALPHABET, read, syllables


def spelt(name: str) -> str:
    """As it is usually read."""
    return " ".join(each[0] for each in read(name))


@pytest.mark.parametrize(("characters", "syllable"), [
    ("啊阿", "A"), ("芭坝", "BA"), ("怖埠", "BU"), ("错", "CUO"), ("惰堕", "DUO"), ("发珐", "FA"), ("咐", "FU"),
    ("过", "GUO"), ("击骥", "JI"), ("骏", "JUN"), ("垃", "LA"), ("吕绿", "LV"), ("掠略", "LVE"), ("孪乱", "LUAN"),
    ("女", "NV"), ("虐", "NVE"), ("偶沤", "OU"), ("期泣", "QI"), ("若弱", "RUO"), ("仨", "SA"), ("蜴", "YI"),
    ("昔戏", "XI"), ("压讶", "YA"), ("孕", "YUN"), ("座", "ZUO"), ("社涉", "SHE"), ("中众", "ZHONG"), ("职纸", "ZHI"),
    ("殡滨", "BIN"), ("恪", "KE"), ("钰", "YU"), ("亍", "CHU"), ("齄", "ZHA"), ("婵", "CHAN"), ("淼", "MIAO"),
    ("瑾", "JIN"), ("曦", "XI"), ("衢", "QU"), ("邳", "PI")])
def test_the_first_and_last_of_some_syllables_and_rarer_ones(characters, syllable):
    assert [syllables(character)[0] for character in characters] == [syllable] * len(characters)


def test_other_readings_signs_and_strangers():
    assert {"CHANG", "ZHANG"} == set(syllables("长"))
    assert {"XING", "HANG"} == set(syllables("行"))
    assert {"DAN", "SHAN", "CHAN"} == set(syllables("单"))
    assert {"LV", "LU"} == set(syllables("绿")), "Ü is V, and U will do"
    assert [syllables(sign) for sign in ("a", "7", "、", "（", "𠮷", "한")] == [("A",), (), (), (), (), ()]
    assert read("身份证（补办）2") == (("SHEN",), ("FEN",), ("ZHENG",), ("BU",), ("BAN",))
    assert read("㐂事") == ((), ("SHI",))


def test_every_character_of_gb2312_is_read():
    count = 0
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            count += 1
            assert all(one and set(one) <= set(ALPHABET) for one in syllables(character)), character
    assert count == 6763


@pytest.mark.parametrize(("name", "how"), [
    ("长者食堂", "ZHANG ZHE SHI TANG"), ("长春", "CHANG CHUN"), ("家长学校", "JIA ZHANG XUE XIAO"),
    ("城市长期护理保险", "CHENG SHI CHANG QI HU LI BAO XIAN"), ("银行", "YIN HANG"), ("行政", "XING ZHENG"),
    ("重庆路", "CHONG QING LU"), ("重点", "ZHONG DIAN"), ("朝阳社区", "CHAO YANG SHE QU"), ("音乐", "YIN YUE"),
    ("快乐", "KUAI LE"), ("仇家屯", "QIU JIA TUN"), ("覃家", "QIN JIA"), ("解家村", "XIE JIA CUN"),
    ("调解", "TIAO JIE"), ("调查", "DIAO CHA"), ("单家店", "SHAN JIA DIAN"), ("单位", "DAN WEI"), ("曾家", "ZENG JIA"),
    ("曾经", "CENG JING"), ("翟家", "ZHAI JIA"), ("查家", "ZHA JIA"), ("查询", "CHA XUN"), ("万俟", "MO QI"),
    ("尉迟", "YU CHI"), ("八里堡", "BA LI PU"), ("大厦", "DA SHA"), ("厦门", "XIA MEN"), ("会计", "KUAI JI"),
    ("人参", "REN SHEN"), ("参保", "CAN BAO"), ("归还", "GUI HUAN"), ("还没到", "HAI MEI DAO"), ("堵了", "DU LE"),
    ("了解", "LIAO JIE"), ("首都", "SHOU DU"), ("供给", "GONG JI"), ("牲畜", "SHENG CHU"), ("畜牧", "XU MU"),
    ("长长者", "CHANG ZHANG ZHE")])
def test_in_a_word_the_reading_that_is_meant(name, how):
    assert spelt(name) == how
