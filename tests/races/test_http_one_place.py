"""32 HTTP clients want the same place at once, twenty times over: one gets it, thirty-one are told so, in words."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.halls import Line, free_starts, hall_toml, halls, phone

CLIENTS, ROUNDS = 32, 20


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_one_place_is_one_place(kind, processes, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = "sqlite:///hall.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    with halls(tmp_path / "data", hall_toml(tmp_path), processes, "--ledger", url) as running:
        token = running[0].token("kiosk-1")
        with running[0].client(token) as client:
            starts = free_starts(client, "one", ROUNDS)
        answers = asyncio.run(race([hall.port for hall in running], token, starts))
        with running[-1].client(token) as client:
            for start, (won, refused) in answers.items():
                assert len(won) == 1, f"{start}: {len(won)} got the one place"
                assert len(refused) == CLIENTS - 1
                assert Counter(status for status, _ in refused) == {409: CLIENTS - 1}
                for _status, body in refused:
                    assert body["code"] == "full"
                    assert body["detail"]
                    assert body["next"], "a refusal without a way on"
                    assert body["next"][0]["start"] != start
                held = client.get(f"/appointments/{won[0]['code']}").json()
                assert held["start"] == start
                assert held["state"] == "booked"
            for day in {start[:10] for start in starts}:
                for slot in client.get("/facilities/one/slots", params={"date": day}).json()["slots"]:
                    assert slot["free"] == (0 if slot["start"] in answers else 1)


async def race(ports: list[int], token: str, starts: list[str]) -> dict[str, tuple[list[Any], list[tuple[int, Any]]]]:
    lines = [await Line.to(ports[n % len(ports)]) for n in range(CLIENTS)]
    told: dict[str, tuple[list[Any], list[tuple[int, Any]]]] = {}
    for turn, start in enumerate(starts):
        answers = await asyncio.gather(*(
            line.post("/appointments", token, f"race-{turn}-{n}",
                      {"facility": "one", "start": start, "phone": phone(turn * 100 + n)})
            for n, line in enumerate(lines)
        ))  # fmt: skip
        told[start] = (
            [body for status, body in answers if status == 201], [one for one in answers if one[0] != 201]
        )  # fmt: skip
    for line in lines:
        await line.close()
    return told
