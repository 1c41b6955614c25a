"""Posting upstream."""

from __future__ import annotations

from kiosk.reasons.sentence import Sentences, _

UPSTREAM: dict[str, Sentences] = {
    "upstream-silent": (
        _("{destination} 的 events 没有写，什么都不会上报。"),
        _("hall.toml 里没有写 events，什么都不会上报。"),
    ),
    "upstream-wrong": (
        _("{destination} 的设置不对，请核对 secret、public_key 和 options。"),
        _("上报的设置不对，请核对 secret、public_key 和 options。"),
    ),
    "upstream-away": (
        _("上报不通：{destination} 现在连不上，有 {waiting} 条在等，通了会自己接着报。"),
        _("上报不通，通了会自己接着报。"),
    ),
    "upstream-slow": (
        _("{destination} 太久没有回应，有 {waiting} 条在等，会自己再报。"),
        _("上报太久没有回应，会自己再报。"),
    ),
    "upstream-cut-off": (
        _("和 {destination} 的连接总断，有 {waiting} 条在等，会自己再报。"),
        _("上报的连接总断，会自己再报。"),
    ),
    "upstream-busy": (
        _("{destination} 现在忙，有 {waiting} 条在等，会自己再报。"),
        _("上级系统现在忙，会自己再报。"),
    ),
    "upstream-redirects": (
        _("{destination} 的地址变了，请问清新地址，改 hall.toml 里的 url。"),
        _("上报的地址变了，请改 hall.toml 里的 url。"),
    ),
    "upstream-clock": (
        _("和 {destination} 的时钟对不上，请校准时钟。"),
        _("和上级系统的时钟对不上，请校准时钟。"),
    ),
    "upstream-not-believed": (
        _("{destination} 不认我们的签名，请核对 hall.toml 里的 secret。"),
        _("上级系统不认我们的签名，请核对 hall.toml 里的 secret。"),
    ),
    "upstream-not-there": (
        _("{destination} 的地址上没有接收的程序，请核对 hall.toml 里的 url。"),
        _("上报的地址上没有接收的程序，请核对 hall.toml 里的 url。"),
    ),
    "upstream-gone": (
        _("{destination} 说不再接收，上报已经停下，一条也没丢。问清以后请点「继续上报」。"),
        _("上级系统说不再接收，上报已经停下，一条也没丢。"),
    ),
    "upstream-refused": (
        _("{destination} 什么都不收（{status}），请和对方联系。有 {waiting} 条在等。"),
        _("上级系统什么都不收，请和对方联系。"),
    ),
    "upstream-broken": (
        _("{destination} 出了错（{status}），有 {waiting} 条在等，会自己再报。"),
        _("上级系统出了错，会自己再报。"),
    ),
    "upstream-nonsense": (
        _("{destination} 的办理进展读不懂，请和对方联系。"),
        _("上级系统的办理进展读不懂，请和对方联系。"),
    ),
    "upstream-aside": (
        _("有 {count} 条 {destination} 没有收，放在一边了，请看一看。"),
        _("有几条上级系统没有收，放在一边了，请看一看。"),
    ),
    "upstream-skew": (
        _("和 {destination} 的时钟差了 {seconds} 秒，请校准时钟。"),
        _("和上级系统的时钟差得太多，请校准时钟。"),
    ),
    "upstream-no-changes": (
        _("从 {destination} 取不到办理进展，会自己再试。"),
        _("取不到办理进展，会自己再试。"),
    ),
}
"""What staff are told of posting upstream."""
