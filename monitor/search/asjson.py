"""A hit of a search as JSON for programs. Pure."""

from __future__ import annotations

from monitor import tell
from monitor.search.find import Hit


def hit_json(hit: Hit) -> dict[str, object]:
    """A hit; ``marks`` are spans (from, to) in characters of the title and of each snippet's text."""
    return {
        "page": hit.page_id,
        "site": hit.site,
        "url": hit.url,
        "version": hit.number,
        "newest_version": hit.newest,
        "seen_at": tell.china_time(hit.seen_at),
        "title": hit.title,
        "title_marks": [list(mark) for mark in hit.title_marks],
        "matching_versions": hit.versions,
        "only_in_older_versions": hit.only_older,
        "snippets": [
            {"text": snippet.text, "marks": [list(mark) for mark in snippet.marks]} for snippet in hit.snippets
        ],
    }
