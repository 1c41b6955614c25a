"""Real district processes for tests: `main.py district` on a port of the system's choice."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import httpx

from kiosk.config.settings import UpstreamSettings
from kiosk.upstream import envelope, signing
from tests.halls import MAIN

TOML = """
[district]
id = "upper"
name = "测试区"
name_en = "Test district"

[[units]]
id = "hotline"
name = "热线"
officers = ["周敏"]

[[units]]
id = "environment"
name = "城管局"
officers = ["陈刚", "吴霞"]

[[routes]]
unit = "environment"
categories = ["environment"]

[[halls]]
id = "test"
name = "测试大厅"

[[halls]]
id = "other"
name = "别的大厅"
"""


def district_toml(folder: Path, more: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "district.toml"
    path.write_text(TOML + more, encoding="utf-8")
    return path


class DistrictProcess:
    """One running district. The port stays over a restart."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder, self._more, self.port = folder, more, 0
        self.toml = district_toml(folder)
        self.data = folder / "district"
        self.start()

    def start(self) -> None:
        log = self.folder / f"district-{time.monotonic_ns()}.log"
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(MAIN), "district", "--config", str(self.toml), "--data", str(self.data),
                 "--port", str(self.port), *self._more], stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            )  # fmt: skip
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert self.process.poll() is None, log.read_text()
            found = re.search(r"http://127.0.0.1:(\d+)", log.read_text())
            if found is not None:
                self.port = int(found[1])
                self.url = found[0]
                try:
                    if httpx.get(f"{self.url}/healthz", timeout=20, trust_env=False).status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
            time.sleep(0.05)
        raise AssertionError(f"no district: {log.read_text()}")

    def told(self, hall: str = "test") -> dict[str, str]:
        """What the hall's file says: url, secret, public_key."""
        return tomllib.loads((self.data / "halls" / f"{hall}.toml").read_text(encoding="utf-8"))["upstream"][0]

    def upstream(self, hall: str = "test") -> UpstreamSettings:
        told = self.told(hall)
        return UpstreamSettings(told["name"], "cloudevents", f"{self.url}/api/v1/events", told["secret"], None,
                                ("request.*",), told["public_key"], (), {})

    def post(self, body: bytes, kind: str = envelope.SINGLE, *, hall: str = "test", id_: str = "any",
             at: int | None = None, **headers: str) -> httpx.Response:
        key = signing.key_of(self.told(hall)["secret"])
        signed = signing.headers(key, id_, int(time.time()) if at is None else at, body)
        return httpx.post(f"{self.url}/api/v1/events", content=body, trust_env=False, timeout=20,
                          headers={**signed, "content-type": kind, **headers})

    def changes(self, after: int = 0, hall: str = "test") -> httpx.Response:
        key = signing.key_of(self.told(hall)["secret"])
        return httpx.get(f"{self.url}/api/v1/changes", params={"after": after}, trust_env=False, timeout=20,
                         headers=signing.headers(key, f"changes:{after}", int(time.time()), b""))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
