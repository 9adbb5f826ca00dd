"""The digest of a China day: gathered from a real archive, written at its hour, caught up with after a sleep."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from crawler.intake import take_in
from crawler.sites import Site, load_catalogue
from monitor.compare.drain import Drain
from monitor.config import load_settings
from monitor.days import day_span
from monitor.digest.edition import edition, is_published, publish, render, write_whole
from monitor.service import Service
from storage.archive import Archive
from storage.errors import DatabaseLocked
from storage.records import CHINA, Article, PageKind, Role, Visit
from storage.sql import open_archive

DAY = date(2026, 11, 22)
SITE = Site(key="yunxi", name="云溪发布", columns=("http://www.yunxi.example/news/",))
NAMES = ("digest-2026-11-22.html", "digest-2026-11-22.md", "digest-2026-11-22.json")
CATALOGUE = """\
sites:
  yunxi:
    name: 云溪发布
    columns: ['http://www.yunxi.example/news/']
"""


def china(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of November 2026 in China, in UTC as the service's clock gives it."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=CHINA).astimezone(UTC)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = open_archive(f"sqlite:///{tmp_path / 'shixun.db'}")
    opened.running.announce({"yunxi": "云溪发布"})
    yield opened
    opened.close()


def visit(archive: Archive, at: datetime, page: str, text: str | None, title: str = "古镇文化节开幕") -> None:
    """One visit, not compared yet; without a text it failed."""
    url = f"http://www.yunxi.example/news/{page}.html"
    article = Article(PageKind.ARTICLE, title=title, paragraphs=(text,), canonical=(text,)) if text else None
    status = 200 if text else 503
    seen = Visit("yunxi", url, Role.ARTICLE, at, "r", status=status, final_url=url, body=b"x", article=article)
    archive.crawling.record(seen, partial(take_in, SITE))


def tell(archive: Archive, at: datetime, page: str, text: str, title: str = "古镇文化节开幕") -> None:
    visit(archive, at, page, text, title)
    assert list(Drain(archive, {"yunxi": SITE}, lambda: at).changes())


def test_a_china_day_ends_at_its_own_midnight(archive: Archive) -> None:
    tell(archive, china(22, 0), "1", "零点整发布的一条消息,共3项内容。", "当日第一条")
    tell(archive, china(22, 23, 59, 59), "2", "午夜前发布的一条消息,共4项内容。", "当日末条")
    tell(archive, china(23, 0), "3", "次日零点发布的消息,共5项内容。", "次日第一条")
    tell(archive, china(21, 23, 59, 59), "4", "前一日的消息,共6项内容。", "前日末条")
    told = json.loads(render(edition(archive, DAY, china(23, 7)), "json"))
    assert sorted(change["title"] for change in told["changes"]) == ["当日末条", "当日第一条"]
    assert day_span(DAY) == (china(22, 0), china(23, 0))


@pytest.mark.parametrize("now", [china(22, 20), china(23, 7), china(30, 7)])
def test_a_day_gathered_twice_is_the_same_to_the_byte(archive: Archive, tmp_path: Path, now: datetime) -> None:
    tell(archive, china(22, 9), "1", "全市完成投资6.89亿元,惠及4156户。")
    tell(archive, china(22, 10), "1", "全市完成投资7.89亿元,惠及4165户。")
    first = publish(edition(archive, DAY, now), tmp_path / "one")
    second = publish(edition(archive, DAY, now + timedelta(minutes=17)), tmp_path / "two")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert '"7.89亿"' in first[2].read_text("utf-8")


@pytest.mark.parametrize("form", ["html", "md", "json"])
def test_a_running_day_of_which_nothing_is_known_is_the_same_twice(archive: Archive, form: str) -> None:
    early, late = (render(edition(archive, DAY, china(22, hour)), form) for hour in (1, 21))  # type: ignore[arg-type]
    assert early == late


def test_an_empty_day_is_a_digest_too(archive: Archive, tmp_path: Path) -> None:
    paths = publish(edition(archive, DAY, china(23, 8)), tmp_path / "out")
    assert [path.name for path in paths] == list(NAMES)
    told = json.loads(paths[2].read_text("utf-8"))
    assert (told["day"], told["changes"], told["generated_at"]) == ("2026-11-22", [], "2026-11-23T00:00:00+08:00")
    assert all(path.stat().st_size for path in paths)


def test_a_day_is_told_as_it_stood_at_its_end(archive: Archive) -> None:
    tell(archive, china(22, 9), "1", "全市完成投资6.89亿元。")
    before = render(edition(archive, DAY, china(23, 7)), "json")
    tell(archive, china(23, 9), "9", "次日的另一条消息,与前日无关,共8项。", "另一条")
    tell(archive, china(23, 9, 30), "1", "全市完成投资9.99亿元。", "次日另换的标题")
    visit(archive, china(23, 10), "1", None)
    assert render(edition(archive, DAY, china(23, 11)), "json") == before


def test_what_is_there_is_left_alone_when_asked_to(archive: Archive, tmp_path: Path) -> None:
    digest = edition(archive, DAY, china(23, 8))
    (tmp_path / NAMES[0]).write_text("人工修订过的简报", "utf-8")
    assert not is_published(tmp_path, DAY)
    publish(digest, tmp_path, over=False)
    assert is_published(tmp_path, DAY)
    assert (tmp_path / NAMES[0]).read_text("utf-8") == "人工修订过的简报"
    publish(digest, tmp_path)
    assert "<html" in (tmp_path / NAMES[0]).read_text("utf-8")


def test_a_file_that_cannot_be_written_leaves_the_old_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "digest.md"
    target.write_text("旧", "utf-8")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(target, "新")
    assert [path.name for path in tmp_path.iterdir()] == ["digest.md"]
    assert target.read_text("utf-8") == "旧"


def service_at(home: Path, archive: Archive, now: datetime, extra: str = "") -> Service:
    """A service as it stands once it has begun, its clock stopped."""
    (home / "sites.yaml").write_text(CATALOGUE + extra, "utf-8")
    service = Service(home, clock=lambda: now)
    service.catalogue = load_catalogue(home)
    service.settings = load_settings(service.catalogue)
    service.archive = archive
    return service


def written(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "out").glob("*")) if (home / "out").exists() else []


@pytest.mark.parametrize("now", [china(23, 0, 1), china(23, 7, 30), china(23, 23, 59)])
def test_the_morning_writes_the_china_day_before(archive: Archive, tmp_path: Path, now: datetime) -> None:
    tell(archive, china(22, 9), "1", "全市完成投资6.89亿元,惠及4156户。")
    asyncio.run(service_at(tmp_path, archive, now).morning())
    assert written(tmp_path) == sorted(NAMES)
    assert "古镇文化节开幕" in (tmp_path / "out" / NAMES[1]).read_text("utf-8")


def test_the_morning_compares_first_and_speaks_the_language_that_is_set(archive: Archive, tmp_path: Path) -> None:
    visit(archive, china(22, 23), "1", "全市完成投资6.89亿元,惠及4156户。")
    heard = []
    service = service_at(tmp_path, archive, china(23, 7, 30), "digest: {lang: en}\n")
    service._on_change = heard.append
    asyncio.run(service.morning())
    assert [change.url for change in heard] == ["http://www.yunxi.example/news/1.html"]
    assert 'lang="en"' in (tmp_path / "out" / NAMES[0]).read_text("utf-8")


def test_a_fault_of_the_store_in_the_morning_is_told_and_survived(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def locked(*_args: object, **_more: object) -> None:
        raise DatabaseLocked("the database is held by another process")

    monkeypatch.setattr(archive.reading, "changes", locked)
    asyncio.run(service_at(tmp_path, archive, china(23, 7, 30)).morning())
    assert "the digest of 2026-11-22 could not be written: the database is held" in caplog.text
    assert written(tmp_path) == []


def test_a_service_that_slept_through_the_hour_writes_the_digest_when_it_starts(
    archive: Archive, tmp_path: Path
) -> None:
    tell(archive, china(22, 9), "1", "全市完成投资6.89亿元,惠及4156户。")
    asyncio.run(service_at(tmp_path, archive, china(23, 14)).catch_up())
    assert written(tmp_path) == sorted(NAMES)


def test_yesterday_without_a_visit_is_still_owed_by_an_older_archive(archive: Archive, tmp_path: Path) -> None:
    tell(archive, china(15, 9), "1", "全市完成投资6.89亿元,惠及4156户。")
    asyncio.run(service_at(tmp_path, archive, china(23, 14)).catch_up())
    assert written(tmp_path) == sorted(NAMES)


def test_before_the_hour_nothing_is_caught_up_with(archive: Archive, tmp_path: Path) -> None:
    tell(archive, china(22, 9), "1", "全市完成投资6.89亿元,惠及4156户。")
    asyncio.run(service_at(tmp_path, archive, china(23, 7, 29)).catch_up())
    assert written(tmp_path) == []
    asyncio.run(service_at(tmp_path, archive, china(23, 6), 'digest: {at: "05:30"}\n').catch_up())
    assert written(tmp_path) == sorted(NAMES)


def test_a_new_archive_owes_nothing(archive: Archive, tmp_path: Path) -> None:
    asyncio.run(service_at(tmp_path, archive, china(23, 14)).catch_up())
    tell(archive, china(23, 9), "1", "今天刚刚开始看守,共1项内容。")
    asyncio.run(service_at(tmp_path, archive, china(23, 14)).catch_up())
    assert written(tmp_path) == []


def test_a_digest_that_is_there_is_never_written_over(archive: Archive, tmp_path: Path) -> None:
    tell(archive, china(22, 9), "1", "全市完成投资6.89亿元,惠及4156户。")
    out = tmp_path / "out"
    out.mkdir()
    (out / NAMES[0]).write_text("已发出的简报", "utf-8")
    asyncio.run(service_at(tmp_path, archive, china(23, 14)).catch_up())
    assert (out / NAMES[0]).read_text("utf-8") == "已发出的简报"
    assert written(tmp_path) == sorted(NAMES), "a digest that was cut off half-way is completed"


def test_the_clockwork_follows_sites_yaml(archive: Archive, tmp_path: Path) -> None:
    service = service_at(tmp_path, archive, china(23, 7))
    asked = []

    class Clockwork:
        def reschedule_job(self, job: str, trigger: object) -> None:
            asked.append((job, str(trigger)))

    service._scheduler = Clockwork()
    service._reload()
    assert asked == []
    (tmp_path / "sites.yaml").write_text(CATALOGUE + "service: {tick: 5s}\ndigest: {at: '06:15'}\n", "utf-8")
    service._reload()
    assert asked == [("tick", "interval[0:00:05]"), ("morning", "cron[hour='6', minute='15']")]


def test_a_fault_in_the_catalogue_is_told_once_and_again_when_it_is_another(
    archive: Archive, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service = service_at(tmp_path, archive, china(23, 7))
    for text in ("sites: [1]\n", "sites: [1]\n", "sites: 1\n", "digest: {at: 25:00}\nsites:\n", CATALOGUE, CATALOGUE):
        (tmp_path / "sites.yaml").write_text(text, "utf-8")
        service._reload()
        assert list(service.catalogue.sites) == ["yunxi"]
    told = [record.getMessage().removeprefix(f"{tmp_path}/") for record in caplog.records]
    assert [line.partition(": ")[0] for line in told] == ["sites.yaml:1", "sites.yaml:1"]
    assert "a time of day is written 07:30" in told[1]
    assert all(line.endswith("; what it said before still holds") for line in told)
