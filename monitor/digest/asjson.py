"""A digest as the contract's JSON."""

from __future__ import annotations

import json

from monitor.digest.day import Digest
from monitor.digest.foremost import foremost
from monitor.digest.health import Indicators
from monitor.digest.points import points
from monitor.digest.stories import Story
from monitor.stories import Part
from monitor.tell import as_json, china_time


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
            {"word": keyword.word, "score": keyword.score, "usual": keyword.usual, "held": keyword.held}
            for keyword in digest.keywords
        ],
        "health": [_health(one) for one in _by_health(digest)],
        "reprints": [
            {"original": _part(line.original), "copies": [_part(part) for part in line.copies]}
            for line in digest.reprints
        ],
        "backdated": [item.change.url for item in digest.backdated],
        "foremost": [item.change.url for item in foremost(digest)],
        "lines": list(points(digest, "zh")),
        "days": [
            {"day": day.day.isoformat(), "counts": {kind.value: number for kind, number in day.counts.items()}}
            for day in digest.days
        ],
    } | _narrowed(digest)


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
        "behind": part.behind.changed() if part.behind else None,
        "since": part.since.value if part.since else None,
        "stands": part.stands,
    }


def _narrowed(digest: Digest) -> dict[str, object]:
    """What stands only in a digest of several days, or in a chosen one."""
    told: dict[str, object] = {"until": digest.last.isoformat()} if digest.last else {}
    if digest.chosen is not None:
        told["chosen"] = {
            "sites": list(digest.chosen.sites),
            "kinds": [kind.value for kind in digest.chosen.kinds],
            "least_weight": digest.chosen.least_weight,
            "words": list(digest.chosen.words),
        }
    return told


def _by_health(digest: Digest) -> list[Indicators]:
    """The sites' indicators in the order of their health."""
    known = {one.health.site: one for one in digest.indicators}
    return [known[health.site] for health in digest.health]


def _health(one: Indicators) -> dict[str, object]:
    health = one.health
    return {
        "site": health.site,
        "last_success_at": china_time(health.last_success_at) if health.last_success_at else None,
        "failures": health.failures,
        "stale_columns": list(health.stale_columns),
        "note": health.note,
        "visits": health.visits,
        "blocked": health.blocked,
        "dead_links": health.dead_links,
        "stale_notices": list(health.stale_notices),
        "week": {"visits": one.week_visits, "failures": one.week_failures},
        "backdated": one.backdated,
        "tampered": one.tampered,
    }
