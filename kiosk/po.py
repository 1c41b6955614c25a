"""Reads a gettext catalogue from its .po without Babel: for a checkout that was not set up, and for the checks of it.

Standard library only. It never writes and never translates.
"""

from __future__ import annotations

import ast
import gettext
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence found in the source, or an entry of a .po. `texts` has one text, or English's two for a plural."""

    msgid: str
    plural: bool = False
    texts: tuple[str, ...] = ()
    fuzzy: bool = False
    where: tuple[tuple[str, int], ...] = ()


class PoTranslations(gettext.NullTranslations):
    """A catalogue read from its .po, for a checkout that was not set up."""

    def __init__(self, messages: dict[str, Message]) -> None:
        super().__init__()
        self._messages = messages

    def gettext(self, message: str) -> str:
        found = self._messages.get(message)
        return found.texts[0] if found and found.texts[0] and not found.fuzzy else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        found = self._messages.get(msgid1)
        if not found or found.fuzzy or not all(found.texts):
            return msgid1 if n == 1 else msgid2
        return found.texts[min(n != 1, len(found.texts) - 1)]


def read_po(text: str) -> dict[str, Message]:
    """A .po's entries by msgid, without its header and its obsolete entries. Raises ValueError on what is no .po."""
    messages: dict[str, Message] = {}
    for block in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        name, fuzzy = "", False
        for whole in block.splitlines():
            line = whole.strip()
            if line.startswith("#"):
                fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
                continue
            if not line:
                continue
            if not line.startswith('"'):
                name, _space, quoted = line.partition(" ")
            else:
                quoted = line
            if not name or not quoted.startswith('"'):
                msg = f"not a .po line: {line!r}"
                raise ValueError(msg)
            fields[name] = fields.get(name, "") + ast.literal_eval(quoted)
        if fields.get("msgid"):
            texts = tuple(value for key, value in sorted(fields.items()) if key.startswith("msgstr"))
            messages[fields["msgid"]] = Message(fields["msgid"], "msgid_plural" in fields, texts or ("",), fuzzy)
    return messages
