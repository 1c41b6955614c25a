"""What all pages share: who is signed in, which form is ours, how a page is shown and what its answer may never carry.

Every answer has headers that keep other sites, scripts and caches out. Every form carries its session's token, and a
key made when it was rendered, so that pressed twice it is one command. Passwords are checked beside the event loop, at
most two at a time (each takes 19 MiB and some 20 ms).
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from kiosk.door import HallAway, Reason, Refusal, Role
from kiosk.hall import HallHouse
from kiosk.hall.accounts import Account
from kiosk.ledger.errors import LedgerTrouble
from kiosk.upstream import standing
from kiosk.web.pages.attention import Board, advice, board
from kiosk.web.sessions import COOKIE, Session, Sessions
from kiosk.words import Words

T = TypeVar("T")
Page = Callable[[Request], Awaitable[Response]]

MOST_FORM = 16 * 1024  # bytes; the longest honest form is a year's holiday notice
SWALLOW = 8 * 1024 * 1024  # bytes read and dropped of a form too large, so that its sender hears the answer
SAID = "hall_said"
SAID_S = 20
ALREADY_SO = frozenset({"ask-clerk", "look-again"})
"""Ways on that make no sense here: a clerk reads this, on a page that shows what is so now."""
SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:;"
        " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would make browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Elsewhere(Exception):
    """This request belongs on another page."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class NotOurs(Exception):
    """This form is not one of ours, or not for this person. `status`: 403, or 413 for one too large."""

    def __init__(self, status: int = 403) -> None:
        super().__init__(str(status))
        self.status = status


@dataclass(frozen=True, slots=True)
class Said:
    """What the page answers to the last press. `good`: it was done."""

    good: bool
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """A form that came from one of our pages: who pressed, and its fields."""

    session: Session
    account: Account
    form: Mapping[str, str]
    many: Mapping[str, list[str]]

    def key(self, what: str) -> str:
        """The command's key: what is done, and the mark the form got when it was rendered."""
        mark = "".join(letter for letter in self.form.get("key", "") if "!" <= letter <= "~")[:40]
        return f"{what}:{mark or secrets.token_urlsafe(9)}"


class Gate:
    """Shared by every page of one hall process."""

    def __init__(self, house: HallHouse, readers: Executor) -> None:
        self.house = house
        self.words = Words("zh")
        self.sessions = Sessions(house.commands.vault, house.clock, house.settings.staff.session_hours)
        self.hashing = asyncio.Semaphore(2)
        self._readers = readers
        self._templates = Environment(
            loader=PackageLoader("kiosk.web", "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates.globals.update(hall=house.settings.hall.name.zh, new_key=lambda: secrets.token_urlsafe(9))

    def add(self, app: FastAPI, path: str, get: Page | None = None, post: Page | None = None) -> None:
        """Put a page into the application."""
        if get is not None:
            app.add_route(path, self._safely(get), methods=["GET"], include_in_schema=False)
        if post is not None:
            app.add_route(path, self._safely(post), methods=["POST"], include_in_schema=False)

    # ---- who is it ---------------------------------------------------------------------------------------------------

    async def signed_in(self, request: Request, *, may_be_first: bool = False) -> tuple[Session, Account]:
        """Who sits there. Raises `Elsewhere` towards the sign-in."""
        session = self.sessions.read(request.cookies.get(COOKIE))
        if session is None:
            raise Elsewhere("/staff/sign-in")
        account = await self.beside(lambda: self.house.accounts.account(session.account))
        if account is None or account.version != session.version:
            raise Elsewhere("/staff/sign-in")
        if account.must_change and not may_be_first:
            raise Elsewhere("/staff/password")
        return session, account

    async def manager(self, request: Request) -> tuple[Session, Account]:
        """The same for a manager's page; a clerk is sent to the clerks'."""
        session, account = await self.signed_in(request)
        if account.role is not Role.MANAGER:
            raise Elsewhere("/staff")
        return session, account

    async def pressed(self, request: Request, *, may_be_first: bool = False, manager: bool = False) -> Press:
        """A form of ours. Raises `NotOurs`, `Elsewhere`."""
        many = await fields(request)
        session, account = await self.signed_in(request, may_be_first=may_be_first)
        same_origin(request)
        form = {name: values[0] for name, values in many.items()}
        if not self.sessions.form_is_ours(session, form.get("csrf")):
            raise NotOurs
        if manager and account.role is not Role.MANAGER:
            raise NotOurs
        return Press(session, account, form, many)

    # ---- answers -----------------------------------------------------------------------------------------------------

    def show(self, page: str, values: Mapping[str, object], status: int = 200) -> Response:
        """A page."""
        return HTMLResponse(self._templates.get_template(page).render(values), status)

    async def board(self, account: Account) -> Board:
        """What wants a person, in the house and upstream of it, as every page tells it."""
        settings = self.house.settings.upstream
        stand = await self.house.commands.ask(lambda tx: standing.look(tx, settings)) if settings else ()
        notes = () if isinstance(stand, Refusal) else standing.notes(stand)
        return board(await self.house.attention(), account, self.house.clock.now(), self.words, notes)

    def csrf(self, session: Session) -> str:
        """What this session's forms carry."""
        return self.sessions.form_token(session)

    def trouble(self, code: str) -> Response:
        """The page that says the hall cannot serve, and mends itself."""
        return self.show("trouble.html", {"what": self.words.reason(Reason(code)), "advice": advice(code)}, 503)

    def say(self, refusal: Refusal) -> Said:
        """A refusal as its sentence and what works instead."""
        now = self.house.clock.now()
        ways = [self.words.reason(offer.reason, now) for offer in refusal.next if offer.reason.code not in ALREADY_SO]
        return Said(False, " ".join([self.words.reason(refusal.reason, now), *ways[:2]]))

    def back(self, path: str, said: Said | None = None) -> Response:
        """Back to a page of ours, which shows what is true now, and `said` once."""
        answer = RedirectResponse(path, 303)
        if said is not None:
            body = base64.urlsafe_b64encode(json.dumps([said.good, said.text]).encode()).decode()
            mac = self.house.commands.vault.mac("said", body).hex()[:32]
            answer.set_cookie(SAID, f"{body}.{mac}", SAID_S, path="/", httponly=True, samesite="strict")
        return answer

    def said(self, request: Request) -> Said | None:
        """What the last press left to be said."""
        body, _dot, mac = request.cookies.get(SAID, "").partition(".")
        if not body or not hmac.compare_digest(mac, self.house.commands.vault.mac("said", body).hex()[:32]):
            return None
        try:
            good, text = json.loads(base64.urlsafe_b64decode(body))
        except ValueError:
            return None
        return Said(bool(good), str(text))

    async def beside(self, work: Callable[[], T]) -> T:
        """Run what blocks beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    def _safely(self, page: Page) -> Page:
        async def shown(request: Request) -> Response:
            try:
                answer = await page(request)
                if SAID in request.cookies and "set-cookie" not in answer.headers and request.method == "GET":
                    answer.delete_cookie(SAID, path="/", httponly=True, samesite="strict")
            except Elsewhere as elsewhere:
                answer = RedirectResponse(elsewhere.path, 303)
            except NotOurs as stop:
                answer = self.show("stopped.html", {"large": stop.status == 413}, stop.status)
            except LedgerTrouble as trouble:
                answer = self.trouble(trouble.code)
            except HallAway:
                answer = self.trouble("busy")
            answer.headers.update(SAFE)
            return answer

        return shown


def same_origin(request: Request) -> None:
    """Browsers say where a form stood; programs that say nothing bring no cookie of anybody's either."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotOurs


async def fields(request: Request) -> dict[str, list[str]]:
    """The fields of a form; nothing of a form too large (413) or of another kind (403)."""
    content, read = bytearray(), 0
    async for part in request.stream():
        read += len(part)
        if read > SWALLOW:
            break
        if read <= MOST_FORM:
            content += part
    if read > MOST_FORM:
        raise NotOurs(413)
    try:
        return parse_qs(content.decode("ascii"), keep_blank_values=True, max_num_fields=400)
    except ValueError as wrong:
        raise NotOurs from wrong
