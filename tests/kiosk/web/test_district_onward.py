"""A district with a tier above, as its people meet it: a case handed up and asked back, what was refused there."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tests.kiosk.upstream import districts
from tests.kiosk.upstream.building import until
from tests.kiosk.upstream.chaos import Chaos
from tests.kiosk.upstream.districts import DistrictProcess
from tests.kiosk.web.officer import Officer, post

MANAGER = "manager's own word"

ABOVE = """
[[upstream]]
name = "city"
kind = "cloudevents"
url = "http://127.0.0.1:9/api/v1/events"
secret = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0"
events = ["request.*"]
"""


def test_a_case_is_handed_up_where_there_is_a_tier_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(districts, "TOML", districts.TOML + ABOVE)
    with DistrictProcess(tmp_path) as lower:
        name, _blank, first = (lower.data / "first-sign-in").read_text().strip().partition(" ")
        manager = Officer(lower.url, name, first)
        manager.own(first, MANAGER)
        post(lower, "hard")
        at = "/office/cases/case-hard"
        assert "请写几个字" in manager.press(f"{at}/escalate", text=" ").text
        shown = manager.press(f"{at}/escalate", text="要市里协调").text
        assert "转到上一级了" in shown
        assert "它还没有受理" in shown
        assert "现在可以做" not in shown
        assert "现在不能这样办" in manager.press(f"{at}/answer", text="换了新灯", turn="2").text
        assert "换了新灯" in manager.press(f"{at}/answer", text="换了新灯", turn="1").text, "what was typed stays"
        assert 'id="recall"' in shown
        asked = manager.press(f"{at}/recall").text
        assert "等它答复" in asked
        assert 'id="recall"' not in asked
        assert "现在不能这样办" in manager.press(f"{at}/recall", turn="3").text
        assert [one["kind"] for one in lower.changes().json()["changes"]] == ["escalated"]
        manager.client.close()


def test_what_the_tier_above_refused_is_told_and_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Chaos() as city:
        above = f'[[upstream]]\nname = "city"\nurl = "{city.url}"\nsecret = "{city.secret}"\nevents = ["request.*"]\n'
        monkeypatch.setattr(districts, "TOML", f'{districts.TOML}\n{above}options = {{ changes = "{city.url}" }}\n')
        take = city._take
        city._take = lambda _headers, _body: 422
        with DistrictProcess(tmp_path) as lower:
            name, _blank, first = (lower.data / "first-sign-in").read_text().strip().partition(" ")
            manager = Officer(lower.url, name, first)
            manager.own(first, MANAGER)
            post(lower, "hard")
            manager.press("/office/cases/case-hard/escalate", text="要市里协调")

            def page() -> str:
                return manager.client.get("/office/onward").text

            until(lambda: "上一级没有收（422）" in page())
            (health,) = httpx.get(f"{lower.url}/healthz", trust_env=False).json()["upstream"]
            assert (health["name"], health["aside"]) == ("city", 1)
            (event,) = re.findall(r'name="event" value="([^"]+)"', page())
            city._take = take
            told = manager.press("/office/onward/send-again", to="city", event=event).text
            assert "正在再发一次" in told
            until(lambda: "没有。上一级不收的会放在这里" in page())
            assert [one["type"] for one in city.effects] == ["cn.hall.request.escalated.v1"]
            city._take = lambda _headers, _body: 410
            post(lower, "next")
            manager.press("/office/cases/case-next/accept")
            until(lambda: "继续上报" in page())
            city._take = take
            told = manager.press("/office/onward/go-on", to="city").text
            assert "继续上报了" in told
            until(lambda: len(city.effects) == 2)
            manager.client.close()
