"""A simulated day keeps every promise, is the same from the same seed, and tells when a guard is taken away: which
promise, and at what moment."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import main as roof
from kiosk.simulation.findings import PROMISES
from kiosk.simulation.running import Plan, simulate
from tests.kiosk.hall.building import _migrated, demo
from tests.kiosk.simulation.mutants import MORE, MUTANTS, crowded

ROOT = Path(__file__).resolve().parents[3]
SHORT = Plan(seed=7, crowd=40, hours=1.0)
LONGER = Plan(seed=7, crowd=90, hours=3.0)
QUICK = Plan(seed=7, crowd=36, hours=0.7)


def live(data: Path, plan: Plan = SHORT, *, watch: bool = False, full: bool = False) -> tuple[int, list[str]]:
    """What `simulate` ends with, and what it says."""
    data.mkdir(exist_ok=True)
    (data / "hall.db").write_bytes(_migrated())
    said: list[str] = []
    settings = crowded(demo()) if full else demo()
    return simulate(settings, plan, data, watch=watch, say=said.append), said


def test_a_day_keeps_every_promise_and_is_the_same_again(tmp_path):
    first, again = live(tmp_path / "a", watch=True), live(tmp_path / "b", watch=True)
    assert first == again, "the same seed, another day"
    code, said = first
    assert code == 0, said[-5:]
    assert re.fullmatch(
        r"种子 7，1 天：居民 \d+ 位，命令 [\d,]+ 条，违背承诺 0 处 /"
        r" seed 7, 1 day: \d+ residents, [\d,]+ commands, 0 promises broken", said[-1]
    )  # fmt: skip
    told = "\n".join(said)
    words = ("取号", "叫号", "办完", "预约", "意外", "重发", "开窗", "断电", "台账", "时钟", "诉求", "受理", "查询")
    for word in words:
        assert word in told, f"nothing is told of {word}"


def test_another_seed_is_another_day(tmp_path):
    days = [live(tmp_path / f"{seed}", Plan(seed, crowd=6, hours=0.2))[1] for seed in (1, 2)]
    assert days[0][:-1] != days[1][:-1]


def test_two_days_with_a_midnight_between(tmp_path):
    code, said = live(tmp_path, Plan(3, days=2, crowd=30, hours=0.5))
    assert code == 0, said[-5:]
    with sqlite3.connect(tmp_path / "hall.db") as ledger:
        days = ledger.execute("SELECT day, count(*) FROM ticket GROUP BY day ORDER BY day").fetchall()
        (expired,) = ledger.execute("SELECT count(*) FROM ticket WHERE state = 'expired'").fetchone()
    ledger.close()
    assert [day for day, _ in days] == ["2026-11-23", "2026-11-24"]
    assert expired, "nobody waited at midnight: the rollover had nothing to do"


@pytest.mark.parametrize(("install", "promise"), MUTANTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_guard_taken_away_is_told(tmp_path, monkeypatch, install, promise):
    install(monkeypatch)
    is_told(promise, *live(tmp_path, QUICK, full=True))


@pytest.mark.long("soak")
@pytest.mark.parametrize(("install", "promise"), MORE, ids=lambda value: getattr(value, "__name__", ""))
def test_more_guards_taken_away_are_told(tmp_path, monkeypatch, install, promise):
    install(monkeypatch)
    is_told(promise, *live(tmp_path, LONGER, full=True))


def is_told(promise: str, code: int, said: list[str]) -> None:
    assert code == 1
    told = [line for line in said if re.match(r"2026-11-2\d \d\d:\d\d:\d\d  ", line)]
    assert any(line.split()[2] == promise and PROMISES[promise][0] in line for line in told), told[:5]
    assert not said[-1].endswith(" 0 promises broken")


@pytest.mark.parametrize("words", ["", "--seed", "--seed seven", "--seed -1", "--seed 1 --days 0"])
def test_wrong_words_end_with_2(words, capsys):
    with pytest.raises(SystemExit) as ended:
        roof.main(["simulate", *words.split()])
    assert ended.value.code == 2
    assert "命令写得不对" in capsys.readouterr().err


def test_a_folder_with_a_ledger_is_left_alone(tmp_path, capsys):
    (tmp_path / "hall.db").write_bytes(b"mine")
    assert roof.main(["simulate", "--seed", "1", "--data", str(tmp_path)]) == 2
    assert "已经有台账" in capsys.readouterr().err
    assert (tmp_path / "hall.db").read_bytes() == b"mine"


@pytest.mark.long("soak")
@pytest.mark.parametrize("seed", range(50))
def test_fifty_whole_days(seed, tmp_path):
    done = subprocess.run([sys.executable, "main.py", "simulate", "--seed", str(seed), "--data", str(tmp_path / "d")],
                          cwd=ROOT, check=False, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    shutil.rmtree(tmp_path)
