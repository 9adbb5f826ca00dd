"""WARC files taken in: what another crawler saw becomes what visits of our own would have become, in order of date.

Each visit is one transaction, and a visit that is kept already is known by its run and its moment: cut off anywhere,
the file is taken in anew and nothing is lost or told twice. What of it is news, the ordinary comparison tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from os.path import commonpath
from typing import BinaryIO
from urllib.parse import urlsplit

from scrapy.exceptions import DownloadCancelledError, ResponseDataLossError
from scrapy.http import Request, Response

from crawler.errand import Errand
from crawler.extraction.learned import Learned
from crawler.extraction.whole import SEAM
from crawler.faults import fault
from crawler.finding import find
from crawler.intake import take_in
from crawler.lessons import learn_site, read_again
from crawler.pipeline import UNSAID, next_part, visit_of, whole_visit
from crawler.sites import Site
from crawler.yamlfile import ConfigError
from monitor.exchange.captures import Held, Index, Owner, index_of
from monitor.exchange.warcs import Answer, PackedWhole, answer_at, name_of, records
from storage.archive import Archive
from storage.exchange import IMPORTED
from storage.records import MISSING, READ, Intake, Outcome, Page, Role, Run, Version, Visit, china_day

TOLD_EVERY = 100


@dataclass(slots=True)
class Past:
    """What became of a file: ``new`` and ``known`` by what they are, ``left`` by why: ``foreign`` are of other hosts,
    ``redirects`` lead elsewhere, ``unread`` are no articles and not known here, ``bytes`` speak of bytes that are not
    in the file, ``undated`` have no date.

    ``others`` are answers of pages that were visited here by then; ``damaged`` are places in the file.
    """

    records: int = 0
    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    others: int = 0
    left: Counter[str] = field(default_factory=Counter)
    damaged: Sequence[int] = ()


def take_past(
    archive: Archive, file: BinaryIO, name: str, sites: Mapping[str, Site], now: datetime, told: Callable[[int], None]
) -> Past:
    """Take a WARC file in, as far as it speaks of these sites; ``told`` hears how many answers were looked at.

    Raises ConfigError where its records cannot be found one by one.
    """
    try:
        index = index_of(records(file), owner_of(archive, sites), now)
    except PackedWhole:
        raise ConfigError(fault("warc-whole"), f"{name}: ") from None
    past = Past(index.records, left=index.left, damaged=index.damaged)
    run, days = IMPORTED + name_of(file), set[date]()
    taker = _Taker(archive, file, index, sites, run, now, past, days)
    begun = {held.site: held.at for held in reversed(index.held)}
    archive.running.announce({key: sites[key].name for key in begun})
    archive.exchange.take([Run(run, key, at) for key, at in begun.items()], set(), [])
    try:
        for number, held in enumerate(index.held, 1):
            taker.take(held)
            if number % TOLD_EVERY == 0:
                told(number)
        ended = {held.site: held.at for held in index.held}
        for key, at in ended.items():
            archive.running.finish(Run(run, key, begun[key], at, "finished", taker.visits[key]))
    finally:
        archive.exchange.recount(days)
    return past


def owner_of(archive: Archive, sites: Mapping[str, Site]) -> Owner:
    """Whose an address is: its host's site; of several that share the host, the one that knows it or stands nearest."""

    @lru_cache(maxsize=10_000)
    def owners(scheme: str, host: str) -> tuple[Site, ...]:
        return tuple(site for site in sites.values() if site.owns(f"{scheme}://{host}/"))

    def owner(url: str) -> str | None:
        parts = urlsplit(url)
        several = owners(parts.scheme, parts.netloc)
        if len(several) < 2:
            return several[0].key if several else None
        known = [site for site in several if url in site.columns or archive.comparing.page_at(site.key, url)]
        return (known[0] if known else max(several, key=partial(_shared, url))).key

    return owner


def _shared(url: str, site: Site) -> int:
    """How much of its path an address has in common with a column of a site."""
    path = urlsplit(url).path
    return max(len(commonpath([path, urlsplit(column).path])) for column in site.columns)


class _Taker:
    """One file on its way into an archive."""

    def __init__(
        self,
        archive: Archive,
        file: BinaryIO,
        index: Index,
        sites: Mapping[str, Site],
        run: str,
        now: datetime,
        past: Past,
        days: set[date],
    ) -> None:
        self._archive, self._file, self._index, self._sites = archive, file, index, sites
        self._run, self._now, self._past, self._days = run, now, past, days
        self.visits: Counter[str] = Counter()
        self._learned: dict[str, tuple[date, Learned | None]] = {}
        # Further pages of articles, which are no pages of their own; and pages whose latest answer came from here.
        self._parts: set[int] = set()
        self._read: set[tuple[str, str]] = set()

    def take(self, held: Held) -> None:
        """Take one answer in, unless it was before or is left out."""
        if held.offset in self._parts:
            return
        site, place = self._sites[held.site], (held.site, held.url)
        page = self._archive.comparing.page_at(*place)
        seen_since = page is not None and page.checked_at is not None and page.checked_at >= held.at
        known = seen_since and page is not None and self._archive.exchange.has_visit(page.id, self._run, held.at)
        if seen_since and not known:
            self._past.others += 1
            self._read.discard(place)
            return
        if held.status == 304 and place not in self._read:
            self._past.left["bytes"] += 1
            return
        visit, errand = self._visit(held, site, page)
        if known:
            self._count(held, "known")
            if held.status == 200:
                self._read.add(place)
        elif page is None and not self._is_worth_knowing(site, visit):
            self._past.left["unread"] += 1
        else:
            self._keep(errand, visit, held, fresh=page is None)

    def _is_worth_knowing(self, site: Site, visit: Visit) -> bool:
        """Whether an address that nothing names is kept: a column, or an article. A crawl would not ask for others."""
        if visit.role is Role.COLUMN:
            return True
        page = Page(visit.site, visit.url, visit.role, visit.at)
        return not site.is_home(visit.url) and find(site, visit, page, None).outcome is Outcome.NEW_VERSION

    def _count(self, held: Held, how: str) -> None:
        self.visits[held.site] += 1
        (self._past.new if how == "new" else self._past.known)["visit"] += 1

    def _keep(self, errand: Errand, visit: Visit, held: Held, *, fresh: bool) -> None:
        learning = self._archive.learning
        again = read_again(learning, errand.page, visit, errand.learned)
        self._days.add(china_day(held.at))
        intake = self._archive.crawling.record(visit, partial(self._decided, errand.site, again))
        self._count(held, "new")
        self._past.new["page"] += fresh + len(intake.discovered)
        self._past.new["version"] += intake.version is not None
        if intake.observation.outcome in READ:
            self._read.add((held.site, held.url))
        elif intake.observation.outcome in MISSING:
            self._read.discard((held.site, held.url))

    def _decided(
        self,
        site: Site,
        again: Version | None,
        visit: Visit,
        page: Page,
        latest: Version | None,
        known: Mapping[str, Page],
    ) -> Intake:
        """What a visit of the past is kept as. What is to be asked for is due from now on, not since then."""
        intake = take_in(site, visit, page, latest, known, again=again)
        return replace(
            intake,
            page=_due(intake.page, self._now),
            discovered=tuple(_due(found, self._now) for found in intake.discovered),
            relisted=tuple(_due(found, self._now) for found in intake.relisted),
        )

    def _visit(self, held: Held, site: Site, page: Page | None) -> tuple[Visit, Errand]:
        """The visit that an answer is, with the further pages of its article."""
        role = Role.COLUMN if held.url in site.columns else Role.ARTICLE
        asked = page or Page(site.key, held.url, role, held.at)
        errand = Errand(site, asked, self._run, by_hand=False, learned=self._lesson(held))
        pieces = list(self._answers(held, site))
        visit = self._seen(errand, held.url, pieces[0], held.at)
        for piece in pieces[1:]:
            errand = replace(errand, parts=(*errand.parts, visit))
            visit = self._seen(errand, held.url, piece, held.at)
        while len(pieces) == 1 and (url := next_part(errand, visit)) is not None:
            errand = replace(errand, parts=(*errand.parts, visit))
            visit = self._further(errand, url, held)
        return whole_visit(errand, visit), replace(errand, parts=())

    def _further(self, errand: Errand, url: str, held: Held) -> Visit:
        """A further page of an article, where the file has it."""
        near = self._index.near(url, held.at)
        if near is None:
            first = errand.parts[0]
            return replace(first, body=None, article=None, status=None, error="a further page is not in the file")
        self._parts.add(near.offset)
        return self._seen(errand, url, next(self._answers(near, errand.site)), held.at)

    def _lesson(self, held: Held) -> Learned | None:
        """What the site's template taught, looked at as often as a daily crawl would."""
        day, (before, learned) = china_day(held.at), self._learned.get(held.site, (date.min, None))
        if day != before:
            learned = learn_site(self._archive.learning, held.site, held.at)
            self._learned[held.site] = (day, learned)
        return learned

    def _answers(self, held: Held, site: Site) -> Iterator[Answer | None]:
        """The answer, or those that our own export wrote as one."""
        if held.bytes_at is None:
            yield Answer(held.status, {}, b"")
            return
        answer = answer_at(self._file, held.bytes_at, site.limits.page_bytes)
        if answer is None or answer.body is None or SEAM not in answer.body:
            yield answer
            return
        for piece in answer.body.split(SEAM):
            yield replace(answer, body=piece)

    def _seen(self, errand: Errand, url: str, answer: Answer | None, at: datetime) -> Visit:
        """What a crawl would have seen of an answer."""
        wrong = _wrong(answer)
        if answer is None or wrong is not None:
            page = errand.page
            refused = answer is not None and answer.whole and answer.plain
            visit = Visit(page.site, page.url, page.role, at, self._run, final_url=url, refused=refused)
            return replace(visit, error=wrong or "an answer that cannot be read")
        request = Request(url, dont_filter=True)
        response = Response(url, status=answer.status, headers=answer.headers, body=answer.body or b"", request=request)
        return replace(visit_of(response, errand), at=at)


def _wrong(answer: Answer | None) -> str | None:
    """What is wrong with an answer, in the words of a crawl."""
    if answer is None or answer.status == 304:
        return None
    if not answer.whole:
        return f"{ResponseDataLossError.__name__}: {UNSAID[ResponseDataLossError]}"
    if not answer.plain:
        return "an encoding that cannot be undone"
    if answer.body is None:
        return f"{DownloadCancelledError.__name__}: {UNSAID[DownloadCancelledError]}"
    return None


def _due(page: Page, now: datetime) -> Page:
    return page if page.due_at is None or page.due_at >= now else replace(page, due_at=now)
