"""Outside judges of what goes upstream: npm's Standard Webhooks reads our signatures, and we read what it signs."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from kiosk.upstream.signing import headers, key_of, new_secret, verify

HERE = Path(__file__).parent
pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (HERE / "node_modules" / "standardwebhooks").is_dir(),
    reason="needs node and `npm install --prefix tests/peers`",
)
BODY = '{"type":"cn.hall.request.filed.v1","text":"楼道灯坏了 🔦"}'


def node(script: str, **given: object) -> str:
    """A script with `given` as its constants."""
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    done = subprocess.run(["node", "-e", constants + script], cwd=HERE, capture_output=True, text=True, timeout=60,
                          check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_npm_believes_our_signature_and_no_changed_body():
    secret, at = new_secret(), int(time.time())
    script = """
const { Webhook } = require('standardwebhooks');
const told = (b) => {
  try { return JSON.stringify(new Webhook(secret).verify(b, headers)) } catch (e) { return e.message }
};
console.log(told(body)); console.log(told(body + ' '));
"""
    signed = headers(key_of(secret), "an-id-0", at, BODY.encode())
    first, second = node(script, secret=secret, headers=signed, body=BODY).splitlines()
    assert json.loads(first) == json.loads(BODY)
    assert "No matching signature" in second


def test_we_believe_what_npm_signs():
    secret, at = new_secret(), int(time.time())
    script = """
const { Webhook } = require('standardwebhooks');
console.log(new Webhook(secret).sign('an-id-0', new Date(at * 1000), body));
"""
    theirs = node(script, secret=secret, at=at, body=BODY)
    given = {"webhook-id": "an-id-0", "webhook-timestamp": str(at), "webhook-signature": theirs}
    assert verify([key_of(secret)], given, BODY.encode(), at) == "an-id-0"
