"""The words of a hall: what hall.toml adds for writing, and what residents may well write because it stands in it."""

from __future__ import annotations

from kiosk.config.reader import Table
from kiosk.config.settings import Settings, WritingSettings

_MOST_WORDS = 2000
_MOST_CHARACTERS = 24


def read_writing(table: Table) -> WritingSettings:
    """[writing]."""
    writing = WritingSettings(_words(table), table.flag("fuzzy", default=True))
    table.end()
    return writing


def hall_words(settings: Settings) -> tuple[str, ...]:
    """Every word of the hall, once: its own first, then services, matters and what people call them, categories and
    their phrases, places and facilities."""
    found = dict.fromkeys(settings.writing.words)
    for service in settings.services:
        found[service.name.zh] = None
        for matter in service.matters:
            found |= dict.fromkeys((matter.name.zh, *matter.also))
    for category in settings.categories:
        found |= dict.fromkeys((category.name.zh, *(phrase.zh for phrase in category.phrases)))
    for grid in settings.grids:
        found |= dict.fromkeys((grid.name.zh, *grid.also))
    for facility in settings.facilities:
        found |= dict.fromkeys((facility.name.zh, facility.place.zh))
    found[settings.hall.name.zh] = None
    return tuple(word for word in found if word)


def _words(table: Table) -> tuple[str, ...]:
    words = table.texts("words", ())
    if len(words) > _MOST_WORDS:
        table.wrong("words", f"不超过 {_MOST_WORDS} 个词 / at most {_MOST_WORDS} words")
        return ()
    for at, word in enumerate(words):
        if len(word) > _MOST_CHARACTERS or not all("\u4e00" <= sign <= "\u9fff" or sign == "〇" for sign in word):
            wanted = f"只有汉字的词，1–{_MOST_CHARACTERS} 个字 / 1–{_MOST_CHARACTERS} Chinese characters"
            table.problems.add(f"{table.name('words')}[{at}]", word, wanted)
    return words
