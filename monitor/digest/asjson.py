"""A digest as the contract's JSON."""

from __future__ import annotations

import json

from monitor.digest.day import Digest
from monitor.digest.stories import Story
from monitor.stories import Part
from monitor.tell import as_json, china_time
from storage.records import SiteHealth


def digest_json(digest: Digest) -> dict[str, object]:
    """The value that ``digest --format json`` prints: the contract's keys in the contract's order.

    ``sites`` is names by key, ``counts`` has every kind, ``changes`` are in the order in which they happened, times are
    China time. What pages say is data here and stands as it was read.
    """
    return {
        "day": digest.day.isoformat(),
        "generated_at": china_time(digest.generated_at),
        "sites": dict(digest.sites),
        "counts": {kind.value: number for kind, number in digest.counts},
        "stories": [_story(story) for story in digest.stories],
        "changes": [as_json(change) for change in digest.changes],
        "keywords": [
            {"word": keyword.word, "score": keyword.score, "usual": keyword.usual} for keyword in digest.keywords
        ],
        "health": [_health(health) for health in digest.health],
        "reprints": [
            {"original": _part(line.original), "copies": [_part(part) for part in line.copies]}
            for line in digest.reprints
        ],
    }


def render(digest: Digest) -> str:
    """The digest as one JSON document, indented, ending in a line break."""
    return json.dumps(digest_json(digest), ensure_ascii=False, indent=2) + "\n"


def _story(story: Story) -> dict[str, object]:
    return {
        "title": story.title,
        "articles": [
            {
                "site": article.site,
                "url": article.url,
                "title": article.title,
                "published_at": article.published_at,
            }
            for article in story.articles
        ],
    }


def _part(part: Part) -> dict[str, object]:
    return {
        "site": part.site,
        "url": part.url,
        "title": part.title,
        "published_at": part.published_at,
        "source": part.source,
        "differs": part.differs,
        "since": part.since.value if part.since else None,
        "stands": part.stands,
    }


def _health(health: SiteHealth) -> dict[str, object]:
    return {
        "site": health.site,
        "last_success_at": china_time(health.last_success_at) if health.last_success_at else None,
        "failures": health.failures,
        "stale_columns": list(health.stale_columns),
        "note": health.note,
    }
