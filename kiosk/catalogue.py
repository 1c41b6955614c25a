"""The translators' workbench: finds every sentence residents read, and keeps the English catalogue complete.

`python -m kiosk.catalogue check|compile|extract`: `check` (for `make lint`) is standard library only, the others use
Babel at set-up. Nothing on the way to a kiosk's page imports it. It never translates.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from kiosk.po import Message, read_po
from kiosk.words import TRANSLATIONS, placeholders

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("kiosk", "screens")
_MARKERS = {"_": False, "say": False, "plural": True}
_IN_TEXT = re.compile(r"\b(say|plural)\(\s*(?:'((?:[^'\\]|\\.)+)'|\"((?:[^\"\\]|\\.)+)\")")
_HEADER = """# English for Hall Kiosk. Message ids are the Chinese sentences of the source;
# `python -m kiosk.catalogue extract` brings new ones here and drops those that nothing says any more.
msgid ""
msgstr ""
"Language: en\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""  # no dates: an extraction that finds nothing new changes nothing
_SPECS = {"", "time", "day", "half", "lead"}


def extract(root: Path = ROOT) -> dict[str, Message]:
    """Every sentence marked with `_("…")`, `….say("…")` or `….plural("…", n)` in the rooms' .py, .kv and .html."""
    found: dict[str, Message] = {}
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            if path.suffix not in (".py", ".kv", ".html"):
                continue
            text = path.read_text(encoding="utf-8")
            marked = _in_python(text, path) if path.suffix == ".py" else _in_text(text)
            for msgid, plural, line in marked:
                before = found.get(msgid, Message(msgid))
                where = (*before.where, (path.relative_to(root).as_posix(), line))
                found[msgid] = Message(msgid, before.plural or plural, where=where)
    return found


def _in_python(text: str, path: Path) -> Iterator[tuple[str, bool, int]]:
    for node in ast.walk(ast.parse(text, path)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = node.args[0]
        if called in _MARKERS and isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
            yield first.value, _MARKERS[called], node.lineno


def _in_text(text: str) -> Iterator[tuple[str, bool, int]]:
    for match in _IN_TEXT.finditer(text):
        msgid = (match[2] or match[3]).replace("\\'", "'").replace('\\"', '"').replace("\\n", "\n")
        yield msgid, _MARKERS[match[1]], text.count("\n", 0, match.start()) + 1


def faults(wanted: dict[str, Message], had: dict[str, Message]) -> list[str]:
    """What keeps a catalogue from being complete, one plain line each."""
    lines = []
    for msgid, message in wanted.items():
        entry = had.get(msgid)
        place = ":".join(map(str, message.where[0])) if message.where else "?"
        if entry is None or not all(entry.texts):
            lines.append(f"{place}: no English for {msgid!r}")
        elif entry.fuzzy:
            lines.append(f"{place}: the English for {msgid!r} is marked fuzzy")
        elif message.plural != entry.plural:
            lines.append(f"{place}: {msgid!r} is counted in the source but not in the catalogue, or the reverse")
        else:
            lines += [
                f"{place}: {text!r} has not the placeholders of {msgid!r}"
                for text in entry.texts
                if placeholders(text) != placeholders(msgid)
            ]
        if any(spec not in _SPECS for text in (msgid, *(entry.texts if entry else ())) for spec in _specs(text)):
            lines.append(f"{place}: {msgid!r} asks for a part of a fact that kiosk.words does not know")
    lines += [f"hall.po: nothing says {msgid!r} any more" for msgid in had if msgid not in wanted]
    return lines


def _specs(text: str) -> Iterator[str]:
    import string  # noqa: PLC0415 - here only

    return (spec for _text, name, spec, _conv in string.Formatter().parse(text) if name and spec)


def compile_all(translations: Path = TRANSLATIONS) -> list[Path]:
    """Write a .mo beside each .po that changed since. Needs Babel."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - set-up only
    from babel.messages.pofile import read_po as babel_po  # noqa: PLC0415

    written = []
    for po in sorted(translations.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = babel_po(source, locale=po.parent.parent.name)
        fresh = mo.with_suffix(".mo.new")
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.replace(mo)  # a kiosk that is starting never reads half a file
        written.append(mo)
    return written


def update(po: Path, root: Path = ROOT) -> list[str]:
    """Bring `po` up to the source: new sentences empty, gone ones dropped, translations kept. Needs Babel."""
    from babel.messages.catalog import Catalog  # noqa: PLC0415 - set-up only
    from babel.messages.pofile import write_po  # noqa: PLC0415

    had = read_po(po.read_text(encoding="utf-8")) if po.exists() else {}
    wanted = extract(root)
    catalogue = Catalog(locale="en", project="hall-kiosk", fuzzy=False, charset="utf-8")
    for msgid, message in wanted.items():
        old = had.get(msgid)
        kept = old.texts if old and old.plural == message.plural else ()
        files = sorted({(file, 0) for file, _line in message.where})  # line numbers would change at every edit
        if message.plural:
            catalogue.add((msgid, msgid), kept or ("", ""), locations=files)
        else:
            catalogue.add(msgid, kept[0] if kept else "", locations=files)
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as target:
        target.write(_HEADER.encode())
        write_po(target, catalogue, width=118, omit_header=True, sort_by_file=True, include_lineno=False)
    return [msgid for msgid in wanted if msgid not in had or not all(had[msgid].texts)]


def main(arguments: list[str] | None = None) -> int:
    """`python -m kiosk.catalogue check|compile|extract`."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.catalogue", description="what residents read, in English")
    parser.add_argument("do", choices=("check", "compile", "extract"))
    do = parser.parse_args(arguments).do
    po = TRANSLATIONS / "en" / "LC_MESSAGES" / "hall.po"
    if do == "compile":
        compile_all()
        return 0
    if do == "extract":
        empty = update(po)
        sys.stdout.write("".join(f"to translate: {msgid}\n" for msgid in empty))
        return 0
    wanted = extract()
    wrong = faults(wanted, read_po(po.read_text(encoding="utf-8")))
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    sys.stdout.write(f"{len(wanted)} sentences, {len(wrong)} faults\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
