"""The roof: reads the command line and wires the parts together, nothing else.

Next to nothing is imported here; each command imports what it needs when it is given, so that the kiosk's first page
waits for nothing of the hall's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kiosk.privacy import no_core_dumps

if TYPE_CHECKING:
    from devices.ports import DeviceStatus
    from kiosk.config import ConfigError, Settings
    from kiosk.ledger import Ledger, Vault
    from kiosk.link.beside import HallBeside

HOME = Path(__file__).resolve().parent
DEMO = HOME / "assets" / "demo" / "hall.toml"
DEMO_DISTRICT = HOME / "assets" / "demo" / "district.toml"
DEFAULT_DATA = Path(".data")
ROLES = ("kiosk", "clerk", "manager")

# What a command ends with.
FINE, FAILED, WRONG = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """argparse whose complaint stands in both languages."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(WRONG, f"{self.prog}: 命令写得不对 / wrong command line: {message}\n")


# ---- commands -------------------------------------------------------------------------------------------------------


def run(given: argparse.Namespace) -> int:
    """The kiosk, with the hall beside it from `hall_for_kiosk`."""
    from screens.opening import run_kiosk

    return run_kiosk(
        given.hall or DEMO, given.data, window=given.window, connect=given.connect,
        hall_beside=lambda: hall_for_kiosk(given),
    )


def hall_for_kiosk(given: argparse.Namespace) -> HallBeside:
    """A watcher that finds, or starts and keeps, the hall for `--data`. Not started yet: call `.start()`."""
    from kiosk.link.beside import HallBeside

    options = [] if given.hall is None else ["--hall", str(given.hall)]
    return HallBeside(given.data, options)


def tour(given: argparse.Namespace) -> int:
    """Every flow by real touches, every page and slip as a picture."""
    from screens.tour import run_tour

    return run_tour(given.hall or DEMO, given.out)


def hall(given: argparse.Namespace) -> int:
    """The hall alone."""
    settings = _settings(given.hall)
    if settings is None:
        return WRONG
    from kiosk.web.serve import Where, serve

    where = Where(
        host=given.host, port=given.port, data=given.data, hall=given.hall or DEMO,
        ledger=given.ledger or settings.ledger.url, certificate=given.cert, key=given.key, beside=given.beside,
    )  # fmt: skip
    return serve(settings, where)


def district(given: argparse.Namespace) -> int:
    """The receiving end: where halls post to."""
    from kiosk.config import ConfigError
    from kiosk.upstream.district import load_district

    try:
        settings = load_district(given.config)
    except ConfigError as wrong:
        _say_problems(given.config, wrong)
        return WRONG
    except OSError as error:
        _say(f"打不开 {given.config}：{error.strerror} / cannot read {given.config}: {error.strerror}")
        return WRONG
    from kiosk.web.district.serve import Where, serve_district

    where = Where(given.host, given.port, given.data, given.ledger or settings.ledger, given.cert, given.key)
    return serve_district(settings, where)


def check(given: argparse.Namespace) -> int:
    """Is hall.toml right, and does every device answer?"""
    settings = _settings(given.hall)
    if settings is None:
        return FAILED
    from kiosk.announcing.selfcheck import ask
    from kiosk.station.selfcheck import run_checks

    also = ask(settings, given.data) + _upstream_asked(settings) + _writing_asked(settings)
    return run_checks(settings, data=given.data, hall=given.hall or DEMO, also=also)


def _upstream_asked(settings: Settings) -> tuple[tuple[str, DeviceStatus], ...]:
    """How each destination upstream stands, as `check` shows devices."""
    if not settings.upstream:
        return ()
    from devices.ports import DeviceStatus, Health
    from kiosk.upstream.selfcheck import ask

    return tuple(
        (name, DeviceStatus(Health.OK if code is None else Health.WARNING, code, detail))
        for name, code, detail in ask(settings.upstream, settings.hall.zone)
    )


def _writing_asked(settings: Settings) -> tuple[tuple[str, DeviceStatus], ...]:
    """In which ways residents can write here, as `check` shows devices."""
    from devices.ports import DeviceStatus, Health
    from kiosk.config.words import hall_words
    from kiosk.flows.pens import open_pen
    from kiosk.writing import pairs
    from kiosk.writing.store import DataMissing, checked

    _pen, missing = open_pen(hall_words(settings))
    try:
        checked(None, pairs.NAME, pairs.FORMAT)
    except DataMissing as lacking:
        missing["pairs"] = lacking
    return tuple(
        (name, DeviceStatus(Health.ABSENT, "writing-missing", str(missing[way])) if way in missing
         else DeviceStatus(Health.OK))
        for way, name in (("hand", "手写"), ("pinyin", "拼音"), ("pairs", "拼音词语搭配"))
    )


def token(given: argparse.Namespace) -> int:
    """A new API token, alone on standard output; or the end of one."""
    from kiosk.clock import SystemClock
    from kiosk.door import Role
    from kiosk.hall.accounts import Accounts, NameTaken

    def make(settings: Settings, ledger: Ledger) -> int:
        accounts = Accounts(ledger, SystemClock(settings.hall.zone))
        if given.revoke:
            if not accounts.drop_token(given.name):
                _say(f"没有叫“{given.name}”的令牌 / there is no token named {given.name!r}")
                return FAILED
            return FINE
        try:
            print(accounts.make_token(given.name, Role(given.role)))
        except NameTaken:
            _say(f"已经有叫“{given.name}”的令牌，请换个名字 / a token named {given.name!r} exists; choose another name")
            return FAILED
        return FINE

    return _with_ledger(given, make)


def password(given: argparse.Namespace) -> int:
    """A new password for a member of staff, asked for twice (or one line on standard input)."""
    import getpass

    from kiosk.clock import SystemClock
    from kiosk.hall.accounts import Accounts, PasswordTooShort

    if sys.stdin.isatty():
        first = getpass.getpass("新密码 / new password: ")
        if getpass.getpass("再输一次 / again: ") != first:
            _say("两次输入不一样 / the two differ")
            return FAILED
    else:
        first = sys.stdin.readline().rstrip("\n")

    def change(settings: Settings, ledger: Ledger) -> int:
        try:
            known = Accounts(ledger, SystemClock(settings.hall.zone)).set_password(given.name, first)
        except PasswordTooShort:
            _say("密码至少要 10 个字符 / a password has at least 10 characters")
            return FAILED
        if not known:
            _say(f"没有叫“{given.name}”的工作人员 / no member of staff is named {given.name!r}")
            return FAILED
        _say("密码已经改好 / the password is changed")
        return FINE

    return _with_ledger(given, change)


def backup(given: argparse.Namespace) -> int:
    """A consistent copy of the ledger while the hall goes on."""
    from kiosk.hall.keeping import backup as copy

    def do(_settings: Settings, ledger: Ledger) -> int:
        return _kept(lambda: "  ".join(map(str, copy(ledger, _vault(given), given.to, with_key=given.with_key))))

    return _with_ledger(given, do)


def restore(given: argparse.Namespace) -> int:
    """Put a copy in the ledger's place."""
    from kiosk.hall.keeping import restore as put_back

    def do(_settings: Settings, ledger: Ledger) -> int:
        return _kept(lambda: put_back(ledger, _vault(given), given.source, given.key))

    return _with_ledger(given, do, patient=True)  # a damaged ledger is just what a copy is put in the place of


def purge(given: argparse.Namespace) -> int:
    """Delete now what may no longer be kept (the hall does so daily by itself)."""
    from kiosk.clock import SystemClock
    from kiosk.hall.keeping import purge as delete

    def do(settings: Settings, ledger: Ledger) -> int:
        now = SystemClock(settings.hall.zone).now()
        return _kept(lambda: delete(ledger, now, f"/halls/{settings.hall.id}/command-line"))

    return _with_ledger(given, do)


def simulate(given: argparse.Namespace) -> int:
    """Days of a hall in fast time, and whether every promise was kept."""
    settings = _settings(given.hall)
    if settings is None:
        return WRONG
    if given.data is not None and (given.data / "hall.db").exists():
        _say(f"{given.data} 里已经有台账，请换一个文件夹 / {given.data} has a ledger; choose another folder")
        return WRONG
    from kiosk.simulation import running

    return running.simulate(settings, running.Plan(given.seed, given.days), given.data, watch=given.watch, say=print)


def bench(words: Sequence[str]) -> int:
    """The measurements, each as a ratio against a baseline of the same run. They have words of their own."""
    from bench.__main__ import main as measure

    return int(measure(words) or FINE)


# ---- what commands share --------------------------------------------------------------------------------------------


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _settings(path: Path | None) -> Settings | None:
    """hall.toml, or every problem it has on standard error."""
    from kiosk.config import ConfigError, load

    path = path or DEMO
    try:
        return load(path)
    except ConfigError as wrong:
        _say_problems(path, wrong)
    except OSError as error:
        _say(f"打不开 {path}：{error.strerror} / cannot read {path}: {error.strerror}")
    return None


def _say_problems(path: Path, wrong: ConfigError) -> None:
    _say(f"{path}：有 {len(wrong.problems)} 处不对 / {len(wrong.problems)} problem(s):")
    for problem in wrong.problems:
        _say(f"  {problem.key}\n      现在 found:  {problem.found}\n      应为 wanted: {problem.wanted}")


def _with_ledger(
    given: argparse.Namespace, do: Callable[[Settings, Ledger], int], *, patient: bool = False
) -> int:
    """Do something with the ledger that `--ledger` names, or the hall noted in DATA/hall.json, or hall.toml says."""
    from kiosk.ledger import LedgerTrouble, open_ledger
    from kiosk.link import notes

    noted = notes.read(given.data)
    path = given.hall or (Path(noted.hall) if noted.hall else None)
    settings = _settings(path)
    if settings is None:
        return WRONG
    try:
        ledger = open_ledger(given.ledger or noted.ledger or settings.ledger.url, given.data, patient=patient)
    except (LedgerTrouble, ValueError) as trouble:
        _say(f"打不开台账 / cannot open the ledger: {trouble}")
        return FAILED
    try:
        return do(settings, ledger)
    except LedgerTrouble as trouble:
        _say(f"没有办成 / nothing was done: {trouble}")
        return FAILED
    finally:
        ledger.close()


def _vault(given: argparse.Namespace) -> Vault:
    from kiosk.ledger import Vault
    from kiosk.ledger.opening import KEY_FILE

    return Vault(given.data / KEY_FILE)


def _kept(do: Callable[[], object]) -> int:
    try:
        done = do()
    except (OSError, ValueError) as error:
        _say(f"没有办成 / failed: {error}")
        return FAILED
    _say(f"办好了 / done{'' if done is None else f': {done}'}")
    return FINE


# ---- the command line -----------------------------------------------------------------------------------------------


def _port(raw: str) -> int:
    number = int(raw) if raw.isdigit() else -1
    if not 0 <= number <= 65535:
        message = f"端口应为 0–65535 / a port is 0–65535, not {raw!r}"
        raise argparse.ArgumentTypeError(message)
    return number


def _whole(least: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        if raw.isascii() and raw.isdecimal() and len(raw) <= 9 and int(raw) >= least:
            return int(raw)
        raise argparse.ArgumentTypeError(f"应为 {least} 以上的整数 / a whole number from {least} on, not {raw!r}")

    return read


def _name(raw: str) -> str:
    if not 1 <= len(raw) <= 60 or not raw.isprintable() or raw != raw.strip():
        message = "名字应为 1–60 个可见字符 / a name has 1–60 visible characters"
        raise argparse.ArgumentTypeError(message)
    return raw


def command_line() -> argparse.ArgumentParser:
    """Every command and option, as DESIGN fixes them."""
    top = _Parser(prog="hall-kiosk", description="大厅自助终端 / Hall Kiosk")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def add(name: str, does: Callable[[argparse.Namespace], int], says: str) -> argparse.ArgumentParser:
        words = commands.add_parser(name, help=says, description=says)
        words.set_defaults(does=does)
        words.add_argument("--hall", type=Path, metavar="PATH", help="hall.toml（示范大厅 / default: the demo hall）")
        words.add_argument(
            "--data", type=Path, metavar="DIR", default=DEFAULT_DATA, help="数据文件夹 / data folder (%(default)s)"
        )
        return words

    words = add("run", run, "自助终端 / the kiosk (default)")
    words.add_argument("--window", action="store_true", help="窗口，不全屏 / in a window")
    words.add_argument("--connect", metavar="URL", help="另一台机器上的大厅系统 / a hall on another machine")
    words = add("hall", hall, "大厅系统 / the hall alone: API, staff page")
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", type=_port, default=8765, help="0：随便一个空端口 / any free one (%(default)s)")
    words.add_argument("--ledger", metavar="URL", help="sqlite:///hall.db, postgresql://…")
    words.add_argument("--cert", type=Path, help="TLS 证书 / certificate (PEM)")
    words.add_argument("--key", type=Path, help="TLS 私钥 / its key (PEM)")
    words.add_argument("--beside", action="store_true", help=argparse.SUPPRESS)  # ends when standard input closes
    _district_words(add("district", district, "区级系统：接收大厅上报 / the receiving end: where halls post to"))
    words = add("tour", tour, "把每个页面走一遍，留下图片 / pictures of every page and slip")
    words.add_argument("--out", type=Path, required=True, metavar="OUT")
    add("check", check, "检查 hall.toml 和设备 / is hall.toml right, does every device answer?")
    words = add("token", token, "生成或收回接口令牌 / make an API token, or take one back")
    words.add_argument("name", type=_name, metavar="NAME")
    made = words.add_mutually_exclusive_group(required=True)
    made.add_argument("--role", choices=ROLES)
    made.add_argument("--revoke", action="store_true", help="收回，两秒内失效 / take it back, within two seconds")
    words.add_argument("--ledger", metavar="URL")
    words = add("password", password, "改工作人员密码 / set a member of staff's password")
    words.add_argument("name", type=_name, metavar="NAME")
    words.add_argument("--ledger", metavar="URL")
    words = add("backup", backup, "备份台账和密钥 / copy ledger and key while the hall goes on")
    words.add_argument("to", type=Path, metavar="TO")
    words.add_argument("--with-key", action="store_true", help="连同密钥；两样在一起就能读出电话 / with the key")
    words.add_argument("--ledger", metavar="URL")
    words = add("restore", restore, "恢复备份 / put a copy back")
    words.add_argument("source", type=Path, metavar="FROM")
    words.add_argument("--key", type=Path, metavar="KEY", help="备份的密钥 / the copy's key, if the hall's is lost")
    words.add_argument("--ledger", metavar="URL")
    words = add("purge", purge, "立即清除到期的个人信息 / delete now what may no longer be kept")
    words.add_argument("--ledger", metavar="URL")
    words = add("simulate", simulate, "模拟大厅的一天 / a hall's day in fast time, and whether every promise was kept")
    words.add_argument("--seed", type=_whole(0), required=True, metavar="N", help="同一个数，同样的一天 / same day")
    words.add_argument("--days", type=_whole(1), default=1, metavar="N", help="几天 / how many (%(default)s)")
    words.add_argument("--watch", action="store_true", help="边走边说 / print it as it happens")
    words.set_defaults(data=None)  # a temporary folder, unless one is named to look into afterwards
    commands.add_parser("bench", help="测量 / the measurements")
    return top


def _district_words(words: argparse.ArgumentParser) -> None:
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", type=_port, default=8770, help="0：随便一个空端口 / any free one (%(default)s)")
    words.add_argument("--config", type=Path, default=DEMO_DISTRICT, metavar="PATH", help="district.toml")
    words.add_argument("--ledger", metavar="URL", help="sqlite:///district.db, postgresql://…")
    words.add_argument("--cert", type=Path, help="TLS 证书 / certificate (PEM)")
    words.add_argument("--key", type=Path, help="TLS 私钥 / its key (PEM)")
    words.set_defaults(data=Path(".data-district"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and do what it says. Without a command, `run`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in {"-h", "--help"}):
        given.insert(0, "run")
    if given[0] == "bench":
        return bench(given[1:])
    understood = command_line().parse_args(given)
    if understood.command in {"hall", "district"} and (understood.cert is None) != (understood.key is None):
        command_line().error("--cert 和 --key 要一起给 / --cert and --key go together")
    no_core_dumps()
    does: Callable[[argparse.Namespace], int] = understood.does
    return does(understood)


if __name__ == "__main__":
    sys.exit(main())
