"""What this machine can write with: the data of handwriting, pinyin and words, as far as they were built. Imported
after the first page, by whoever may wait for it; what is missing takes its own way of writing away and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kiosk.flows.writing import Pen
from kiosk.writing.handwriting import Matcher
from kiosk.writing.lexicon import Lexicon
from kiosk.writing.pinyin import Decoder
from kiosk.writing.store import DataMissing


def open_pen(
    words: Iterable[str] = (), *, fuzzy: bool = True, folder: Path | None = None,
) -> tuple[Pen, dict[str, DataMissing]]:
    """A pen, and for each way of writing ("hand", "pinyin") that is not there, why and what to do. `words`: the hall's
    own. About a tenth of a second."""
    missing: dict[str, DataMissing] = {}
    matcher = decoder = lexicon = None
    try:
        matcher = Matcher.load(folder)
    except DataMissing as lacking:
        missing["hand"] = lacking
    try:
        lexicon = Lexicon.load(folder, words, fuzzy=fuzzy)
        decoder = Decoder(lexicon)
    except DataMissing as lacking:
        missing["pinyin"] = lacking
    return Pen(matcher, decoder, lexicon), missing
