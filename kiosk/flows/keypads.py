"""What a keypad's keys do to what was typed: nothing but digits, or nothing but letters, never more than fit. What a
number is, `kiosk.rules` knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.door import Fact, Reason
from kiosk.rules import phone
from kiosk.rules.bar import Bar
from kiosk.rules.codes import CODE_LENGTH, REQUEST_LENGTH
from kiosk.writing.readings import ALPHABET
from kiosk.writing.search import MOST


@dataclass(frozen=True, slots=True)
class Read:
    """What was typed, read: `missing` digits until it is `whole`, at `most` how many fit, or the `problem` why it never
    will be a number."""

    missing: int
    whole: bool
    most: int
    problem: Reason | None = None


def read_phone(typed: str) -> Read:
    """A telephone number being typed: a mobile, or a landline with its area code."""
    read = phone.read(typed)
    return Read(read.missing, read.whole, read.most, reason(read.problem) if read.problem else None)


def read_code(typed: str) -> Read:
    """A code being typed: an appointment's, or a request's, which is longer."""
    missing = (CODE_LENGTH if len(typed) <= CODE_LENGTH else REQUEST_LENGTH) - len(typed)
    return Read(missing, missing == 0, REQUEST_LENGTH)


def read_request_code(typed: str) -> Read:
    """A request's code being typed."""
    missing = REQUEST_LENGTH - len(typed)
    return Read(missing, missing == 0, REQUEST_LENGTH)


def pressed(typed: str, key: str, read: Callable[[str], Read]) -> str:
    """What stands after a key: a digit, "back" or "clear". A digit too many changes nothing."""
    if key == "clear":
        return ""
    if key == "back":
        return typed[:-1]
    if len(key) != 1 or not key.isascii() or not key.isdigit():
        return typed
    return typed + key if len(typed) < read(typed).most else typed


def spelt(typed: str, key: str) -> str:
    """What stands after a key of the letters: a letter, "back" or "clear". After characters a letter begins anew."""
    if key in {"back", "clear"}:
        return typed[:-1] if key == "back" else ""
    if not typed.isascii() and key in ALPHABET:
        return key
    return typed + key if len(key) == 1 and key in ALPHABET and len(typed) < MOST else typed


def reason(bar: Bar) -> Reason:
    """A rule's no as the pages carry it."""
    facts = {name: value for name, value in bar.facts.items() if isinstance(value, Fact)}
    return Reason(bar.code, facts)
