"""The API's answers as JSON schemas. They document; the tests hold the answers against them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from monitor.web.api.changemodels import (
    Answer,
    Change,
    Changes,
    Counts,
    Day,
    DayCount,
    Days,
    Difference,
    Edit,
    Facts,
    Index,
    Moment,
    Next,
    Problem,
)
from storage.records import ChangeKind, Outcome, PageKind, Role, Told

__all__ = ["Change", "Changes", "DayCount", "Days", "Difference", "Edit", "Facts", "Index", "Problem"]


class Site(Answer):
    """A site in few figures."""

    key: str
    name: str
    articles: int
    withdrawn: int
    columns: int
    checked_at: Moment | None
    news_at: Moment | None


class Sites(Answer):
    """All sites, by key."""

    items: list[Site]


class Column(Answer):
    """A watched column."""

    id: int
    site: str
    url: str
    articles: int
    news_at: Moment | None
    checked_at: Moment | None
    failures: int


class Columns(Answer):
    """A site's columns, by address."""

    items: list[Column]


class Response(Answer):
    """How a site answered on one day."""

    day: Day
    visits: int
    failures: int
    blocked: int
    median_ms: int | None
    slowest_ms: int | None


class Responses(Answer):
    """Day by day, oldest first; days without a visit are left out."""

    items: list[Response]


class Card(Answer):
    """A page in a list."""

    id: int
    site: str
    url: str
    role: Role
    title: str | None
    versions: int
    told: Told
    story: int | None
    first_seen_at: Moment
    checked_at: Moment | None


class Articles(Answer):
    """A site's articles, those found last first."""

    items: list[Card]
    next: Next


class VersionCard(Answer):
    """A version without its text."""

    number: int
    seen_at: Moment
    title: str | None
    body: str | None
    size: int
    flags: list[str]


class Versions(Answer):
    """All versions of a page, oldest first."""

    items: list[VersionCard]


class Dossier(Card):
    """A page with its versions and how its visits ended."""

    column: str | None
    missing_since: Moment | None
    moved_to: str | None
    visits: Counts
    history: list[VersionCard]


class File(Answer):
    """A file that an article offers; ``hash`` only where its bytes are kept."""

    url: str
    name: str
    hash: str | None = None


class Link(Answer):
    """A link of a list."""

    url: str
    title: str
    date: str | None


class Article(Answer):
    """A page as ``extract --json`` prints it."""

    file: str
    url: str | None
    kind: PageKind
    title: str | None
    published_at: str | None
    source: str | None
    authors: list[str]
    editors: list[str]
    abstract: str | None
    document_number: str | None
    index_number: str | None
    column: str | None
    site_name: str | None
    paragraphs: list[str]
    canonical: list[str]
    attachments: list[File]
    next_page: str | None
    links: list[Link]
    encoding: str
    platform: str | None
    flags: list[str]
    provenance: dict[str, str]
    extractor: str
    printed: dict[str, str] | None = None


class Version(Answer):
    """A version as ``history --json`` prints it."""

    site: str
    url: str
    version: int
    seen_at: Moment
    fingerprint: str
    body: str | None
    article: Article


class Compared(Answer):
    """Two versions compared; ``change`` is null where nothing differs that a reader is told."""

    article: int
    old: int
    new: int
    change: Difference | None


class Visit(Answer):
    """One visit to a page."""

    id: int
    at: Moment
    outcome: Outcome
    status: int | None
    duration_ms: int
    size: int
    version: int | None
    how: str | None
    by_hand: bool


class Visits(Answer):
    """Visits, newest first."""

    items: list[Visit]
    next: Next


class StoryCard(Answer):
    """A story by the pages that tell it, in the order found."""

    id: int
    pages: list[Card]


class Stories(Answer):
    """Stories that two or more pages tell, newest first."""

    items: list[StoryCard]
    next: Next


class Printing(Answer):
    """A page's printing of a story; ``stands`` is false once it was withdrawn or moved away.

    ``differs`` is how it differs from that text of the original which it is nearest to, ``behind`` what the original
    changed after that text.
    """

    site: str
    url: str
    article: int
    title: str | None
    published_at: str | None
    source: str | None
    first_seen_at: Moment
    first: int
    newest: int
    original: bool
    differs: str | None
    behind: str | None
    since: ChangeKind | None
    stands: bool


class Story(Answer):
    """A story's printings: the original, then the copies."""

    id: int
    printings: list[Printing]


class Digest(BaseModel):
    """A digest as ``digest --format json`` prints it; there may be more keys than these."""

    day: Day
    generated_at: Moment
    sites: dict[str, str]
    counts: Counts
    stories: list[dict[str, Any]]
    changes: list[Difference]
    keywords: list[dict[str, Any]]
    health: list[dict[str, Any]]


class Snippet(Answer):
    """A passage; ``marks`` are spans of characters."""

    text: str
    marks: list[tuple[int, int]]


class Hit(Answer):
    """A page that answers a search, by its newest version that does."""

    page: int
    site: str
    url: str
    version: int
    newest_version: int
    seen_at: Moment
    title: str
    title_marks: list[tuple[int, int]]
    matching_versions: int
    only_in_older_versions: bool
    snippets: list[Snippet]


class Hits(Answer):
    """Hits, the best first; ``unindexed`` counts old versions that the index does not know yet."""

    items: list[Hit]
    next: Next
    unindexed: int


class Health(Answer):
    """How a site did on a day."""

    site: str
    name: str
    last_success_at: Moment | None
    visits: int
    failures: int
    blocked: int
    pages: int
    missing: int
    dead_links: int
    stale_columns: list[str]
    stale_notices: list[str]
    note: str | None


class SitesHealth(Answer):
    """Every site's health on a day."""

    day: Day
    items: list[Health]


class Run(Answer):
    """One crawl of one site."""

    id: str
    site: str
    started_at: Moment
    finished_at: Moment | None
    reason: str | None
    visits: int
    requests: int


class Status(Answer):
    """What is kept, and the latest crawls."""

    now: Moment
    counts: Counts
    due: Counts
    runs: list[Run]
