"""The relay on real sockets and a real ledger, against a receiver that misbehaves in every way."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

import pytest

from kiosk.ledger import Event, Hot
from kiosk.upstream import standing
from kiosk.upstream.outbox import Outbox
from kiosk.upstream.sealing import new_pair, private_key, unseal
from tests.kiosk.upstream.building import QUICK, Node, event, fill, settings, to, until
from tests.kiosk.upstream.chaos import Chaos

_OUTBOX = Hot("SELECT event, content, kept_until FROM outbox ORDER BY event")
_ASIDE = Hot("SELECT event, why FROM relay_aside WHERE settled_at IS NULL")
_CURSOR = Hot("SELECT after, paused, why, skew, took_at FROM relay_cursor")


def in_order(effects: list[dict]) -> bool:
    last: dict[str, int] = {}
    for one in effects:
        if one["data"]["n"] <= last.get(one["subject"], -1):
            return False
        last[one["subject"]] = one["data"]["n"]
    return True


def storm(tmp_path, count: int, off_s: float = 0.0) -> Chaos:
    refused = frozenset({f"c{count // 3}-0", f"c{count // 2}-0"})
    with Chaos(seed=4, trouble=0.45, off_s=off_s, refuses=refused) as chaos:
        with Node(tmp_path, [to(chaos.url, chaos.secret)]) as node:
            fill(node.ledger, [event(n) for n in range(count)])
            until(lambda: len(chaos.effects) >= count - 2, 60 + count / 20)
            until(lambda: len(node.ledger.read(lambda tx: tx.all(_ASIDE))) == 2)
            assert {row[0] for row in node.ledger.read(lambda tx: tx.all(_ASIDE))} == refused
        assert len(chaos.effects) == len(chaos.known) == count - 2
        assert in_order(chaos.effects)
        assert all(len(bodies) == 1 for bodies in chaos.bodies.values()), "a retry changed its bytes"
    return chaos


def test_a_thousand_events_through_a_storm_take_effect_once_in_order(tmp_path):
    chaos = storm(tmp_path, 1000)
    assert chaos.posts > 100


def test_a_clock_ten_minutes_off_is_found_from_date_and_shown(tmp_path):
    for off_s in (600.0, -600.0):
        folder = tmp_path / str(off_s)
        folder.mkdir()
        with Chaos(off_s=off_s) as chaos, Node(folder, [to(chaos.url, chaos.secret)]) as node:
            fill(node.ledger, [event(n) for n in range(50)])
            until(lambda c=chaos: len(c.effects) == 50)
            assert chaos.unsigned == 1
            until(lambda n=node: (n.ledger.read(lambda tx: tx.one(_CURSOR)) or (0, 0, "", None))[3])
            skew = node.ledger.read(lambda tx: tx.one(_CURSOR))[3]
            assert abs(skew + off_s * 1000) < 5000


@pytest.mark.long("soak")
@pytest.mark.timeout(1200)
def test_ten_thousand_events_through_a_storm(tmp_path):
    storm(tmp_path, 10_000, off_s=600)


def test_alone_when_alone_together_when_behind(tmp_path):
    with Chaos() as chaos, Node(tmp_path, [to(chaos.url, chaos.secret)]) as node:
        fill(node.ledger, [event(0)])
        until(lambda: chaos.effects)
        assert list(chaos.bodies) == ["c0-0"]
        node.stop()
        fill(node.ledger, [event(n) for n in range(1, 46)])
        node.start()
        until(lambda: len(chaos.effects) == 46)
        assert list(chaos.bodies) == ["c0-0", "batch:c1-0:20", "batch:c21-0:20", "batch:c41-0:5"]


def test_a_batch_keeps_its_members_when_the_process_ends_between_two_attempts(tmp_path):
    with Chaos() as chaos:
        tried: list[tuple[str, bytes]] = []
        chaos._take = lambda headers, body: (tried.append((headers["webhook-id"], body)), 503)[1]
        node = Node(tmp_path, [to(chaos.url, chaos.secret)])
        fill(node.ledger, [event(n) for n in range(5)])
        node.start()
        until(lambda: tried)
        node.stop()
        fill(node.ledger, [event(n) for n in range(5, 9)])
        before = len(tried)
        with node:
            until(lambda: len(tried) > before)
        assert set(tried) == {tried[0]}, "another batch, or other bytes"
        assert tried[0][0] == "batch:c0-0:5"


def test_only_what_events_names_leaves_and_nothing_is_skipped_over_a_gap(tmp_path):
    with Chaos() as chaos, Node(tmp_path, [to(chaos.url, chaos.secret, events=("appointment.booked",))]) as node:
        fill(node.ledger, [event(n, what="appointment.booked" if n % 700 == 0 else "ticket.called")
                           for n in range(2101)])
        until(lambda: len(chaos.effects) == 4)
        fill(node.ledger, [event(5000, what="appointment.booked")])
        until(lambda: len(chaos.effects) == 5)
        assert {one["type"] for one in chaos.effects} == {"cn.hall.appointment.booked.v1"}


def test_gone_pauses_the_destination_and_nothing_more_is_sent(tmp_path):
    with Chaos() as chaos, Node(tmp_path, [to(chaos.url, chaos.secret)]) as node:
        chaos._take = lambda headers, body: 410
        fill(node.ledger, [event(n) for n in range(5)])
        until(lambda: (node.ledger.read(lambda tx: tx.one(_CURSOR)) or (0, 0))[1] == 1)
        posts = chaos.posts
        fill(node.ledger, [event(9)])
        node.stop()
        node.start()
        assert chaos.posts == posts
        (now,) = node.ledger.read(lambda tx: standing.look(tx, [settings(chaos.url)]))
        assert (now.state, now.why, now.waiting) == ("paused", "upstream-gone 410", 6)
        assert [note.code for note in standing.notes([now])] == ["upstream-gone"]
        del chaos._take
        assert node.ledger.write(lambda tx: standing.go_on(tx, "district")).result()
        until(lambda: len(chaos.effects) == 6)
        until(lambda: node.ledger.read(lambda tx: standing.look(tx, [settings(chaos.url)]))[0].waiting == 0)


def test_what_was_set_aside_is_sent_again_when_staff_say_so(tmp_path):
    with Chaos(refuses=frozenset({"c1-0"})) as chaos, Node(tmp_path, [to(chaos.url, chaos.secret)]) as node:
        fill(node.ledger, [event(n) for n in range(3)])
        until(lambda: node.ledger.read(lambda tx: standing.aside(tx, "district")))
        (aside,) = node.ledger.read(lambda tx: standing.aside(tx, "district"))
        assert (aside.event, aside.why) == ("c1-0", "upstream-refused 422")
        (now,) = node.ledger.read(lambda tx: standing.look(tx, [settings(chaos.url)]))
        assert (now.state, now.aside) == ("ok", 1)
        chaos.refuses = frozenset()
        assert node.ledger.write(lambda tx: standing.send_again(tx, "district", "c1-0")).result()
        until(lambda: not node.ledger.read(lambda tx: standing.aside(tx, "district")))
        assert [one["id"] for one in chaos.effects] == ["c0-0", "c2-0", "c1-0"]


def test_what_is_sealed_is_the_same_at_every_attempt_and_dies_when_it_is_acknowledged(tmp_path, caplog):
    caplog.set_level("DEBUG")
    private, public = new_pair()
    words = {"text": "楼道灯坏了", "place": "3 号楼", "phone": "13912345678"}
    with Chaos(trouble=0.5, seed=3, refuses=frozenset({"c3-0"})) as chaos:
        there = to(chaos.url, chaos.secret, public_key=public, clear=("place",))
        node = Node(tmp_path, [there])
        outbox = Outbox([there], node.vault)

        def file(tx, n):
            tx.append([event(n)])
            outbox.keep(tx, event(n), words)

        for n in range(6):
            node.ledger.write(lambda tx, n=n: file(tx, n)).result()
        raw = (tmp_path / "hall.db").read_bytes() + (tmp_path / "hall.db-wal").read_bytes()
        assert not any(word.encode() in raw for word in words.values()), "words stand readable on the disk"
        with node:
            until(lambda: len(chaos.effects) == 5)
            until(lambda: len(node.ledger.read(lambda tx: tx.all(_OUTBOX))) == 1)
            left = node.ledger.read(lambda tx: tx.all(_OUTBOX))
        assert [(row[0], row[2] is not None) for row in left] == [("c3-0", True)]
        for one in chaos.effects:
            assert unseal(one["data"]["sealed"], private_key(private)) == words
            assert one["data"]["place"] == "3 号楼"
            assert "text" not in one["data"]
            assert "phone" not in one["data"]
        seen = " ".join(chaos.heads) + caplog.text
        assert not any(word in seen for word in words.values()), "a word stands in a header, an address or a log"
        bodies = b"".join(body for some in chaos.bodies.values() for body in some)
        assert not any(word.encode() in bodies for word in (words["text"], words["phone"]))
        assert all(len(bodies) == 1 for bodies in chaos.bodies.values())


def test_without_a_key_nothing_private_leaves_unless_clear_names_it_and_never_the_telephone(tmp_path):
    words = {"text": "楼道灯坏了", "place": "3 号楼", "phone": "13912345678"}
    for clear, wanted in (((), set()), (("text",), {"text"}), (("text", "place", "phone"), {"text", "place"})):
        folder = tmp_path / str(len(clear))
        folder.mkdir()
        with Chaos() as chaos:
            there = to(chaos.url, chaos.secret, clear=clear)
            with Node(folder, [there]) as node:
                keep = Outbox([there], node.vault).keep
                node.ledger.write(lambda tx, k=keep: (tx.append([event(1)]), k(tx, event(1), words))).result()
                until(lambda c=chaos: c.effects)
            assert set(chaos.effects[0]["data"]) - {"n"} == wanted
            assert "13912345678" not in json.dumps(chaos.effects)


def test_two_processes_share_one_destination_and_one_posts(tmp_path):
    with Chaos() as chaos, Node(tmp_path, [to(chaos.url, chaos.secret)]) as first:
        until(lambda: first.ledger.read(lambda tx: tx.one(Hot("SELECT 1 FROM lease WHERE name = 'relay:district'"))))
        with Node(tmp_path, [to(chaos.url, chaos.secret)]) as second:
            fill(second.ledger, [event(n) for n in range(200)])
            until(lambda: len(chaos.effects) == 200)
            first.stop()
            fill(second.ledger, [event(n) for n in range(200, 300)])
            until(lambda: len(chaos.effects) == 300)
        assert in_order(chaos.effects)


def test_a_webhook_gets_its_own_body_one_at_a_time(tmp_path):
    with Chaos() as chaos:
        taken = []
        chaos._take = lambda headers, body: (taken.append((headers, json.loads(body))), 200)[1]
        with Node(tmp_path, [to(chaos.url, chaos.secret, kind="webhook")], pace=QUICK) as node:
            fill(node.ledger, [event(n) for n in range(3)])
            until(lambda: len(taken) == 3)
        assert [body["data"]["id"] for _, body in taken] == ["c0-0", "c1-0", "c2-0"]
        assert set(taken[0][1]) == {"type", "timestamp", "data"}
        assert taken[0][0]["webhook-id"] == "c0-0"


@pytest.mark.parametrize(
    ("clear", "place", "text"), [((), "g7", "environment, s-1"), (("place", "text"), "3 号楼", "楼道灯坏了")]
)
def test_open311_gets_a_form_for_each_request_filed_and_nothing_else(tmp_path, clear, place, text):
    with Chaos() as chaos:
        taken = []
        chaos._take = lambda headers, body: (taken.append((headers, dict(parse_qsl(body.decode())))), 201)[1]
        there = to(chaos.url, kind="open311", events=("*",), clear=clear, options={"api_key": "k"},
                   public_key=new_pair()[1])
        filed = Event("c1-0", "cn.hall.request.filed.v1", "/halls/test/1", "s-1", 1_795_000_000_000,
                      {"category": "environment", "grid": "g7"})
        with Node(tmp_path, [there]) as node:
            keep = Outbox([there], node.vault).keep
            words = {"text": "楼道灯坏了", "place": "3 号楼", "phone": "13912345678"}
            node.ledger.write(lambda tx: (tx.append([event(0, what="ticket.called"), filed]),
                                          keep(tx, filed, words))).result()
            until(lambda: taken)
            fill(node.ledger, [event(2, what="request.confirmed")])
            until(lambda: (node.ledger.read(lambda tx: tx.one(_CURSOR)) or (0,) * 5)[4])
        assert [body for _headers, body in taken] == [
            {"api_key": "k", "service_code": "environment", "address_string": place, "description": text}
        ]
        assert any("/hook/requests.json" in head for head in chaos.heads)
        assert taken[0][0]["content-type"] == "application/x-www-form-urlencoded"


def test_what_is_refused_says_why_as_the_other_end_calls_it_and_never_its_words(tmp_path):
    said = [b'{"code":"not-sealed-for-us","title":"13912345678"}', b'{"code":"13912345678"}', b"<html>", b'["x"]']
    with Chaos() as chaos:
        def refuse(line, _status, _more=""):
            body = said[chaos.posts % len(said) - 1]
            line.sendall(b"HTTP/1.1 422 x\r\ncontent-type: application/problem+json\r\ncontent-length: %d\r\n\r\n"
                         % len(body) + body)
            return True

        chaos._answer = refuse
        with Node(tmp_path, [to(chaos.url, chaos.secret, kind="webhook")]) as node:
            chaos._take = lambda _headers, _body: 422
            fill(node.ledger, [event(n) for n in range(4)])
            until(lambda: len(node.ledger.read(lambda tx: tx.all(_ASIDE))) == 4)
            whys = [row[1] for row in node.ledger.read(lambda tx: tx.all(_ASIDE))]
    assert sorted(whys) == ["upstream-refused 422"] * 3 + ["upstream-refused 422 not-sealed-for-us"]


def test_a_token_that_was_refused_is_not_sent_again(tmp_path, monkeypatch):
    with Chaos() as chaos:
        forgot = []
        monkeypatch.setattr("kiosk.upstream.access.Access.refused", lambda _self: forgot.append(True))
        take = chaos._take
        chaos._take = lambda headers, body: take(headers, body) if forgot else 401
        node = Node(tmp_path, [to(chaos.url, chaos.secret)])
        fill(node.ledger, [event(0)])
        with node:
            until(lambda: chaos.effects)
        assert forgot
