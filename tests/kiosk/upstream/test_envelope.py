"""CloudEvents as bytes and back: what we write holds to the standard, what we read may be anything at all."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ledger import Event
from kiosk.upstream.envelope import BATCH, SINGLE, Malformed, batch_id, kind, put, put_batch, read

ZONE = ZoneInfo("Asia/Shanghai")
FILED = "cn.hall.request.filed.v1"
EVENT = Event("c-0", FILED, "/halls/demo/1", "a-request", 1_795_000_000_123, {"category": "living"})

# What CloudEvents 1.0.2 asks of an event in JSON format (spec §"Required Attributes", JSON format §2.2 and §3).
_TEXT = {"type": "string", "minLength": 1}
CLOUDEVENT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["specversion", "id", "source", "type"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": _TEXT,
        "source": {**_TEXT, "format": "uri-reference"},
        "type": _TEXT,
        "subject": _TEXT,
        "datacontenttype": _TEXT,
        "dataschema": {**_TEXT, "format": "uri"},
        "time": {**_TEXT, "format": "date-time"},
        "data_base64": {"type": "string", "contentEncoding": "base64"},
    },
    "propertyNames": {"anyOf": [{"pattern": "^[a-z0-9]{1,20}$"}, {"const": "data_base64"}]},
    "not": {"required": ["data", "data_base64"]},
}
SCHEMA = jsonschema_rs.Draft202012Validator(CLOUDEVENT, validate_formats=True)
BATCH_SCHEMA = jsonschema_rs.Draft202012Validator({"type": "array", "items": CLOUDEVENT}, validate_formats=True)


def wrong(**changes: object) -> Malformed:
    made = {**json.loads(put(EVENT, ZONE)), **changes}
    with pytest.raises(Malformed) as no:
        read(json.dumps({key: value for key, value in made.items() if value is not ...}).encode(), SINGLE)
    return no.value


def test_what_we_write_is_a_cloudevent_and_the_schema_can_tell():
    made = json.loads(put(EVENT, ZONE, {"sealed": "AAAA"}))
    SCHEMA.validate(made)
    assert made["time"] == "2026-11-18T19:06:40.123+08:00"
    assert made["data"] == {"category": "living", "sealed": "AAAA"}
    BATCH_SCHEMA.validate(json.loads(put_batch([put(EVENT, ZONE)] * 3)))
    BATCH_SCHEMA.validate(json.loads(put_batch([])))
    assert not SCHEMA.is_valid({**made, "id": ""})
    assert not SCHEMA.is_valid({**made, "time": "yesterday"})


def test_the_same_event_is_the_same_bytes():
    assert put(EVENT, ZONE, {"a": 1}) == put(EVENT, ZONE, {"a": 1})
    assert batch_id("c-0", 7) == "batch:c-0:7"


def test_what_we_write_is_what_we_read():
    (one,) = read(put(EVENT, ZONE, {"sealed": "x"}), "application/cloudevents+json; charset=UTF-8")
    assert (one.id, one.type, one.source, one.subject, one.at) == (
        EVENT.id, EVENT.type, EVENT.source, EVENT.subject, EVENT.at,
    )  # fmt: skip
    assert one.data == {"category": "living", "sealed": "x"}
    assert len(read(put_batch([put(EVENT, ZONE)] * 5), BATCH)) == 5


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (SINGLE, SINGLE),
        ("Application/CloudEvents+JSON;charset=utf-8", SINGLE),
        (BATCH, BATCH),
        ("application/json", None),
        ("", None),
        ("text/plain", None),
        ("application/cloudevents+json; charset=gbk", None),
        ("application/cloudevents+xml", None),
    ],
)
def test_content_types(said, meant):
    assert kind(said) == meant


def test_what_is_wrong_is_named():
    assert "specversion" in wrong(specversion="0.3").wanted
    assert "id" in wrong(id=...).wanted
    assert "id" in wrong(id="").wanted
    assert "source" in wrong(source="x" * 201).wanted
    assert "type" in wrong(type=7).wanted
    assert "subject" in wrong(subject="a\nb").wanted
    assert "time" in wrong(time="2026-11-23 9:00").wanted
    assert "time" in wrong(time="2026-11-23T09:00:00").wanted
    assert "time" in wrong(time="9999-99-99T00:00:00Z").wanted
    assert "data" in wrong(data=[1]).wanted
    assert "data" in wrong(data={"text": "\ud83d"}).wanted
    assert "data" in wrong(data_base64="AAAA").wanted
    assert "names" in wrong(Bad_Name=1).wanted
    assert "datacontenttype" in wrong(datacontenttype="text/xml").wanted
    assert wrong(specversion="0.3").id == "c-0"


def test_the_bad_member_of_a_batch_is_named():
    good = put(EVENT, ZONE)
    with pytest.raises(Malformed) as no:
        read(put_batch([good, good, b'{"specversion":"1.0","id":"bad"}', good]), BATCH)
    assert (no.value.at, no.value.id) == (2, "bad")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"NaN", b'{"data":NaN}', b"[" * 100_000, b"null", b'"x"'])
@pytest.mark.parametrize("content", [SINGLE, BATCH])
def test_rubbish_is_malformed(body, content):
    with pytest.raises(Malformed):
        read(body, content)


ANY_JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
                        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(ANY_JSON, st.sampled_from([SINGLE, BATCH]))
def test_anything_at_all_is_an_event_or_malformed(found, content):
    try:
        assert isinstance(read(json.dumps(found).encode(), content), tuple)
    except Malformed:
        return
