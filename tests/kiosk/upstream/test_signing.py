"""Signatures, judged by Standard Webhooks' own libraries in both directions, and everything that must be refused."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from kiosk.upstream.signing import Unsigned, headers, key_of, new_secret, signature, verify

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
BODY = '{"text":"楼道灯坏了 🔦"}'.encode()
NOW = 1_795_000_000


def signed(at: int = NOW, body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    return headers(key_of(secret), "an-id-0", at, body)


def refused(given: dict[str, str], body: bytes = BODY, now: float = NOW) -> str:
    with pytest.raises(Unsigned) as no:
        verify([key_of(SECRET)], given, body, now)
    return no.value.code


def test_their_library_believes_our_signature():
    at = int(time.time())
    assert Webhook(SECRET).verify(BODY, signed(at)) == {"text": "楼道灯坏了 🔦"}
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, signed(at))


def test_we_believe_theirs():
    theirs = Webhook(SECRET).sign("an-id-0", datetime.fromtimestamp(NOW, UTC), BODY.decode())
    given = {"webhook-id": "an-id-0", "webhook-timestamp": str(NOW), "webhook-signature": theirs}
    assert verify([key_of(SECRET)], given, BODY, NOW) == "an-id-0"


def test_a_signature_among_others_is_found_and_an_old_secret_serves_while_it_is_listed():
    given = signed()
    given["webhook-signature"] = f"v1a,AAAA v1,AAAA {given['webhook-signature']}"
    assert verify([key_of(new_secret()), key_of(SECRET)], given, BODY, NOW) == "an-id-0"


@pytest.mark.parametrize("gone", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_no_signature(gone):
    given = signed()
    del given[gone]
    assert refused(given) == "unsigned"


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "1e9", "9" * 40, "١٢٣", "1795000000.5"])
def test_a_time_that_is_none_is_no_signature(stamp):
    assert refused({**signed(), "webhook-timestamp": stamp}) == "unsigned"


def test_old_new_foreign_and_changed_are_told_apart():
    assert refused(signed(), now=NOW + 301) == "signature-stale"
    assert refused(signed(), now=NOW - 301) == "signature-stale"
    assert verify([key_of(SECRET)], signed(), BODY, NOW + 300) == "an-id-0"
    assert refused(signed(secret=new_secret())) == "signature-wrong"
    assert refused(signed(), BODY + b" ") == "signature-wrong"
    assert refused({**signed(), "webhook-id": "another"}) == "signature-wrong"
    assert refused({**signed(), "webhook-timestamp": str(NOW + 1)}) == "signature-wrong"
    assert refused({**signed(), "webhook-signature": "v1," + "A" * 5000}) == "signature-wrong"


def test_an_attempt_signs_its_own_moment():
    assert signature(key_of(SECRET), "x", NOW, BODY) != signature(key_of(SECRET), "x", NOW + 1, BODY)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_AAAA", "whsec_!!!!", "whsec_" + "A" * 200, "路灯"])
def test_a_secret_that_is_none_is_refused(secret):
    with pytest.raises(ValueError, match="a secret"):
        key_of(secret)


def test_secrets_are_random_and_long_enough():
    assert len(key_of(new_secret())) == 32
    assert new_secret() != new_secret()
