"""The files under deploy/ as text: what systemd says of the units, and what they promise. No service is started."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_comes_back_leaves_no_core_and_is_its_own_user(unit: Path) -> None:
    service = read(unit)["Service"]
    assert service["Restart"] == "always"
    assert service["LimitCORE"] == "0"
    assert service["User"] == "hall-kiosk"
    assert service["UMask"] == "0077"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_that_hangs_is_started_again(unit: Path) -> None:
    """tests/kiosk/test_watchdog.py proves that both programs speak."""
    service = read(unit)["Service"]
    assert service["Type"] == "notify"
    assert 30 <= int(service["WatchdogSec"]) <= 120
    # Behind a PAM session only the first process is heard.
    assert ("PAMName" in service) == ("-m kiosk.watchdog " in service["ExecStart"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_unit(unit: Path, tmp_path: Path) -> None:
    """Programs that only a kiosk has are replaced by one that every machine has."""
    text = unit.read_text(encoding="utf-8").replace("@HERE@/.venv/bin/hall-kiosk", "/bin/true")
    text = text.replace("@HERE@/.venv/bin/python", "/bin/true").replace("/usr/bin/xinit", "/bin/true")
    for other in UNITS:
        (tmp_path / other.name).write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", tmp_path / unit.name], check=False, text=True,
                          capture_output=True, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"})
    said = [line for line in done.stderr.splitlines() if unit.name in line]
    assert not said


def test_systemd_would_have_said_so(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed here")
    bad = tmp_path / "bad.service"
    bad.write_text("[Service]\nExecStart=/bin/true\nRestrat=always\n", encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", bad], check=False, text=True, capture_output=True)
    assert "Restrat" in done.stderr


SCRIPTS = [*sorted((ROOT / "deploy").glob("*.sh")), ROOT / "deploy" / "kiosk-session", ROOT / ".ci" / "run"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_scripts(script: Path) -> None:
    assert os.access(script, os.X_OK)
    shell = "bash" if "bash" in script.read_text(encoding="utf-8").splitlines()[0] else "sh"
    done = subprocess.run([shell, "-n", script], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_make_help_tells_every_target() -> None:
    command = ["make", "--no-print-directory", "help"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert make_targets() == set(re.findall(r"^  make ([a-z]+)", done.stdout, re.MULTILINE))
    assert {"run", "test", "lint", "bench", "soak", "crash", "fuzz", "tour", "check", "help"} <= make_targets()


def test_setup_names_the_python_it_needs(tmp_path: Path) -> None:
    """A machine with only an older Python."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "setup.sh", tmp_path / "deploy" / "setup.sh")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    for tool in ("bash", "dirname", "grep", "tr", "find", "ldconfig", "cat", "id", "env", "sudo", "mktemp", "rm"):
        if found := shutil.which(tool, path=f"{os.environ['PATH']}:/sbin:/usr/sbin"):
            (bin_ / tool).symlink_to(found)
    old = bin_ / "python3"
    old.write_text('#!/bin/sh\ncase "$1" in --version) echo Python 3.10.4 ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)
    command = ["bash", tmp_path / "deploy" / "setup.sh", "run"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={"PATH": str(bin_)})
    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is needed; Python 3.10.4 was found" in done.stderr
