"""The command line as a technician meets it: honest complaints in both languages, tokens that work at once, TLS."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk.link.beside import answering, trust
from kiosk.web import serving
from main import main
from tests.halls import HALL, Hall, hall_toml, halls, main_py
from tests.kiosk.web.standing import soon


@pytest.mark.parametrize(
    "words",
    [["hall", "--port", "99999"], ["hall", "--port", "x"], ["token"], ["token", "a", "--role", "king"],
     ["token", "", "--role", "kiosk"], ["nonsense"], ["tour"], ["hall", "--cert", "a.pem"], ["--nonsense"]],
)  # fmt: skip
def test_a_wrong_command_line_is_said_in_both_languages(words, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "命令写得不对" in said
    assert "wrong command line" in said


def test_the_measurements_take_words_of_their_own(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["bench", "nonsense", "--write", "nowhere.md"])
    assert ended.value.code == 2
    assert "no such part: nonsense" in capsys.readouterr().err


def test_a_broken_hall_toml_names_every_problem(tmp_path: Path, capsys) -> None:
    broken = tmp_path / "hall.toml"
    broken.write_text(HALL.replace("capacity = 1\n", "capacity = 0\ncolour = 'red'\n"), encoding="utf-8")
    assert main(["hall", "--hall", str(broken), "--data", str(tmp_path / "data")]) == 2
    said = capsys.readouterr().err
    assert "facilities[0].capacity" in said
    assert "colour" in said
    assert said.count("wanted:") == 2
    assert not (tmp_path / "data").exists()
    assert main(["check", "--hall", str(broken), "--data", str(tmp_path / "data")]) == 1
    assert main(["hall", "--hall", str(tmp_path / "none.toml")]) == 2


def test_a_token_stands_alone_and_works_at_once_in_every_process(tmp_path: Path) -> None:
    with halls(tmp_path / "data", hall_toml(tmp_path), 2) as running:
        made = main_py("token", "front desk", "--role", "clerk", "--data", str(tmp_path / "data"))
        assert made.returncode == 0
        assert re.fullmatch(r"\S{20,}\n", made.stdout)
        for hall in running:
            with hall.client(made.stdout.strip()) as client:
                assert client.get("/facilities").status_code == 200
        again = main_py("token", "front desk", "--role", "kiosk", "--data", str(tmp_path / "data"))
        assert again.returncode == 1
        assert again.stdout == ""
        assert "front desk" in again.stderr
        revoke = ("token", "front desk", "--revoke", "--data", str(tmp_path / "data"))
        assert (main_py(*revoke).returncode, main_py(*revoke).returncode) == (0, 1)
        for hall in running:
            with hall.client(made.stdout.strip()) as client:
                assert soon(lambda client=client: client.get("/facilities").status_code == 401)
        assert [hall.end() for hall in running] == [0, 0]


@pytest.fixture(scope="module")
def standing_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("hall")
    with Hall(folder / "data", hall_toml(folder)) as hall:
        yield hall


def test_a_port_in_use_is_said(standing_hall: Hall, tmp_path: Path) -> None:
    port = str(standing_hall.port)
    second = main_py("hall", "--port", port, "--data", str(tmp_path), "--hall", str(standing_hall.toml))
    assert second.returncode == 1
    assert port in second.stdout


def test_an_address_others_reach_serves_tls_with_a_shown_fingerprint(tmp_path: Path) -> None:
    with Hall(tmp_path / "data", hall_toml(tmp_path), "--host", "0.0.0.0") as hall:
        assert hall.url.startswith("https://")
        shown = re.compile(r"SHA-256: ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})")
        told = soon(lambda: shown.search(hall.log.read_text()))  # said once it stands
        standing = soon(lambda: answering(hall.data))
        assert standing.certificate is not None
        der = ssl.PEM_cert_to_DER_cert(standing.certificate.read_text())
        import hashlib

        assert told[1].replace(":", "").lower() == hashlib.sha256(der).hexdigest()
        assert httpx.get(f"{hall.url}/healthz", verify=trust(standing.certificate)).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{hall.url}/healthz")
        key = hall.data / "tls" / "hall-key.pem"
        assert key.stat().st_mode & 0o777 == 0o600
        kept = standing.certificate.read_bytes()
        hall.end()
        hall.start()
        assert standing.certificate.read_bytes() == kept


@pytest.mark.parametrize(
    ("host", "address", "told"),
    [("0.0.0.0", "10.9.8.7", "https://10.9.8.7:{port}"), ("0.0.0.0", None, None), ("127.0.0.1", "10.9.8.7", None)],
)
def test_open_to_everywhere_it_says_how_others_find_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    host: str, address: str | None, told: str | None,
) -> None:  # fmt: skip
    monkeypatch.setattr(serving, "_own_address", lambda: address)
    endpoint = serving.open_endpoint(host, 0, tmp_path, None, None)
    assert endpoint is not None
    with endpoint.listening:
        endpoint.tell()
        port = endpoint.listening.getsockname()[1]
    assert re.findall(r"other computers: (\S+)", capsys.readouterr().out) == ([told.format(port=port)] if told else [])


def test_health_and_metrics(standing_hall: Hall) -> None:
    hall = standing_hall
    healthy = httpx.get(f"{hall.url}/healthz")
    assert healthy.status_code == 200
    assert {"ledger", "calendar", "devices", "upstream", "clock"} <= healthy.json().keys()
    httpx.get(f"{hall.url}/api/v1/appointments/482761")
    told = httpx.get(f"{hall.url}/metrics")
    assert told.status_code == 200
    assert 'hall_requests_total{method="GET",route="/appointments/{code}",status="401"} 1.0' in told.text
    assert "482761" not in told.text + hall.log.read_text()
    assert httpx.get(f"{hall.url}/openapi.json").json()["openapi"].startswith("3.")
    lost = httpx.get(f"{hall.url}/nowhere")
    assert (lost.status_code, lost.json()["code"]) == (404, "no-such-page")
    assert lost.headers["content-type"] == "application/problem+json"


def test_a_damaged_ledger_is_503_and_heals(tmp_path: Path) -> None:
    with Hall(tmp_path / "data", hall_toml(tmp_path)) as hall:
        token = hall.token("kiosk-1")
        key = hall.data / "hall.key"
        aside = hall.data / "aside"
        hall.end()
        key.rename(aside)
        hall.start()
        sick = httpx.get(f"{hall.url}/healthz")
        assert (sick.status_code, sick.json()["ledger"]["reason"]["code"]) == (503, "key-missing")
        with hall.client(token) as client:
            refused = client.post("/help", json={"page": "home"}, headers={"Idempotency-Key": "k"})
            assert (refused.status_code, refused.json()["code"]) == (503, "key-missing")
            aside.rename(key)
            assert client.post("/help", json={"page": "home"}, headers={"Idempotency-Key": "k"}).status_code == 204
