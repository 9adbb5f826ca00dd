"""The honest end-to-end run: the demonstration that `make run` starts, and the recorded sites through their rounds."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.demonstration import score
from storage.demo import City, CityServer, Happening
from storage.records import Change, ChangeKind, Facts

LONGEST = 240


def test_the_demonstration_tells_every_change_once_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), "demo"]
    played = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    # The demonstration holds itself against what the city did, and ends with 1 where they differ.
    assert played.returncode == 0, played.stdout[-3000:] + played.stderr[-1000:]
    happened = sum(len(City().truth(number)) for number in range(1, City.rounds + 1))
    assert f"城市共改动 {happened} 处;市讯说出 {happened} 处,说对 {happened} 处。" in played.stdout
    (page,) = (tmp_path / "out" / "demo").glob("digest-*.html")
    assert str(page) in played.stdout
    told = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert sum(told["counts"].values()) == happened
    assert played.stderr == ""


@pytest.mark.parametrize("validators", [[], ["--no-validators"]], ids=["with-validators", "without"])
def test_the_recorded_sites_go_through_their_rounds(shared: Path, validators: list[str]) -> None:
    check = shared / "tools" / "check_seed_rounds.py"
    shixun = str(Path(sys.executable).with_name("shixun"))
    command = [sys.executable, str(check), "--shixun", shixun, *validators]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert checked.stdout.splitlines()[-1] == "0 faults", checked.stdout
    assert checked.returncode == 0


def test_the_score_sees_what_is_missing_surplus_and_wrong() -> None:
    city = City()
    with CityServer(city) as server:
        site = city.sites[0].key
        happening = Happening(2, site, "/a.html", ChangeKind.EDITED, "题", facts=Facts(numbers=(("1名", "2名"),)))
        told = Change(site, server.url(site, "/a.html"), ChangeKind.EDITED, _moment(), facts=happening.facts)
        other = Change(site, server.url(site, "/b.html"), ChangeKind.REMOVED, _moment(), how="404")
        assert score(server, [happening], [told]).perfect
        assert score(server, [happening], []).missing == (happening,)
        assert score(server, [happening], [told, told]).surplus == (told,)
        assert score(server, [happening], [other]).missing == (happening,)
        wrong = score(server, [happening], [Change(site, told.url, ChangeKind.EDITED, _moment())]).wrong
    assert [fault for _, _, fault in wrong] == ["numbers: (('1名', '2名'),), told ()"]


def _moment() -> datetime:
    return datetime(2026, 11, 16, tzinfo=UTC)
