"""Every page in every variant: shown, rendered, measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kiosk.words import Language
from screens.driver import Driver
from screens.tokens import Panel
from tests.screens.measure.longer import LongWords
from tests.screens.measure.picture import Picture
from tests.screens.measure.ruler import measure
from tests.screens.samples import STEPS

LOOKS = {"standard": ("standard", False), "elder": ("elder", False), "contrast": ("contrast", False),
         "low": ("standard", True)}
SMALL, LARGE = Panel(21.5, 1080, 1920, 800), Panel(27, 1080, 1920, 700)
LYING = Panel(21.5, 1920, 1080, 800)


@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which a resident may meet a page."""

    panel: Panel
    language: Language
    look: str

    def __str__(self) -> str:
        shape = "upright" if self.panel.portrait else "lying"
        return f"{self.panel.inches:g}-{shape}-{self.language}-{self.look}"


def variants(
    panel: Panel, languages: Iterable[Language] = ("zh", "en"), looks: Iterable[str] = tuple(LOOKS)
) -> list[Variant]:
    return [Variant(panel, language, look) for language in languages for look in looks]


def stand_in(driver: Driver, variant: Variant) -> None:
    """Put the window into this variant."""
    look, low = LOOKS[variant.look]
    driver.use(panel=variant.panel, look=look, low=low, language=variant.language)


def lay(driver: Driver, step: object) -> None:
    """Show a step as `driver.show` does, but for the drawing: whoever wants the picture has it drawn."""
    driver.shell.show(step)
    driver.wait(1.0)
    driver.loop._clock.tick()


def violations(driver: Driver, steps: Mapping[str, object] = STEPS, *, pixels: bool = True) -> Iterator[str]:
    """Every page as the window stands; sentences."""
    for name, step in steps.items():
        lay(driver, step)
        picture = Picture(driver) if pixels else None
        for fault in measure(driver, picture=picture):
            yield f"{name}: {fault}"


def cut_by_longer_words(driver: Driver, steps: Mapping[str, object] = STEPS) -> list[str]:
    """What would be clipped or overlap if every text were a fifth longer, as the window stands. `driver.use` with
    another language brings the usual words back."""
    shell = driver.shell
    language = shell.kit.words.language
    words = LongWords(language)
    shell.kit = shell.kit.changed(shell.kit.tokens, words)
    shell.speaker.say = words.say
    try:
        found = list(violations(driver, steps, pixels=False))
    finally:
        driver.use(language="en" if language == "zh" else "zh")
    return [fault for fault in found if ": clipped" in fault or ": overlap" in fault]
