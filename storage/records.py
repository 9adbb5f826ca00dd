"""The words everything here is said in: what a page said, what a visit saw, what changed.

Frozen records, standard library only. Times named ``*_at`` are aware UTC, but for ``Article.published_at``, which is
text exactly as precise as the page prints it (``2021-12-07`` or ``2021-12-07T10:30:07+08:00``). A ``day`` is a China
day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from storage.attachments import FileVisit, KeptFile
from storage.changes import Change, ChangeKind, Edit, Facts
from storage.health import SiteHealth
from storage.lives import Why
from storage.surface import Link, Mark, Surface

__all__ = ["Change", "ChangeKind", "Edit", "Facts", "Link", "Mark", "SiteHealth", "Surface"]

_UNSEEN = Surface()

CHINA = timezone(timedelta(hours=8), "+08:00")
"""China has had one zone and no daylight saving since 1991; no page is older."""


def china_day(moment: datetime) -> date:
    """The China day that an aware moment falls on."""
    return moment.astimezone(CHINA).date()


class PageKind(StrEnum):
    """What a page turned out to be, once read."""

    ARTICLE = "article"
    LIST = "list"
    MISSING = "missing"
    BLOCKED = "blocked"
    EMPTY = "empty"


class Role(StrEnum):
    """What a known address is watched as."""

    COLUMN = "column"
    ARTICLE = "article"


class Outcome(StrEnum):
    """What one visit came to."""

    NEW_VERSION = "new-version"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not-modified"
    LISTED = "listed"
    GONE = "gone"
    SOFT_GONE = "soft-gone"
    MOVED = "moved"
    BLOCKED = "blocked"
    EMPTY = "empty"
    REFUSED = "refused"
    FAILED = "failed"


READ = frozenset({Outcome.NEW_VERSION, Outcome.UNCHANGED, Outcome.NOT_MODIFIED, Outcome.LISTED})
"""The page was there and was read, or is known to be as it was read."""

MISSING = frozenset({Outcome.GONE, Outcome.SOFT_GONE})
"""The page was not there."""

AILING = frozenset({Outcome.FAILED, Outcome.BLOCKED, Outcome.REFUSED, Outcome.EMPTY})
"""The visit learned nothing of whether the page is there."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article offers. ``hash`` is the hex SHA-256 of its bytes, ``None`` where they were never kept."""

    url: str
    name: str
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One page as it was read. ``None`` is what the page does not print.

    ``paragraphs`` are as printed, ``canonical`` the same in the form that is compared (simplified, NFKC, repaired).
    ``provenance`` tells per field where it came from (label, selector, pattern, library); ``printed`` keeps the printed
    form of a label where its canonical form differs. ``template`` sketches the page's frame: see
    ``crawler.extraction.template``. ``lists`` are further list pages of the same column, such as the other pages of a
    digital paper's day; like ``links`` they say where to go, not what the page says, and are not kept in a version.
    ``document_number`` (文号) and ``index_number`` (索引号) stand on policy pages.
    """

    kind: PageKind
    title: str | None = None
    published_at: str | None = None
    source: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    abstract: str | None = None
    document_number: str | None = None
    index_number: str | None = None
    column: str | None = None
    site_name: str | None = None
    paragraphs: tuple[str, ...] = ()
    canonical: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    next_page: str | None = None
    links: tuple[Link, ...] = ()
    encoding: str = "utf-8"
    platform: str | None = None
    flags: tuple[str, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    printed: Mapping[str, str] = field(default_factory=dict)
    extractor: str = ""
    surface: Surface = _UNSEEN
    template: str = ""
    lists: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One request and what came back, before anything is decided about it.

    ``status`` is ``None`` where no answer came; ``error`` then says why. ``article`` is ``None`` where nothing could be
    read (304, errors). ``by_hand`` marks a visit that a person asked for. ``files`` is what was seen of the article's
    attachments where the site's are kept. ``calm`` is a page that came, and whose bytes say what was read last; with
    ``same_bytes`` they are those that are kept.
    """

    site: str
    url: str
    role: Role
    at: datetime
    run: str
    status: int | None = None
    final_url: str | None = None
    duration_ms: int = 0
    body: bytes | None = None
    article: Article | None = None
    etag: str | None = None
    last_modified: str | None = None
    error: str | None = None
    refused: bool = False
    by_hand: bool = False
    files: tuple[FileVisit, ...] = ()
    calm: bool = False
    same_bytes: bool = False


class Told(StrEnum):
    """What the change log last said of a page."""

    NOTHING = "nothing"
    LIVE = "live"
    REMOVED = "removed"
    MOVED = "moved"
    TAMPERED = "tampered"


@dataclass(frozen=True, slots=True)
class Page:
    """A known address and what is remembered of it between visits.

    ``column`` is the column it was found on, ``depth`` how many list pages behind the first one a continued column is.
    ``version`` is the number of its newest version, 0 before the first. ``missing_since`` is the first of an unbroken
    row of visits that found it gone. ``base_version`` is what the next comparison starts from: the last version that
    has been compared and was not tampered with, 0 before the first. ``leads_to`` is where the address redirected when
    it was last read, ``None`` where it answered itself. ``read_by`` is the extractor that its newest version was last
    compared by (that read a list last), and ``read_as`` the fingerprint that the version has as read by it; ``None``
    before the first. ``moved_to`` is where its article was last found to have moved, ``due_why`` the rule by which it
    is due.
    """

    site: str
    url: str
    role: Role
    first_seen_at: datetime
    id: int = 0
    column: str | None = None
    depth: int = 0
    listed_title: str | None = None
    listed_date: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    checked_at: datetime | None = None
    ok_at: datetime | None = None
    changed_at: datetime | None = None
    due_at: datetime | None = None
    failures: int = 0
    missing_since: datetime | None = None
    version: int = 0
    base_version: int = 0
    told: Told = Told.NOTHING
    leads_to: str | None = None
    read_by: str | None = None
    read_as: str | None = None
    moved_to: str | None = None
    due_why: Why | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """A row of the first log: one visit and its outcome. ``pending`` until compared."""

    site: str
    url: str
    at: datetime
    run: str
    outcome: Outcome
    id: int = 0
    page_id: int = 0
    status: int | None = None
    duration_ms: int = 0
    size: int = 0
    version: int | None = None
    how: str | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)
    by_hand: bool = False
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A row of the second log: what a page said, never altered once written.

    ``fingerprint`` names the content (hex SHA-256 over what a reader and a search engine are told), ``body_hash`` the
    raw response kept in the store of bodies. ``files`` is what is kept of its attachments.
    """

    site: str
    url: str
    number: int
    seen_at: datetime
    fingerprint: str
    article: Article
    id: int = 0
    page_id: int = 0
    body_hash: str | None = None
    files: tuple[KeptFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a site has taught of its template, never altered once written.

    ``name`` is a short hash of ``furniture``, the JSON that ``crawler.extraction.learned`` writes. ``versions`` is how
    many versions of its articles the site had when this was last learned, ``template`` the frame it was told in then.
    """

    site: str
    name: str
    learned_at: datetime
    furniture: str
    versions: int = 0
    template: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """What one visit is kept as: written together or not at all.

    ``page`` is the visited page afterwards; ``discovered`` are addresses seen on it for the first time. ``standing``
    are the lists that speak for a column from now on besides its own page (a list service, a feed); the ones it named
    before are let go. ``None`` where the visit says nothing of them. ``files`` is what is known of the newest version's
    attachments now. ``relisted`` are known articles that a list shows otherwise than before, with what it shows and
    when they are due.
    """

    observation: Observation
    page: Page
    version: Version | None = None
    discovered: tuple[Page, ...] = ()
    standing: tuple[str, ...] | None = None
    files: tuple[KeptFile, ...] = ()
    relisted: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True)
class Ailing:
    """A watched page that its latest visit did not read, as it stands now.

    ``outcome`` and ``how`` are the latest visit's, ``since`` the first visit of the unbroken row of such; ``ok_at`` is
    when it was last read, ``None`` for never.
    """

    site: str
    url: str
    role: Role
    since: datetime
    ok_at: datetime | None
    outcome: Outcome
    how: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl of one site. ``finished_at`` is ``None`` while it runs, and for ever if it was cut off.

    ``requests`` are those it made so far that count in the site's day, also for files and for further parts of a page;
    none of a crawl by hand.
    """

    id: str
    site: str
    started_at: datetime
    finished_at: datetime | None = None
    reason: str | None = None
    visits: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Settlement:
    """What one comparison decided: the changes to tell, and what is remembered so that they are told once.

    ``observation`` is the pending one that it answers, ``seen`` the page as the decision found it and ``page`` as it is
    afterwards. ``template`` is the site's new frame where a redesign was told (or the first frame ever seen), else
    ``None``. ``hosts`` are outside hosts that an honest version was seen linking to: the site's baseline. ``frame`` is
    the site's told frame as the decision found it: a new one is written only over that one.
    """

    observation: Observation
    seen: Page
    page: Page
    changes: tuple[Change, ...] = ()
    template: str | None = None
    hosts: tuple[str, ...] = ()
    frame: str = ""
