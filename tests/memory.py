"""What lives in this process: the texts that hold a needle, for tests of what a visit leaves behind."""

from __future__ import annotations

import gc
from itertools import chain

_APART = "\n"


def living(*needles: str, shorter_than: int | None = None) -> list[str]:
    """Strings and bytes, other than the needles themselves, that hold one of them: of every object the collector knows
    and of what stands inside each. A sentence for each, for a failed assertion to show."""
    gc.collect()
    things = gc.get_objects()
    ours = {id(needle) for needle in needles}
    texts = {
        id(inner): inner for inner in chain(things, gc.get_referents(*things))
        if type(inner) in (str, bytes, bytearray) and id(inner) not in ours
        and (shorter_than is None or len(inner) < shorter_than)
    }  # fmt: skip
    said = [text if type(text) is str else bytes(text).decode("latin-1") for text in texts.values()]
    whole = _APART.join(said)  # one search of it all is ten times as quick as one of each
    if not any(needle in whole for needle in needles):
        return []
    return [
        f"{len(text)} characters in {sorted({type(holder).__name__ for holder in gc.get_referrers(held)})[:6]}"
        for text, held in zip(said, texts.values(), strict=True)
        if any(needle in text for needle in needles)
    ]


__all__ = ["living"]
