"""Officers at a real district process, fed by real signed events: the way in, a whole path by keyboard, who sees what,
what is refused and how, the register and its file, and how long a page takes with five hundred cases."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from kiosk.upstream import envelope, sealing
from kiosk.web.district.pages_register import written
from tests.kiosk.upstream.districts import DistrictProcess
from tests.kiosk.web.clerk import said, stands
from tests.kiosk.web.looking import well_made
from tests.kiosk.web.officer import WORDS, Officer, event, post

MANAGER, CHEN, ZHOU = "manager's own word", "a word of Chen's", "a word of Zhou's"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DistrictProcess]:
    with DistrictProcess(tmp_path_factory.mktemp("office")) as process:
        yield process


@pytest.fixture(scope="module")
def people(district: DistrictProcess) -> Iterator[dict[str, Officer]]:
    """The manager by the first sign-in; two officers by the passwords they were given."""
    name, _blank, first = (district.data / "first-sign-in").read_text().strip().partition(" ")
    manager = Officer(district.url, name, first)
    assert "请先改成自己的密码" in manager.came.text
    manager.own(first, MANAGER)
    assert not (district.data / "first-sign-in").exists()
    found = {"manager": manager}
    for who, own in (("陈刚", CHEN), ("周敏", ZHOU)):
        shown = manager.client.post("/office/units/open", data={"csrf": manager.csrf(), "name": who}).text
        given = re.search(r'class="secret">([a-z0-9-]+)<', shown)
        assert given is not None, shown
        found[who] = Officer(district.url, who, given[1])
        found[who].own(given[1], own)
    yield found
    for officer in found.values():
        officer.client.close()


def enter(chromium: Browser, district: DistrictProcess, name: str, password: str, locale: str = "zh-CN") -> Page:
    page = chromium.new_context(viewport={"width": 1280, "height": 800}, locale=locale).new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    page.goto(district.url)
    page.wait_for_selector("#name:focus")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    stands(page, "#register")
    return page


def test_an_officers_whole_path_by_keyboard(
    chromium: Browser, district: DistrictProcess, people: dict[str, Officer]
) -> None:
    assert people
    page = enter(chromium, district, "陈刚", CHEN)
    press, typed = page.keyboard.press, page.keyboard.type
    post(district, "path", due="2040-01-03")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # else within twenty seconds
    page.wait_for_selector("text=楼道灯坏了")
    well_made(page)
    press("ArrowDown")
    press("Enter")
    stands(page, ".matter")
    assert page.inner_text(".phone") == "139 1234 5678"
    assert "陈阿婆" in page.inner_text(".matter dl")
    well_made(page)
    press("a")
    said(page, "受理了")
    press("w")
    said(page, "正在办")
    press("e")
    page.wait_for_selector("#extend-days:focus")
    typed("many")
    press("Tab")
    typed("等配件")
    press("Control+Enter")
    page.wait_for_selector("text=请写 1 到 60 的整数")
    assert page.input_value("#extend-text") == "等配件", "what was typed stays"
    page.fill("#extend-days", "3")
    page.focus("#extend-text")
    press("Control+Enter")
    said(page, "延期了")
    press("r")
    page.wait_for_selector("#answer-text:focus")
    typed("换了新灯")
    press("Control+Enter")
    said(page, "等居民说解决没有")
    assert "现在可以做" not in page.inner_text("main")
    changes = [one for one in district.changes().json()["changes"] if one["request"] == "case-path"]
    assert [(one["kind"], one["officer"], one["text"]) for one in changes] == [
        ("accepted", "陈刚", None), ("doing", "陈刚", None), ("extended", "陈刚", "等配件"),
        ("done", "陈刚", "换了新灯"),
    ]  # fmt: skip
    district.post(event("path", "request.reopened", due="2040-01-20"))
    page.reload()
    page.wait_for_selector("text=居民说没有解决，重新办")
    assert "1 次没有解决" in page.inner_text(".matter")


def test_in_english_and_at_every_width(
    chromium: Browser, district: DistrictProcess, people: dict[str, Officer]
) -> None:
    assert people
    post(district, "english")
    page = enter(chromium, district, "manager", MANAGER, "en-GB")
    for path in ("/office", "/office/cases/case-english", "/office/register", "/office/units"):
        page.goto(district.url + path)
        well_made(page)
        shown = page.inner_text("header nav") + page.inner_text("main h1, main h2")
        assert not re.search(r"[\u4e00-\u9fff]", shown.replace("楼道灯坏了", "")) or "units" in path, shown
        page.set_viewport_size({"width": 1000, "height": 800})
        well_made(page)
        page.set_viewport_size({"width": 1280, "height": 800})


def test_who_sees_what(district: DistrictProcess, people: dict[str, Officer]) -> None:
    post(district, "theirs")
    at = "/office/cases/case-theirs"
    chen, zhou, manager = people["陈刚"], people["周敏"], people["manager"]
    assert "139 1234 5678" in chen.client.get(at).text
    assert "139 1234 5678" in manager.client.get(at).text
    assert "由别的单位办" in zhou.client.get(at).text
    assert "楼道灯坏了" not in zhou.client.get("/office").text + zhou.client.get("/office/register").text
    assert "case-theirs" not in zhou.client.get("/office/register.csv").text
    assert "由别的单位办" in zhou.press(f"{at}/accept", turn="1").text
    assert zhou.client.get("/office/units").url.path == "/office", "not a manager's page for an officer"
    assert zhou.client.post("/office/units/reset", data={"csrf": zhou.csrf(), "name": "陈刚"}).status_code == 403
    assert chen.client.post(f"{at}/accept", data={"turn": "1"}).status_code == 403
    assert "为什么是陈刚：城管局能接件的只有这一位" in chen.client.get(at).text
    assert "转好了" in chen.press(f"{at}/give", to="hotline|周敏").text
    theirs = zhou.client.get(at).text
    assert "楼道灯坏了" in theirs, "given to them, it is theirs"
    assert "分给 城管局 陈刚" in theirs
    assert "为什么是" not in theirs, "nobody chose them by a rule"
    assert "由别的单位办" in chen.client.get(at).text
    nobody = httpx.get(f"{district.url}{at}", trust_env=False)
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/office/sign-in")


def test_what_help_the_resident_asks_for(district: DistrictProcess, people: dict[str, Officer]) -> None:
    post(district, "help")
    at, chen = "/office/cases/case-help", people["陈刚"]
    for n, (what, kind) in enumerate((("help-asked", "home-visit"), ("help-asked", "call-back"), ("called-back", ""))):
        more = {"kind": kind} if kind else {}
        content = json.loads(event("help", f"request.{what}", **more)) | {"id": f"help-{n}"}
        assert district.post(json.dumps(content).encode()).json()["stored"] == 1
    page = chen.client.get(at).text
    assert "居民申请帮助：上门，大厅在安排" in page
    assert re.search(r"居民申请的帮助，大厅在安排</dt><dd><b>上门</b>", page), "the call back was made"
    content = json.loads(event("help", "request.help-settled", kind="home-visit"))
    assert district.post(json.dumps(content).encode()).json()["stored"] == 1
    page = chen.client.get(at).text
    assert "大厅安排好了帮助：上门" in page
    assert "居民申请的帮助，大厅在安排" not in page


def test_what_one_who_left_has_in_hand_is_given_on(district: DistrictProcess, people: dict[str, Officer]) -> None:
    """And nothing more comes to them."""
    manager = people["manager"]
    manager.client.post("/office/units/open", data={"csrf": manager.csrf(), "name": "吴霞"})
    post(district, "left")
    at = "/office/cases/case-left"
    assert "转好了" in manager.press(f"{at}/give", to="environment|吴霞").text
    manager.client.post("/office/units/disable", data={"csrf": manager.csrf(), "name": "吴霞"})
    page = manager.client.get(at).text
    assert "这位的账号停用了，请转给别人" in page
    assert "environment|吴霞" not in page, "nor can more be given to them"
    assert "1 件，请转给别人" in manager.client.get("/office/units").text
    refused = manager.press(f"{at}/give", to="environment|吴霞")
    assert (refused.status_code, "请选别人" in refused.text) == (422, True)
    assert "转好了" in manager.press(f"{at}/give", to="environment|").text
    page = manager.client.get(at).text
    assert "转给 城管局 陈刚" in page
    assert "停用" not in page


NONSENSE = {
    "answer": ({"text": " \u200b…"}, "请写几个字"),
    "send-back": ({"text": "字" * 501}, "最多 500 个字，现在是 501 个字"),
    "extend": ({"days": "999999", "text": "等"}, "请写 1 到 60 的整数"),
    "give": ({"to": "moon|nobody"}, "请选转给谁"),
    "escalate": ({"text": "太难"}, "没有上一级"),
    "doing": ({}, "现在不能这样办"),
}


def test_nonsense_is_refused_with_words(district: DistrictProcess, people: dict[str, Officer]) -> None:
    post(district, "nonsense")
    at, chen = "/office/cases/case-nonsense", people["陈刚"]
    for act, (form, words) in NONSENSE.items():
        if act in {"answer", "extend"}:
            continue
        answer = chen.press(f"{at}/{act}", **form)
        assert (answer.status_code, words in answer.text) == (422, True), (act, answer.text)
    assert "字" * 501 in chen.press(f"{at}/send-back", text="字" * 501).text, "what was typed stays"
    chen.press(f"{at}/accept")
    for act in ("answer", "extend"):
        form, words = NONSENSE[act]
        answer = chen.press(f"{at}/{act}", **form)
        assert (answer.status_code, words in answer.text) == (422, True), (act, answer.text)
    twice = {"days": "2", "text": "等配件"}
    assert "延期了" in chen.press(f"{at}/extend", **twice, turn="2").text
    assert "刚才别人动过这件" in chen.press(f"{at}/extend", **twice, turn="2").text, "pressed twice, done once"
    assert chen.press(f"{at}/everything").status_code == 403
    assert "没有这件诉求" in chen.client.get("/office/cases/none").text
    assert chen.client.get("/nothing").status_code == 404


def test_the_register_searches_and_leaves_as_a_file(district: DistrictProcess, people: dict[str, Officer]) -> None:
    post(district, "sum", {"text": '=HYPERLINK("http://evil","点我")', "place": "+1", "phone": "13700000000"})
    chen = people["陈刚"]
    found = chen.press("/office/register", text="hyperlink").text
    assert found.count("data-row") == 1
    assert "没有找到「&lt;b&gt;」" in chen.press("/office/register", text="<b>").text
    answer = chen.client.get("/office/register.csv?state=registered")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    one = next(dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0] == "case-sum")
    assert (one["内容"], one["地点"]) == ('\'=HYPERLINK("http://evil","点我")', "'+1")
    assert (one["承办单位"], one["承办人"], one["期限"]) == ("城管局", "陈刚", "2040-01-02")
    assert {row[9] for row in rows[1:]} == {"待受理"}
    assert "13700000000" not in answer.text + found
    assert "13912345678" not in chen.client.get("/office/register.csv").text


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\n=1", "　=1", "＝1+1", "＠x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert list(csv.reader(io.StringIO(written([[cell]]).decode("utf-8-sig"), newline=""))) == [[f"'{cell}"]]


def test_the_due_clock_is_told_in_words(district: DistrictProcess, people: dict[str, Officer]) -> None:
    post(district, "late", due="2020-01-02")
    page = people["陈刚"].client.get("/office?view=late").text
    row = page.partition("case-late")[2]
    assert re.search(r'class="late">\s*<span class="due">.*?<b>过期 \d+ 个工作日</b>', row), row[:300]


def test_what_cannot_be_read_is_told_to_managers(district: DistrictProcess, people: dict[str, Officer]) -> None:
    manager, chen = people["manager"], people["陈刚"]
    assert "看不懂" not in manager.client.get("/office").text
    for n in range(3):
        assert district.post(event(f"odd-{n}", "request.merged")).json()["stored"] == 1
    assert "大厅报来 3 条，这一版看不懂" in manager.client.get("/office").text
    assert "看不懂" not in chen.client.get("/office").text, "an officer can do nothing about it"
    assert chen.client.get("/office/unread").url.path == "/office"
    assert httpx.get(f"{district.url}/healthz", trust_env=False).json()["unread"] == 3
    page = manager.client.get("/office/unread").text
    for words in ("测试大厅", "3 条", "cn.hall.request.merged.v1", "请打电话问大厅"):
        assert words in page, words
    form = {name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("source", "type", "last")}
    assert district.post(event("odd-9", "request.merged")).json()["stored"] == 1  # while the page is read
    assert "再来才会再列出来" in manager.press("/office/unread/seen", **form).text
    assert "大厅报来 1 条" in manager.client.get("/office").text
    assert "这一条已经处理过了" in manager.press("/office/unread/seen", **form).text
    form["last"] = re.search('name="last" value="([^"]+)"', manager.client.get("/office/unread").text)[1]
    manager.press("/office/unread/seen", **form)
    assert "没有。大厅报来的都看得懂" in manager.client.get("/office/unread").text


def test_five_hundred_cases(district: DistrictProcess, people: dict[str, Officer]) -> None:
    box = sealing.seal(WORDS, sealing.public_key(district.told()["public_key"]))
    for start in range(0, 550, 50):
        batch = [event(f"many-{n}", sealed=box) for n in range(start, start + 50)]
        assert district.post(envelope.put_batch(batch), envelope.BATCH, id_=f"b{start}").json()["stored"] == 50
    manager, ticks = people["manager"], Path(f"/proc/{district.process.pid}/stat")

    def cpu() -> float:
        fields = ticks.read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    for path in ("/office", "/office/register", "/office/cases/case-many-7"):
        took = []
        for _ in range(3):
            began = cpu()  # the district's own work; a busy machine is not its fault
            assert manager.client.get(path).status_code == 200
            took.append(cpu() - began)
        assert min(took) <= 0.3, (path, took)
        print(path, min(took))
    # All of them, however many: by pages, in the file, and the oldest is found.
    count = int(re.search(r'id="register-title">(\d+) 件', manager.client.get("/office/register").text)[1])
    assert count >= 550
    listed, page = [], "/office/register"
    while page:
        shown = manager.client.get(page).text
        listed += re.findall(r'href="/office/cases/([^"]+)" id="row-', shown)
        after = re.search(r'href="([^"]+)" rel="next"', shown)
        page = html.unescape(after[1]) if after else ""
    rows = list(csv.reader(io.StringIO(manager.client.get("/office/register.csv").content.decode("utf-8-sig"))))
    assert len(set(listed)) == len(listed) == count
    assert sorted(row[0] for row in rows[1:]) == sorted(listed)
    assert "data-row" in manager.press("/office/register", text=listed[-1]).text
    assert "这是最新的 200 件，还有更早的" in manager.press("/office/register", text="楼道").text
    assert "第 2 页，共" in manager.client.get("/office?page=2").text
    assert "data-row" in manager.client.get("/office?page=99").text, "a list grew shorter while it was read"
