"""A day's new articles as stories: an article and its reprints are one item. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.records import Article, Change, ChangeKind, Version, china_day

EXCERPT = 90
"""Characters of an article's beginning that are shown under its title."""

_SHORTEST_OPENING = 20


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One site's printing of a story. ``fresh`` is false for an original that was published before this day."""

    site: str
    url: str
    title: str
    published_at: str | None = None
    source: str | None = None
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """New articles that tell the same, the first publisher's on top.

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


def stories(changes: Sequence[Change], articles: Mapping[str, Version]) -> tuple[Story, ...]:
    """The stories of the day's new articles: most widely printed first, then the weightiest, then the earliest.

    ``reprint_of`` is followed through the day's own changes, so that a copy of a copy joins the first; an original of
    an earlier day is added from ``articles``. Every new article stands in exactly one story.
    """
    fresh = {change.url: change for change in changes if change.kind is ChangeKind.NEW}
    copied = {url: change.reprint_of for url, change in fresh.items() if change.reprint_of}
    groups: dict[str, list[Change]] = {}
    for url in sorted(fresh):
        groups.setdefault(_first(url, copied), []).append(fresh[url])
    told = [_story(origin, group, articles) for origin, group in groups.items()]
    return tuple(sorted(told, key=_rank))


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
    told = [_printing(change.url, change.site, change.title, articles, fresh=True) for change in ordered]
    known = origin in {change.url for change in group}
    if not known and origin in articles:
        told.insert(0, _printing(origin, articles[origin].site, None, articles, fresh=False))
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


def _printing(url: str, site: str, title: str | None, articles: Mapping[str, Version], *, fresh: bool) -> StoryArticle:
    article = articles[url].article if url in articles else None
    return StoryArticle(
        site=site,
        url=url,
        title=title or (article.title if article else None) or url,
        published_at=article.published_at if article else None,
        source=article.source if article else None,
        fresh=fresh,
    )


def _opening_of(url: str, articles: Mapping[str, Version]) -> str:
    return opening(articles[url].article) if url in articles else ""


def opening(article: Article) -> str:
    """The abstract, or the first paragraph that is longer than a subhead, whole: the renderer cuts it."""
    if article.abstract:
        return article.abstract
    longer = (text for text in article.paragraphs if len(text.strip()) >= _SHORTEST_OPENING)
    return next(longer, article.paragraphs[0] if article.paragraphs else "")
