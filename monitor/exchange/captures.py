"""What of a WARC file is a visit to a site watched here: an index of its answers, by date and by address. Pure.

Few bytes of each answer are held, so that a file is read twice however large it is: once for this, once for the pages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.addresses import may_be_list, plain_address
from crawler.finding import GONE
from monitor.exchange.warcs import NOT_MODIFIED, SAME, Capture, Damage, Other

TOGETHER = timedelta(days=7)
"""The pages of one article were asked for within so long of each other: a careful crawl of a large site takes days."""


@dataclass(frozen=True, slots=True)
class Held:
    """An answer in the file. ``bytes_at`` is where its bytes stand, ``None`` where it has none of its own."""

    at: datetime
    offset: int
    site: str
    url: str
    status: int
    bytes_at: int | None


@dataclass(slots=True)
class Index:
    """The answers by date, and what was left out of them, by why.

    ``records`` counts all records, ``damaged`` are the places of those that cannot be read.
    """

    held: list[Held] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    records: int = 0
    damaged: list[int] = field(default_factory=list)
    _pages: dict[str, list[Held]] = field(default_factory=lambda: defaultdict(list))

    def near(self, url: str, at: datetime) -> Held | None:
        """The answer of an address that came nearest to a moment, of those with bytes that came about then."""
        others = [one for one in self._pages.get(url, ()) if abs(one.at - at) <= TOGETHER]
        return min(others, key=lambda one: abs(one.at - at), default=None)


Owner = Callable[[str], str | None]
"""The key of the site that an address belongs to; ``None`` for a stranger's."""


def index_of(found: Iterable[Capture | Other | Damage], owner: Owner, now: datetime) -> Index:
    """The index of a file's records. What is dated later than ``now`` has no date that could be believed."""
    index, captures = Index(), list[tuple[Capture, str, str]]()
    for one in found:
        index.records += 1
        if isinstance(one, Damage):
            index.damaged.append(one.offset)
        elif isinstance(one, Capture):
            captures += _ours(one, owner, now, index.left)
    captures.sort(key=lambda one: (one[0].at, one[0].offset))
    for held in _resolved(captures, index.left):
        index.held.append(held)
        if held.status == 200:
            index._pages[held.url].append(held)
    return index


def _ours(one: Capture, owner: Owner, now: datetime, left: Counter[str]) -> Iterator[tuple[Capture, str, str]]:
    """An answer that is a visit to a site of ours, with its site and plain address; others are counted."""
    try:
        url = plain_address(one.url)
    except ValueError:
        left["foreign"] += 1
        return
    site = owner(url)
    if site is None:
        left["foreign"] += 1
    elif one.at is None or one.at > now:
        left["undated"] += 1
    elif not may_be_list(url):
        left["unread"] += 1
    elif one.status is not None and 300 <= one.status < 400 and one.status != 304:
        left["redirects"] += 1
    elif one.kind == "response" and one.status is None:
        left["unread"] += 1
    else:
        yield one, site, url


def _resolved(captures: Sequence[tuple[Capture, str, str]], left: Counter[str]) -> Iterator[Held]:
    """The answers in order, revisits with the place of the bytes that they speak of."""
    by_name: dict[tuple[str, datetime | None], int] = {}
    by_digest: dict[str, int] = {}
    for one, _, url in captures:
        if one.kind == "response":
            by_name[url, one.at] = one.offset
            if one.digest:
                by_digest.setdefault(one.digest, one.offset)
    brought: dict[str, int] = {}
    for one, site, url in captures:
        assert one.at is not None
        known = _referred(one, by_name, by_digest)
        if one.status == 304 or one.profile == NOT_MODIFIED:
            if url in brought and known in (None, brought[url]):
                yield Held(one.at, one.offset, site, url, 304, None)
                continue
        elif one.kind == "metadata":
            if one.status in GONE:
                brought.pop(url, None)
            yield Held(one.at, one.offset, site, url, one.status or 0, None)
            continue
        elif one.kind == "response" or (one.profile == SAME and known is not None):
            status, place = one.status or 200, one.offset if known is None else known
            if status == 200:
                brought[url] = place
            elif status in GONE:
                brought.pop(url, None)
            yield Held(one.at, one.offset, site, url, status, place)
            continue
        left["bytes"] += 1


def _referred(one: Capture, by_name: dict[tuple[str, datetime | None], int], by_digest: dict[str, int]) -> int | None:
    """Where the bytes stand that a revisit speaks of, as far as the file has them."""
    if one.kind != "revisit":
        return None
    if one.refers is not None:
        url, at = one.refers
        try:
            found = by_name.get((plain_address(url), at))
        except ValueError:
            found = None
        if found is not None:
            return found
    return by_digest.get(one.digest) if one.digest else None
