"""How a destination wants to know us, and what `check` says of it before anything is posted."""

from __future__ import annotations

import asyncio
import base64

import httpx

from kiosk.upstream.access import Access
from kiosk.upstream.selfcheck import ask
from tests.kiosk.upstream.building import settings
from tests.kiosk.upstream.chaos import Chaos


def headers(access: Access, answers: list[httpx.Response], count: int = 1) -> tuple[list[dict], list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answers.pop(0)

    async def go() -> list[dict]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            return await asyncio.gather(*(access.headers(http) for _ in range(count)))

    return asyncio.run(go()), asked


def test_a_bearer_token_from_hall_toml_or_from_a_file(tmp_path):
    (tmp_path / "token").write_text("from-a-file\n")
    for options, wanted in (({"token": "plain"}, "plain"), ({"token_file": str(tmp_path / "token")}, "from-a-file")):
        (found,), asked = headers(Access.of(options), [])
        assert found == {"authorization": f"Bearer {wanted}"}
        assert not asked
    assert headers(Access.of({}), [])[0] == [{}]


def test_client_credentials_are_asked_for_once_kept_and_renewed_before_their_end():
    now = [0.0]
    access = Access.of({"oauth_url": "https://id.example/token", "oauth_client": "hall", "oauth_secret": "s",
                        "oauth_scope": "post"})
    access.clock = lambda: now[0]
    found, asked = headers(access, [httpx.Response(200, json={"access_token": "one", "expires_in": 100})], count=5)
    assert found == [{"authorization": "Bearer one"}] * 5
    assert len(asked) == 1
    assert asked[0].headers["authorization"] == "Basic " + base64.b64encode(b"hall:s").decode()
    assert asked[0].content == b"grant_type=client_credentials&scope=post"
    now[0] = 69
    assert headers(access, [])[0] == [{"authorization": "Bearer one"}]
    now[0] = 71
    again = [httpx.Response(200, json={"access_token": "two", "expires_in": "soon"})]
    assert headers(access, again)[0] == [{"authorization": "Bearer two"}]


def test_without_a_token_the_post_goes_without_and_the_next_asks_again():
    access = Access.of({"oauth_url": "https://id.example/token", "oauth_client": "hall", "oauth_secret": "s"})
    for nonsense in (httpx.Response(500), httpx.Response(200, text="?"), httpx.Response(200, json=["x"])):
        assert headers(access, [nonsense])[0] == [{}]
    fine = [httpx.Response(200, json={"access_token": "at-last"})]
    assert headers(access, fine)[0] == [{"authorization": "Bearer at-last"}]


def test_check_names_what_is_wrong_with_a_destination():
    with Chaos() as chaos:
        fine = settings(chaos.url, chaos.secret)
        rows = ask((fine, settings(chaos.url, "whsec_AAAA"), settings(chaos.url, chaos.secret, public_key="??"),
                    settings(chaos.url, chaos.secret, events=()), settings("http://127.0.0.1:9/x", chaos.secret),
                    settings(chaos.url, chaos.secret, options={"tokn": "x"}),
                    settings(chaos.url, chaos.secret, options={"token_file": "/nowhere/at/all"}),
                    settings(chaos.url, chaos.secret, options={"cert": __file__})), "Asia/Shanghai")
    assert [code for _name, code, _detail in rows] == [
        None, "upstream-wrong", "upstream-wrong", "upstream-silent", "upstream-away", "upstream-wrong",
        "upstream-wrong", "upstream-wrong",
    ]  # fmt: skip
    assert not chaos.effects
    assert "whsec_AAAA" not in str(rows)


def test_a_token_that_is_not_believed_is_asked_for_anew():
    access = Access.of({"oauth_url": "https://id.example/token", "oauth_client": "hall", "oauth_secret": "s"})
    one = [httpx.Response(200, json={"access_token": "one", "expires_in": 86_400})]
    assert headers(access, one)[0] == [{"authorization": "Bearer one"}]
    assert headers(access, [])[0] == [{"authorization": "Bearer one"}]
    access.refused()
    two = [httpx.Response(200, json={"access_token": "two", "expires_in": 86_400})]
    assert headers(access, two)[0] == [{"authorization": "Bearer two"}]
