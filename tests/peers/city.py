"""A city's GeoReport v2 end as the standard has it, for tests: services, requests filed as forms, JSON and XML."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

KEY, JURISDICTION = "key of the hall", "park.example"
MOST = 4000  # characters of a description
Rows = Sequence[Mapping[str, object]]


@dataclass
class City:
    """`services`: code → name. `tokens`: whether it answers a post with a token in place of an id, as the standard lets
    it. `requests` is what it kept, `refused` what it answered to the rest."""

    services: Mapping[str, str]
    tokens: bool = False
    requests: list[dict[str, object]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    posted: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self):
        city = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self._answer(*city.get(self.path))

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("content-length", "0"))).decode()
                self._answer(*city.post(self.path, self.headers.get("content-type", ""), body))

            def _answer(self, status: int, kind: str, body: str):
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/open311/v2"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    # ---- what is asked -----------------------------------------------------------------------------------------------

    def get(self, path: str) -> tuple[int, str, str]:
        what, _, form = urlsplit(path).path.removeprefix("/open311/v2/").rpartition(".")
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        if asked.get("jurisdiction_id") != JURISDICTION:
            return _said(form, "errors", "error", [{"code": 404, "description": "jurisdiction_id not found"}], 404)
        if what == "services":
            rows = [{"service_code": code, "service_name": name, "metadata": "false", "type": "realtime"}
                    for code, name in self.services.items()]
            return _said(form, "services", "service", rows)
        rows = [one for one in self.requests if all(
            one[name] in asked[name].split(",")
            for name in ("service_request_id", "service_code", "status") if name in asked
        )]  # fmt: skip
        if what.startswith("requests/"):
            rows = [one for one in rows if one["service_request_id"] == what.removeprefix("requests/")]
        return _said(form, "service_requests", "request", rows, 200 if rows or what == "requests" else 404)

    # ---- what is filed -----------------------------------------------------------------------------------------------

    def post(self, path: str, kind: str, body: str) -> tuple[int, str, str]:
        given = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
        self.posted.append(given)
        wrong = self._wrong(path, kind, given)
        if wrong:
            self.refused.append(wrong)
            return _said("json", "", "", [{"code": wrong, "description": "no"}], wrong)
        id_ = str(638344 + len(self.requests))
        self.requests.append({
            "service_request_id": id_, "status": "open", "service_code": given["service_code"],
            "service_name": self.services[given["service_code"]], "description": given.get("description", ""),
            "address": given.get("address_string", ""), "requested_datetime": datetime.now(UTC).isoformat(),
        })  # fmt: skip
        told = {"token": f"token-{id_}"} if self.tokens else {"service_request_id": id_, "account_id": None}
        return _said("json", "", "", [told], 201)

    def _wrong(self, path: str, kind: str, given: Mapping[str, str]) -> int | None:
        if path != "/open311/v2/requests.json" or given.get("jurisdiction_id") != JURISDICTION:
            return 404
        if given.get("api_key") != KEY:
            return 403
        if "service_code" not in given or kind != "application/x-www-form-urlencoded":
            return 400
        if given["service_code"] not in self.services:
            return 404
        placed = bool({"address_string", "address_id"} & set(given)) or {"lat", "long"} <= set(given)
        return None if placed and len(given.get("description", "")) <= MOST else 400


def _said(form: str, many: str, one: str, rows: Rows, status: int = 200) -> tuple[int, str, str]:
    if form == "json":
        return status, "application/json; charset=utf-8", json.dumps(rows, ensure_ascii=False)
    inside = "".join(
        f"<{one}>" + "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in row.items()) + f"</{one}>"
        for row in rows
    )
    return status, "text/xml; charset=utf-8", f'<?xml version="1.0" encoding="utf-8"?><{many}>{inside}</{many}>'
