"""Coming in and going out: sign-in, a new password, sign-out. Wrong passwords are answered ever more slowly."""

from __future__ import annotations

from math import ceil
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from kiosk.hall.accounts import Account, PasswordTooShort
from kiosk.hall.patience import Limit
from kiosk.ledger.errors import LedgerTrouble
from kiosk.web.pages.doorway import Doorway, Elsewhere, fields, same_origin
from kiosk.web.sessions import Session
from kiosk.words import _

TRIES = 5
TRIES_OF_AN_ADDRESS = 30


class DoorPages:
    """Sign-in, password, sign-out, below the pages' root. `first_sign_in` is the file to delete once it is used."""

    def __init__(self, gate: Doorway, first_sign_in: Path) -> None:
        self._gate = gate
        self._root = gate.premises.root
        self._accounts = gate.premises.accounts
        self._first_sign_in = first_sign_in
        self._patience = gate.premises.patience

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, f"{self._root}/sign-in", self._ask, self._sign_in)
        self._gate.add(app, f"{self._root}/password", self._ask_password, self._password)
        self._gate.add(app, f"{self._root}/sign-out", None, self._sign_out)

    async def _ask(self, request: Request) -> Response:
        try:
            await self._gate.signed_in(request)
        except Elsewhere as elsewhere:
            if elsewhere.path != f"{self._root}/sign-in":
                raise
            return self._sign_in_page(request, "", "")
        raise Elsewhere(self._root)

    async def _sign_in(self, request: Request) -> Response:
        form = {name: values[0] for name, values in (await fields(request)).items()}
        same_origin(request)
        name, address = form.get("name", "").strip()[:60], request.client.host if request.client else "?"
        limits = Limit(f"name:{name}@{address}", TRIES), Limit(f"address:{address}", TRIES_OF_AN_ADDRESS)
        tried = await self._gate.beside(lambda: self._patience.attempt(*limits))
        if tried.wait_s > 0:
            wait = str(ceil(tried.wait_s))
            wrong = _("密码错了太多次，请等 {seconds} 秒再试。忘了密码，请主管重设。")
            page = self._sign_in_page(request, wrong, name, 429, seconds=wait)
            page.headers["Retry-After"] = wait
            return page
        async with self._gate.hashing:
            account = await self._gate.beside(lambda: self._accounts.check(name, form.get("password", "")))
        if account is None:
            return self._sign_in_page(request, _("名字或密码不对，请再试一次。忘了密码，请主管重设。"), name, 403)
        await self._gate.beside(lambda: self._patience.right(tried))
        return self._enter(request, account)

    async def _ask_password(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request, may_be_first=True)
        return self._password_page(request, session, account, "")

    async def _password(self, request: Request) -> Response:
        press = await self._gate.pressed(request, may_be_first=True)
        session, account = press.session, press.account
        old, new = press.form.get("old", ""), press.form.get("new", "")
        if new != press.form.get("again"):
            return self._password_page(request, session, account, _("两次输入的新密码不一样。"), 422)
        if new == old:
            return self._password_page(request, session, account, _("新密码要和现在的不一样。"), 422)
        tried = await self._gate.beside(lambda: self._patience.attempt(Limit(f"password:{account.id}", TRIES)))
        if tried.wait_s > 0:
            return self._password_page(request, session, account, _("密码错了太多次，请过一分钟再试。"), 429)
        async with self._gate.hashing:
            known = await self._gate.beside(lambda: self._accounts.check(account.name, old))
            if known is None:
                return self._password_page(request, session, account, _("现在的密码不对。"), 403)
            try:
                await self._gate.beside(lambda: self._accounts.set_password(account.name, new))
            except PasswordTooShort:
                return self._password_page(request, session, account, _("新密码至少要 10 个字符。"), 422)
        await self._gate.beside(lambda: self._patience.right(tried))
        await self._gate.beside(lambda: self._first_sign_in.unlink(missing_ok=True))
        renewed = await self._gate.beside(lambda: self._accounts.account(account.id))
        if renewed is None:
            raise Elsewhere(f"{self._root}/sign-in")
        return self._enter(request, renewed)

    async def _sign_out(self, request: Request) -> Response:
        press = await self._gate.pressed(request, may_be_first=True)
        answer: Response = RedirectResponse(f"{self._root}/sign-in", 303)
        try:
            await self._gate.beside(lambda: self._accounts.end_session(press.session.id))
        except LedgerTrouble as trouble:  # this browser at least forgets it
            answer = self._gate.trouble(trouble.code, self._gate.words_for(request))
        answer.delete_cookie(self._gate.premises.cookie, path="/", httponly=True, samesite="strict")
        return answer

    def _enter(self, request: Request, account: Account) -> Response:
        answer = RedirectResponse(f"{self._root}/password" if account.must_change else self._root, 303)
        cookie = self._gate.sessions.begin(account.id, account.version)
        answer.set_cookie(
            self._gate.premises.cookie, cookie, path="/", httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    def _sign_in_page(self, request: Request, wrong: str, name: str, status: int = 200, **facts: str) -> Response:
        words = self._gate.words_for(request)
        return self._gate.show("sign-in.html", {"wrong": words.say(wrong, None, **facts), "name": name}, status, words)

    def _password_page(
        self, request: Request, session: Session, account: Account, wrong: str, status: int = 200
    ) -> Response:
        words = self._gate.words_for(request)
        values = {
            "wrong": words.say(wrong), "must": account.must_change, "name": account.name,
            "csrf": self._gate.csrf(session),
        }  # fmt: skip
        return self._gate.show("password.html", values, status, words)
