"""The staff page in a real browser and against forged requests: who may press what, and that it rights itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import sync_playwright

from tests.browser import todays
from tests.halls import Hall, free_starts, hall_toml, main_py
from tests.kiosk.web.looking import nothing_hangs_out
from tests.kiosk.web.standing import soon

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("staff")
    with Hall(folder / "data", hall_toml(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def first(hall: Hall) -> tuple[str, str]:
    """The first sign-in, as the technician finds it."""
    kept = hall.data / "first-sign-in"
    soon(lambda: kept.exists() and kept.read_text().strip())
    assert kept.stat().st_mode & 0o777 == 0o600
    name, password = kept.read_text().split()
    return name, password


@pytest.fixture(scope="module")
def manager(hall: Hall, first: tuple[str, str]) -> str:
    """The manager, once the first password has been changed."""
    with browser(hall) as client:
        assert client.post("/staff/sign-in", data={"name": first[0], "password": first[1]}).status_code == 303
        assert client.get("/staff").headers["location"] == "/staff/password", "the first password must be changed"
        assert client.post("/staff/clock", data={"csrf": form_token(client, "/staff/password")}).status_code == 303
        changed = client.post(
            "/staff/password",
            data={"old": first[1], "new": PASSWORD, "again": PASSWORD, "csrf": form_token(client, "/staff/password")},
        )
        assert changed.headers["location"] == "/staff"
        assert client.get("/staff").status_code == 200
    assert not (hall.data / "first-sign-in").exists()
    return first[0]


def browser(hall: Hall, **headers: str) -> httpx.Client:
    return httpx.Client(base_url=hall.url, headers={"Origin": hall.url, **headers}, timeout=20)


def form_token(client: httpx.Client, path: str = "/staff/todo") -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(path).text)
    assert found is not None
    return found[1]


@contextmanager
def signed_in(hall: Hall, name: str) -> Iterator[httpx.Client]:
    with browser(hall) as client:
        assert client.post("/staff/sign-in", data={"name": name, "password": PASSWORD}).status_code == 303
        yield client


def fill_the_hall(hall: Hall, name: str) -> None:
    """A kiosk without paper whose resident rings for help."""
    now = datetime.now(UTC)
    with hall.client(hall.token(name)) as kiosk:
        (start,) = free_starts(kiosk, "many", 1)
        held = kiosk.post(
            "/appointments", json={"facility": "many", "start": start, "phone": f"139{time.time_ns() % 10**8:08d}"},
            headers={"Idempotency-Key": "b"},
        ).json()  # fmt: skip
        broken = {"code": "paper-out", "facts": {}}
        at = (now - timedelta(minutes=3)).isoformat()
        kiosk.post("/kiosk/report", headers={"Idempotency-Key": "r"}, json={
            "now": now.isoformat(),
            "devices": [{"name": "p", "kind": "printer", "state": "broken", "reason": broken, "since": at}],
            "slips": [{"job": f"j-{name}", "subject": held["id"], "kind": "appointment", "state": "failed",
                       "reason": broken, "at": at}],
        })  # fmt: skip
        assert kiosk.post("/help", json={"page": "home"}, headers={"Idempotency-Key": "h"}).status_code == 204


def test_nothing_is_shown_to_who_has_not_signed_in(hall: Hall) -> None:
    with browser(hall) as client:
        assert client.get("/staff").headers["location"] == "/staff/sign-in"
        assert client.get("/staff/now").status_code == 401
        assert client.post("/staff/clock").headers["location"] == "/staff/sign-in"
        for forged in ("", "x", "x.y", "a" * 5000, "W10.00"):
            client.cookies.set("hall_session", forged)
            assert client.get("/staff").headers["location"] == "/staff/sign-in"


def test_pages_keep_other_sites_out(hall: Hall, manager: str) -> None:
    with signed_in(hall, manager) as client:
        page = client.get("/staff")
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["cache-control"] == "no-store"
        assert "://" not in page.text, "nothing is fetched from outside"
        sent = client.post("/staff/sign-in", data={"name": manager, "password": PASSWORD}).headers["set-cookie"].lower()
        assert "httponly" in sent
        assert "samesite=strict" in sent


def test_a_forged_form_is_refused(hall: Hall, manager: str) -> None:
    with signed_in(hall, manager) as client:
        token = form_token(client)
        assert client.post("/staff/clock", data={}).status_code == 403
        assert client.post("/staff/clock", data={"csrf": token[::-1]}).status_code == 403
        elsewhere = {"Origin": "https://elsewhere.example"}
        assert client.post("/staff/clock", data={"csrf": token}, headers=elsewhere).status_code == 403
        assert client.post("/staff/sign-in", data={"name": "a", "password": "b"}, headers=elsewhere).status_code == 403
        assert client.post("/staff/clock", content=b"x" * 1_000_000).status_code == 413
        assert client.post("/staff/clock", content=b"csrf=%ff\xff").status_code == 403
        assert client.post("/staff/clock", data={"csrf": token}).status_code == 303


def test_wrong_passwords_are_slowed_down(hall: Hall, manager: str) -> None:
    with browser(hall) as client:
        wrong = [client.post("/staff/sign-in", data={"name": "nobody", "password": "x"}).status_code for _ in range(6)]
        assert wrong == [403] * 5 + [429]
        waiting = client.post("/staff/sign-in", data={"name": "nobody", "password": "x"})
        assert 1 <= int(waiting.headers["retry-after"]) <= 60
        assert client.post("/staff/sign-in", data={"name": manager, "password": PASSWORD}).status_code == 303


def test_a_new_password_ends_the_old_sessions(hall: Hall, manager: str) -> None:
    with signed_in(hall, manager) as client:
        changed = main_py("password", manager, "--data", str(hall.data), input="another good one\n")
        assert changed.returncode == 0, changed.stderr
        assert client.get("/staff").headers["location"] == "/staff/sign-in"
        assert main_py("password", manager, "--data", str(hall.data), input=PASSWORD + "\n").returncode == 0
        assert main_py("password", manager, "--data", str(hall.data), input="short\n").returncode == 1
        assert main_py("password", "nobody", "--data", str(hall.data), input=PASSWORD + "\n").returncode == 1


def test_a_clerk_sees_and_does_what_is_to_do_and_the_page_rights_itself(hall: Hall, manager: str) -> None:
    fill_the_hall(hall, "kiosk-1")
    with sync_playwright() as play:
        chromium = todays(play)
        try:
            page = chromium.new_page(viewport={"width": 1280, "height": 800})
            problems: list[str] = []
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.goto(f"{hall.url}/staff")
            page.fill("#name", manager)
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_selector("text=自助机1 有居民请求帮助")
            page.keyboard.press("m")
            page.wait_for_selector("h1:text('有 3 件事要处理')")
            assert "没纸了，请换纸" in page.inner_text("main")
            nothing_hangs_out(page)
            small = page.evaluate("""[...document.querySelectorAll('button')].filter(e => e.offsetParent !== null)
                .filter(e => e.getBoundingClientRect().height < 40 || !e.innerText.trim()).map(e => e.outerHTML)""")
            assert small == [], "every button has a name and is big enough to hit"
            page.click("text=我去帮忙")
            page.wait_for_selector("text=自助机1 有居民请求帮助", state="detached")
            page.click("button:has-text('补打')")
            page.wait_for_selector("text=都打出来了。")

            hall.kill()
            page.wait_for_selector("text=和大厅断开了")
            port, hall._port = hall.port, hall.port
            hall.start()
            assert hall.port == port
            fill_the_hall(hall, "kiosk-2")
            page.wait_for_selector("text=自助机2 有居民请求帮助")
            assert not page.is_visible("#away")
            assert problems == []
        finally:
            chromium.close()


def test_the_first_sign_in_is_made_only_once(hall: Hall, manager: str) -> None:
    hall.end()
    hall.start()
    time.sleep(0.5)
    assert not (Path(hall.data) / "first-sign-in").exists()
