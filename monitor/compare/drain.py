"""The one loop of the comparison: what was visited and not compared yet, oldest first, each told once.

A change is written in the transaction that marks its visit compared. Killed anywhere, the rest is drained next time.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.extraction.template import SAME_TEMPLATE, is_redrawn, template_similarity
from crawler.lessons import lesson_of, read_kept
from crawler.sites import Removal, Site
from monitor.compare.decide import Case, decide, is_sites_trouble
from monitor.compare.marks import marks
from monitor.compare.neighbours import Neighbours
from monitor.compare.presence import is_confirmed
from monitor.compare.reprints import SHARED_MARKS, first_of, kin_of
from storage.archive import Archive
from storage.errors import StorageError
from storage.exchange import IMPORTED
from storage.records import MISSING, READ, Change, Observation, Outcome, Page, Role, Told, Version
from storage.stories import Sketch

log = logging.getLogger(__name__)

BATCH = 200

_TRIES = 3
"""How often a visit is decided while other comparisons of its site change what the decision stands on."""

_LATEST = 2**62
"""Above the id of any visit."""

UNFINISHED = timedelta(hours=2)
"""How long a crawl is waited for that has not closed its books: one that was killed never will."""

REBUILT_AT_ONCE = 20_000
"""Pages that one drain puts into the index of stories at most: after an upgrade all of an archive wait for it."""

FILLED_AT_ONCE, FILLED_TOGETHER = 2000, 100
"""Old versions that one drain puts into the index of the search, and how many of them in one transaction."""


def never() -> bool:
    """The stop of a drain that nobody stops."""
    return False


class Drain:
    """A drain of one archive. ``stop`` is asked between two visits; ``clock`` dates the changes (aware)
    but for those of a file of the past, which their visit dates.

    ``held`` counts the new pages that wait for another page's next visit; with ``holds`` off only those do whose other
    page was found gone, and may be back. ``failed`` counts the visits that could not be decided,
    ``troubled`` by site those that tell of the site's trouble alone.
    """

    def __init__(
        self,
        archive: Archive,
        sites: Mapping[str, Site],
        clock: Callable[[], datetime],
        stop: Callable[[], bool] = never,
        *,
        holds: bool = True,
    ) -> None:
        self._comparing, self._learning, self._stories = archive.comparing, archive.learning, archive.stories
        self._searching = archive.searching
        self._sites, self._clock, self._stop, self._holds = sites, clock, stop, holds
        self._neighbours = Neighbours(self._comparing, self._stories, self._read_alike)
        self._waiting: set[int] = set()
        self.held = self.failed = 0
        self.troubled: Counter[str] = Counter()

    def changes(self) -> Iterator[Change]:
        """Compare until nothing waits, yielding each change once it is written. Raises StorageError."""
        self._index_stories()
        for waiting in self._batches():
            for observation in waiting:
                if self._stop():
                    return
                yield from self._settle_surely(observation)
        self._fill_search()

    def _fill_search(self) -> None:
        """Put what an upgrade left out into the index of the search, a little at a time: news comes first."""
        for _ in range(FILLED_AT_ONCE // FILLED_TOGETHER):
            if self._stop() or not self._searching.fill(FILLED_TOGETHER):
                return

    def _settle_surely(self, observation: Observation) -> Iterator[Change]:
        """Settle one visit; what cannot be decided is set aside and logged, and holds up no other page."""
        try:
            yield from self._settle(observation)
        except StorageError:
            raise
        except Exception:
            log.exception("visit %d of %s cannot be compared", observation.id, observation.url)
            self._waiting.add(observation.page_id)
            self.failed += 1

    def _batches(self) -> Iterator[Sequence[Observation]]:
        after = 0
        while waiting := self._comparing.pending(after, BATCH):
            yield waiting
            after = waiting[-1].id

    def _index_stories(self) -> None:
        """Put every new version into the index of stories before any is compared.

        Who was first then does not depend on the order in which a crawl happened to visit the sites.
        """
        for _ in range(REBUILT_AT_ONCE // BATCH):
            if self._stop():
                return
            waiting = self._stories.unsketched(BATCH)
            if not waiting:
                return
            self._stories.sketch(map(_sketch, waiting))

    def _index(self, page_id: int) -> None:
        """Put a page's newest version into the index of stories, unless it stands there."""
        if self._stories.sketched([page_id]).get(page_id) != self._comparing.page(page_id).version:
            self._stories.sketch(map(_sketch, self._stories.newest([page_id])))

    def _settle(self, observation: Observation) -> Iterator[Change]:
        if observation.page_id in self._waiting:
            # What a held page did next must not overtake what it waits with.
            return
        if observation.outcome is Outcome.NEW_VERSION:
            # A crawl may have kept it since the indexing began.
            self._index(observation.page_id)
        for _ in range(_TRIES):
            if self._is_under_way(observation):
                self._waiting.add(observation.page_id)
                return
            case = self._case(observation)
            if self._may_have_moved(case):
                self._waiting.add(observation.page_id)
                self.held += 1
                return
            settlement = decide(case, self._told_at(observation))
            if self._comparing.settle(settlement):
                self.troubled[observation.site] += not settlement.changes and is_sites_trouble(case)
                yield from settlement.changes
                return

    def _told_at(self, observation: Observation) -> datetime:
        """The date of what a visit tells; what another crawler saw in the past is no news of today."""
        return observation.at if observation.run.startswith(IMPORTED) else self._clock()

    def _is_under_way(self, observation: Observation) -> bool:
        """Whether a page is gone as its site's crawl still goes on: only all of its visits tell who else is gone."""
        if observation.outcome not in MISSING or self._clock() - observation.at > UNFINISHED:
            return False
        return self._comparing.is_running(observation.run, observation.site)

    def _may_have_moved(self, case: Case) -> bool:
        """Whether a new page says what an older page of its site said, and that one was not visited since.

        It may have moved here: the old address is made due at once, and the new page waits for its answer; where that
        is that the page is gone, until it is gone for certain.
        """
        fresh = case.fresh
        is_article = case.page.role is Role.ARTICLE
        if fresh is None or not is_article or case.page.told is not Told.NOTHING or case.old_address is not None:
            return False
        for twin in self._neighbours.twins(fresh.article, case.page):
            if twin.told is not Told.LIVE or twin.due_at is None:
                continue
            if twin.missing_since is not None:
                if _went_when_found(twin, case.page) and self._neighbours.tells(twin, fresh):
                    return True
                continue
            said = self._read_alike(self._version(twin, twin.version), fresh, twin) if self._holds else None
            if said is None or said.article.title != fresh.article.title:
                continue
            unseen = twin.checked_at is None or twin.checked_at < case.observation.at
            if unseen and self._comparing.last_run(twin.id) != case.observation.run:
                self._comparing.hasten(twin.id, self._clock())
                return True
        # The old address may have been seen leading here since the case was gathered: a crawl goes on meanwhile.
        return self._comparing.moved_here(case.page.site, case.page.url) is not None

    def _moved_from(self, page: Page, fresh: Version, site: Site) -> str | None:
        """The address that a new page's article had before: one that led here, or that is gone since."""
        told = self._comparing.moved_here(page.site, page.url)
        if told is not None:
            return told
        for twin in self._neighbours.twins(fresh.article, page):
            if twin.told is not Told.LIVE or twin.missing_since is None or not _went_when_found(twin, page):
                continue
            streak = self._comparing.missing_streak(twin.id, _LATEST)
            if is_confirmed(streak, site.removal) and self._neighbours.tells(twin, fresh):
                return twin.url
        return None

    def _case(self, observation: Observation) -> Case:
        page = self._comparing.page(observation.page_id)
        site = self._sites.get(page.site) or _left(page.site, page)
        case = Case(site, observation, page, base=self._version(page, page.base_version))
        if observation.outcome in MISSING:
            streak = tuple(self._comparing.missing_streak(page.id, observation.id))
            if not is_confirmed(streak, site.removal):
                return replace(case, streak=streak)
            heir = self._neighbours.heir(page, case.base, streak) if case.base else None
            return replace(case, streak=streak, presence=self._presence(page.site, streak[0]), heir=heir)
        fresh = self._version(page, observation.version or _unsettled(page, observation))
        if fresh is None:
            return case
        base = self._read_alike(case.base, fresh, page)
        case = replace(
            case,
            base=base,
            fresh=fresh,
            template=self._comparing.site_template(page.site),
            hosts=self._comparing.site_hosts(page.site),
        )
        if page.role is Role.COLUMN:
            return case
        if page.told is Told.NOTHING:
            old_address = self._moved_from(page, fresh, site)
            return replace(
                case,
                original=self._original(page, fresh),
                old_address=old_address,
                before_move=self._before_move(page.site, old_address, fresh) if old_address else None,
                column=self._comparing.page_at(page.site, page.column) if page.column else None,
            )
        case = replace(case, sharing=self._neighbours.sharing(page, base, fresh) if base else 0)
        if base is None or not is_redrawn(base.article.template, fresh.article.template):
            return case
        return replace(case, templates=self._frames(page.site, case.template))

    def _presence(self, site: str, first: Observation) -> tuple[int, int]:
        """How many of a site's articles are missing, of those looked at since the crawl that first missed this one."""
        run = self._comparing.run(first.run, site)
        return self._comparing.presence(site, min(run.started_at, first.at) if run else first.at)

    def _read_alike(self, base: Version | None, fresh: Version, page: Page) -> Version | None:
        """The older version as the newer one was read: neither an upgrade of the extractor nor a lesson is an edit."""
        if base is None or base.article.extractor == fresh.article.extractor:
            return base
        learned = lesson_of(self._learning, page.site, fresh.article.extractor)
        return read_kept(base, learned, self._comparing.body, page.leads_to)

    def _before_move(self, site: str, old_address: str, fresh: Version) -> Version | None:
        """What was last told of a page under its old address, read as it is read now."""
        page = self._comparing.page_at(site, old_address)
        return self._read_alike(self._version(page, page.base_version), fresh, page) if page else None

    def _frames(self, site: str, told: str) -> tuple[str, ...]:
        """The frames that speak for or against a redesign.

        A page whose first version stands in a frame of its own (a column with another template) speaks for neither.
        """
        frames = self._comparing.site_templates(site)
        return tuple(
            frame for frame, number in frames if number > 1 or template_similarity(told, frame) >= SAME_TEMPLATE
        )

    def _version(self, page: Page, number: int) -> Version | None:
        return self._comparing.version(page.id, number) if number else None

    def _original(self, page: Page, fresh: Version) -> str | None:
        """The address of the page that told this story first, if it is another one."""
        shown = marks(fresh.article)
        shared = min(SHARED_MARKS, len(shown))
        candidates = self._stories.newest(self._stories.alike(shown, excluding=page.id, shared=shared))
        kin = kin_of(fresh, candidates)
        if not kin.alike:
            return None
        self._stories.join([page.id, *(version.page_id for version in kin.story)])
        names = {key: site.name for key, site in self._sites.items()}
        first = first_of([fresh, *self._stories.earliest([version.page_id for version in kin.alike])], names)
        return None if first.page_id == page.id else first.url


def _went_when_found(old: Page, new: Page) -> bool:
    """Whether a page was last seen before another one was found: what stood beside it is a copy."""
    return old.ok_at is None or old.ok_at < new.first_seen_at


def _sketch(version: Version) -> Sketch:
    """What a version is found by; what a hijacked page says is nobody's story."""
    hijacked = "tampered" in version.article.flags
    return Sketch(version.page_id, version.number, None if hijacked else marks(version.article))


def _unsettled(page: Page, observation: Observation) -> int:
    """The version that a page shows again which was never found honest: it is judged anew. 0 for all other visits."""
    shown = observation.outcome in READ and page.told in (Told.REMOVED, Told.MOVED)
    return page.version if shown and page.version != page.base_version else 0


def _left(key: str, page: Page) -> Site:
    """A site that left the catalogue while something of it still waited."""
    return Site(key=key, name=key, columns=(page.column or page.url,), removal=Removal())
