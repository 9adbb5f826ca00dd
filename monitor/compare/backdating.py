"""Articles that appear with an old date: new on a column that was watched when they claim to have been published.

The national indicators call a forged date of publication a fault (政府网站与政务新媒体检查指标). What a first crawl
finds is old and honest, and so is an archive that a column's later pages name; so only what the head of a column names,
after at least two visits that would have shown it, speaks for a date put back.
"""

from __future__ import annotations

from datetime import date, timedelta

from storage.records import Page, Role, china_day

LATE = timedelta(days=7)
"""By how much later than printed an article may come: offices date by the day of signing and publish after holidays."""

_OLDEST = timedelta(days=3650)
"""A date further back is a misprint or a history page, and nobody's forgery."""


def backdated(published_at: str | None, page: Page, column: Page | None) -> dict[str, object] | None:
    """The evidence that a new article's printed date was put back, or ``None``.

    ``page`` is the article's, first seen when a list named it; ``column`` the list that did. Fires where the printed
    China day lies more than a week before the article was first seen while that column had been watched since before
    that day; not for a column's continuation (an article found behind the first page), not on a first crawl, not for a
    date without a day. The list's own date, where it prints one, must not be later than the printed day: a list that
    says so too was backdated as well, one that tells the true day explains itself.
    """
    if published_at is None or len(published_at) < len("2021-12-07"):
        return None
    if column is None or column.role is not Role.COLUMN or column.depth > 0:
        return None
    printed, seen = date.fromisoformat(published_at[:10]), china_day(page.first_seen_at)
    watched = china_day(column.first_seen_at)
    if not LATE < seen - printed < _OLDEST or printed <= watched or page.first_seen_at <= column.first_seen_at:
        return None
    listed = page.listed_date
    if listed and len(listed) >= len("2021-12-07") and date.fromisoformat(listed[:10]) - printed > LATE:
        return None
    return {
        "printed": printed.isoformat(),
        "first_seen": seen.isoformat(),
        "days": (seen - printed).days,
        "column_watched_since": watched.isoformat(),
    }


def note_of(evidence: dict[str, object]) -> str:
    """One Chinese line for the reader."""
    return f"发布日期早于首见{evidence['days']}天（疑似倒填）：{evidence['printed']}"
