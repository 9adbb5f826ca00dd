"""The service from within: a tick, a crawl that cannot begin, a comparison that is cancelled."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from drain_desk import Desk
from service_watch import PATIENCE, archive_at, catalogue, entry

from crawler.launch import Listen, Order
from crawler.sites import load_catalogue
from monitor import service as services
from monitor.config import load_settings
from monitor.service import Service
from storage.archive import Archive
from storage.demo import CityServer


def begun(home: Path, opened: Archive) -> Service:
    """A service in this process as it stands once it has begun."""
    service = Service(home)
    service.catalogue = load_catalogue(home)
    service.settings = load_settings(service.catalogue)
    service.archive = opened
    return service


def test_a_crawl_that_cannot_begin_is_told_and_tried_again(
    tmp_path: Path, city_server: CityServer, caplog: pytest.LogCaptureFixture
) -> None:
    catalogue(tmp_path, entry(city_server, "xueyuan"))
    (tmp_path / "logs").write_text("a file where the folder of logs should be", "utf-8")

    async def two_ticks(service: Service) -> None:
        for _ in range(2):
            await service.tick()
            await asyncio.gather(*service._tasks)

    with archive_at(tmp_path) as opened:
        asyncio.run(two_ticks(begun(tmp_path, opened)))
    assert [record.getMessage() for record in caplog.records] == [
        f"the crawl of xueyuan: [Errno 17] File exists: '{tmp_path}/logs'"
    ] * 2


def test_a_comparison_that_is_cancelled_still_tells_what_it_wrote(tmp_path: Path, city_server: CityServer) -> None:
    """A crawl is cancelled at the end of the service; what its comparison was writing must not go unsaid."""
    catalogue(tmp_path, entry(city_server, "xueyuan"))
    heard: list[str] = []
    halfway, go_on = threading.Event(), threading.Event()

    def clock() -> datetime:
        halfway.set()
        assert go_on.wait(PATIENCE)
        return datetime.now(UTC)

    async def cancelled(service: Service) -> None:
        service._clock = clock
        service._on_change = lambda change: heard.append(change.url)
        crawl = asyncio.create_task(service.compare())
        service._tasks.add(crawl)
        await asyncio.to_thread(halfway.wait, PATIENCE)
        service.stop()
        ending = asyncio.create_task(service._end_tasks())
        await asyncio.wait({crawl})
        assert crawl.cancelled()
        assert not ending.done()
        go_on.set()
        await ending
        assert len(heard) == 1, "the service ended before its comparison did"

    with archive_at(tmp_path) as opened:
        desk = Desk(opened)
        for page in range(3):
            desk.visit(page=str(page))
        asyncio.run(cancelled(begun(tmp_path, opened)))
        log = [change.url for change in opened.reading.changes()]
        assert opened.running.counts()["pending"] == 2
    assert heard == log
    assert len(log) == 1


def test_it_is_crawling_until_what_a_crawl_brought_is_compared(
    tmp_path: Path, city_server: CityServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison with which a tick begins is no crawl; the one that ends a crawl belongs to it."""
    catalogue(tmp_path, entry(city_server, "xueyuan"))
    seen: list[tuple[str, bool]] = []

    async def watched(service: Service) -> None:
        async def crawled(order: Order, listen: Listen) -> list[str]:
            seen.append(("crawl", service.is_crawling))
            return []

        async def compared() -> None:
            seen.append(("comparison", service.is_crawling))

        monkeypatch.setattr(service, "_launch", crawled)
        monkeypatch.setattr(service, "_drain", compared)
        await service.tick()
        await asyncio.gather(*service._tasks)
        seen.append(("end", service.is_crawling))

    with archive_at(tmp_path) as opened:
        asyncio.run(watched(begun(tmp_path, opened)))
    assert seen == [("comparison", False), ("crawl", True), ("comparison", True), ("end", False)]


def test_a_place_that_falls_free_is_filled_at_once_with_each_site_once_a_tick(
    tmp_path: Path, city_server: CityServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ("xueyuan", "jiaotong", "jiaoyu")
    monkeypatch.setattr(services, "SITES_AT_ONCE", 1)
    seen: list[str] = []

    async def failed(order: Order, listen: Listen) -> list[str]:
        seen.extend(order.sites)
        return ["it fails at once, and is due still"]

    async def watched(service: Service) -> None:
        for _ in range(2):
            await service.tick()
            while service._tasks:
                await asyncio.gather(*service._tasks)
                await asyncio.sleep(0)

    catalogue(tmp_path, *(entry(city_server, key) for key in keys))
    with archive_at(tmp_path) as opened:
        service = begun(tmp_path, opened)
        service.settings = service.settings.model_copy(
            update={"service": service.settings.service.model_copy(update={"crawls": 1})}
        )
        monkeypatch.setattr(service, "_launch", failed)
        monkeypatch.setattr(service, "_reload", lambda: None)
        asyncio.run(watched(service))
    assert sorted(seen[:3]) == sorted(seen[3:]) == sorted(keys)
