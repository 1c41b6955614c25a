"""What a tour brings home: a picture of every page in each language and look, every slip as picture and bytes, and one
sheet (index.html) to read them from. It touches nothing and decides nothing.
"""

from __future__ import annotations

import html
import json
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from devices.printers.virtual_paper import PrintedSlip
from kiosk.words import Language, Words
from screens.driver import Driver
from screens.tokens import CONTRAST, ELDER, STANDARD, Tokens

LANGUAGES: tuple[Language, ...] = ("zh", "en")
LOOKS = {"standard": (STANDARD, False), "elder": (ELDER, False), "contrast": (CONTRAST, False), "low": (STANDARD, True)}


@dataclass(slots=True)
class Shot:
    """One page of the tour: what was touched to come here, and its pictures by (language, look)."""

    page: str
    path: str
    touched: str
    pictures: dict[tuple[str, str], str] = field(default_factory=dict)


class Album:
    """Everything in `out`. `say` tells how far the tour is."""

    def __init__(self, out: Path, driver: Driver) -> None:
        self.out, self._driver = out, driver
        self.shots: list[Shot] = []
        self.slips: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self._whole: set[str] = set()
        self._count = 0
        self._pool = ThreadPoolExecutor(2, "album")
        self._saving: list[Future[None]] = []
        for folder in ("pages", "slips"):
            (out / folder).mkdir(parents=True, exist_ok=True)
            for old in (*(out / folder).glob("*.png"), *(out / folder).glob("*.bin")):
                old.unlink()

    # ---- taking -----------------------------------------------------------------------------------------------------

    def page(self, name: str, path: str, touched: str) -> None:
        """The page that stands: as it stands, and the first time it is met in every language and look."""
        shell = self._driver.shell
        kit, step = shell.kit, shell.step
        as_it_stands = (kit.words.language, _look_of(kit.tokens))
        shot = Shot(name, path, touched)
        self.shots.append(shot)
        for language, look in _each(as_it_stands, every=name not in self._whole):
            shell.turn(step, Tokens(self._driver.panel, *LOOKS[look]), Words(language))
            self._save(shot, language, look)
        self._whole.add(name)
        shell.turn(step, kit.tokens, kit.words)
        self._driver.loop.draw()

    def _save(self, shot: Shot, language: str, look: str) -> None:
        picture = self._driver.pixels()
        self._count += 1
        place = f"pages/{self._count:03d}-{shot.page}-{language}-{look}.png"
        shot.pictures[language, look] = place
        self._saving.append(self._pool.submit(_write, picture, self.out / place))

    def slip(self, kind: str, slip: PrintedSlip) -> None:
        """A slip fell, whole."""
        if not slip.cut:
            return
        place = f"slips/{len(self.slips) + 1:03d}-{kind}"
        self.slips.append((kind, place))
        (self.out / f"{place}.png").write_bytes(slip.png())
        (self.out / f"{place}.bin").write_bytes(slip.raw)

    def fault(self, sentence: str) -> None:
        self.faults.append(sentence)
        self.say(f"!! {sentence}")

    def say(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - a tour takes minutes and says how far it is

    # ---- the sheet --------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Write the sheet, when every picture is on disk."""
        for saving in self._saving:
            saving.result()
        self._pool.shutdown()
        (self.out / "index.html").write_text("\n".join(self._sheet()), encoding="utf-8")
        pages = [{"page": s.page, "path": s.path, "touched": s.touched, "pictures": list(s.pictures.values())}
                 for s in self.shots]
        listed = {"pages": pages, "slips": [place for _kind, place in self.slips], "faults": self.faults}
        (self.out / "tour.json").write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")

    def _sheet(self) -> Iterator[str]:
        yield _HEAD
        pictures = sum(len(shot.pictures) for shot in self.shots)
        yield (f"<h1>大厅自助终端 · Hall Kiosk</h1><p>{len(self.shots)} 步 steps, {len(self._whole)} 种页面 pages, "
               f"{pictures} 张图 pictures, {len(self.slips)} 张凭条 paper slips, {len(self.faults)} 处不对 faults</p>")
        for fault in self.faults:
            yield f"<p class=fault>✗ {html.escape(fault)}</p>"
        path = ""
        for shot in self.shots:
            if shot.path != path:
                path = shot.path
                yield f"<h2>{html.escape(path)}</h2>"
            yield f"<h3>{html.escape(shot.page)}<small>{html.escape(shot.touched)}</small></h3><div>"
            for (language, look), place in shot.pictures.items():
                yield (f"<figure><a href='{place}'><img loading=lazy src='{place}'></a>"
                       f"<figcaption>{language} · {look}</figcaption></figure>")
            yield "</div>"
        yield "<h2>凭条 · paper</h2><div>"
        for kind, place in self.slips:
            yield (f"<figure class=paper><a href='{place}.png'><img loading=lazy src='{place}.png'></a>"
                   f"<figcaption>{kind} · <a href='{place}.bin'>ESC/POS</a></figcaption></figure>")
        yield "</div>"


def _each(first: tuple[Language, str], *, every: bool) -> Iterator[tuple[Language, str]]:
    yield first
    if every:
        yield from ((language, look) for language in LANGUAGES for look in LOOKS if (language, look) != first)


def _look_of(tokens: Tokens) -> str:
    return "low" if tokens.low else tokens.look


def _write(picture: Image.Image, place: Path) -> None:
    picture.save(place, "PNG", compress_level=4)


_HEAD = """<!doctype html><html lang=zh><meta charset=utf-8><title>Hall Kiosk · tour</title><style>
body{font:16px/1.5 "Noto Sans CJK SC",sans-serif;background:#FAF6EE;color:#221C15;margin:2rem}
h2{margin:2.5rem 0 .5rem;border-bottom:2px solid #B3261E}
h3{margin:1rem 0 .25rem}h3 small{font-weight:400;margin-left:1rem;color:#554B3F}
div{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0}img{height:420px;border:1px solid #8D8070;background:#fff}
.paper img{height:520px}figcaption{font-size:13px;color:#554B3F}.fault{color:#B3261E;font-weight:700}</style>"""
