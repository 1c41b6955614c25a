"""Search by initials: 低保 is found by DB. What letter a character's pinyin begins with, and which names fit the
letters typed so far.

No dictionary is loaded: the 3755 characters of GB 2312's first level stand there in the order of their pinyin, so that
23 borders tell the letter; the 3008 of its second level stand by radical and have a letter each in a table (3 kB). Of
characters with several readings all that matter in names are known. A character beyond fits any letter: better one hit
too many than a matter that cannot be found. It keeps nothing of what was typed.

Source: GB 2312-80, zones 16–55 and 56–87; readings as in Unicode's Unihan (kMandarin), compared with pypinyin 0.55.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST = 12
"""Letters beyond these change nothing."""

_LETTERS = "ABCDEFGHJKLMNOPQRSTWXYZ"
_BORDERS = [c.encode("gb2312") for c in "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"]
_FIRST_LEVEL, _SECOND_LEVEL = 0xB0, 0xD8
"""First bytes where the levels begin; each zone has 94 characters."""

_SECOND = (
    "CJWGNSPGCGNEGYPBTYYZDXYKYGTZJNMJQMBSGZSCYJSYYFPGKBZGYDYWJKGKLJSWKPJQHYJWRDZLSGMRYPYWWCCKZNKYYG"
    "TTNGJEYKKZYTCJNMCYLQLYPYQFQRPZSLWBTGKJFYXJWZLTBNCXJJJJTXDTTSQZYCDXXHGCKBPHFFSSTYBGMXLPBYLLBHLX"
    "SMZMYJHSOJNGHDZQYKLGJHSGQZHXQGKEZZWYSCSCJXYEYXADZPMDSSMZJZQJYZCJJFWQJBDZBXGZNZCPWHKXHQKMWFBPBY"
    "DTJZZKQHYLYGXFPTYJYYZPSZLFCHMQSHGMXXSXJYQDCSBBQBEFSJYHWWGZKPYLQBGLDLCCTNMAYDDKSSNGYCSGXLYZAYPN"
    "PTSDKDYLHGYMYLCXPYCJNDQJWQQXFYYFJLEJPZRXCCQWQQSBZKYMGPLBMJRQCFLNYMYQMSQTRBCJTHZTQFRXQHXMJJCJLX"
    "XGJMSHZKBSWYEMYLTXFSYDSGLYCJQXSJNQBSCTYHBFTDCYJDJWYGHQFRXWCKQKXEBPTLPXJZSRMEBWHJLBJSLYYSMDXLCL"
    "QKXLHXJRZJMFQHXHWYWSBHTRXXGLHQHFNMGYKLDYXZPYLGGSMTCFPAJJZYLJTYANJGBJPLQGDZYQYAXBKYSECJSZNSLYZH"
    "ZXLZCGHPXZHZNYTDSBCJKDLZYYFWYDLEBBGQYZKGGLDNDNYSKJSHDLYXBCGHXYPKDJMMZNGMMCLGWZSZXZJFZNMLZZTHCS"
    "YDBDLLSCDDNLKJYKJSYCJLKOHQASDKNHCSGANHDAASHTCPLCPQYBSDMPJLPCJOQLCDHJJYSPRCHNWJNLHLYYQYHWZPTCZG"
    "WWMZFFJQQQQYXACLBHKDJXDGMMYDJXZLLSYGXGKJRYWZWYCLZMSSJZLDBYDCPCXYHLXCHYZJQSQQAGMNYXPFRKSSBJLYXY"
    "SYGLNSCMHCWWMNZJJLXXHCHSYZSTTXRYCYXBYHCSMXJSZNPWGPXXTAYBGAJCXLYXDCCWZOCWKCCSBNHCPDYZNFCYYTYCKX"
    "KYBSQKKYTQQXFCWCHCYKELZQBSQYJQCCLMTHSYWHMKTLKJLYCXWHEQQHTQHQPQSQSCFYMMDMGBWHWLGSLLYSTLMLXPTHMJ"
    "HWLJZYHZJXHTXJLHXRSWLWZJCBXMHZQXSDZPMGFCSGLSXYMJSHXPJXWMYQKSMYPLRTHBXFTPMHYXLCHLHLZYLXGSSSSTCL"
    "SLDCLRPBHZHXYYFHBMGDMYCNQQWLQHJJCYWJZYEJJDHPBLQXTQKWHLCHQXAGTLXLJXMSLJHTZKZJECXJCJNMFBYCSFYWYB"
    "JZGNYSDZSQYRSLJPCLPWXSDWEJBJCBCNAYTWGMPAPCLYQPCLZXSBNMSGGFNZJJBZSFZYNDXHPLQKZCZWALSBCCJXSYZGWK"
    "YPSGXFZFCDKHJGXTLQFSGDSLQWZKXTMHSBGZMJZRGLYJBPMLMSXLZJQQHZYJCZYDJWBWJKLDDPMJEGXYHYLXHLQYQHKYCW"
    "CJMYYXNATJHYCCXZPCQLBZWWYTWBQCMLPMYRJCCCXFPZNZZLJPLXXYZTZLGDLDCKLYRZZGQTGJHHGJLJAXFGFJZSLCFDQZ"
    "LCLGJDJZSNZLLJPJQDCCLCJXMYZFTSXGCGSBRZXJQQCTZHGYQTJQQLZXJYLYLBCYAMCSTYLPDJBYREGKLZYZHLYSZQLZNW"
    "CZCLLWJQJJJKDGJZOLBBZPPGLGHTGZXYJHZMYCNQCYCYHBHGXKAMTXYXNBSKYZZGJZLQJDFCJXDYGJQJJPMGWGJJJPKQSB"
    "GBMMCJSSCLPQPDXCDYYKYPCJDDYYGYWRHJRTGZNYQLDKLJSZZGZQZJGDYKSHPZMTLCPWNJYFYZDJCNMWESCYGLBTZCGMSS"
    "LLYXYSXSBSJSBBSGGHFJLYPMZJNLYYWDQSHZXTYYWHMCYHYWDBXBTLMSYYYFSXJCBDXXLHJHFSSXZQHFZMZCZTQCXZXRTT"
    "DJHNNYZQQMTQDMMGYYDXMJGDHCDYZBFFALLZTDLTFXMXQZDNGWQDBDCDJDXBZGSQQDDJCMBKZFFXMKDMDSYYSZCMLJDSYN"
    "SPRSKMKMPCKLGTBQTFZSWTFGGLYPLLJZHGJJGYPZLTCSMCNBTJBQFKTHBYZGKPBBYMTDSSXTBNPDKLEYCJNYDDYKZDDHQH"
    "SDZSCTARLLTKZLGECLLKJLQJAQNBDKKGHPJTZQKSECSHALQFMMGJNLYJBBTMLYZXDCJPLDLPCQDHZYCBZSCZBZMSLJFLKR"
    "ZJSNFRGJHXPDHYJYBZGDLQCSEZGXLBLGYXTWMABCHECMWYJYZLLJJYHLGNDJLSLYGKDZPZXJYYZLWCXSZFGWYYDLYHCLJS"
    "CMBJHBLYZLYCBLYDPDQYSXQZBYTDKYXJYYCNRJMPDJGKLCLJBCTBJDDBBLBLCZQRPPXJCJLZCSHLTOLJNMDDDLNGKATHQH"
    "JHYKHEZNMSHRPHQQJCHGMFPRXHJGDYCHGHLYRZQLCYQJNZSQTKQJYMSZSWLCFQQQXYFGGYPTQWLMCRNFKKFSYYLQBMQAMM"
    "MYXCTPSHCPTXXZZSMPHPSHMCLMLDQFYQXSZYJDJJZZHQPDSZGLSTJBCKBXYQZYSGPSXQZQZRQTBDKYXZKHHGFLBCSMDLDG"
    "DZDBLZYYCXNNCSYBZBFGLZZXSWMSCCMQNJQSBDQSJTXXMBLTXZCLZSHZCXRQJGJYLXZFJPHYMZQQYDFQJJLZZNZJSDGZYG"
    "CTXMZYSCTLKPHTXHTLBJXJLXSCDQXCBBTJFQZFSLTJBTKQBXXJJLJCHCZDBZJDCZJDCPRNPQCJPFCZLCLZXZDMXMPHJSGZ"
    "GSZZQJYLWTJPFSYAXMCJBTZKYCWMYTZSJJLQCQLWZMALBXYFBPNLSFHTGJWEJJXXGLLJSTGSHJQLZFKCGNNDSZFDEQFHBS"
    "AQTGYLBXMMYGSZLDYDQMJJRGBJTKGDHGKBLQKBDMBYLXWCXYTTYBKMRTJZXQJBHLMHMJJZMQASLDCYXYQDLQCAFYWYXQHZ"
)

_READINGS = """
阿E 扒P 堡P 便P 泊P 卜P 参S 藏Z 曾C 查Z 长Z 朝Z 车J 乘S 传Z 单CS 弹T 得D 调T 恶W 佛B 脯P 给J 龟Q 行H 合G 红G 会K
系J 夹G 贾G 降X 解X 圈J 卡Q 咖G 壳Q 乐Y 率S 秘B 泌B 粘N 奇J 强J 茄J 区O 仇Q 覃Q 石D 识Z 厦S 盛C 省X 属Z 伺C 宿X
提D 尾Y 吓H 校J 叶X 蔚Y 吁X 折S 召S 种C 重C 翟Z 尉Y 俞S 还X 术Z 似S 纤Q 契X 繁P 济J 没M 畜C
"""
_ALSO = {word[0]: word[1:] for word in _READINGS.split()}
"""Other readings of characters that stand in names of matters, places and people."""


def letters(character: str) -> str:
    """Every letter the character's pinyin may begin with: "CZ" for 长. A Latin letter or digit is its own; "" for signs
    and for a character that is not known."""
    if character.isascii():
        return character.upper() if character.isalnum() else ""
    try:
        place = character.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    if len(place) != 2 or place[0] < _FIRST_LEVEL:
        return ""
    if place[0] < _SECOND_LEVEL:
        own = _LETTERS[bisect_right(_BORDERS, place) - 1]
    else:
        own = _SECOND[(place[0] - _SECOND_LEVEL) * 94 + place[1] - 0xA1]
    also = _ALSO.get(character, "")
    return own + "".join(letter for letter in also if letter != own)


def initials(name: str) -> tuple[str, ...]:
    """The letters of each character that is read; signs and spaces are left out, an unknown character stands as ""."""
    return tuple(letters(sign) for sign in name if sign.isalnum())


def words(name: str) -> str:
    """A name in Latin letters as it is typed: each word's letters, in capitals and without spaces."""
    return "".join(sign for sign in name.upper() if sign in ALPHABET)


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    thing: T
    spelt: tuple[tuple[str, ...], ...]
    latin: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Index(Generic[T]):
    """Things to be found, in the order in which equals are shown. `find` answers in some hundred microseconds."""

    _entries: tuple[_Entry[T], ...] = field(default=(), repr=False)

    @staticmethod
    def of(things: Iterable[tuple[T, Sequence[str], str]]) -> Index[T]:
        """From (thing, its Chinese names, the one it is best known by first, its name in Latin letters or "")."""
        return Index(tuple(
            _Entry(thing, tuple(initials(name) for name in names), _latin(latin)) for thing, names, latin in things))

    def find(self, typed: str) -> tuple[T, ...]:
        """What fits, best first: a name that begins with these initials, one that holds them, then Latin words. Nothing
        typed: everything."""
        if not typed:
            return tuple(entry.thing for entry in self._entries)
        ranked = ((_rank(entry, typed), at, entry.thing) for at, entry in enumerate(self._entries))
        return tuple(thing for rank, _at, thing in sorted(
            (each for each in ranked if each[0] is not None), key=lambda each: (each[0], each[1])))

    def next_letters(self, typed: str) -> str:
        """The letters after which something would still be found."""
        return "".join(letter for letter in ALPHABET if self._any(typed + letter)) if len(typed) < MOST else ""

    def _any(self, typed: str) -> bool:
        return any(_rank(entry, typed) is not None for entry in self._entries)


def _latin(name: str) -> tuple[str, ...]:
    """Every beginning a Latin name is looked for by: from each of its words on."""
    parts = name.split()
    return tuple(words("".join(parts[at:])) for at in range(len(parts)))


def _rank(entry: _Entry[T], typed: str) -> int | None:
    """0 the name begins so, 1 another of its names does, 2 one holds it, 3 Latin; None: it does not fit."""
    for at, spelt in enumerate(entry.spelt):
        if _fits(spelt, typed, 0):
            return min(at, 1)
    if any(_fits(spelt, typed, at) for spelt in entry.spelt for at in range(1, len(spelt))):
        return 2
    return 3 if any(latin.startswith(typed) for latin in entry.latin) else None


def _fits(spelt: tuple[str, ...], typed: str, at: int) -> bool:
    if at + len(typed) > len(spelt):
        return False
    return all(not known or letter in known for letter, known in zip(typed, spelt[at:], strict=False))
