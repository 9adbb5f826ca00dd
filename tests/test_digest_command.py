"""``shixun digest``: a day, a week, some sites, some kinds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Answer, Run


def told_as_json(answer: Answer) -> dict[str, object]:
    assert (answer.status, answer.err) == (0, "")
    found: dict[str, object] = json.loads(answer.out)
    return found


@pytest.fixture(autouse=True)
def a_week_later(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # After ``run``, which forgets whatever moment was set before.
    monkeypatch.setenv("SHIXUN_NOW", "2026-11-29T08:00:00+08:00")


def test_a_week_runs_from_monday_to_sunday_whichever_day_is_named(run: Run, told: Path) -> None:
    for named in ("2026-11-16", "2026-11-21", "2026-11-22"):
        week = told_as_json(run("digest", "--week", named, "--format", "json", home=told))
        assert (week["day"], week["until"], len(week["changes"])) == ("2026-11-16", "2026-11-22", 12)  # type: ignore[arg-type]
    assert told_as_json(run("digest", "--week", "2026-11-23", "--format", "json", home=told))["changes"] == []


def test_a_week_and_a_site_have_files_of_their_own(run: Run, told: Path) -> None:
    week = run("digest", "--week", "2026-11-21", home=told).out.splitlines()
    assert [Path(line).name for line in week] == [f"digest-2026-W47.{form}" for form in ("html", "md", "json")]
    assert "2026 年第 47 周（11-16 至 11-22）" in Path(week[1]).read_text("utf-8")
    site = run("digest", "--day", "2026-11-21", "--site", "lanqiao", "--kind", "new", home=told).out.splitlines()
    assert Path(site[0]).name == "digest-2026-11-21-lanqiao-new.html"
    assert "选编：兰桥日报；新增" in Path(site[0]).read_text("utf-8")
    assert not (told / "out" / "digest-2026-11-21.html").exists()


@pytest.mark.parametrize(
    ("wish", "changes"),
    [
        (("--site", "lanqiao"), 1),
        (("--site", "lanqiao", "--site", "yunxi"), 12),
        (("--kind", "edited"), 2),
        (("--kind", "edited", "--kind", "removed"), 3),
        (("--site", "lanqiao", "--kind", "edited"), 0),
    ],
)
def test_only_what_is_asked_for_is_told(run: Run, told: Path, wish: tuple[str, ...], changes: int) -> None:
    answer = told_as_json(run("digest", "--day", "2026-11-21", *wish, "--format", "json", home=told))
    assert len(answer["changes"]) == sum(answer["counts"].values()) == changes  # type: ignore[arg-type, attr-defined]


def test_a_mail_can_be_looked_at(run: Run, told: Path) -> None:
    answer = run("digest", "--day", "2026-11-21", "--format", "mail", home=told)
    assert answer.status == 0
    assert "<svg" not in answer.out
    assert 'style="' in answer.out


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--day", "2026-11-21", "--week", "2026-11-21"), "--day 与 --week 只能用一个"),
        (("--week", "2026-12-01"), "--week 2026-12-01: 中国时间还没有到这一天"),
        (("--week", "soon"), "--week 'soon'"),
        (("--site", "nobody"), "没有站点 'nobody'"),
        (("--kind", "odd"), "odd"),
    ],
)
def test_a_wish_that_cannot_be_met_is_said(run: Run, told: Path, words: tuple[str, ...], fault: str) -> None:
    answer = run("digest", *words, home=told)
    assert answer.status == 2
    assert fault in answer.err


def test_a_broken_list_of_words_is_told_with_its_line(run: Run, told: Path) -> None:
    (told / "words.txt").write_text("梧岗区 ns\n!\n", "utf-8")
    try:
        answer = run("digest", "--day", "2026-11-21", home=told)
    finally:
        (told / "words.txt").unlink()
    assert answer.status == 2
    assert "words.txt:2: " in answer.err
