"""The table of rooms as a contract of import-linter's: each room names what it leans on, and imports nothing else of
ours. It judges direct imports, so that the table reads as the house is drawn; it never judges packages of others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grimp import ImportGraph
from importlinter.application import output
from importlinter.domain import fields
from importlinter.domain.contract import Contract, ContractCheck


def _within(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def room_of(module: str, rooms: dict[str, tuple[str, ...]]) -> str | None:
    """The innermost room that `module` stands in."""
    return max((room for room in rooms if _within(module, room)), key=len, default=None)


def parse(table: list[str]) -> dict[str, tuple[str, ...]]:
    """Lines "room: may lean on" as a mapping."""
    rooms = {}
    for line in table:
        room, _, leans_on = line.partition(":")
        rooms[room.strip()] = tuple(leans_on.split())
    return rooms


def trespasses(graph: ImportGraph, rooms: dict[str, tuple[str, ...]], everywhere: tuple[str, ...]) -> Iterator[str]:
    """Each direct import that the table does not allow, and each module without a room, as a sentence."""
    roots = {room.partition(".")[0] for room in rooms}
    ours = sorted(module for module in graph.modules if module.partition(".")[0] in roots)
    for module in ours:
        room = room_of(module, rooms)
        if room is None:
            if module not in roots:
                yield f"{module} stands in no room of the table"
            continue
        allowed = (room, *rooms[room], *everywhere)
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            if imported.partition(".")[0] in roots and not any(_within(imported, place) for place in allowed):
                lines = sorted({d["line_number"] for d in graph.get_import_details(importer=module, imported=imported)})
                yield f"{module} -> {imported} (line {', '.join(map(str, lines))}): {room} does not lean on it"


class RoomsContract(Contract):
    """`rooms`: lines "room: room room …"; `everywhere`: modules that every room may import."""

    type_name = "rooms"

    rooms: Any = fields.ListField(subfield=fields.StringField())
    everywhere: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = tuple(trespasses(graph, parse(self.rooms), tuple(self.everywhere)))
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for sentence in check.metadata["found"]:
            output.print_error(sentence)
