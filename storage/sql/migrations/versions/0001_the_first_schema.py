"""the first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bodies",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("used_by", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_bodies"),
    )
    op.create_table(
        "pages",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("found_on", sa.Text()),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("listed_title", sa.Text()),
        sa.Column("listed_date", sa.String(length=40)),
        sa.Column("first_seen_at", moment, nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("checked_at", moment),
        sa.Column("ok_at", moment),
        sa.Column("changed_at", moment),
        sa.Column("due_at", moment),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("missing_since", moment),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(length=20), nullable=False),
        sa.Column("leads_to", sa.Text()),
        sa.Column("sketched_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sa.UniqueConstraint("site", "url", name="uq_pages_site_url"),
    )
    op.create_index("ix_pages_due_at", "pages", ["due_at", "site"], unique=False)
    op.create_index("ix_pages_site", "pages", ["site", "role", "due_at"], unique=False)
    op.create_index("ix_pages_url", "pages", ["url"], unique=False)

    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("finished_at", moment),
        sa.Column("reason", sa.Text()),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", "site", name="pk_runs"),
    )
    op.create_index("ix_runs_started_at", "runs", ["started_at"], unique=False)

    op.create_table(
        "site_hosts",
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("site", "host", name="pk_site_hosts"),
    )
    op.create_table(
        "sites",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sites"),
    )
    op.create_table(
        "changes",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("page_id", number),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("detected_at", moment, nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("from_version", sa.Integer()),
        sa.Column("to_version", sa.Integer()),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("how", sa.Text()),
        sa.Column("paragraphs_added", sa.Integer(), nullable=False),
        sa.Column("paragraphs_removed", sa.Integer(), nullable=False),
        sa.Column("reprint_of", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("edits", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_changes_page_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_detected_at", "changes", ["detected_at", "id"], unique=False)
    op.create_index("ix_changes_site", "changes", ["site", "id"], unique=False)

    op.create_table(
        "observations",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("page_id", number, nullable=False),
        sa.Column("run", sa.String(length=60), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("how", sa.Text()),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_observations_page_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_observations"),
    )
    op.create_index("ix_observations_at", "observations", ["at"], unique=False)
    op.create_index("ix_observations_page_id", "observations", ["page_id", "id"], unique=False)
    op.create_index(
        "ix_observations_pending",
        "observations",
        ["id"],
        unique=False,
        sqlite_where=sa.text("pending = 1"),
        postgresql_where=sa.text("pending"),
    )

    op.create_table(
        "sketches",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("page_id", number, nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_sketches_page_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", "page_id", name="pk_sketches"),
    )
    op.create_index("ix_sketches_page_id", "sketches", ["page_id"], unique=False)

    op.create_table(
        "versions",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("page_id", number, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("body_hash", sa.String(length=64)),
        sa.Column("title", sa.Text()),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["body_hash"], ["bodies.hash"], name="fk_versions_body_hash"),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_versions_page_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("page_id", "number", name="uq_versions_page_id_number"),
    )
    op.create_index("ix_versions_seen_at", "versions", ["seen_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_versions_seen_at", table_name="versions")

    op.drop_table("versions")
    op.drop_index("ix_sketches_page_id", table_name="sketches")

    op.drop_table("sketches")
    op.drop_index("ix_observations_pending", table_name="observations")
    op.drop_index("ix_observations_page_id", table_name="observations")
    op.drop_index("ix_observations_at", table_name="observations")

    op.drop_table("observations")
    op.drop_index("ix_changes_site", table_name="changes")
    op.drop_index("ix_changes_detected_at", table_name="changes")

    op.drop_table("changes")
    op.drop_table("sites")
    op.drop_table("site_hosts")
    op.drop_index("ix_runs_started_at", table_name="runs")

    op.drop_table("runs")
    op.drop_index("ix_pages_url", table_name="pages")
    op.drop_index("ix_pages_site", table_name="pages")
    op.drop_index("ix_pages_due_at", table_name="pages")

    op.drop_table("pages")
    op.drop_table("bodies")
