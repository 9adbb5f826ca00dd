"""A day's new articles as stories: an article and its reprints are one item. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.stories import Apart, Line
from monitor.titles import titled
from storage.records import Article, Change, ChangeKind, Version, china_day

EXCERPT = 90
"""Characters of an article's beginning that are shown under its title."""

_SHORTEST_OPENING = 20


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One page's printing of a story, ``said`` its canonical text.

    ``fresh`` is false for one that was known before this day; ``found_at`` (aware) is when a fresh one was found. Where
    the archive knows the story whole, ``apart`` is how the printing differs from the first, ``behind`` what the first
    changed after the text that this one has, ``since`` what was last told of it, and ``stands`` whether it is still
    there.
    """

    site: str
    url: str
    title: str
    published_at: str | None = None
    source: str | None = None
    fresh: bool = True
    said: tuple[str, ...] = ()
    apart: Apart | None = None
    since: ChangeKind | None = None
    stands: bool = True
    found_at: datetime | None = None
    behind: Apart | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell the same, the first publisher's on top.

    ``origin`` is the address that they were reprinted from where nothing else is known of it, else ``None``.
    """

    title: str
    articles: tuple[StoryArticle, ...]
    excerpt: str = ""
    origin: str | None = None
    weight: float = 0.0

    @property
    def sites(self) -> int:
        """How many sites printed it."""
        return len({article.site for article in self.articles})

    @property
    def fresh(self) -> bool:
        """Whether any of its printings is new."""
        return any(article.fresh for article in self.articles)

    @property
    def differing(self) -> int:
        """How many copies say otherwise than the first."""
        return sum(article.apart is not None for article in self.articles)

    @property
    def behind(self) -> int:
        """How many copies say what the first said before it was changed."""
        return sum(article.apart is None and article.behind is not None for article in self.articles)

    @property
    def withdrawn(self) -> int:
        """How many printings are there no more."""
        return sum(not article.stands for article in self.articles)


def stories(
    changes: Sequence[Change], articles: Mapping[str, Version], lines: Sequence[Line] = ()
) -> tuple[Story, ...]:
    """The stories of the day's new articles: most widely printed first, then the weightiest, then the earliest.

    ``lines`` are the stories that the archive knows whole; a new article among their parts is told with all of them.
    Else ``reprint_of`` is followed through the day's own changes, so that a copy of a copy joins the first; an original
    of an earlier day is added from ``articles``. Every new article stands in exactly one story.
    """
    fresh = {change.url: change for change in changes if change.kind is ChangeKind.NEW}
    told, placed = [], set[str]()
    for line in lines:
        group = [fresh[part.url] for part in line.parts if part.url in fresh and part.url not in placed]
        if group:
            told.append(_whole(line, group, articles))
            placed.update(part.url for part in line.parts)
    copied = {url: change.reprint_of for url, change in fresh.items() if change.reprint_of}
    groups: dict[str, list[Change]] = {}
    for url in sorted(fresh.keys() - placed):
        groups.setdefault(_first(url, copied), []).append(fresh[url])
    told += [_story(origin, group, articles) for origin, group in groups.items()]
    return tuple(sorted(told, key=_rank))


def followed(changes: Sequence[Change], articles: Mapping[str, Version], lines: Sequence[Line]) -> tuple[Story, ...]:
    """Known stories that a day touched without printing them anew: edited, withdrawn, hijacked here or there."""
    fresh = {change.url for change in changes if change.kind is ChangeKind.NEW}
    touched: dict[str, list[Change]] = {}
    for change in changes:
        touched.setdefault(change.url, []).append(change)
    told = []
    for line in lines:
        urls = [part.url for part in line.parts]
        group = [change for url in urls for change in touched.get(url, ())]
        if group and not fresh.intersection(urls):
            told.append(_whole(line, group, articles))
    return tuple(sorted(told, key=lambda story: (-story.weight, *_rank(story))))


def _whole(line: Line, group: Sequence[Change], articles: Mapping[str, Version]) -> Story:
    """A story that the archive knows whole; ``group`` are the day's changes of it."""
    new = {change.url: change.detected_at for change in group if change.kind is ChangeKind.NEW}
    printed = tuple(
        StoryArticle(
            site=part.site,
            url=part.url,
            title=part.title or part.url,
            published_at=part.published_at,
            source=part.source,
            fresh=part.url in new,
            said=articles[part.url].article.canonical if part.url in articles else (),
            apart=part.apart,
            since=part.since,
            stands=part.stands,
            found_at=new.get(part.url),
            behind=part.behind,
        )
        for part in line.parts
    )
    return Story(
        title=printed[0].title,
        articles=printed,
        excerpt=next((text for one in printed if (text := _opening_of(one.url, articles))), ""),
        weight=max(change.weight for change in group),
    )


def _rank(story: Story) -> tuple[int, int, float, str, str, str]:
    lead = story.articles[0]
    return (-story.sites, -len(story.articles), -story.weight, lead.site, lead.published_at or "9999", lead.url)


def _first(url: str, copied: Mapping[str, str]) -> str:
    """The end of the chain of reprints; for a ring of pages that name each other, the ring's first address."""
    seen = [url]
    while (following := copied.get(seen[-1])) is not None:
        if following in seen:
            return min(seen[seen.index(following) :])
        seen.append(following)
    return seen[-1]


def _story(origin: str, group: Sequence[Change], articles: Mapping[str, Version]) -> Story:
    ordered = sorted(group, key=lambda change: _earliness(change, origin, articles))
    told = [_printing(change.url, change.site, change.title, articles, change.detected_at) for change in ordered]
    known = origin in {change.url for change in group}
    if not known and origin in articles:
        told.insert(0, _printing(origin, articles[origin].site, None, articles, None))
        known = True
    return Story(
        title=told[0].title,
        articles=tuple(told),
        excerpt=next((text for item in told if (text := _opening_of(item.url, articles))), ""),
        origin=None if known else origin,
        weight=max(change.weight for change in group),
    )


def _earliness(change: Change, origin: str, articles: Mapping[str, Version]) -> tuple[bool, str, str, str, str]:
    """The original first, then by printed day, clock time where one is printed, and when it was found."""
    version = articles.get(change.url)
    printed = version.article.published_at if version else None
    day = printed[:10] if printed else china_day(change.detected_at).isoformat()
    clock = printed[10:] if printed and len(printed) > 10 else "~"
    return (change.url != origin, day, clock, change.detected_at.isoformat(), change.url)


def _printing(
    url: str, site: str, title: str | None, articles: Mapping[str, Version], found_at: datetime | None
) -> StoryArticle:
    article = articles[url].article if url in articles else None
    return StoryArticle(
        site=site,
        url=url,
        title=titled(title, article) or url,
        published_at=article.published_at if article else None,
        source=article.source if article else None,
        fresh=found_at is not None,
        found_at=found_at,
        said=article.canonical if article else (),
    )


def _opening_of(url: str, articles: Mapping[str, Version]) -> str:
    return opening(articles[url].article) if url in articles else ""


def opening(article: Article) -> str:
    """The abstract, or the first paragraph that is longer than a subhead, whole: the renderer cuts it."""
    if article.abstract:
        return article.abstract
    longer = (text for text in article.paragraphs if len(text.strip()) >= _SHORTEST_OPENING)
    return next(longer, article.paragraphs[0] if article.paragraphs else "")
