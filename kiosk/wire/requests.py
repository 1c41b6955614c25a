"""Requests, categories and grids as JSON and back."""

from __future__ import annotations

from datetime import date

from kiosk.door import (
    Category,
    ChangeAside,
    Grid,
    HelpAsked,
    Request,
    RequestCase,
    RequestOrder,
    RequestState,
    Step,
)
from kiosk.sheets import (
    Sheet,
    WireError,
    a_day,
    a_text,
    integer,
    many,
    maybe,
    maybe_text,
    moment,
    one_of,
    sheet,
    text,
    truth,
)
from kiosk.wire.said import MOST_SENT, Json, Speaker, get_name, get_reason, put_name, put_reason, put_said_reason

_OVERDUE = ("fine", "amber", "red")


def put_category(category: Category, say: Speaker) -> Json:
    """Write a category: `name` for who reads it, `names` for who words it again."""
    return {
        "id": category.id,
        "name": say.name(category.name),
        "names": put_name(category.name),
        "hint": put_name(category.hint),
        "phrases": [put_name(phrase) for phrase in category.phrases],
        "days": category.days,
        "also": list(category.also),
    }


def get_category(raw: object, path: str = "") -> Category:
    """Read a category."""
    of = sheet(raw, path)
    return Category(
        text(of, "id"),
        get_name(of.members.get("names"), of.at("names")),
        get_name(of.members.get("hint"), of.at("hint")),
        many(of, "phrases", get_name),
        integer(of, "days"),
        many(of, "also", a_text),
    )


def put_grid(grid: Grid, say: Speaker) -> Json:
    """Write a grid."""
    return {
        "id": grid.id,
        "name": say.name(grid.name),
        "names": put_name(grid.name),
        "also": list(grid.also),
        "within": grid.within,
        "unit": grid.unit,
        "here": grid.here,
    }


def get_grid(raw: object, path: str = "") -> Grid:
    """Read a grid."""
    of = sheet(raw, path)
    return Grid(
        text(of, "id"),
        get_name(of.members.get("names"), of.at("names")),
        many(of, "also", a_text),
        maybe_text(of, "within"),
        maybe_text(of, "unit"),
        truth(of, "here", unset=False),
    )


REQUEST_ORDER = frozenset({"category", "text", "grid", "place", "phone", "name", "location"})


def put_request_order(order: RequestOrder) -> Json:
    """Write an order to file a request."""
    return {
        "category": order.category,
        "text": order.text,
        "grid": order.grid,
        "place": order.place,
        "phone": order.phone,
        "name": order.name,
    }


def get_request_order(raw: object) -> tuple[RequestOrder, str | None]:
    """Read an order to file a request, and its `location`: a grid or a place, in one member; who knows the grids
    decides. Members of other names are errors."""
    of = sheet(raw, only=REQUEST_ORDER)
    order = RequestOrder(
        text(of, "category", 60),
        text(of, "text", MOST_SENT),
        maybe_text(of, "grid", 60),
        maybe_text(of, "place", MOST_SENT),
        maybe_text(of, "phone", 40),
        maybe_text(of, "name", MOST_SENT),
    )
    return order, maybe_text(of, "location", MOST_SENT)


def put_request(request: Request) -> Json:
    """Write a request. Its steps stand with their facts only: what words they have the reader knows."""
    return {
        "id": request.id,
        "code": request.code,
        "qr": request.qr,
        "category": put_name(request.category),
        "category_id": request.category_id,
        "grid": request.grid,
        "place_name": None if request.place_name is None else put_name(request.place_name),
        "state": request.state.value,
        "due": request.due.isoformat(),
        "filed_at": request.filed_at.isoformat(),
        "steps": [{"at": step.at.isoformat(), "what": put_reason(step.what)} for step in request.steps],
        "unit": None if request.unit is None else put_name(request.unit),
        "officer": request.officer,
        "first_asked": request.first_asked,
        "answer": request.answer,
        "reopened": request.reopened,
        "phone_tail": request.phone_tail,
        "overdue": request.overdue,
        "may": sorted(request.may),
        "text": request.text,
        "place": request.place,
    }


def put_said_request(request: Request, say: Speaker) -> Json:
    """Write a request with its steps in words."""
    steps = [{"at": step.at.isoformat(), "what": put_said_reason(step.what, say)} for step in request.steps]
    return put_request(request) | {"steps": steps}


def get_request(raw: object, path: str = "") -> Request:
    """Read a request."""
    of = sheet(raw, path)
    overdue = next((word for word in _OVERDUE if word == of.members.get("overdue")), None)
    if overdue is None:
        raise WireError(of.at("overdue"), of.members.get("overdue"), "one of " + ", ".join(_OVERDUE))
    return Request(
        id=text(of, "id"),
        code=text(of, "code"),
        qr=text(of, "qr"),
        category=get_name(of.members.get("category"), of.at("category")),
        place_name=maybe(of, "place_name", get_name),
        state=one_of(of, "state", RequestState),
        due=_day(of, "due"),
        filed_at=moment(of, "filed_at"),
        steps=many(of, "steps", _get_step),
        unit=maybe(of, "unit", get_name),
        officer=maybe_text(of, "officer"),
        first_asked=maybe_text(of, "first_asked"),
        answer=maybe_text(of, "answer"),
        reopened=integer(of, "reopened"),
        phone_tail=maybe_text(of, "phone_tail"),
        overdue=overdue,  # type: ignore[arg-type]
        may=frozenset(many(of, "may", a_text)),
        text=maybe_text(of, "text"),
        place=maybe_text(of, "place"),
        category_id=text(of, "category_id"),
        grid=maybe_text(of, "grid"),
    )


def put_case(case: RequestCase, say: Speaker) -> Json:
    """Write a request as staff hold it."""
    return {
        "request": put_said_request(case.request, say),
        "phone": case.phone,
        "name": case.name,
        "holder": case.holder,
        "away": case.away,
        "helps": [_put_help(help_) for help_ in case.helps],
        "may": sorted(case.may),
    }


def put_aside(change: ChangeAside, say: Speaker) -> Json:
    """Write a change that was set aside."""
    return {
        "id": change.id,
        "request": change.request,
        "kind": change.kind,
        "at": change.at.isoformat(),
        "why": put_said_reason(change.why, say),
    }


def _put_help(asked: HelpAsked) -> Json:
    settled = None if asked.settled_at is None else asked.settled_at.isoformat()
    return {"kind": asked.kind.value, "at": asked.at.isoformat(), "settled_at": settled}


def _get_step(raw: object, path: str) -> Step:
    of = sheet(raw, path)
    return Step(moment(of, "at"), get_reason(of.members.get("what"), of.at("what")))


def _day(of: Sheet, key: str) -> date:
    return a_day(of.members.get(key), of.at(key))
