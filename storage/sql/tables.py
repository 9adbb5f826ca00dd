"""The tables. Their history is in ``migrations/versions``; a test holds the two together.

Indexes of some rows are so on both databases, as their migrations make them. Said here for SQLite alone: to say it for
PostgreSQL every process would load that dialect, a tenth of a crawl's start.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.sql.schema import Moment, Number, metadata

sites = Table(
    "sites",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("name", Text, nullable=False, default=""),
    Column("template", Text, nullable=False, default=""),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("site", String(100), nullable=False),
    Column("url", Text, nullable=False),
    Column("role", String(20), nullable=False),
    Column("found_on", Text),
    Column("depth", Integer, nullable=False, default=0),
    Column("listed_title", Text),
    Column("listed_date", String(40)),
    Column("first_seen_at", Moment, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("checked_at", Moment),
    Column("ok_at", Moment),
    Column("changed_at", Moment),
    Column("due_at", Moment),
    Column("failures", Integer, nullable=False, default=0),
    Column("missing_since", Moment),
    Column("version", Integer, nullable=False, default=0),
    Column("base_version", Integer, nullable=False, default=0),
    Column("told", String(20), nullable=False, default="nothing"),
    Column("leads_to", Text),
    Column("sketched_version", Integer, nullable=False, default=0),
    Column("read_by", String(60)),
    Column("read_as", String(64)),
    Column("story", Number),
    Column("moved_to", Text),
    Column("due_why", String(20)),
    UniqueConstraint("site", "url"),
    Index("ix_pages_url", "url"),
    Index("ix_pages_due_at", "due_at", "site"),
    Index("ix_pages_site", "site", "role", "due_at"),
    Index("ix_pages_found_on", "site", "role", "found_on", "first_seen_at", "id"),
    # Few of many, and asked for by themselves.
    Index(
        "ix_pages_columns",
        "site",
        "url",
        sqlite_where=text("role = 'column'"),
    ),
    Index(
        "ix_pages_withdrawn",
        "site",
        "id",
        sqlite_where=text("told = 'removed'"),
    ),
    Index(
        "ix_pages_ailing",
        "site",
        sqlite_where=text("failures > 0 OR missing_since IS NOT NULL"),
    ),
    Index(
        "ix_pages_story",
        "story",
        sqlite_where=text("story IS NOT NULL"),
    ),
    Index(
        "ix_pages_moved_to",
        "moved_to",
        sqlite_where=text("moved_to IS NOT NULL"),
    ),
    # Small and short-lived: what waits to be put into the index of stories.
    Index(
        "ix_pages_unsketched",
        "id",
        sqlite_where=text("sketched_version <> version"),
    ),
)

observations = Table(
    "observations",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("page_id", Number, ForeignKey("pages.id", ondelete="CASCADE"), nullable=False),
    Column("run", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("status", Integer),
    Column("outcome", String(20), nullable=False),
    Column("duration_ms", Integer, nullable=False, default=0),
    Column("size", Integer, nullable=False, default=0),
    Column("version", Integer),
    Column("how", Text),
    Column("evidence", Text, nullable=False, default="{}"),
    Column("by_hand", Boolean, nullable=False, default=False),
    Column("pending", Boolean, nullable=False, default=False),
    Index("ix_observations_page_id", "page_id", "id"),
    Index("ix_observations_at", "at"),
    Index(
        "ix_observations_pending",
        "id",
        sqlite_where=text("pending = 1"),
    ),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("page_id", Number, ForeignKey("pages.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("body_hash", String(64), ForeignKey("bodies.hash")),
    Column("title", Text),
    Column("template", Text, nullable=False, default=""),
    Column("text", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("packed", LargeBinary),
    Column("base", Number),
    UniqueConstraint("page_id", "number"),
    Index("ix_versions_seen_at", "seen_at"),
)

bodies = Table(
    "bodies",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("used_by", Integer, nullable=False, default=0),
    Column("sheet", Number),
    Column("beside", String(64)),
    Column("base", String(64)),
    Column("said_page", Number),
    Column("said_number", Integer),
)

# What bodies are packed against; see ``sheets.py`` and ``bodykeep.py``.
sheets = Table(
    "sheets",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("site", String(100), nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("used_by", Integer, nullable=False),
)

shelves = Table(
    "shelves",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("sheet", Number),
    Column("beside", String(64)),
    Column("waiting", Text, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("site", String(100), nullable=False),
    Column("page_id", Number, ForeignKey("pages.id", ondelete="CASCADE")),
    Column("url", Text, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("detected_at", Moment, nullable=False),
    Column("title", Text),
    Column("from_version", Integer),
    Column("to_version", Integer),
    Column("weight", Float, nullable=False),
    Column("how", Text),
    Column("paragraphs_added", Integer, nullable=False, default=0),
    Column("paragraphs_removed", Integer, nullable=False, default=0),
    Column("reprint_of", Text),
    Column("note", Text),
    Column("edits", Text, nullable=False, default="[]"),
    Column("facts", Text, nullable=False, default="{}"),
    Column("evidence", Text, nullable=False, default="{}"),
    Index("ix_changes_detected_at", "detected_at", "id"),
    Index("ix_changes_site", "site", "id"),
    Index("ix_changes_page_id", "page_id"),
    Index("ix_changes_kind", "kind", "id"),
)

# What the change log holds by China day, kept in the transaction that tells a change. The site '' is all of them.
day_counts = Table(
    "day_counts",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("n", Integer, nullable=False),
    Column("first_id", Number, nullable=False),
    Column("last_id", Number, nullable=False),
    Column("heaviest", Float, nullable=False),
    sqlite_with_rowid=False,
)

# How a site answered on a China day, written once the day is over: a visit writes nothing but itself.
site_days = Table(
    "site_days",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("visits", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("blocked", Integer, nullable=False),
    Column("good", Integer, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("median_ms", Integer),
    Column("slowest_ms", Integer),
    Column("last_at", Moment, nullable=False),
    Column("last_good_at", Moment),
    Index("ix_site_days_day", "day"),
)

# The words of a China day that is over, packed: they are only ever read together.
word_counts = Table(
    "word_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)

site_hosts = Table(
    "site_hosts",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("host", String(255), primary_key=True),
)

files = Table(
    "files",
    metadata,
    Column("version_id", Number, ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("hash", String(64), ForeignKey("bodies.hash")),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("checked_at", Moment),
)

lessons = Table(
    "lessons",
    metadata,
    Column("site", String(100), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("learned_at", Moment, nullable=False),
    Column("versions", Integer, nullable=False),
    Column("template", Text, nullable=False),
    Column("furniture", Text, nullable=False),
)

sketches = Table(
    "sketches",
    metadata,
    Column("hash", BigInteger, primary_key=True),
    Column("page_id", Number, ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_sketches_page_id", "page_id"),
    # The key is all there is to a row: as a table of its own it would be kept twice.
    sqlite_with_rowid=False,
)

# What is remembered of a page's bytes; it may be lost at any time, and the page is read once more.
calm = Table(
    "calm",
    metadata,
    Column("page_id", Number, ForeignKey("pages.id", ondelete="CASCADE"), primary_key=True),
    Column("rest", String(64), nullable=False),
    Column("reading", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("places", LargeBinary, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("site", String(100), primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("reason", Text),
    Column("visits", Integer, nullable=False, default=0),
    Column("requests", Integer, nullable=False, default=0, server_default="0"),
    Index("ix_runs_started_at", "started_at"),
    Index("ix_runs_site", "site", "started_at"),
)

# Processes that crawl what a service has queued. No column of time is indexed: they are few.
workers = Table(
    "workers",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", String(40), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("crawls", Integer, nullable=False),
    Column("doing", Text, nullable=False),
)

# The sites that a service has checked, for workers that have no sites.yaml of their own.
catalogues = Table(
    "catalogues",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
)

# Letters to subscribers. The three parts of the key are posted once, ever; no column holds a whole address.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("subscriber", String(60), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("item", String(80), nullable=False),
    Column("label", Text, nullable=False),
    Column("lane", String(60), nullable=False),
    Column("details", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("last_error", Text),
    Column("sent_at", Moment),
    Column("claimed_by", String(100)),
    Column("claimed_until", Moment),
    UniqueConstraint("subscriber", "channel", "item", name="uq_outbox_subscriber_channel_item"),
    Index("ix_outbox_item", "item"),
    Index("ix_outbox_state", "state", "next_at"),
)

# How far each log has been posted: a change's id, a day's or a week's number.
outbox_places = Table(
    "outbox_places",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("reached", BigInteger, nullable=False),
)

# Versions up to this one still wait to be put into the index of the search, the newest first; those above are in it.
# The index itself (``searchindex.py``) is no table that can be described here.
search_floor = Table("search_floor", metadata, Column("version_id", BigInteger, nullable=False))
