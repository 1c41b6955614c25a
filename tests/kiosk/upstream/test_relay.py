"""The relay's core against every kind of answer: an idempotent receiver ends with each event once, in order."""

from __future__ import annotations

import random
from bisect import bisect_right
from dataclasses import dataclass, field

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kiosk.upstream.relay import MOST_ASIDE, TRIES, Answer, Item, Kept, Pace, Relay, Rest, Send, Verdict

OK, NO, BUSY, BROKEN, GONE = Answer(204), Answer(422), Answer(503), Answer(500), Answer(410)
NOTHING = Answer(None, "upstream-away")


def log(count: int, subjects: int = 3) -> list[Item]:
    """Every second place of the log is for somebody else."""
    return [Item(2 * n, f"c-{n}", f"s-{n % subjects}") for n in range(1, count + 1)]


@dataclass
class World:
    """A log, a ledger that keeps what it is told, and a relay that can be killed."""

    items: list[Item]
    pace: Pace = field(default_factory=Pace)
    kept: Kept = field(default_factory=Kept)
    now: float = 0.0
    took: list[Item] = field(default_factory=list)
    aside: dict[str, str] = field(default_factory=dict)
    sent: list[Send] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self):
        self.start()

    def start(self):
        self.relay = Relay(self.kept, self.chance.random, self.pace)

    def fill(self):
        room = self.relay.room
        if room:
            first = bisect_right(self.items, self.relay.scanned, key=lambda item: item.seq)
            more = self.items[first : first + room]
            self.relay.offer(more, more[-1].seq if len(more) == room else self.items[-1].seq + 1)

    def next(self) -> Send | Rest:
        self.fill()
        action = self.relay.next(self.now)
        if isinstance(action, Send):
            self.sent.append(action)
            if action.new:
                self.kept = self.relay.kept
        return action

    def answer(self, answer: Answer):
        settled = self.relay.answered(answer, self.now)
        self.kept = settled.kept
        self.took += settled.took
        self.aside |= {item.id: why for item, why in settled.aside}

    def step(self, answer: Answer) -> Send:
        """Let time pass until something is sent, and answer it."""
        for _ in range(3):
            action = self.next()
            if isinstance(action, Send):
                self.answer(answer)
                return action
            assert action.until is not None, "nothing left to send"
            self.now = action.until
        raise AssertionError("it rests for ever")

    @property
    def done(self) -> bool:
        return self.kept.after >= self.items[-1].seq


def test_one_goes_alone_under_its_own_id_many_go_together():
    world = World(log(1))
    sent = world.step(OK)
    assert (sent.id, sent.single) == ("c-1", True)
    assert world.done
    world = World(log(250))
    sizes = [len(world.step(OK).items) for _ in range(3)]
    assert sizes == [100, 100, 50]
    assert [send.id for send in world.sent] == ["batch:c-1:100", "batch:c-101:100", "batch:c-201:50"]
    assert world.done
    assert isinstance(world.next(), Rest)


def test_a_batch_is_tried_again_with_the_same_members_also_after_a_crash():
    world = World(log(30))
    first = world.step(NOTHING)
    world.items += [Item(500, "late", "s-0")]
    for crash in (False, True, True):
        if crash:
            world.start()
        again = world.step(BUSY)
        assert (again.id, again.items) == (first.id, first.items)
    world.step(OK)
    assert world.step(OK).id == "late"


def test_a_crash_between_storing_a_batch_and_sending_it():
    world = World(log(30))
    first = world.next()
    world.start()
    world.items += log(60)[30:]
    again = world.next()
    assert isinstance(first, Send)
    assert isinstance(again, Send)
    assert (again.id, again.items, again.new) == (first.id, first.items, False)


def test_what_was_tried_alone_goes_on_alone_under_its_id():
    world = World(log(1))
    world.step(NOTHING)
    world.items += [Item(100 + n, f"late-{n}", "s-0") for n in range(20)]
    assert world.step(NOTHING).id == "c-1"
    assert world.step(OK).id == "c-1"
    assert world.step(OK).id == "batch:late-0:20"


def test_large_events_make_small_batches():
    world = World([Item(n, f"c-{n}", "s", 100_000) for n in range(1, 7)])
    assert [len(world.step(OK).items) for _ in range(3)] == [2, 2, 2]
    world = World([Item(n, f"c-{n}", "s", 1_000_000) for n in range(1, 3)])
    assert [world.step(OK).single for _ in range(2)] == [True, True]


def test_a_destination_without_batches_gets_singles():
    world = World(log(3), Pace(batch=1))
    assert [world.step(OK).id for _ in range(3)] == ["c-1", "c-2", "c-3"]


# ---- waiting ---------------------------------------------------------------------------------------------------------


def test_waits_grow_to_a_minute_with_full_jitter_and_a_success_resets_them():
    world = World(log(1))
    waits = []
    for _ in range(200):
        world.step(NOTHING)
        action = world.next()
        assert isinstance(action, Rest)
        waits.append(action.until - world.now)
    assert waits[0] <= 1
    assert all(wait <= min(60, 2**n) for n, wait in enumerate(waits))
    assert max(waits) > 50
    assert min(waits[10:]) < 10  # full jitter: anything from nothing to the whole
    world.step(OK)
    world.items += [Item(900, "new", "s")]
    world.step(NOTHING)
    action = world.next()
    assert isinstance(action, Rest)
    assert action.until - world.now <= 1


def test_retry_after_is_honoured_up_to_an_hour():
    for asked, least in ((120.0, 120), (10**9, 3600)):
        world = World(log(1))
        world.step(Answer(429, retry_after=asked))
        action = world.next()
        assert isinstance(action, Rest)
        assert action.until - world.now == least
        assert world.step(OK).id == "c-1"


def test_gone_pauses_for_good_and_keeps_everything():
    world = World(log(5))
    world.step(GONE)
    assert world.kept.paused
    assert world.kept.why == "upstream-gone 410"
    assert world.next() == Rest(None)
    world.start()
    assert world.next() == Rest(None)
    world.kept = Kept(world.kept.after, batch=world.kept.batch, batch_id=world.kept.batch_id)  # staff let it go on
    world.start()
    world.step(OK)
    assert world.done
    assert not world.aside


def test_redirections_and_wrong_secrets_are_failures_that_nobody_is_set_aside_for():
    for status, why in ((302, "upstream-redirects 302"), (401, "upstream-not-believed 401"),
                        (404, "upstream-not-there 404"), (500, "upstream-broken 500"), (304, "upstream-redirects 304")):
        world = World(log(40))
        for _ in range(120):
            world.step(Answer(status))
        assert world.kept.why == why
        assert not world.aside
        while not world.done:
            world.step(OK)
        assert {item.id for item in world.took} == {item.id for item in world.items}
        assert in_order(world.took)
        assert world.kept.why == ""


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_clock_ten_minutes_off_is_signed_for_at_once(status):
    for skew in (600.0, -600.0):
        world = World(log(2))
        assert world.step(Answer(status, skew=skew)).shift == 0
        sent = world.next()
        assert isinstance(sent, Send)
        assert sent.shift == skew
        world.answer(OK)
        assert world.done
        assert not world.aside


# ---- refusing --------------------------------------------------------------------------------------------------------


def test_a_refused_batch_is_taken_apart_and_only_the_poisoned_one_set_aside():
    world = World(log(20))
    world.step(NO)
    while not world.done:
        action = world.next()
        assert isinstance(action, Send)
        assert action.single
        world.answer(NO if action.id == "c-7" else OK)
    assert world.aside == {"c-7": "upstream-refused 422"}
    assert [item.id for item in world.took] == [item.id for item in world.items if item.id != "c-7"]
    world.items += [Item(900 + n, f"new-{n}", "s") for n in range(9)]
    assert world.step(OK).id == "batch:new-0:9"


def test_taken_apart_stays_apart_over_a_crash():
    world = World(log(20))
    world.step(NO)
    world.step(OK)
    world.start()
    assert world.step(OK).id == "c-2"


def test_a_destination_that_refuses_everything_gets_no_more_than_some_set_aside():
    world = World(log(300, subjects=300))
    for _ in range(400):
        world.step(NO)
    assert len(world.aside) == MOST_ASIDE
    assert world.kept.why == "upstream-refused 422"
    while not world.done:
        world.step(OK)
    assert len(world.took) + len(world.aside) == 300


def test_one_that_only_ever_fails_is_set_aside_once_another_subject_gets_through():
    world = World(log(9))
    for _ in range(200):
        if world.done:
            break
        action = world.next()
        if isinstance(action, Rest):
            world.now = action.until or world.now
            continue
        world.answer(BROKEN if any(item.id == "c-4" for item in action.items) else OK)
    assert world.done
    assert world.aside == {"c-4": "upstream-broken 500"}
    assert sum(1 for sent in world.sent if sent.single and sent.id == "c-4") >= TRIES
    assert in_order(world.took)


def in_order(taken: list[Item]) -> bool:
    last: dict[str, int] = {}
    for item in taken:
        if item.seq <= last.get(item.subject, 0):
            return False
        last[item.subject] = item.seq
    return True


def test_seven_days_without_network_then_a_flapping_link():
    """10,000 events, each batch takes 50 ms, the link is up for 20 s and down for 20 s: all there in ten minutes."""
    world = World(log(10_000, 500))
    effects: list[Item] = []
    known: set[str] = set()
    while world.now < 7 * 86_400:
        action = world.next()
        if isinstance(action, Rest):
            world.now = action.until or world.now
        else:
            world.now += 5
            world.answer(NOTHING)
    begun = world.now
    while not world.done:
        action = world.next()
        if isinstance(action, Rest):
            world.now = action.until or world.now
            continue
        up = (world.now - begun) % 40 < 20
        world.now += 0.05
        if up or world.chance.random() < 0.1:  # down: now and then it is only the answer that is lost
            for item in action.items:
                if item.id not in known:
                    known.add(item.id)
                    effects.append(item)
        world.answer(OK if up else NOTHING)
        assert world.relay.waiting <= 400, "its memory grows with what waits"
    assert world.now - begun < 600
    assert [item.seq for item in effects] == [item.seq for item in world.items]
    assert not world.aside


# ---- anything at all -------------------------------------------------------------------------------------------------


def through_a_storm(count, subjects, batch, poisoned, failing, seed, storm):
    """A storm of answers, crashes and lost words; then the receiver is itself again, but for what it cannot take."""
    chance = random.Random(seed)
    world = World(log(count, subjects), Pace(batch=batch), chance=chance)
    bad = {f"c-{n}": NO for n in poisoned} | {f"c-{n}": BROKEN for n in failing - poisoned}
    effects: list[Item] = []
    known: set[str] = set()
    members: dict[str, tuple[Item, ...]] = {}

    def receive(sent: Send) -> Answer:
        for item in sent.items:
            if item.id in bad:
                return bad[item.id]
        for item in sent.items:
            if item.id not in known:
                known.add(item.id)
                effects.append(item)
        return OK

    for turn in range(2500):
        if world.done:
            break
        if turn < storm and chance.random() < 0.1:
            world.start()
        action = world.next()
        if isinstance(action, Rest):
            assert action.until is not None
            world.now = max(world.now, action.until)
            continue
        assert members.setdefault(action.id, action.items) == action.items, "a batch changed its members"
        assert (len(action.items) == 1) == action.single
        if turn < storm and chance.random() < 0.7:
            if chance.random() < 0.4:
                receive(action)  # it was taken, and the answer is lost
            trouble = chance.choice([NOTHING, BUSY, BROKEN, Answer(302), Answer(429, retry_after=3), Answer(401),
                                     Answer(401, skew=600.0), "killed"])
            if trouble == "killed":
                world.start()
            else:
                world.answer(trouble)
            continue
        world.answer(receive(action))
    assert in_order(effects)
    held_up = [item for item in world.items if item.id not in known and item.id not in world.aside]
    # What only ever fails waits while nothing else is there to compare it with, and what follows it in its subject.
    stuck = {item.subject for item in held_up if bad.get(item.id) is BROKEN}
    assert all(item.subject in stuck for item in held_up), "lost, or held up by another subject"
    for id_ in set(world.aside) - set(bad):  # set aside without cause: only after a run of bad luck of its own
        assert sum(1 for sent in world.sent if sent.single and sent.id == id_) >= TRIES


@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=80)
@given(
    count=st.integers(1, 60),
    subjects=st.integers(1, 8),
    batch=st.sampled_from([1, 2, 5, 100]),
    poisoned=st.sets(st.integers(1, 60), max_size=6),
    failing=st.sets(st.integers(1, 60), max_size=2),
    seed=st.integers(0, 2**32),
    storm=st.integers(0, 150),
)
def test_whatever_is_answered_each_takes_effect_once_in_order(**given_):
    through_a_storm(**given_)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, "took"), (202, "took"), (204, "took"), (207, "took"), (301, "doubt"), (308, "doubt"), (400, "no"),
     (401, "doubt"), (403, "doubt"), (404, "doubt"), (408, "wait"), (409, "no"), (410, "gone"), (413, "no"),
     (415, "no"), (422, "no"), (425, "wait"), (429, "wait"), (500, "doubt"), (501, "doubt"), (502, "wait"),
     (503, "wait"), (504, "wait"), (599, "doubt"), (100, "doubt"), (999, "doubt"), (None, "wait")],
)  # fmt: skip
def test_what_answers_mean(status, verdict):
    assert Answer(status).verdict is Verdict(verdict)
