"""How one destination gets the log: what goes next, and what an answer means. Pure: no clock, socket or ledger.

Nothing is dropped: an event is taken, or set aside for staff, or waits. Order is kept within each subject. What is
alone goes alone; when behind, batches, each tried again with the same members until it is answered. An event that the
destination refuses is set aside; one that it only fails over is set aside once others get through where it does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import Enum

from kiosk.upstream.envelope import batch_id

TRIES = 8
"""How often a doubtful answer is taken for the destination's own trouble before others are tried in its place."""
PROOFS = 3
"""How many others must get through, with tries of the doubtful one between, before it is set aside."""
MOST_ASIDE = 20
"""After so many refusals in a row it is the destination that is wrong, not the events: then they wait."""
LONGEST_S = 60.0
MOST_RETRY_AFTER_S = 3600.0
"""An hour: whoever says "next year" is asked again all the same."""
SKEW_S = 60.0

_WINDOW = 400
_BUSY = frozenset({408, 425, 429, 502, 503, 504})
_DOUBTFUL = frozenset({401, 403, 404, 405, 407})


class Verdict(Enum):
    """What an answer means: it took it; try again later; something is wrong, perhaps with it, perhaps with this event;
    it will never take this; it wants no more of anything."""

    TOOK = "took"
    WAIT = "wait"
    DOUBT = "doubt"
    NO = "no"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Item:
    """An event that waits: its place in the log, id and subject, and how many bytes it has."""

    seq: int
    id: str
    subject: str
    size: int = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger keeps of it. Up to `after` all is settled; up to `apart_to` events go alone; `batch`: the members
    of the batch under way. `why`: what is wrong, "" while all is well."""

    after: int = 0
    apart_to: int = 0
    batch: tuple[int, ...] = ()
    batch_id: str = ""
    paused: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Send:
    """Post these now under this id. `single`: alone, not as a batch of one. `new`: a batch that is to be stored first.
    `shift`: seconds to take from our clock when signing, where the destination's was found to be another."""

    id: str
    items: tuple[Item, ...]
    single: bool
    new: bool = False
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to post until a moment of the monotonic clock; None: until there is news."""

    until: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` None: nothing did, and `why` says what happened instead. `retry_after`: seconds;
    `skew`: our clock minus theirs, seconds; `code`: what they call the trouble (RFC 9457), "" if they do not."""

    status: int | None
    why: str = ""
    retry_after: float | None = None
    skew: float | None = None
    code: str = ""

    @property
    def verdict(self) -> Verdict:
        status = self.status
        if status is None or status in _BUSY:
            return Verdict.WAIT
        if 200 <= status < 300:
            return Verdict.TOOK
        if status == 410:
            return Verdict.GONE
        # Redirections are never followed: whoever moved says so to staff, not to the relay.
        return Verdict.NO if 400 <= status < 500 and status not in _DOUBTFUL else Verdict.DOUBT

    @property
    def says(self) -> str:
        """Why nothing was taken: a code and, after blanks, the status and the other end's own code."""
        status = self.status
        if status is None:
            return self.why or "upstream-away"
        if status in _BUSY:
            code = "upstream-busy"
        elif 300 <= status < 400:
            code = "upstream-redirects"
        elif status in {401, 403, 407}:
            clock = self.skew is not None and abs(self.skew) > SKEW_S
            code = "upstream-clock" if clock else "upstream-not-believed"
        elif status in {404, 405}:
            code = "upstream-not-there"
        elif status == 410:
            code = "upstream-gone"
        else:
            code = "upstream-refused" if 400 <= status < 500 else "upstream-broken"
        return f"{code} {status} {self.code}".rstrip()


@dataclass(frozen=True, slots=True)
class Settled:
    """What an answer settled, to be written down together. `kept`: as it is from now on."""

    kept: Kept
    took: tuple[Item, ...] = ()
    aside: tuple[tuple[Item, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pace:
    """`first_s`: what the first wait is drawn from; it doubles up to `most_s`. `batch`, `batch_bytes`: the most that
    go together; a batch of 1: each goes alone."""

    first_s: float = 1.0
    most_s: float = LONGEST_S
    batch: int = 100
    batch_bytes: int = 256 * 1024


@dataclass(slots=True)
class _Luck:
    """How it has been going. Forgotten at a restart, which costs some tries and nothing else."""

    failures: int = 0
    doubts: int = 0
    doubt: str = ""
    proofs: int = 0
    refused_in_a_row: int = 0
    not_before: float = 0.0
    shift: float = 0.0
    alone: int = 0  # what was tried alone goes on alone, or its id would change
    beyond: set[int] = field(default_factory=set)  # taken out of turn, past a doubtful one


class Relay:
    """One destination's. `chance` gives numbers from 0 to 1."""

    def __init__(self, kept: Kept, chance: Callable[[], float], pace: Pace | None = None) -> None:
        self.kept = kept
        self.scanned = kept.after
        self._pace = pace or Pace()
        self._chance = chance
        self._items: deque[Item] = deque()
        self._luck = _Luck()
        self._sent: Send | None = None

    @property
    def room(self) -> int:
        """How many more events it wants to know of: some batches', however far behind it is; and enough to find other
        subjects among when one is held up."""
        return max(0, max(4 * self._pace.batch, _WINDOW) - len(self._items))

    @property
    def waiting(self) -> int:
        """How many it knows of that wait."""
        return len(self._items)

    def offer(self, items: Iterable[Item], scanned: int) -> None:
        """What follows in the log and is for this destination; the log has been looked through up to `scanned`."""
        self._items.extend(items)
        self.scanned = scanned
        if not self._items and not self.kept.batch:
            self.kept = replace(self.kept, after=scanned)

    def next(self, now: float) -> Send | Rest:
        """What to do at a moment of the monotonic clock."""
        if self.kept.paused or not self._items:
            return Rest(None)
        if now < self._luck.not_before:
            return Rest(self._luck.not_before)
        self._sent = self._again() or self._alone() or self._together()
        return self._sent

    def answered(self, answer: Answer, now: float) -> Settled:
        """What came of the last `Send`."""
        sent, verdict = self._sent, answer.verdict
        assert sent is not None
        self._sent = None
        if verdict is Verdict.TOOK:
            return self._took(sent, now)
        if verdict is Verdict.GONE:
            self.kept = replace(self.kept, paused=True, why=answer.says)
            return Settled(self.kept)
        if verdict is Verdict.NO and answer.status == 400 and self._apart_in_time(answer):
            verdict = Verdict.DOUBT  # our signature's time is what it does not like
        if verdict is Verdict.NO:
            if not sent.single:
                return self._apart(answer, now)
            if self._luck.refused_in_a_row < MOST_ASIDE:
                self._luck.refused_in_a_row += 1
                self._luck.not_before = now
                return self._settle(aside=((sent.items[0], answer.says),), why=self.kept.why)
            verdict = Verdict.DOUBT
        if verdict is Verdict.DOUBT:
            self._luck.doubts += 1
            if sent.items[0] == self._items[0]:
                self._luck.doubt = answer.says
            if not sent.single and self._luck.doubts >= TRIES:
                return self._apart(answer, now)
        self._wait(answer, now)
        self.kept = replace(self.kept, why=answer.says)
        return Settled(self.kept)

    # ---- what goes next ----------------------------------------------------------------------------------------------

    def _again(self) -> Send | None:
        """The batch under way, with its very members."""
        members = frozenset(self.kept.batch)
        if not members:
            return None
        found = tuple(item for item in self._items if item.seq in members)
        if len(found) == len(members):
            return Send(self.kept.batch_id, found, single=False, shift=self._luck.shift)
        self.kept = replace(self.kept, batch=(), batch_id="")  # the log that held them is no more
        return None

    def _alone(self) -> Send | None:
        head = self._items[0]
        by_itself = len(self._items) == 1 or self._pace.batch == 1 or head.seq == self._luck.alone
        if not by_itself and head.seq > self.kept.apart_to:
            return None
        self._luck.alone = head.seq
        past = self._luck.doubts - TRIES
        item = self._other(past // 2) if past >= 0 and past % 2 == 0 else head
        return Send(item.id, (item,), single=True, shift=self._luck.shift)

    def _other(self, turn: int) -> Item:
        """The first of another subject, in turn; the doubtful one itself if there is none."""
        head = self._items[0]
        seen, firsts = {head.subject}, []
        for item in self._items:
            if item.seq not in self._luck.beyond and item.subject not in seen:
                seen.add(item.subject)
                firsts.append(item)
        return firsts[turn % len(firsts)] if firsts else head

    def _together(self) -> Send:
        chosen: list[Item] = []
        size = 0
        for item in self._items:
            size += item.size
            if chosen and (len(chosen) == self._pace.batch or size > self._pace.batch_bytes):
                break
            if item.seq not in self._luck.beyond:
                chosen.append(item)
        if len(chosen) == 1:
            self._luck.alone = chosen[0].seq
            return Send(chosen[0].id, (chosen[0],), single=True, shift=self._luck.shift)
        id_ = batch_id(chosen[0].id, len(chosen))
        self.kept = replace(self.kept, batch=tuple(item.seq for item in chosen), batch_id=id_)
        return Send(id_, tuple(chosen), single=False, new=True, shift=self._luck.shift)

    # ---- what came of it ---------------------------------------------------------------------------------------------

    def _took(self, sent: Send, now: float) -> Settled:
        head, was = self._items[0], self._luck
        beyond = was.beyond | {item.seq for item in sent.items}
        self._luck = _Luck(beyond=beyond, not_before=now, shift=was.shift)
        if head.seq in beyond:
            return self._settle(sent.items)
        if was.proofs + 1 == PROOFS:  # others got through where this one never did
            return self._settle(sent.items, ((head, was.doubt),))
        self._luck.doubts, self._luck.doubt, self._luck.proofs = was.doubts + 1, was.doubt, was.proofs + 1
        return self._settle(sent.items, why=self.kept.why)

    def _apart(self, answer: Answer, now: float) -> Settled:
        last = self.kept.batch[-1]
        self._luck.doubts = 0
        self._luck.not_before = now
        if answer.verdict is not Verdict.NO or answer.retry_after:
            self._wait(answer, now)
        self.kept = replace(self.kept, batch=(), batch_id="", apart_to=max(last, self.kept.apart_to))
        return Settled(self.kept)

    def _settle(
        self, took: tuple[Item, ...] = (), aside: tuple[tuple[Item, str], ...] = (), why: str = ""
    ) -> Settled:
        beyond = self._luck.beyond | {item.seq for item, _why in aside}
        if self._items[0].seq in beyond:
            self._luck.doubts = self._luck.proofs = 0
        while self._items and self._items[0].seq in beyond:
            beyond.discard(self._items.popleft().seq)
        self._luck.beyond = beyond
        after = self._items[0].seq - 1 if self._items else self.scanned
        self.kept = replace(self.kept, after=max(after, self.kept.after), batch=(), batch_id="", why=why)
        return Settled(self.kept, took, aside)

    def _apart_in_time(self, answer: Answer) -> bool:
        """Whether what we sign with is not the destination's time, for all it says."""
        return answer.skew is not None and abs(answer.skew - self._luck.shift) > SKEW_S

    def _wait(self, answer: Answer, now: float) -> None:
        luck = self._luck
        if answer.status in {400, 401, 403} and self._apart_in_time(answer):
            # The clocks differ: the next attempt is signed in the destination's time, at once.
            luck.shift = answer.skew or 0.0
            luck.not_before = now
            return
        luck.failures += 1
        drawn = self._chance() * min(self._pace.most_s, self._pace.first_s * 2 ** min(luck.failures - 1, 20))
        asked = min(answer.retry_after or 0.0, MOST_RETRY_AFTER_S)
        luck.not_before = now + max(drawn, asked, self._pace.first_s / 20)
