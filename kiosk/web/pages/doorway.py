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

from kiosk.clock import Clock
from kiosk.door import HallAway, Name, Reason, Role
from kiosk.hall.accounts import Account, Accounts
from kiosk.hall.patience import Patience
from kiosk.ledger.errors import LedgerTrouble
from kiosk.ledger.vault import Vault
from kiosk.web.pages.attention import advice
from kiosk.web.sessions import Session, Sessions
from kiosk.words import Words

T = TypeVar("T")
Page = Callable[[Request], Awaitable[Response]]

MOST_FORM = 16 * 1024  # bytes; the longest honest form is a year's holiday notice
MOST_FIELDS = 400
SWALLOW = 8 * 1024 * 1024  # bytes read and dropped of a form too large, so that its sender hears the answer
SAID = "hall_said"
SAID_S = 20
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


@dataclass(frozen=True, slots=True)
class Premises:
    """What stands behind a doorway: whose accounts, under which key. `root`: where its pages begin; `cookie`: its
    sessions', of its own name, for two processes on one machine share a browser's cookies."""

    accounts: Accounts
    patience: Patience
    vault: Vault
    clock: Clock
    session_hours: int
    root: str
    cookie: str
    name: Name


class Doorway:
    """Shared by every page of one process, a hall's or a district's."""

    def __init__(self, premises: Premises, readers: Executor) -> None:
        self.premises = premises
        self.words = Words("zh")
        self.sessions = Sessions(premises.vault, premises.clock, premises.session_hours)
        self.hashing = asyncio.Semaphore(2)
        self._readers = readers
        self._templates = Environment(
            loader=PackageLoader("kiosk.web", "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates.globals.update(root=premises.root, new_key=lambda: secrets.token_urlsafe(9))

    def words_for(self, _request: Request) -> Words:
        """The words of whoever asks. Clerks read Chinese."""
        return self.words

    def add(
        self, app: FastAPI, path: str, get: Page | None = None, post: Page | None = None, *, part: bool = False
    ) -> None:
        """Put a page into the application. `part`: an open page asks for it by itself, so who may not look is told so
        (401) instead of being sent elsewhere."""
        if get is not None:
            app.add_route(path, self._safely(get, part=part), methods=["GET"], include_in_schema=False)
        if post is not None:
            app.add_route(path, self._safely(post), methods=["POST"], include_in_schema=False)

    # ---- who is it ---------------------------------------------------------------------------------------------------

    async def signed_in(self, request: Request, *, may_be_first: bool = False) -> tuple[Session, Account]:
        """Who sits there. Raises `Elsewhere` towards the sign-in."""
        session = self.sessions.read(request.cookies.get(self.premises.cookie))
        if session is None:
            raise Elsewhere(f"{self.premises.root}/sign-in")
        account = await self._holder(session)
        if account is None:
            raise Elsewhere(f"{self.premises.root}/sign-in")
        if account.must_change and not may_be_first:
            raise Elsewhere(f"{self.premises.root}/password")
        return session, account

    async def holds(self, session: Session) -> bool:
        """Whether a session that was good is so still: for answers without an end."""
        return self.sessions.read(session.text) is not None and await self._holder(session) is not None

    async def _holder(self, session: Session) -> Account | None:
        accounts = self.premises.accounts
        return await self.beside(lambda: accounts.of_session(session.account, session.version, session.id))

    async def manager(self, request: Request) -> tuple[Session, Account]:
        """The same for a manager's page; a clerk is sent to the clerks'."""
        session, account = await self.signed_in(request)
        if account.role is not Role.MANAGER:
            raise Elsewhere(self.premises.root)
        return session, account

    async def pressed(
        self, request: Request, *, may_be_first: bool = False, manager: bool = False, most: int = MOST_FORM
    ) -> Press:
        """A form of ours. `most`: bytes; one that may be longer than others is read only from who is signed in. Raises
        `NotOurs`, `Elsewhere`."""
        if most > MOST_FORM:
            await self.signed_in(request)
        many = await fields(request, most)
        session, account = await self.signed_in(request, may_be_first=may_be_first)
        same_origin(request)
        form = {name: values[0] for name, values in many.items()}
        if not self.sessions.form_is_ours(session, form.get("csrf")):
            raise NotOurs
        if manager and account.role is not Role.MANAGER:
            raise NotOurs
        return Press(session, account, form, many)

    # ---- answers -----------------------------------------------------------------------------------------------------

    def show(
        self, page: str, values: Mapping[str, object], status: int = 200, words: Words | None = None
    ) -> Response:
        """A page. `words`: the reader's, Chinese unless given."""
        spoken = words or self.words
        shared = {
            "say": spoken.say, "lang": "en" if spoken.language == "en" else "zh-CN",
            "hall": spoken.name(self.premises.name),
        }  # fmt: skip
        return HTMLResponse(self._templates.get_template(page).render({**shared, **values}), status)

    def lost(self, request: Request) -> Response | None:
        """For a person whose browser was sent to a page that is not there: a way back. None for a program."""
        if "text/html" not in request.headers.get("accept", ""):
            return None
        answer = self.show("stopped.html", {"large": False, "lost": True}, 404, self.words_for(request))
        answer.headers.update(SAFE)
        return answer

    def csrf(self, session: Session) -> str:
        """What this session's forms carry."""
        return self.sessions.form_token(session)

    def trouble(self, code: str, words: Words | None = None) -> Response:
        """The page that says that nothing can be served, and mends itself."""
        spoken = words or self.words
        what = {"what": spoken.reason(Reason(code)), "advice": advice(code) if spoken.language == "zh" else ""}
        return self.show("trouble.html", what, 503, spoken)

    def back(self, path: str, said: Said | None = None) -> Response:
        """Back to a page of ours, which shows what is true now, and `said` once."""
        answer = RedirectResponse(path, 303)
        if said is not None:
            body = base64.urlsafe_b64encode(json.dumps([said.good, said.text]).encode()).decode()
            mac = self.premises.vault.mac("said", body).hex()[:32]
            answer.set_cookie(SAID, f"{body}.{mac}", SAID_S, path="/", httponly=True, samesite="strict")
        return answer

    def said(self, request: Request) -> Said | None:
        """What the last press left to be said; once a page has asked for it, it is gone."""
        request.state.said = True
        body, _dot, mac = request.cookies.get(SAID, "").partition(".")
        if not body or not hmac.compare_digest(mac, self.premises.vault.mac("said", body).hex()[:32]):
            return None
        try:
            good, text = json.loads(base64.urlsafe_b64decode(body))
        except ValueError:
            return None
        return Said(bool(good), str(text))

    async def beside(self, work: Callable[[], T]) -> T:
        """Run what blocks beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    def _safely(self, page: Page, *, part: bool = False) -> Page:
        async def shown(request: Request) -> Response:
            try:
                answer = await page(request)
                # Not by a part that another tab looks at meanwhile: that would take the word out of this one's mouth.
                told = getattr(request.state, "said", False) and SAID in request.cookies
                if told and "set-cookie" not in answer.headers:
                    answer.delete_cookie(SAID, path="/", httponly=True, samesite="strict")
            except Elsewhere as elsewhere:
                answer = Response(status_code=401) if part else RedirectResponse(elsewhere.path, 303)
            except NotOurs as stop:
                shown = {"large": stop.status == 413, "lost": False}
                answer = self.show("stopped.html", shown, stop.status, self.words_for(request))
            except LedgerTrouble as trouble:
                answer = self.trouble(trouble.code, self.words_for(request))
            except HallAway:
                answer = self.trouble("busy", self.words_for(request))
            answer.headers.update(SAFE)
            return answer

        return shown


def same_origin(request: Request) -> None:
    """Browsers say where a form stood; programs that say nothing bring no cookie of anybody's either."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotOurs


async def fields(request: Request, most: int = MOST_FORM) -> dict[str, list[str]]:
    """The fields of a form; nothing of a form too large (413) or of another kind (403)."""
    content, read = bytearray(), 0
    async for part in request.stream():
        read += len(part)
        if read > SWALLOW:
            break
        if read <= most:
            content += part
    if read > most:
        raise NotOurs(413)
    try:
        return parse_qs(content.decode("ascii"), keep_blank_values=True, max_num_fields=most * MOST_FIELDS // MOST_FORM)
    except ValueError as wrong:
        raise NotOurs from wrong
