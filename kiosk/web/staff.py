"""The staff page: sign in, see what needs doing, press the button that does it. Plain forms; scripts only refresh.

Every answer carries headers that keep other sites, scripts and caches out. Every form carries its session's token.
Passwords are checked beside the event loop, at most two at a time (each takes 19 MiB and some 20 ms).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from kiosk.door import Reason, Refusal, Role
from kiosk.hall import HallHouse
from kiosk.hall.accounts import Account, PasswordTooShort
from kiosk.ledger.errors import LedgerTrouble
from kiosk.web.pages.attention import advice, board
from kiosk.web.sessions import COOKIE, Patience, Session, Sessions
from kiosk.words import Words

T = TypeVar("T")
Page = Callable[[Request], Awaitable[Response]]

MOST_FORM = 8 * 1024
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
STATIC = {"staff.css": "text/css; charset=utf-8", "staff.js": "text/javascript; charset=utf-8"}


class _Elsewhere(Exception):
    """This request belongs on another page."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class _Refused(Exception):
    """This form is not one of ours, or not for this person."""


class Staff:
    """The pages under /staff, and their style and script."""

    def __init__(self, house: HallHouse, readers: Executor, first_sign_in: Path) -> None:
        self._house = house
        self._readers = readers
        self._first_sign_in = first_sign_in
        self._sessions = Sessions(house.commands.vault, house.clock, house.settings.staff.session_hours)
        self._by_pair = Patience(house.clock, tries=5)
        self._by_address = Patience(house.clock, tries=30)
        self._hashing = asyncio.Semaphore(2)
        self._words = Words("zh")
        self._name = house.settings.hall.name.zh
        self._pages = Environment(
            loader=PackageLoader("kiosk.web", "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        folder = Path(__file__).parent / "static"
        self._static = {name: (folder / name).read_bytes() for name in STATIC}

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        for path, get, post in (
            ("/staff", self._staff, None),
            ("/staff/now", self._now, None),
            ("/staff/sign-in", self._ask_sign_in, self._sign_in),
            ("/staff/password", self._ask_password, self._password),
            ("/staff/sign-out", None, self._sign_out),
            ("/staff/help/{id}", None, self._help),
            ("/staff/slips/{job}/reprint", None, self._reprint),
            ("/staff/slips/{job}/aside", None, self._aside),
            ("/staff/clock", None, self._clock),
            ("/static/{file}", self._file, None),
        ):
            if get is not None:
                app.add_route(path, self._safely(get), methods=["GET"], include_in_schema=False)
            if post is not None:
                app.add_route(path, self._safely(post), methods=["POST"], include_in_schema=False)

    # ---- pages -------------------------------------------------------------------------------------------------------

    async def _staff(self, request: Request) -> Response:
        session, account = await self._signed_in(request)
        return self._show("staff.html", await self._board(session, account))

    async def _now(self, request: Request) -> Response:
        try:
            session, account = await self._signed_in(request)
        except _Elsewhere:
            return Response(status_code=401)
        return self._show("board.html", await self._board(session, account))

    async def _board(self, session: Session, account: Account) -> dict[str, object]:
        seen = await self._house.attention()
        made = board(seen, account, self._house.clock.now(), self._words)
        return {"board": made, "csrf": self._sessions.form_token(session)}

    async def _ask_sign_in(self, request: Request) -> Response:
        try:
            await self._signed_in(request)
        except _Elsewhere as elsewhere:
            if elsewhere.path != "/staff/sign-in":
                raise
            return self._show("sign-in.html", {"wrong": "", "name": ""})
        raise _Elsewhere("/staff")

    async def _sign_in(self, request: Request) -> Response:
        form = await _form(request)
        self._same_origin(request)
        name, address = form.get("name", "").strip()[:60], request.client.host if request.client else "?"
        pair = f"{hashlib.sha256(name.encode()).hexdigest()}@{address}"
        wait = max(self._by_pair.wait_s(pair), self._by_address.wait_s(address))
        if wait > 0:
            wrong = f"密码错了太多次，请等 {int(wait) + 1} 秒再试。"
            page = self._show("sign-in.html", {"wrong": wrong, "name": name}, 429)
            page.headers["Retry-After"] = str(int(wait) + 1)
            return page
        async with self._hashing:
            account = await self._beside(lambda: self._house.accounts.check(name, form.get("password", "")))
        if account is None:
            self._by_pair.missed(pair)
            self._by_address.missed(address)
            return self._show("sign-in.html", {"wrong": "名字或密码不对，请再试一次。", "name": name}, 403)
        self._by_pair.forgive(pair)
        return self._enter(request, account)

    async def _ask_password(self, request: Request) -> Response:
        session, account = await self._signed_in(request, may_be_first=True)
        return self._password_page(session, account, "")

    async def _password(self, request: Request) -> Response:
        form = await _form(request)
        session, account = await self._signed_in(request, may_be_first=True)
        self._ours(request, session, form)
        old, new = form.get("old", ""), form.get("new", "")
        if new != form.get("again"):
            return self._password_page(session, account, "两次输入的新密码不一样。", 422)
        if new == old:
            return self._password_page(session, account, "新密码要和现在的不一样。", 422)
        pair = f"{account.id}@password"
        if self._by_pair.wait_s(pair) > 0:
            return self._password_page(session, account, "密码错了太多次，请过一分钟再试。", 429)
        async with self._hashing:
            known = await self._beside(lambda: self._house.accounts.check(account.name, old))
            if known is None:
                self._by_pair.missed(pair)
                return self._password_page(session, account, "现在的密码不对。", 403)
            try:
                await self._beside(lambda: self._house.accounts.set_password(account.name, new))
            except PasswordTooShort:
                return self._password_page(session, account, "新密码至少要 10 个字符。", 422)
        await self._beside(lambda: self._first_sign_in.unlink(missing_ok=True))
        renewed = await self._beside(lambda: self._house.accounts.account(account.id))
        if renewed is None:
            raise _Elsewhere("/staff/sign-in")
        return self._enter(request, renewed)

    async def _sign_out(self, request: Request) -> Response:
        form = await _form(request)
        session, _account = await self._signed_in(request, may_be_first=True)
        self._ours(request, session, form)
        answer = RedirectResponse("/staff/sign-in", 303)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    async def _file(self, request: Request) -> Response:
        name = request.path_params["file"]
        if name not in STATIC:
            return Response(status_code=404)
        return Response(self._static[name], headers={"Content-Type": STATIC[name]})

    # ---- what the buttons do -----------------------------------------------------------------------------------------

    async def _help(self, request: Request) -> Response:
        account, call = await self._pressed(request), request.path_params["id"]
        return self._done(await self._house.staff(account.caller).answer_help(_key("help", call), call))

    async def _reprint(self, request: Request) -> Response:
        account, job = await self._pressed(request), request.path_params["job"]
        return self._done(await self._house.staff(account.caller).print_slip_again(_key("print", job), job))

    async def _aside(self, request: Request) -> Response:
        account, job = await self._pressed(request), request.path_params["job"]
        return self._done(await self._house.staff(account.caller).drop_slip(_key("aside", job), job))

    async def _clock(self, request: Request) -> Response:
        account = await self._pressed(request)
        if account.role is not Role.MANAGER:
            raise _Refused
        key = _key("clock", self._house.clock.now().isoformat(timespec="seconds"))
        return self._done(await self._house.staff(account.caller).declare_time(key))

    def _done(self, refusal: Refusal | None) -> Response:
        """Back to the page, which shows what is true now; only what could not be done at all is said."""
        if refusal is not None and refusal.kind in {"broken", "busy"}:
            return self._trouble(refusal.reason.code)
        return RedirectResponse("/staff", 303)

    # ---- who is it ---------------------------------------------------------------------------------------------------

    async def _pressed(self, request: Request) -> Account:
        form = await _form(request)
        session, account = await self._signed_in(request)
        self._ours(request, session, form)
        return account

    async def _signed_in(self, request: Request, *, may_be_first: bool = False) -> tuple[Session, Account]:
        session = self._sessions.read(request.cookies.get(COOKIE))
        if session is None:
            raise _Elsewhere("/staff/sign-in")
        account = await self._beside(lambda: self._house.accounts.account(session.account))
        if account is None or account.version != session.version:
            raise _Elsewhere("/staff/sign-in")
        if account.must_change and not may_be_first:
            raise _Elsewhere("/staff/password")
        return session, account

    def _enter(self, request: Request, account: Account) -> Response:
        answer = RedirectResponse("/staff/password" if account.must_change else "/staff", 303)
        cookie = self._sessions.begin(account.id, account.version)
        answer.set_cookie(
            COOKIE, cookie, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https"
        )
        return answer

    def _ours(self, request: Request, session: Session, form: dict[str, str]) -> None:
        self._same_origin(request)
        if not self._sessions.form_is_ours(session, form.get("csrf")):
            raise _Refused

    @staticmethod
    def _same_origin(request: Request) -> None:
        """Browsers say where a form stood; programs that say nothing bring no cookie of anybody's either."""
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            raise _Refused

    # ---- answers -----------------------------------------------------------------------------------------------------

    def _show(self, page: str, values: Mapping[str, object], status: int = 200) -> Response:
        return HTMLResponse(self._pages.get_template(page).render(values, hall=self._name), status)

    def _trouble(self, code: str) -> Response:
        return self._show("trouble.html", {"what": self._words.reason(Reason(code)), "advice": advice(code)}, 503)

    def _password_page(self, session: Session, account: Account, wrong: str, status: int = 200) -> Response:
        values = {"wrong": wrong, "must": account.must_change, "name": account.name}
        return self._show("password.html", {**values, "csrf": self._sessions.form_token(session)}, status)

    def _safely(self, page: Page) -> Page:
        async def shown(request: Request) -> Response:
            try:
                answer = await page(request)
            except _Elsewhere as elsewhere:
                answer = RedirectResponse(elsewhere.path, 303)
            except _Refused:
                answer = Response("这个页面过期了，请回到 /staff 重新打开。", 403, media_type="text/plain")
            except LedgerTrouble as trouble:
                answer = self._trouble(trouble.code)
            answer.headers.update(SAFE)
            return answer

        return shown

    async def _beside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)


def _key(what: str, on: str) -> str:
    """One button on one thing is one command, however often it is pressed."""
    return f"{what}:{on}"


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, each once; nothing of a form too large or of another kind."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > MOST_FORM:
            raise _Refused
    try:
        fields = parse_qs(content.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError as wrong:
        raise _Refused from wrong
    return {name: values[0] for name, values in fields.items()}


