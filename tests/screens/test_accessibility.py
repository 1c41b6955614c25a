"""The check list of accessibility, measured on every rendered page: 21.5 inches with the lower edge at 800 mm, upright
and lying; and that the measuring itself can fail.
"""

from __future__ import annotations

import pytest

from screens.widgets.button import BigButton
from screens.widgets.wording import Wording
from tests.screens.measure.pages import LYING, SMALL, Variant, cut_by_longer_words, stand_in, variants, violations
from tests.screens.measure.picture import Picture, luminance
from tests.screens.measure.ruler import measure
from tests.screens.samples import STEPS

pytestmark = pytest.mark.window


@pytest.mark.parametrize("variant", [*variants(SMALL), *variants(LYING, ("zh",), ("standard", "elder"))], ids=str)
def test_every_page(driver, variant: Variant) -> None:
    stand_in(driver, variant)
    assert list(violations(driver)) == []


@pytest.mark.parametrize("variant", [
    *variants(SMALL, looks=("standard", "elder")), Variant(LYING, "en", "standard"),
], ids=str)
def test_a_fifth_more_text_is_not_cut(driver, variant: Variant) -> None:
    stand_in(driver, variant)
    assert cut_by_longer_words(driver) == []


def test_pressed_and_focused_pages_keep_their_contrast(driver) -> None:
    found = []
    for look in ("standard", "contrast"):
        for name in ("home", "time", "phone", "phoneok", "check", "display", "day"):
            driver.use(look=look)
            driver.show(STEPS[name])
            for target in driver.targets():
                target.pressed = True
            picture = Picture(driver)
            # for the tenth of a second of a touch 4.5 is enough
            found += [f"{look} {name}: {fault}" for fault in measure(driver, picture=picture, body=4.5)
                      if fault.item == "contrast"]
            for target in driver.targets():
                target.pressed = False
    assert found == []


@pytest.mark.parametrize("look", ["standard", "contrast"])
def test_the_focus_ring_is_seen_and_reaches_everything(driver, look: str) -> None:
    """Every target can be reached by the keypad's arrow, in reading order, and the ring stands out at least 3:1."""
    driver.use(look=look)
    for name in ("home", "phoneok", "still"):
        driver.show(STEPS[name])
        targets = driver.targets()
        reached = []
        for _ in targets:
            plain = Picture(driver)
            driver.shell._key(None, 9)
            ringed = Picture(driver)
            target = driver.shell._focus
            reached.append(target)
            changed = (plain.pixels != ringed.pixels).any(2)
            assert changed.any(), f"{name}: nothing shows that {target.label!r} is chosen"
            best = max(_ratios(plain, ringed, changed))
            assert best >= 3, f"{name}: the ring of {target.label!r} {best:.2f}"
        assert reached == targets


def _ratios(plain: Picture, ringed: Picture, changed):
    one, other = luminance(plain.pixels[changed][None])[0], luminance(ringed.pixels[changed][None])[0]
    high, low = one.clip(min=other), one.clip(max=other)
    yield float(((high + 0.05) / (low + 0.05)).max())


@pytest.mark.parametrize("variant", variants(SMALL, ("zh", "en"), ("standard", "elder")), ids=str)
def test_what_counts_down_says_it_in_words_and_moves_nothing(driver, variant: Variant) -> None:
    from dataclasses import replace

    stand_in(driver, variant)
    cases = (("still", "seconds", (30, 9)), ("printed", "clears_in", (20, 9)), ("nopaper", "clears_in", (60, 9)))
    for name, field, seconds in cases:
        places, said = [], []
        for left in seconds:
            driver.show(replace(STEPS[name], **{field: left}))
            places.append([(target.label, *target.pos, *target.size) for target in driver.targets()])
            said.append(any(str(left) in text for text in driver.words()))
        assert all(said)
        assert places[0] == places[1]


def test_simplified_chinese_forms(driver) -> None:
    """直 骨 门 look different in Japan: the kiosk's glyphs must be those of the SC face."""
    import numpy as np
    from fontTools.ttLib import TTCollection
    from PIL import Image, ImageDraw, ImageFont

    from screens.fonts import _COLLECTIONS, FAMILY, _find

    source = _find(_COLLECTIONS["regular"])
    with TTCollection(source, lazy=True) as faces:
        names = [face["name"].getDebugName(1) for face in faces]
    size = 120
    for char in "直骨门":
        ours = _mask(driver, char, size)
        alike = {}
        for family in (FAMILY, "Noto Sans CJK JP"):
            font = ImageFont.truetype(str(source), size, index=names.index(family))
            sheet = Image.new("L", (2 * size, 2 * size))
            ImageDraw.Draw(sheet).text((size // 2, size // 4), char, font=font, fill=255)
            theirs = _trim(np.asarray(sheet) > 127)
            high, wide = min(ours.shape[0], theirs.shape[0]), min(ours.shape[1], theirs.shape[1])
            alike[family] = (ours[:high, :wide] == theirs[:high, :wide]).mean()
        assert alike[FAMILY] > 0.97, alike
        assert alike[FAMILY] > alike["Noto Sans CJK JP"], alike


def _trim(mask):
    import numpy as np

    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return mask[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]


def _mask(driver, char: str, size: int):
    import numpy as np

    (run,) = driver.shell.kit.runs(char, size)
    texture = run.texture
    pixels = np.frombuffer(texture.pixels, np.uint8).reshape(texture.height, texture.width, 4)
    return _trim(pixels[:, :, 3] > 127)


# ---- the measuring itself ------------------------------------------------------------------------------------------


def _small(driver) -> None:
    driver.target("我的预约").put(driver.shell.kit, 200, 800, 30, 30)


def _close(driver) -> None:
    card, other = driver.target("我的预约"), driver.target("请人帮忙")
    other.put(driver.shell.kit, int(card.x), int(card.y - card.height - 4), int(card.width), int(card.height))


def _high(driver) -> None:
    driver.target("我的预约").put(driver.shell.kit, 100, 1700, 400, 200)


def _drawn_larger_than_touched(driver) -> None:
    target = driver.target("我的预约")
    target.collide_point = lambda x, y: abs(x - target.center_x) < 20 and abs(y - target.center_y) < 20


def _words(driver, **how) -> Wording:
    words = Wording(text=how.pop("text", "看不清的小字"), **how)
    driver.shell.page.tell.add_widget(words)
    _lay(driver, words)
    return words


def _lay(driver, words: Wording, height: int = 60) -> None:
    """Where a card is empty: right of its title, within its edge."""
    card = driver.target("我的预约")
    words.put(driver.shell.kit, int(card.right) - 430, int(card.top) - 40 - height, 400, height)


def _pale(driver) -> None:
    _words(driver, tone="rule")


def _tiny(driver) -> None:
    words = _words(driver)
    words.px = lambda _kit: 18
    _lay(driver, words, 40)


def _cut(driver) -> None:
    _words(driver, text="这一句话太长了放不下只好切掉" * 4)


def _on_top(driver) -> None:
    _words(driver, text="一句话")
    _words(driver, text="另一句话")


def _no_glyph(driver) -> None:
    _words(driver, text="名字里有\U000f0001")


def _nameless(driver) -> None:
    button = BigButton()
    driver.shell.page.answers.add_widget(button)
    button.put(driver.shell.kit, 100, 300, 600, 90)


def _by_colour(driver) -> None:
    from dataclasses import replace

    card = driver.target("我的预约")
    card.item = replace(card.item, chosen=True)


def _no_way_back(driver) -> None:
    next(button for button in driver.shell.bar.buttons if button.button == "home").off = True


@pytest.mark.parametrize(("plant", "item"), [
    (_small, "target size"), (_close, "gap"), (_high, "reach"), (_drawn_larger_than_touched, "target size"),
    (_pale, "contrast"), (_tiny, "cap height"), (_cut, "clipped"), (_on_top, "overlap"), (_no_glyph, "glyph"),
    (_nameless, "speech"), (_by_colour, "colour only"), (_no_way_back, "way on"),
])
def test_a_planted_fault_is_found(driver, plant, item: str) -> None:
    driver.show(STEPS["display"])
    driver.show(STEPS["home"])
    page = driver.shell.page
    kept = [(stack, list(stack.children)) for stack in (page.tell, page.answers)]
    assert measure(driver, picture=Picture(driver)) == []
    try:
        plant(driver)
        found = {fault.item for fault in measure(driver, picture=Picture(driver))}
        assert item in found
    finally:
        for stack, children in kept:
            for extra in [child for child in stack.children if child not in children]:
                stack.remove_widget(extra)
        driver.target("我的预约").__dict__.pop("collide_point", None)
        driver.show(STEPS["display"])
