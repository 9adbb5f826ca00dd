"""What the bench against other change monitors rests on: its pages, its reading of reports, its count of mistakes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench import treecost
from bench.contestants import Report, reported
from bench.peerfarm import KINDS, PeerSite, Round, grown, steer
from bench.peers import Score, gates, judge, rounds_of, table
from bench.treecost import Cost

URLWATCH = """\
===========================================================================
01. CHANGED: http://127.0.0.1/a.html
02. ERROR: http://127.0.0.1/b.html
===========================================================================

---------------------------------------------------------------------------
CHANGED: http://127.0.0.1/a.html
---------------------------------------------------------------------------
-全市共3支队伍
+全市共8支队伍
---------------------------------------------------------------------------
ERROR: http://127.0.0.1/b.html
---------------------------------------------------------------------------
404 Client Error
"""
WEBCHANGES = """\
CHANGED: http://127.0.0.1/a.html
--------------------------------
@@ -1 +1 @@
+全市共8支队伍
NEW: http://127.0.0.1/c.html
"""


@pytest.fixture(scope="module")
def sites() -> Sequence[PeerSite]:
    return grown(250, 7)


def drawn(sites: Sequence[PeerSite], now: Round) -> dict[tuple[str, str], bytes]:
    for site in sites:
        site.draw(now)
    return {(site.farmed.host, path): body for site in sites for path, (_, body) in site.served.items()}


@pytest.mark.parametrize("what", ["clock", "hot", "counter", "visit"])
def test_each_round_moves_every_page(sites: Sequence[PeerSite], what: str) -> None:
    still, again, moved = (drawn(sites, Round()), drawn(sites, Round()), Round())
    assert still == again
    moved.moved[what] = 2
    others = drawn(sites, moved)
    same = sum(others[page] == body for page, body in still.items())
    assert same <= len(still) // 20  # now and then two dice say the same


def test_edits_are_shown_and_others_stand_still(sites: Sequence[PeerSite]) -> None:
    still, now = drawn(sites, Round()), Round()
    told = json.loads(steer(sites, now, "/steer?edited=1"))
    edited = {(each["host"], each["path"]): each for each in told}
    after = drawn(sites, now)
    assert {page for page, body in still.items() if after[page] != body} == edited.keys()
    assert {each["kind"] for each in told} == set(KINDS)
    for page, edit in edited.items():
        said = edit["said"].encode(edit["encoding"])
        shown, before = after[page].count(said), still[page].count(said)
        assert shown < before if edit["kind"] == "dropped" else edit["kind"] == "removed" or shown > before
    assert {edit["encoding"] for edit in told} == {"utf-8", "gb18030"}


@pytest.mark.parametrize(
    ("said", "verbs", "expected"),
    [
        (URLWATCH, ("CHANGED", "ERROR"), {"http://127.0.0.1/a.html": "全市共8支", "http://127.0.0.1/b.html": "404"}),
        (URLWATCH, ("CHANGED",), {"http://127.0.0.1/a.html": "全市共8支"}),
        (WEBCHANGES, ("CHANGED", "ERROR"), {"http://127.0.0.1/a.html": "全市共8支"}),
        ("", ("CHANGED",), {}),
    ],
)
def test_a_report_is_read(said: str, verbs: Sequence[str], expected: dict[str, str]) -> None:
    told = reported(said, verbs)
    assert told.keys() == expected.keys()
    assert all(words in told[page] for page, words in expected.items())
    assert "404" not in told.get("http://127.0.0.1/a.html", "")


def test_mistakes_are_counted_by_kind() -> None:
    edits = {
        page: {"kind": kind, "said": said, "encoding": "gb18030"}
        for page, kind, said in (
            ("a", "word", "祁明岚"),
            ("b", "removed", ""),
            ("c", "dropped", "请关好水龙头，谢谢。"),
        )
    }
    told = {"a": "ÆîÃ÷á°", "c": "请关好水龙头，\n谢谢", "d": "访问量"}
    score = Score()
    judge(score, "edits", Report(Cost(1, 1, 1), told), edits, str)
    assert (score.false, score.missed, score.unread) == (
        {"edits": 1},
        {"removed gb18030": 1},
        {"word gb18030": 1},
    )


def test_gates_name_what_is_worse() -> None:
    def took(cpu: float, wall: float, peak: float) -> Score:
        return Score({"first": Cost(cpu, wall, peak)}, {"first": 0})

    scores = {"Shixun": took(2, 2, 100), "urlwatch": took(1.95, 2, 60), "webchanges": took(3, 1.9, 120)}
    assert [line.split(":")[1].split(" of ")[0].strip() for line in gates(scores)] == [
        "memory 1.67 times that",
        "seconds a page 1.05 times that",
    ]
    scores["Shixun"].false["first"] = 3
    assert "OVER: false 3" in list(gates(scores))
    assert sum("urlwatch" in line for line in table(scores, 10, 0)) == 3


def test_many_pages_have_fewer_rounds() -> None:
    assert rounds_of(300)[1:4] == ["counters", "clocks", "lists"]
    assert rounds_of(2000) == ["first", "everything", "edits"]


def test_a_tree_is_measured_with_its_children(tmp_path: Path) -> None:
    busy = "kept = b'x' * 60_000_000; sum(range(3_000_000)); import select; select.select([], [], [], 0.3)"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}]); print('市讯'); sys.exit(1)"
    cost, said, status, _ = treecost.run([sys.executable, "-c", nested], tmp_path, dict(os.environ), 30)
    assert (said, status) == ("市讯\n", 1)
    assert cost.peak > 60
    assert 0.05 < cost.cpu < 30
    assert cost.wall >= 0.3


def test_a_tree_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    waits = "import select; select.select([], [], [], 60)"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {waits!r}])"
    # Other tests of the session may have a server running.
    before = treecost.tree(os.getpid())
    with pytest.raises(TimeoutError):
        treecost.run([sys.executable, "-c", nested], tmp_path, dict(os.environ), 0.5)
    assert set(treecost.tree(os.getpid())) <= set(before)


def test_what_a_living_tree_holds() -> None:
    assert treecost.memory(os.getpid()) > 10
    assert treecost.cpu(os.getpid()) > 0
