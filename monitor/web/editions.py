"""Digests kept ready: gathering a busy day takes seconds, looking at one should not.

A day is gathered beside the requests, one at a time. Who asks waits a moment for it, then is shown what stood before,
or told that it is being made. It is gathered anew when its change log has moved on, though never so often that
gathering is most of what is done.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock

from monitor.digest.day import Digest
from monitor.digest.edition import edition
from monitor.terms import TERMS
from storage.archive import Archive
from storage.browsing import Wanted
from storage.records import china_day

log = logging.getLogger(__name__)

MOST = 12
"""Days and weeks kept ready; the one not looked at for longest gives way."""

QUEUE = 6
"""Days that wait to be gathered; whoever asks for more is told to come again."""

APART = 6
"""A day is gathered anew at the earliest after so many times as long as gathering took."""

STALE = timedelta(minutes=5)
"""How long a digest whose changes stand still is good for: the sites' health moves on without them."""

SMALL, PATIENCE = 300, timedelta(seconds=1)
"""A day of no more changes is waited for so long: it will be there in a moment. A busier one is not waited for."""

AT_ONCE = 5000
"""Changes of one span whose articles are linked."""

Span = tuple[date, int]
"""A first day, and how many there are."""


@dataclass(slots=True)
class Ready:
    """A gathered day. ``inside`` gives by a page's address where this site tells of it; ``shown`` is what was made of
    it, by name."""

    digest: Digest
    inside: Mapping[str, str]
    mark: int
    made_at: datetime
    cost: timedelta
    shown: dict[str, str] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], str]) -> str:
        """What was made of it under this name, made now if it was not yet."""
        if name not in self.shown:
            self.shown[name] = make()
        return self.shown[name]


Draw = Callable[[Ready], object]
"""What is made of a day as soon as it is gathered."""


def as_it_is(_ready: Ready) -> None:
    """Make nothing of it yet."""


class Editions:
    """The digests of an archive. ``clock`` gives the moment, aware; ``terms`` are words that the digest should know.

    ``patience`` is how long a request waits for a day that is not ready, of any size; ``None`` goes by its size.
    """

    def __init__(
        self,
        archive: Archive,
        clock: Callable[[], datetime],
        terms: Iterable[tuple[str, str]] = TERMS,
        patience: timedelta | None = None,
    ) -> None:
        self._archive, self._clock, self._terms, self._patience = archive, clock, tuple(terms), patience
        self._ready: OrderedDict[Span, Ready] = OrderedDict()
        self._begun: dict[Span, Future[Ready]] = {}
        self._lock = Lock()
        self._desk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="edition")

    def of(self, day: date, days: int = 1, draw: Draw = as_it_is, patience: timedelta | None = None) -> Ready | None:
        """The digest of so many days from ``day`` on as it stands, or stood a moment ago; ``None`` where it is not yet.

        Raises what gathering it raised.
        """
        span = (day, days)
        held = self._held(span)
        if held is not None and self._is_good(held, span):
            return held
        begun = self.begin(day, days, draw)
        if begun is None:
            return held
        try:
            return begun.result((patience or self._patience_for(span)).total_seconds())
        except NotYet:
            return held

    def begin(self, day: date, days: int = 1, draw: Draw = as_it_is) -> Future[Ready] | None:
        """Have it gathered, unless it is being gathered already; ``None`` where too many days wait."""
        span = (day, days)
        with self._lock:
            begun = self._begun.get(span)
            if begun is None and len(self._begun) < QUEUE:
                begun = self._begun[span] = self._desk.submit(self._make, span, draw)
        return begun

    def close(self) -> None:
        """Gather no more, and wait for what is being gathered: the archive is about to be closed."""
        self._desk.shutdown(wait=True, cancel_futures=True)

    def _patience_for(self, span: Span) -> timedelta:
        if self._patience is not None:
            return self._patience
        counted = self._archive.browsing.days(span[0], _last(span))
        return PATIENCE if sum(one.total for one in counted) <= SMALL else timedelta()

    def _held(self, span: Span) -> Ready | None:
        with self._lock:
            held = self._ready.get(span)
            if held is not None:
                self._ready.move_to_end(span)
        return held

    def _is_good(self, held: Ready, span: Span) -> bool:
        age = self._clock() - held.made_at
        if age < held.cost * APART:
            return True
        over = china_day(held.made_at) > _last(span)
        return (over or age < STALE) and self._mark(span) == held.mark

    def _mark(self, span: Span) -> int:
        newest = self._archive.browsing.changes(_within(span), limit=1)
        return newest[0].change.id if newest else 0

    def _make(self, span: Span, draw: Draw) -> Ready:
        try:
            ready = self._gather(span)
            draw(ready)
        except Exception:
            log.exception("the digest of %s could not be gathered", span[0])
            with self._lock:
                self._begun.pop(span, None)
            raise
        with self._lock:
            self._begun.pop(span, None)
            self._ready[span] = ready
            self._ready.move_to_end(span)
            while len(self._ready) > MOST:
                self._ready.popitem(last=False)
        return ready

    def _gather(self, span: Span) -> Ready:
        begun = self._clock()
        day, days = span
        entries = self._archive.browsing.changes(_within(span), limit=AT_ONCE)
        return Ready(
            digest=edition(self._archive, day, begun, terms=self._terms, days=days),
            inside={entry.change.url: f"/article/{entry.page_id}" for entry in entries if entry.page_id},
            mark=entries[0].change.id if entries else 0,
            made_at=begun,
            cost=self._clock() - begun,
        )


def _last(span: Span) -> date:
    return span[0] + timedelta(days=span[1] - 1)


def _within(span: Span) -> Wanted:
    return Wanted(first_day=span[0], last_day=_last(span))
