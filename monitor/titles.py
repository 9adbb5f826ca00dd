"""A title as it is shown: as its page printed it, not in the form that is compared. Pure."""

from __future__ import annotations

from monitor.tell import is_spoilt
from storage.records import Article


def headline(article: Article) -> str | None:
    """The title as a person can read it: as printed, or where a mirror spoilt it, as it was repaired."""
    return article.title if is_spoilt(article) else article.printed.get("title") or article.title


def titled(told: str | None, article: Article | None) -> str | None:
    """The title that a change tells, as printed where the article at hand is the one it was read from."""
    return headline(article) if article and told in (None, article.title) else told
