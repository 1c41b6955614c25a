"""Names, facts, reasons, ways on and refusals as JSON and back: what every other value is told with."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Protocol

from kiosk.door import Fact, Name, Offer, Reason, Refusal
from kiosk.sheets import (
    Sheet,
    WireError,
    a_day,
    a_text,
    integer,
    many,
    maybe,
    maybe_moment,
    maybe_text,
    moment,
    seconds,
    sheet,
    text,
    time_of_day,
)

Json = dict[str, object]

MOST_SENT = 4000
"""Characters of a text as it may be sent; whether it is too long when cleaned the hall says, and kindly."""


class Speaker(Protocol):
    """What turns reasons and names into the reader's language: `kiosk.words.Words` is one."""

    def reason(self, reason: Reason, /) -> str: ...

    def name(self, name: Name, /) -> str: ...


def put_name(name: Name) -> Json:
    """Write a name in both languages."""
    return {"zh": name.zh, "en": name.en}


def get_name(raw: object, path: str = "") -> Name:
    """Read a name in both languages."""
    of = sheet(raw, path)
    return Name(text(of, "zh"), maybe_text(of, "en") or "")


def put_fact(fact: Fact) -> object:
    """Write one fact with its tag; plain texts and numbers stand for themselves."""
    if isinstance(fact, (str, int)):
        return fact
    if isinstance(fact, datetime):  # before date: every datetime is one
        return {"at": fact.isoformat()}
    if isinstance(fact, date):
        return {"day": fact.isoformat()}
    if isinstance(fact, time):
        return {"time": fact.isoformat()}
    if isinstance(fact, timedelta):
        minutes, rest = divmod(fact, timedelta(minutes=1))
        return {"seconds": fact.total_seconds()} if rest else {"minutes": minutes}
    return put_name(fact)


def get_fact(raw: object, path: str = "") -> Fact:
    """Read one fact by its tag."""
    if isinstance(raw, bool) or raw is None:
        raise WireError(path, raw, "a fact")
    if isinstance(raw, int | float):
        return integer(Sheet({"": raw}, path), "")
    if isinstance(raw, str):
        return a_text(raw, path)
    of = sheet(raw, path)
    if "at" in of.members:
        return moment(of, "at")
    if "day" in of.members:
        return a_day(of.members["day"], of.at("day"))
    if "time" in of.members:
        return time_of_day(of, "time")
    if "minutes" in of.members:
        return timedelta(minutes=integer(of, "minutes"))
    if "seconds" in of.members:
        return seconds(of)
    return get_name(raw, path)


def put_reason(reason: Reason) -> Json:
    """Write a reason for machines: code and facts."""
    return {"code": reason.code, "facts": {name: put_fact(fact) for name, fact in reason.facts.items()}}


def put_said_reason(reason: Reason | None, say: Speaker) -> Json | None:
    """Write a reason for both: code, sentence, facts."""
    if reason is None:
        return None
    return {"code": reason.code, "text": say.reason(reason), "facts": put_reason(reason)["facts"]}


def get_reason(raw: object, path: str = "") -> Reason:
    """Read a reason; a sentence that stands with it is not needed here."""
    of = sheet(raw, path)
    facts = sheet(of.members.get("facts", {}), of.at("facts"))
    if len(facts.members) > 50:
        raise WireError(facts.path, facts.members, "at most 50 facts")
    for name in facts.members:
        if not (name.isidentifier() and name.isascii() and len(name) <= 40):
            raise WireError(facts.at("?"), name, "facts by plain names")  # never repeated: it may be anything
    return Reason(text(of, "code", 60), {name: get_fact(fact, facts.at(name)) for name, fact in facts.members.items()})


STATUS = {"missing": 404, "conflict": 409, "rule": 422, "forbidden": 403, "busy": 429, "broken": 503}
KINDS = {status: kind for kind, status in STATUS.items()}


def put_offer(offer: Offer, say: Speaker) -> Json:
    """Write a way on: `say` for people, `reason` for who words it again; the rest only where it is set."""
    out: Json = {"say": say.reason(offer.reason), "reason": put_reason(offer.reason)}
    if offer.facility is not None:
        out["facility"] = offer.facility
    if offer.start is not None:
        out["start"] = offer.start.isoformat()
    if offer.service is not None:
        out["service"] = offer.service
    return out


def get_offer(raw: object, path: str = "") -> Offer:
    """Read a way on."""
    of = sheet(raw, path)
    return Offer(
        get_reason(of.members.get("reason"), of.at("reason")),
        maybe_text(of, "facility"),
        maybe_moment(of, "start"),
        maybe_text(of, "service"),
    )


def put_problem(refusal: Refusal, say: Speaker, title: str, status: int | None = None) -> Json:
    """Write a refusal as an RFC 9457 problem with the members `code`, `reason`, `next` (and `retry_after`, seconds).

    `status` is for the two problems that are no refusal of the hall (400, 413 and their like).
    """
    out: Json = {
        "type": f"urn:hall-kiosk:problem:{refusal.reason.code}",
        "title": title,
        "status": STATUS[refusal.kind] if status is None else status,
        "detail": say.reason(refusal.reason),
        "code": refusal.reason.code,
        "reason": put_reason(refusal.reason),
        "next": [put_offer(offer, say) for offer in refusal.next],
    }
    if refusal.retry_after is not None:
        out["retry_after"] = refusal.retry_after.total_seconds()
    return out


def get_problem(raw: object) -> Refusal:
    """Read a problem back into the refusal it tells of. One of no known kind is read as "rule"."""
    of = sheet(raw)
    after = maybe(of, "retry_after", lambda found, path: seconds(Sheet({"seconds": found}, path)))
    return Refusal(
        KINDS.get(integer(of, "status"), "rule"),
        get_reason(of.members.get("reason"), "reason"),
        many(of, "next", get_offer),
        after,
    )
