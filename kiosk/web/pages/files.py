"""The pages' own styles and scripts, read once. There are no others, and none from elsewhere."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.web.pages.doorway import Doorway

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class FilePages:
    """/static/{file}."""

    def __init__(self, gate: Doorway) -> None:
        self._gate = gate
        folder = Path(__file__).parents[1] / "static"
        self._files = {file.name: (file.read_bytes(), KINDS[file.suffix]) for file in folder.iterdir()}

    def add_to(self, app: FastAPI) -> None:
        """Put them into the application."""
        self._gate.add(app, "/static/{file}", self._file)

    async def _file(self, request: Request) -> Response:
        content, kind = self._files.get(request.path_params["file"], (b"", ""))
        if not kind:
            return Response(status_code=404)
        return Response(content, headers={"Content-Type": kind})
