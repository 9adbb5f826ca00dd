"""what people browse: counts of changes and of visits by day, words by day, and the indexes of long lists

Counts are made from the logs that are there. Days of visits are counted up to the one of the latest visit, which may
not be over yet.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

CHANGES = """
INSERT INTO day_counts (site, day, kind, n, first_id, last_id, heaviest)
SELECT {site}, {day}, kind, count(*), min(id), max(id), max(weight) FROM changes GROUP BY {by}{day}, kind
"""
VISITS = """
INSERT INTO site_days (site, day, visits, failures, blocked, good, missing, answered, last_at, last_good_at)
SELECT site, day, count(*), sum(CASE WHEN outcome = 'failed' THEN 1 ELSE 0 END),
  sum(CASE WHEN outcome = 'blocked' THEN 1 ELSE 0 END), sum(CASE WHEN outcome IN {good} THEN 1 ELSE 0 END),
  count(DISTINCT CASE WHEN outcome IN {gone} AND role = 'article' THEN page_id END),
  count(DISTINCT CASE WHEN (outcome IN {good} OR outcome IN {gone}) AND role = 'article' THEN page_id END),
  max(at), max(CASE WHEN outcome IN {good} THEN at END)
FROM (SELECT site, role, page_id, outcome, at, {day} AS day
  FROM observations JOIN pages ON pages.id = observations.page_id) AS visits
WHERE day < (SELECT max({day}) FROM observations) GROUP BY site, day
"""
TIMES = """
UPDATE site_days SET median_ms = timed.median, slowest_ms = timed.slowest FROM (
  SELECT site, day, max(CASE WHEN place = (total + 1) / 2 THEN duration_ms END) AS median, max(duration_ms) AS slowest
  FROM (SELECT site, {day} AS day, duration_ms,
      row_number() OVER (PARTITION BY site, {day} ORDER BY duration_ms) AS place,
      count(*) OVER (PARTITION BY site, {day}) AS total
    FROM observations JOIN pages ON pages.id = observations.page_id WHERE status IS NOT NULL) AS placed
  GROUP BY site, day) AS timed
WHERE site_days.site = timed.site AND site_days.day = timed.day
"""
GOOD = "('new-version', 'unchanged', 'not-modified', 'listed')"
GONE = "('gone', 'soft-gone')"


def upgrade() -> None:
    _create_tables()
    _count()
    op.create_index("ix_pages_found_on", "pages", ["site", "role", "found_on", "first_seen_at", "id"])
    columns, removed = sa.text("role = 'column'"), sa.text("told = 'removed'")
    op.create_index("ix_pages_columns", "pages", ["site", "url"], sqlite_where=columns, postgresql_where=columns)
    op.create_index("ix_pages_withdrawn", "pages", ["site", "id"], sqlite_where=removed, postgresql_where=removed)
    op.create_index("ix_changes_kind", "changes", ["kind", "id"])


def _create_tables() -> None:
    op.create_table(
        "day_counts",
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("first_id", number, nullable=False),
        sa.Column("last_id", number, nullable=False),
        sa.Column("heaviest", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("site", "day", "kind", name="pk_day_counts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "site_days",
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("median_ms", sa.Integer()),
        sa.Column("slowest_ms", sa.Integer()),
        sa.Column("last_at", moment, nullable=False),
        sa.Column("last_good_at", moment),
        sa.PrimaryKeyConstraint("site", "day", name="pk_site_days"),
    )
    op.create_index("ix_site_days_day", "site_days", ["day"])
    op.create_table(
        "word_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_word_counts"),
    )


def _count() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"

    def day(column: str) -> str:
        return f"date({column}, '+8 hours')" if sqlite else f"CAST({column} AT TIME ZONE INTERVAL '8 hours' AS date)"

    op.execute(CHANGES.format(site="site", by="site, ", day=day("detected_at")))
    op.execute(CHANGES.format(site="''", by="", day=day("detected_at")))
    op.execute(VISITS.format(day=day("at"), good=GOOD, gone=GONE))
    op.execute(TIMES.format(day=day("at")))


def downgrade() -> None:
    op.drop_index("ix_changes_kind", table_name="changes")
    op.drop_index("ix_pages_withdrawn", table_name="pages")
    op.drop_index("ix_pages_columns", table_name="pages")
    op.drop_index("ix_pages_found_on", table_name="pages")
    op.drop_table("word_counts")
    op.drop_index("ix_site_days_day", table_name="site_days")
    op.drop_table("site_days")
    op.drop_table("day_counts")
