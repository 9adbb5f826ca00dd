"""The one spider. It is driven by sites of the catalogue and knows none of them."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.agent import user_agent
from crawler.attachments import files_to_ask
from crawler.discovery.service import how_to_ask
from crawler.errand import Errand
from crawler.extraction.learned import Learned
from crawler.habits import Habits
from crawler.lessons import learn_site
from crawler.locks import SiteLock, allow_many_files, site_lock
from crawler.middlewares import HostRests
from crawler.pace import Room, due_articles, room_of, site_habits
from crawler.pipeline import (
    conditional,
    file_failed,
    file_headers,
    file_visit,
    visit_failed,
    whole_visit,
)
from crawler.recrawl import site_rest
from crawler.sites import Site, load_catalogue
from crawler.slots import slots_of
from crawler.spiders.books import Books
from crawler.spiders.desk import Desk
from crawler.spiders.turn import Turn
from storage.attachments import FileVisit, KeptFile
from storage.calm import Calm
from storage.errors import StorageError
from storage.records import Intake, Page, Role, Run, Visit
from storage.sql import open_archive

FILE_FIRST = 30
"""Before anything else of its site: an article is kept once its files are there."""
FILE_PATIENCE = 4
"""A file may take so many times as long as a page."""
MOST_HELD = 3
"""Bytes of new files that one visit holds in memory, in times of the largest file that is taken."""
EVERY_PAGE = 1_000_000
NOTED_EVERY = 25
"""Visits after which a run's are put down: those of one that is killed count in the day's requests."""
RECHECKS = ("due", "all", "none")


class MunicipalSpider(Spider):
    """Visits the columns of sites, the articles they name for the first time, and known pages that are due.

    Arguments (``-a``): ``site`` one key or several with commas; ``home`` the home folder; ``recheck`` which known
    articles are visited again (due, all, none); ``columns`` which columns (all, due); ``by_hand`` 1 where a person
    asked for each page (as with ``recheck`` all, the default then); ``run`` a name for the run; ``catalogue`` a copy
    of ``sites.yaml`` to read instead of it.
    """

    name = "municipal"

    def __init__(
        self,
        *,
        site: str = "",
        home: str | None = None,
        recheck: str = "due",
        columns: str = "all",
        by_hand: str | None = None,
        run: str | None = None,
        catalogue: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if recheck not in RECHECKS:
            raise ValueError(f"recheck is one of {', '.join(RECHECKS)}, not {recheck!r}")
        self.home = Path(home or os.environ.get("SHIXUN_HOME") or ".").resolve()
        self.catalogue = load_catalogue(self.home, Path(catalogue) if catalogue else None)
        self.sites = self.catalogue.choose([key for key in site.split(",") if key])
        self.recheck, self.due_columns = recheck, columns == "due"
        self.by_hand = recheck == "all" if by_hand is None else by_hand == "1"
        self.run = run or f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        self.archive = open_archive(self.catalogue.database)
        self.books = Books(self.archive)
        self.desk = Desk(Turn(self.archive.crawling.is_busy))
        self.visits: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.fault: str | None = None
        self.rested: dict[str, str] = {}
        self._lists: set[tuple[str, str]] = set()
        self._waiting: dict[tuple[str, str], list[Errand]] = {}
        self._had: dict[tuple[str, str], FileVisit] = {}
        self.learned: dict[str, Learned | None] = {}
        self.habits: dict[str, Habits | None] = {}
        self.columns: dict[str, list[Page]] = {}
        self.room: dict[str, Room] = {}
        self._calm: dict[int, Calm] = {}
        self._locks: dict[str, SiteLock] = {}
        allow_many_files()
        self._reports = bool(os.environ.get("SHIXUN_REPORT"))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider, and tell Scrapy who we are and how gently each host is to be asked."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        polite = crawler.settings.getfloat("DOWNLOAD_DELAY")
        crawler.settings.set("DOWNLOAD_SLOTS", slots_of(spider.sites, polite), priority="spider")
        crawler.settings.set("USER_AGENT", user_agent(spider.catalogue.contact), priority="spider")
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The first requests, site by site."""
        for site in self.sites:
            claim = partial(self.books.stored, self.archive.running.claim, site.key)
            lock = self._locks[site.key] = SiteLock(site_lock(self.home, site.key), claim)
            if not await lock.wait():
                del self._locks[site.key]
                self._report(event="busy", site=site.key)
                self.fault = self.fault or f"{site.key} is being crawled by another process"
                continue
            now = datetime.now(UTC)
            self.books.stored(self.archive.crawling.enlist_columns, site.key, site.columns, now)
            self.books.stored(self.archive.running.start, Run(self.run, site.key, now))
            self.learned[site.key] = self.books.stored(learn_site, self.archive.learning, site.key, now)
            self.habits[site.key] = self.books.stored(site_habits, self.archive.crawling, self.home, site, now)
            wanted = self.books.stored(self._wanted, site, now)
            known = [page.id for page in wanted if page.ok_at is not None]
            self._calm |= self.books.stored(self.archive.crawling.calm, known)
            for page in wanted:
                yield self._request(site, page)
            # What the site's template taught took a while: the answers of the sites before it are waiting.
            await asyncio.sleep(0)

    def _wanted(self, site: Site, now: datetime) -> list[Page]:
        """The pages a crawl begins with: columns, then articles never read, then known ones to visit again."""
        crawling = self.archive.crawling
        columns = crawling.pages(site.key, Role.COLUMN, due=now if self.due_columns else None)
        if not self.due_columns:
            columns = [page for page in columns if not page.depth or page.due_at is None or page.due_at <= now]
        self.columns[site.key] = columns
        if self.recheck == "all":
            return columns + crawling.pages(site.key, Role.ARTICLE, limit=EVERY_PAGE)
        room = self.room[site.key] = room_of(crawling, site, now, by_hand=not self.due_columns)
        spared = len(columns) if self.due_columns else 0
        due = due_articles(crawling, site, self.habits.get(site.key), now, room, spared=spared)
        return columns + [page for page in due if self.recheck == "due" or page.checked_at is None]

    def _request(self, site: Site, page: Page, part: str | None = None, parts: tuple[Visit, ...] = ()) -> Request:
        """A request for a page, or for a further part of an article in several pages."""
        self.asked[site.key] += 1
        first = 20 if page.role is Role.COLUMN else 10 if not page.version else 0
        ask = how_to_ask(part or page.url, page.column)
        if page.role is Role.COLUMN or page.version:
            self._lists.add((site.key, page.url))
        return Request(
            ask.url,
            method=ask.method,
            body=ask.body,
            callback=self.read,
            errback=self.failed,
            headers={**ask.headers, **({} if part or ask.body else conditional(page))},
            # Our own books say what was asked for; Scrapy's filter would drop a redirect to a page already seen.
            dont_filter=True,
            priority=first - page.depth,
            meta={
                "site": site,
                "errand": self._errand(site, page, parts),
                "known": page.version > 0,
                "download_timeout": site.limits.seconds,
                "download_maxsize": site.limits.page_bytes,
            },
        )

    def _errand(self, site: Site, page: Page, parts: tuple[Visit, ...]) -> Errand:
        learned, habits = self.learned.get(site.key), self.habits.get(site.key)
        return Errand(site, page, self.run, self.by_hand, parts, learned, habits, calm=self._calm.get(page.id))

    def read(self, response: Response) -> Iterator[Request] | Coroutine[Any, Any, Iterator[Request]]:
        """A response came: keep it, and go on to what it names for the first time."""
        errand: Errand = response.meta["errand"]
        return self.desk.take(response, errand, self._go_on)

    def _go_on(self, errand: Errand, visit: Visit, further: str | None) -> Iterator[Request]:
        """Ask for the article's next page, or keep what there is."""
        if further is not None:
            yield self._request(errand.site, errand.page, part=further, parts=(*errand.parts, visit))
        else:
            whole = visit if visit.calm else whole_visit(errand, visit)
            yield from self._with_files(errand, whole, self._files(errand, whole))

    def _files(self, errand: Errand, visit: Visit) -> tuple[KeptFile, ...]:
        """The article's files that are to be asked for before its visit is kept."""
        if errand.site.attachments != "keep" or errand.page.role is not Role.ARTICLE:
            return ()
        known = self.books.stored(self.archive.crawling.files, errand.page.id) if errand.page.version else ()
        return files_to_ask(errand.site, visit, known, every=self.recheck == "all")

    def _with_files(self, errand: Errand, visit: Visit, files: tuple[KeptFile, ...]) -> Iterator[Request]:
        """Ask for the next of a visit's files; keep the visit when there is none, or this crawl may ask no more.

        A file that several articles offer is asked for once in a crawl: ``_had`` are those that came and are kept,
        ``_waiting`` the articles that wait for one on its way besides the first.
        """
        site = errand.site
        while files and (had := self._had.get((site.key, files[0].url))) is not None:
            visit, files = replace(visit, files=(*visit.files, had)), files[1:]
        heavy = sum(len(seen.body or b"") for seen in visit.files) >= MOST_HELD * site.limits.attachment_bytes
        spent = self.recheck != "all" and self.asked[site.key] >= self.room[site.key].whole
        if not files or heavy or spent or site.key in self.rested:
            yield from self._keep(errand, visit)
            return
        errand = replace(errand, visit=visit, files=files)
        if (waiting := self._waiting.get((site.key, files[0].url))) is not None:
            waiting.append(errand)
            return
        self._waiting[site.key, files[0].url] = []
        self.asked[site.key] += 1
        yield Request(
            files[0].url,
            callback=self.file_came,
            errback=self.file_failed,
            headers=file_headers(files[0]),
            dont_filter=True,
            priority=FILE_FIRST,
            meta={
                "site": site,
                "errand": errand,
                "download_timeout": FILE_PATIENCE * site.limits.seconds,
                "download_maxsize": site.limits.attachment_bytes,
            },
        )

    def file_came(self, response: Response) -> Iterator[Request]:
        """A file came, or an answer in its place: put it to the article's visit."""
        errand: Errand = response.meta["errand"]
        yield from self._file_seen(errand, file_visit(response, errand.files[0]))

    def file_failed(self, failure: Failure) -> Iterator[Request]:
        """No file came. The article was read all the same, and is kept."""
        request: Request = failure.request  # type: ignore[attr-defined]
        errand: Errand = request.meta["errand"]
        if isinstance(failure.value, HostRests):
            # It was not asked for, and neither will the others be.
            self._rest(errand.site, str(failure.value))
            for each in self._waiting_for(errand):
                assert each.visit is not None
                yield from self._keep(each, each.visit)
            return
        yield from self._file_seen(errand, file_failed(failure, errand.files[0]))

    def _file_seen(self, errand: Errand, seen: FileVisit) -> Iterator[Request]:
        for each in self._waiting_for(errand):
            assert each.visit is not None
            visit = replace(each.visit, files=(*each.visit.files, seen))
            yield from self._with_files(each, visit, each.files[1:])

    def _waiting_for(self, errand: Errand) -> list[Errand]:
        """The errands of all articles that wait for a file: that which asked for it first, then the others."""
        return [errand, *self._waiting.pop((errand.site.key, errand.files[0].url), ())]

    def failed(self, failure: Failure) -> Iterator[Request]:
        """No response came: keep that too; but a page that was never asked for is no visit.

        A column of a host that is left alone is kept as failed in any case: it is what tells that a site is down.
        """
        request: Request = failure.request  # type: ignore[attr-defined]
        errand: Errand = request.meta["errand"]
        if isinstance(failure.value, HostRests):
            self._rest(errand.site, str(failure.value))
            if errand.page.role is Role.ARTICLE and not request.meta.get("retry_times"):
                return
        yield from self._keep(errand, whole_visit(errand, visit_failed(failure, errand)))

    def _rest(self, site: Site, why: str) -> None:
        """Leave a site alone, the longer the more often it failed: what was due of it waits, and is not lost."""
        if site.key not in self.rested:
            self.rested[site.key] = f"{site.key}: the host {why}; its other pages wait for a later crawl"
            wait = site_rest(self.columns.get(site.key, ()), site.schedule)
            self.books.stored(self.archive.crawling.postpone, site.key, datetime.now(UTC) + wait)

    def _keep(self, errand: Errand, visit: Visit) -> Iterator[Request]:
        """Keep a visit, and go on to what it names."""
        for kept in self.books.keep(errand, visit):
            yield from self._kept(*kept)

    def _kept(self, errand: Errand, visit: Visit, intake: Intake) -> Iterator[Request]:
        self.visits[visit.site] += 1
        if self.visits[visit.site] % NOTED_EVERY == 0:
            self.books.stored(self.archive.running.finish, self._so_far(visit.site))
        kept = {file.hash for file in intake.files}
        self._had |= {(visit.site, f.url): replace(f, body=None) for f in visit.files if not f.hash or f.hash in kept}
        title = visit.article.title if visit.article else None
        seen = intake.observation
        self._report(event="visit", site=visit.site, url=visit.url, outcome=seen.outcome, how=seen.how, title=title)
        at_once = [page for page in intake.relisted if page.due_at and page.due_at <= visit.at]
        for page in (*intake.discovered, *(at_once if self.recheck == "due" else ())):
            if (visit.site, page.url) in self._lists:
                continue
            if self.recheck == "all" or self.room[visit.site].holds(page, self.asked[visit.site], visit.at):
                yield self._request(errand.site, page)

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end: close the books of the run."""
        self.fault = self.fault or self.books.fault or "; ".join(self.rested.values()) or None
        broken = self.crawler.stats.get_value("spider_exceptions/count", 0)
        if broken:
            reason = f"{reason}, with {broken} unexpected errors"
            self.fault = self.fault or f"{broken} unexpected errors; see the crawl log"
        try:
            for kept in self.books.flush():
                # What only says that all is as it was names nothing to go on to.
                list(self._kept(*kept))
            for key in self._locks:
                ended = replace(self._so_far(key), finished_at=datetime.now(UTC), reason=reason)
                self.archive.running.finish(ended)
        except (StorageError, CloseSpider) as error:
            self.fault = self.fault or str(error)
        self._report(event="closed", reason=reason, fault=self.fault, visits=sum(self.visits.values()))
        self.desk.close()
        self.archive.close()
        for lock in self._locks.values():
            lock.release()

    def _so_far(self, key: str) -> Run:
        """The run of a site as far as it has come."""
        counted = self.asked[key] if self.due_columns else 0
        return Run(self.run, key, datetime.now(UTC), visits=self.visits[key], requests=counted)

    def _report(self, **event: object) -> None:
        """One JSON line to the launcher that reads our standard output."""
        if self._reports:
            sys.stdout.write(json.dumps(event, default=str) + "\n")
            sys.stdout.flush()
