"""The status parser: every class, anything interleaved with anything, and noise."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printers.conversation import Capability, Conversation
from devices.printers.replies import (
    FENCE_LETTERS,
    Automatic,
    Fence,
    Named,
    Queued,
    RealTime,
    Replies,
    Reply,
    Sensed,
)
from devices.transport import socket_wire

ASB_OK = b"\x10\x00\x00\x0f"
ASB_COVER = b"\x38\x00\x00\x0f"


@pytest.mark.parametrize(("data", "heard"), [
    (b"\x12", [RealTime(0x12)]),
    (b"\x16\x32", [RealTime(0x16), RealTime(0x32)]),
    (ASB_OK, [Automatic(ASB_OK)]),
    (b"\x11\x13", []),
    (b"\x00", [Queued(0)]),
    (b"\x37\x22ABCD\x00", [Fence(b"ABCD")]),
    (b"\x37\x22" + ASB_OK + b"ABCD\x00", [Automatic(ASB_OK), Fence(b"ABCD")]),
    (b"\x37\x22A" + ASB_COVER + b"\x12BCD\x00", [Automatic(ASB_COVER), RealTime(0x12), Fence(b"ABCD")]),
    (b"\x10\x00\x12\x00\x0f", [RealTime(0x12), Automatic(ASB_OK)]),
    (b"\xff\xfe\x37\x22ABCD\x00", [Fence(b"ABCD")]),
    (b"\x37\x37\x22ABCD\x00", [Fence(b"ABCD")]),
    (b"\x37\x22ABCDE\x00", [Queued(0)]),
    (b"\x92", []),
])
def test_each_class_is_told_from_the_others(data: bytes, heard: list[Reply]):
    parser = Replies()
    assert [reply for byte in data for reply in parser.feed(bytes([byte]))] == heard
    assert Replies().feed(data) == heard


def test_bit_7_of_the_kp_628e_is_an_answer_only_where_it_is_known():
    assert Replies(bit7=True).feed(b"\x92") == [RealTime(0x12, waiting_slip=True)]
    assert Replies(bit7=False).feed(b"\x92") == []


def test_a_name_is_taken_whole_although_its_letters_look_like_status():
    parser = Replies()
    parser.naming = True
    assert parser.feed(b"\x5fTM-T88VI\x00\x12") == [Named(b"TM-T88VI"), RealTime(0x12)]


@given(st.binary(max_size=400), st.booleans())
def test_noise_never_breaks_it_and_never_forges_our_fence(noise: bytes, bit7: bool):
    parser = Replies(bit7=bit7)
    heard = parser.feed(noise)
    forged = [r for r in heard if isinstance(r, Fence)]
    assert len(forged) <= noise.count(b"\x37")
    assert len(heard) <= len(noise)


@given(st.lists(st.sampled_from([b"\x12", ASB_OK, ASB_COVER, b"\x11", b"\x13", b"\x1a"]), max_size=6),
       st.lists(st.sampled_from(list(FENCE_LETTERS)), min_size=4, max_size=4),
       st.lists(st.integers(0, 6), min_size=6, max_size=6))
def test_a_fence_is_heard_whatever_stands_between_its_bytes(between: list[bytes], letters: list[int], at: list[int]):
    fence = b"\x37\x22" + bytes(letters) + b"\0"
    places: dict[int, bytes] = {}
    for piece, place in zip(between, at, strict=False):
        places[place] = places.get(place, b"") + piece
    data = b"".join(places.get(i, b"") + fence[i:i + 1] for i in range(7))
    assert Fence(bytes(letters)) in Replies().feed(data)


@given(st.binary(min_size=4, max_size=4))
def test_unknown_is_never_fine(frame: bytes):
    assert Sensed().paper_known is False
    assert Sensed().real_time(3, 0x12).paper_known is False
    assert Sensed.automatic(frame).paper_known is True


@pytest.mark.parametrize(("n", "bits", "reason"), [
    (2, 0x16, "cover-open"), (2, 0x32, "paper-out"), (2, 0x52, "jam"), (3, 0x1A, "cutter"), (3, 0x32, "jam"),
    (3, 0x52, "overheated"), (4, 0x72, "paper-out"), (1, 0x1A, "offline"), (2, 0x1A, None), (4, 0x1E, None),
])
def test_each_bit_has_its_reason(n: int, bits: int, reason: str | None):
    assert Sensed().real_time(n, bits).fault() == reason


def test_an_error_is_named_by_the_next_answer():
    assert Sensed().real_time(2, 0x52).real_time(3, 0x1A).fault() == "cutter"
    assert Sensed().real_time(4, 0x1E).near_end is True


@pytest.mark.parametrize("heard", [b"\x37\x22!!!!\0", ASB_OK + b"\x37\x22!!!!\0" + ASB_OK])
def test_word_that_a_slip_is_done_is_not_lost_to_a_question_asked_at_that_moment(heard: bytes):
    ours, printer = socket.socketpair()
    talk = Conversation(socket_wire(ours), Capability(realtime=True, queued=True, fence=True, status=True))
    with printer:
        printer.sendall(heard)
        talk.ask(2)
        printer.sendall(heard + b"\x12")
        talk.answer(2)
        assert talk.listen(0) == [Fence(b"!!!!"), Fence(b"!!!!")]
        printer.sendall(heard)
        talk.ask(2)
        talk.forget()
        assert Fence(b"!!!!") not in talk.listen(0), "an earlier job's word is none for the next"
    talk.wire.close()


def test_an_answer_from_before_the_cover_opened_does_not_close_it():
    """Both come in one piece: the answer is of the moment in which it was asked for, the frame of a later one."""
    ours, printer = socket.socketpair()
    talk = Conversation(socket_wire(ours), Capability(realtime=True, queued=True, fence=True, status=True))
    with printer:
        talk.ask(2)
        printer.sendall(b"\x12" + ASB_COVER)
        talk.answer(2)
        assert talk.sensed.fault() == "cover-open"
        talk.ask(2)
        printer.sendall(ASB_COVER + b"\x12")
        talk.answer(2)
        assert talk.sensed.cover is False, "the later of two counts"
    talk.wire.close()
