"""The hall's own certificate, for addresses other than loopback: made at first start, kept, its fingerprint shown.

A hall's network has no certificate authority; who connects compares the fingerprint once. Never replaces a certificate
that still holds.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

YEARS = 10
RENEW_BEFORE = timedelta(days=30)

_USES = x509.KeyUsage(
    digital_signature=True, key_cert_sign=True, content_commitment=False, key_encipherment=False,
    data_encipherment=False, key_agreement=False, crl_sign=False, encipher_only=False, decipher_only=False,
)  # fmt: skip


def is_loopback(host: str) -> bool:
    """Is this host (name or address) reached from this machine only?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """The certificate and its key in `folder`, made if there is none that still holds."""
    certificate, key = folder / "hall-cert.pem", folder / "hall-key.pem"
    if not (certificate.exists() and key.exists() and _holds(certificate)):
        folder.mkdir(parents=True, exist_ok=True)
        _make(certificate, key, host)
    return certificate, key


def fingerprint(certificate: Path) -> str:
    """SHA-256 of the certificate as browsers show it: AB:CD:…"""
    read = x509.load_pem_x509_certificate(certificate.read_bytes())
    return ":".join(f"{byte:02X}" for byte in read.fingerprint(hashes.SHA256()))


def _holds(certificate: Path) -> bool:
    try:
        read = x509.load_pem_x509_certificate(certificate.read_bytes())
    except ValueError:
        return False
    return read.not_valid_after_utc > datetime.now(UTC) + RENEW_BEFORE


def _make(certificate: Path, key: Path, host: str) -> None:
    secret = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Hall Kiosk")])
    # A wrong clock at first start must not make a certificate that is not valid yet.
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        # Python 3.13 trusts only certificates that say all of this (VERIFY_X509_STRICT).
        .add_extension(_USES, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(secret.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(secret.public_key()), critical=False)
        .sign(secret, hashes.SHA256())
    )
    private = secret.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(key, private, 0o600)
    _write(certificate, made.public_bytes(serialization.Encoding.PEM), 0o644)


def _names(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    for known in dict.fromkeys((host, socket.gethostname())):
        try:
            address = ipaddress.ip_address(known)
        except ValueError:
            names.append(x509.DNSName(known))
            continue
        if not address.is_unspecified and not address.is_loopback:
            names.append(x509.IPAddress(address))
    return names


def _write(path: Path, content: bytes, mode: int) -> None:
    made = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)
