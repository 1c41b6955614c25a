"""The schemas of requests for /openapi.json: what `kiosk.wire.requests` writes and takes."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.door import HelpKind, RequestState
from kiosk.web.schemas import AT, DAY, NUMBER, TEXT, TRUTH, Schema, array, null_or, ref, thing
from kiosk.wire import MOST_SENT

_SENT: Schema = {"type": "string", "maxLength": MOST_SENT}
_KIND: Schema = {"enum": [str(kind) for kind in HelpKind]}

REQUEST_SCHEMAS: Mapping[str, Schema] = {
    "Categories": thing(categories=array(thing(
        id=TEXT, name=TEXT, names=ref("Name"), hint=ref("Name"), phrases=array(ref("Name")), days=NUMBER,
        also=array(TEXT),
    ))),
    "Grids": thing(grids=array(thing(
        id=TEXT, name=TEXT, names=ref("Name"), also=array(TEXT), within=null_or(TEXT), unit=null_or(TEXT), here=TRUTH,
    ))),
    "RequestOrder": thing(
        ("grid", "place", "phone", "name", "location"), only_these=True, category={"type": "string", "maxLength": 60},
        text={**_SENT, "description": "at most 500 characters once cleaned"},
        grid=null_or({"type": "string", "maxLength": 60}), place=null_or(_SENT),
        phone=null_or({"type": "string", "maxLength": 40}),
        name={**null_or(_SENT), "description": "What to call the resident; kept only by a hall that asks for it"},
        location={**null_or(_SENT), "description": "A grid's id or name, else a place in words"},
    ),
    "Request": thing(
        id=TEXT, code=TEXT, qr=TEXT, category=ref("Name"), category_id=TEXT, grid=null_or(TEXT),
        place_name=null_or(ref("Name")), state={"enum": [str(state) for state in RequestState]}, due=DAY, filed_at=AT,
        steps=array(thing(at=AT, what=ref("Reason"))), unit=null_or(ref("Name")), officer=null_or(TEXT),
        first_asked=null_or(TEXT), answer=null_or(TEXT), reopened=NUMBER, phone_tail=null_or(TEXT),
        overdue={"enum": ["fine", "amber", "red"]}, may=array(TEXT), text=null_or(TEXT), place=null_or(TEXT),
    ),
    "RequestAnswer": thing(("why",), only_these=True, solved=TRUTH, why=null_or(_SENT)),
    "RequestHelp": thing(only_these=True, kind=_KIND),
    "RequestFind": thing(
        ("view", "search"), only_these=True, view=null_or({"enum": ["open", "mine", "late", "all"]}),
        search=null_or({"type": "string", "maxLength": 100}),
    ),
    "RequestCase": thing(
        request=ref("Request"), phone=null_or(TEXT), name=null_or(TEXT), holder=null_or(TEXT), away=TRUTH,
        helps=array(thing(kind=_KIND, at=AT, settled_at=null_or(AT))), may=array(TEXT),
    ),
    "RequestCases": thing(requests=array(ref("RequestCase"))),
    "RequestText": thing(only_these=True, text=_SENT),
    "HandOver": thing(only_these=True, to={"type": "string", "maxLength": 60}, why=_SENT),
    "Extension": thing(only_these=True, days=NUMBER, why=_SENT),
    "Why": thing(only_these=True, why=_SENT),
    "ChangesAside": thing(changes=array(thing(id=TEXT, request=TEXT, kind=TEXT, at=AT, why=ref("Reason")))),
}  # fmt: skip
