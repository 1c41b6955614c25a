"""Whose a case becomes: a table, and what holds whatever the numbers."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.rules.sharing import Share, share

THREE = ("陈刚", "吴霞", "李建国")
ALL = dict.fromkeys(THREE, True)


@pytest.mark.parametrize(
    ("officers", "accounts", "open_", "expected"),
    [
        (THREE, ALL, {}, Share("陈刚", 0, 3)),
        (THREE, ALL, {"陈刚": 1}, Share("吴霞", 0, 3)),
        (THREE, ALL, {"陈刚": 3, "吴霞": 2, "李建国": 2}, Share("吴霞", 2, 3)),
        (THREE, ALL | {"陈刚": False}, {"吴霞": 9, "李建国": 8}, Share("李建国", 8, 2)),
        (THREE, {"李建国": True}, {"李建国": 5}, Share("李建国", 5, 1)),
        (THREE, {}, {"陈刚": 1}, Share("吴霞", 0, 3)),
        (THREE, {"陈刚": False}, {"吴霞": 1}, Share("李建国", 0, 2)),
        (THREE, dict.fromkeys(THREE, False), {}, Share("", 0, 0)),
        ((), ALL, {"陈刚": 1}, Share("", 0, 0)),
    ],
)
def test_who_takes_a_case(officers, accounts, open_, expected) -> None:
    assert share(officers, accounts, open_) == expected


@given(st.dictionaries(st.sampled_from(THREE), st.booleans()), st.lists(st.integers(0, 40), min_size=3, max_size=3))
def test_given_out_one_by_one_they_end_level(accounts, begin) -> None:
    open_ = Counter(dict(zip(THREE, begin, strict=True)))
    could = {one for one in THREE if accounts.get(one)} or {one for one in THREE if one not in accounts}
    for _ in range(130):
        given_ = share(THREE, accounts, open_)
        assert (given_.officer in could, given_.among) == (bool(could), len(could))
        open_[given_.officer] += 1
    if could:
        assert max(open_[one] for one in could) - min(open_[one] for one in could) <= 1
