"""``shixun status URL``: when a page is next due, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from command_line import Run
from drain_desk import START

from crawler.sites import database_address
from storage.records import Role
from storage.sql import open_archive


@pytest.fixture
def page(told: Path) -> str:
    archive = open_archive(database_address(told))
    pages = archive.crawling.pages("yunxi", Role.ARTICLE)
    archive.close()
    return max(pages, key=lambda one: one.due_at or START).url


def test_a_page_says_when_it_is_due_and_why(run: Run, told: Path, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIXUN_NOW", START.isoformat())
    (line,) = run("status", page, "--json", home=told).lines
    assert (line["site"], line["url"]) == ("yunxi", page)
    assert line["rule"] == "age"
    due, visited = (datetime.fromisoformat(str(line[name])) for name in ("due_at", "visited_at"))
    assert timedelta(0) < due - visited < timedelta(days=16)
    assert {"why", "why_en", "figures", "outcome"} <= set(line)
    printed = run("status", page, home=told)
    assert (printed.status, printed.err) == (0, "")
    assert "原因: 发布或上次改动已" in printed.out
    assert due.isoformat()[:16].replace("T", " ") in printed.out
    english = run("--lang", "en", "status", page, home=told)
    assert "why: published or last changed" in english.out


def test_a_page_that_was_called_for_says_that_it_is_early(run: Run, told: Path, page: str) -> None:
    archive = open_archive(database_address(told))
    (known,) = (one for one in archive.crawling.pages("yunxi", Role.ARTICLE) if one.url == page)
    archive.comparing.hasten(known.id, datetime(2020, 1, 1, tzinfo=UTC))
    archive.close()
    (line,) = run("status", page, "--json", home=told).lines
    assert line["rule"] == "hastened"


def test_a_page_of_a_site_that_rests_says_that_it_is_late(run: Run, told: Path, page: str) -> None:
    archive = open_archive(database_address(told))
    archive.crawling.postpone("yunxi", datetime(2030, 1, 1, tzinfo=UTC))
    archive.close()
    (line,) = run("status", page, "--json", home=told).lines
    assert (line["rule"], line["due_at"]) == ("postponed", "2030-01-01T08:00:00+08:00")


def test_a_page_that_waits_to_be_read_says_so(run: Run, told: Path) -> None:
    url = "http://www.yunxi.example/waiting/"
    archive = open_archive(database_address(told))
    archive.crawling.enlist_columns("yunxi", [url], START)
    archive.close()
    (line,) = run("status", url, "--json", home=told).lines
    assert (line["rule"], line["visited_at"]) == ("unread", None)
    assert "等候首次读取" in run("status", url, home=told).out


def test_a_page_that_nobody_visited_is_said_to_be_unknown(run: Run, told: Path) -> None:
    answer = run("status", "http://www.yunxi.example/none.html", home=told)
    assert (answer.status, answer.out) == (1, "")
    assert "没有列出过" in answer.err
    assert run("status", home=told).out.startswith("服务: ")
