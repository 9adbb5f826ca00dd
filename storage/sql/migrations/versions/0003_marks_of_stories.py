"""marks of stories in place of sentence hashes, and which pages tell one story

The old sketches cannot be turned into the new ones without the texts: they are dropped, and every page waits to be
sketched anew by the next comparisons. Nothing is told of it: only a new page is asked what it reprints.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_index("ix_sketches_page_id", table_name="sketches")
    op.drop_table("sketches")
    _create_sketches(sqlite_with_rowid=False)
    op.add_column("pages", sa.Column("story", number))
    op.execute("UPDATE pages SET sketched_version = 0")
    named = sa.text("story IS NOT NULL")
    op.create_index("ix_pages_story", "pages", ["story"], sqlite_where=named, postgresql_where=named)
    waiting = sa.text("sketched_version <> version")
    op.create_index("ix_pages_unsketched", "pages", ["id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("ix_changes_page_id", "changes", ["page_id"], unique=False)


def _create_sketches(*, sqlite_with_rowid: bool) -> None:
    op.create_table(
        "sketches",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("page_id", number, nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_sketches_page_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", "page_id", name="pk_sketches"),
        sqlite_with_rowid=sqlite_with_rowid,
    )
    op.create_index("ix_sketches_page_id", "sketches", ["page_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_changes_page_id", table_name="changes")
    op.drop_index("ix_pages_unsketched", table_name="pages")
    op.drop_index("ix_pages_story", table_name="pages")
    with op.batch_alter_table("pages") as pages:
        pages.drop_column("story")
    op.drop_index("ix_sketches_page_id", table_name="sketches")
    op.drop_table("sketches")
    _create_sketches(sqlite_with_rowid=True)
    op.execute("UPDATE pages SET sketched_version = 0")
