"""`ca`, `cert` and `key` of a destination, by real handshakes with a receiver that asks for a certificate of ours."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kiosk.ledger import Hot
from kiosk.upstream.answering import client, post
from kiosk.upstream.relay import Answer
from tests.kiosk.upstream.building import Node, event, fill, to, until

_CURSOR = Hot("SELECT why, took_at FROM relay_cursor")


def _signs(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(digital_signature=True, key_cert_sign=certificates, crl_sign=certificates,
                         content_commitment=False, key_encipherment=False, data_encipherment=False,
                         key_agreement=False, encipher_only=False, decipher_only=False)


class Authority:
    """Signs certificates for 127.0.0.1, the only address there is here."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        own = self._made(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0))
        self.ca = self._written(f"{name}.ca.pem", own.public_bytes(Encoding.PEM))

    def _made(self, name: x509.Name, key, what: x509.BasicConstraints) -> x509.Certificate:
        now = datetime.now(UTC)
        local = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        return (
            x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(what, critical=True)
            .add_extension(_signs(certificates=what.ca), critical=True)  # strict readers (Python 3.13) ask for it
            .add_extension(x509.SubjectAlternativeName([local]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )  # fmt: skip

    def gives(self, name: str) -> tuple[str, str]:
        """(certificate, key), as paths."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._made(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key,
                          x509.BasicConstraints(ca=False, path_length=None))
        raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return self._written(f"{name}.pem", made.public_bytes(Encoding.PEM)), self._written(f"{name}.key", raw)

    def _written(self, name: str, raw: bytes) -> str:
        (self._folder / name).write_bytes(raw)
        return str(self._folder / name)


@dataclass
class Receiver:
    """Answers 204 to whoever shows a certificate of `believes`, and remembers their names."""

    cert: tuple[str, str]
    believes: str
    names: list[str] = field(default_factory=list)
    url: str = ""

    @contextlib.contextmanager
    def open(self) -> Iterator[Receiver]:
        names = self.names

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                names.append(dict(one[0] for one in self.connection.getpeercert()["subject"])["commonName"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_):
                """Handshakes that fail are what is tested."""

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.cert)
        context.load_verify_locations(self.believes)
        context.verify_mode = ssl.CERT_REQUIRED
        with Server(("127.0.0.1", 0), Handler) as server:
            # the handshake is done with the first read, in the thread of that connection
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            self.url = f"https://127.0.0.1:{server.server_port}/hook"
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            try:
                yield self
            finally:
                server.shutdown()


@pytest.fixture
def city(tmp_path) -> Authority:
    return Authority(tmp_path, "city")


@pytest.fixture
def receiver(city) -> Iterator[Receiver]:
    with Receiver(city.gives("receiver"), city.ca).open() as one:
        yield one


def answer(receiver: Receiver, **tls: str) -> Answer:
    async def go() -> Answer:
        async with client(tls) as http:
            return await post(http, receiver.url, b"{}", {})

    return asyncio.run(go())


def test_a_relay_with_a_certificate_of_its_own_is_known_by_it(tmp_path, city, receiver):
    cert, key = city.gives("yuanqu hall")
    there = to(receiver.url, options={"ca": city.ca, "cert": cert, "key": key})
    with Node(tmp_path, [there]) as node:
        fill(node.ledger, [event(n) for n in range(3)])
        until(lambda: (node.ledger.read(lambda tx: tx.one(_CURSOR)) or ("", None))[1])
    assert set(receiver.names) == {"yuanqu hall"}


def test_without_a_certificate_or_with_a_strangers_nothing_is_taken(tmp_path, city, receiver):
    cert, key = Authority(tmp_path, "stranger").gives("somebody")
    for tls in ({"ca": city.ca}, {"ca": city.ca, "cert": cert, "key": key}):
        found = answer(receiver, **tls)
        assert found.status is None, found
        assert found.says.startswith("upstream-"), found
    assert not receiver.names


def test_a_receiver_whose_authority_is_not_ours_gets_no_word(tmp_path, city, receiver):
    cert, key = city.gives("yuanqu hall")
    for tls in ({"cert": cert, "key": key}, {"ca": Authority(tmp_path, "stranger").ca, "cert": cert, "key": key}):
        assert answer(receiver, **tls).status is None
    assert not receiver.names
    assert answer(receiver, ca=city.ca, cert=cert, key=key).status == 204


def test_trouble_with_a_certificate_is_told_and_nothing_is_lost(tmp_path, city, receiver):
    cert, key = city.gives("yuanqu hall")
    with Node(tmp_path, [to(receiver.url, options={"ca": city.ca})]) as node:
        fill(node.ledger, [event(n) for n in range(3)])
        until(lambda: (node.ledger.read(lambda tx: tx.one(_CURSOR)) or ("", None))[0])
        node.stop()
        node.destinations = [to(receiver.url, options={"ca": city.ca, "cert": cert, "key": key})]
        node.start()
        until(lambda: (node.ledger.read(lambda tx: tx.one(_CURSOR)) or ("", None))[1])
        assert node.ledger.read(lambda tx: tx.one(_CURSOR))[0] == ""
    assert receiver.names
