"""What is in ``deploy/``: units that systemd understands and hardens, and a container file that names no registry."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UNITS = sorted((ROOT / "deploy").glob("*.service"))
CONTAINERFILE = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
EXPOSURE = 20
"""Tenths of systemd's measure of what a service could do to its machine, of 100."""

STOPS_WITHIN = 15
"""Seconds in which a service ends (see docs/operate.md)."""

needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60)


def placed(unit: Path, folder: Path, *more: str) -> Path:
    """A unit as it is put into place, of a program that is there."""
    copy = folder / unit.name.replace("@", "@1")
    text = unit.read_text("utf-8").replace("/opt/shixun/.venv/bin/shixun", sys.executable)
    copy.write_text("\n".join((text, *more)), "utf-8")
    return copy


def complaints(unit: Path) -> list[str]:
    answer = analyze("verify", "--man=no", str(unit))
    said = [line for line in answer.stderr.splitlines() if unit.name in line]
    return said or [answer.stderr] * (answer.returncode != 0)


def test_there_are_a_service_and_workers() -> None:
    assert [unit.name for unit in UNITS] == ["shixun-worker@.service", "shixun.service"]


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_all_of_a_unit(unit: Path, tmp_path: Path) -> None:
    assert complaints(placed(unit, tmp_path)) == []
    assert "Unknown key" in complaints(placed(unit, tmp_path, "[Service]", "ProtectEverything=yes"))[0]


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_exposes_little(unit: Path, tmp_path: Path) -> None:
    asked = ("security", "--no-pager", "--offline=yes", f"--threshold={EXPOSURE}")
    assert analyze(*asked, str(placed(unit, tmp_path))).returncode == 0
    # Two of all that are set make the difference already.
    lax = placed(unit, tmp_path, "[Service]", "PrivateUsers=no", "CapabilityBoundingSet=~")
    assert analyze(*asked, str(lax)).returncode != 0


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_gives_time_to_drain_and_starts_nothing_again_that_cannot_start(unit: Path) -> None:
    says = dict(re.findall(r"^(\w+)=(.*)$", unit.read_text("utf-8"), re.MULTILINE))
    assert int(says["TimeoutStopSec"]) >= 3 * STOPS_WITHIN
    assert (says["Restart"], says["RestartPreventExitStatus"], says["KillMode"]) == ("on-failure", "2", "mixed")
    # The processes of a crawl are asked to end by the service, and each holds a file a site.
    assert int(says["LimitNOFILE"]) >= 65_536


def test_what_a_unit_runs_is_a_command_that_there_is() -> None:
    from command_line import shixun

    for unit in UNITS:
        (started,) = re.findall(r"^ExecStart=\S+/shixun (\w+) (.*)$", unit.read_text("utf-8"), re.MULTILINE)
        told = shixun(started[0], "--help").stdout.decode()
        assert [option for option in re.findall(r"--[\w-]+", started[1]) if option not in told] == []


def test_the_container_file_names_no_registry_and_takes_its_base_as_an_argument() -> None:
    bases = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert set(bases) == {"${BASE}"}
    assert re.findall(r"^ARG (\S+)", CONTAINERFILE, re.MULTILINE) == ["BASE=python:3.11-slim"]
    assert re.findall(r"https?://(?!127\.0\.0\.1)\S+", CONTAINERFILE) == []


def test_all_that_the_container_file_copies_is_there_and_is_all_that_is_packed() -> None:
    copied = [
        name for line in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE) for name in line.split()[:-1]
    ]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = {name.rstrip("*") for name in packed["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert packages | {packed["project"]["readme"], *packed["project"]["license-files"]} <= set(copied)


def test_nobody_is_root_in_the_container() -> None:
    assert re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE) == ["7070"]


@pytest.mark.skipif(not shutil.which("sh"), reason="there is no shell")
def test_the_script_that_checks_all_this_is_a_script() -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / "deploy" / "check.sh")], check=False, timeout=10).returncode == 0
