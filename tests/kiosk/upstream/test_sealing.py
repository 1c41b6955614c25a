"""Sealed boxes: opened by their key's holder and nobody else, whatever is sent in their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.upstream.sealing import NotSealed, new_pair, private_key, public_key, public_of, seal, unseal

FIELDS = {"text": "楼道灯坏了", "place": "3 号楼 2 单元", "phone": "13912345678"}


def test_what_is_sealed_is_read_with_the_private_key_only():
    private, public = new_pair()
    other, _ = new_pair()
    box = seal(FIELDS, public_key(public))
    assert unseal(box, private_key(private)) == FIELDS
    with pytest.raises(NotSealed):
        unseal(box, private_key(other))
    assert public_of(private) == public


def test_two_boxes_of_the_same_tell_nothing_of_each_other():
    _, public = new_pair()
    boxes = [seal(FIELDS, public_key(public)) for _ in range(2)]
    assert boxes[0] != boxes[1]


_private, _public = new_pair()
_OPEN = private_key(_private)


@given(st.one_of(st.none(), st.integers(), st.text(), st.binary().map(str), st.lists(st.text())))
def test_rubbish_is_refused(rubbish):
    with pytest.raises(NotSealed):
        unseal(rubbish, _OPEN)


def test_a_box_cut_short_or_changed_is_refused():
    box = seal(FIELDS, public_key(_public))
    for wrong in (box[:-4], box[4:], "A" + box[1:] if box[0] != "A" else "B" + box[1:]):
        with pytest.raises(NotSealed):
            unseal(wrong, _OPEN)


@pytest.mark.parametrize("key", ["", "AAAA", "!!", "A" * 44 + "AAAA"])
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(ValueError, match="a key"):
        public_key(key)
