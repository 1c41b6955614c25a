"""What hall.toml says of displays, voice and notifiers, as plans for their drivers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from devices.displays.port import DisplayPlan
from devices.notifiers.port import NotifierPlan
from devices.voice.port import VoicePlan
from kiosk.announcing.telling import Told
from kiosk.announcing.wording import expected
from kiosk.config import Settings
from kiosk.config.settings import DisplaySettings, NotifierSettings


@dataclass(frozen=True, slots=True)
class Fittings:
    """`voice` is None when it is switched off or not there."""

    displays: tuple[DisplayPlan, ...]
    voice: VoicePlan | None
    notifiers: tuple[Told, ...] = ()

    @staticmethod
    def of(settings: Settings, data: Path) -> Fittings:
        """`data`: where virtual displays, the virtual voice and the driver `file` leave what they show, say, send."""
        displays = tuple(_display(display, data) for display in settings.displays)
        notifiers = tuple(_notifier(one, settings.path.parent, data) for one in settings.notifiers)
        said = settings.voice
        if said is None or not said.on:
            return Fittings(displays, None, notifiers)
        clips = expected((service.letter for service in settings.services),
                         ((window.id, window.name.zh) for window in settings.windows))
        options = {key: str(value) for key, value in said.options.items()}
        if said.driver == "virtual":
            options = {"out": str(data / "voice"), **options}
        return Fittings(displays, VoicePlan("语音", said.driver, said.clips, said.times, clips, options), notifiers)


def _notifier(notifier: NotifierSettings, beside: Path, data: Path) -> Told:
    """`beside`: the folder hall.toml is in, which its relative paths start from."""
    options = {key: str(value) for key, value in notifier.options.items()}
    if notifier.driver == "file":
        options["folder"] = str(beside / options["folder"]) if options.get("folder") else str(data / "messages")
    return Told(NotifierPlan(notifier.name, notifier.driver, options), notifier.quiet)


def _display(display: DisplaySettings, data: Path) -> DisplayPlan:
    options = {key: str(value) for key, value in display.options.items()}
    driver = display.driver
    if display.port.startswith("virtual:"):
        driver, options = "virtual", {"out": str(data / "displays" / f"{display.name}.txt"), **options}
        if display.driver != "virtual":
            options.setdefault("protocol", display.driver)
    return DisplayPlan(display.name, driver, display.port, display.baud, display.windows, options)
