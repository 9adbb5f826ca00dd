"""what sites teach: learned templates, and how a page's newest version was last read; attachments by hash"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("learned_at", moment, nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("furniture", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", "name", name="pk_lessons"),
    )
    op.create_table(
        "files",
        sa.Column("version_id", number, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64)),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("checked_at", moment),
        sa.ForeignKeyConstraint(["hash"], ["bodies.hash"], name="fk_files_hash"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_files_version_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version_id", "url", name="pk_files"),
    )
    op.add_column("pages", sa.Column("read_by", sa.String(length=60)))
    op.add_column("pages", sa.Column("read_as", sa.String(length=64)))


def downgrade() -> None:
    with op.batch_alter_table("pages") as pages:
        pages.drop_column("read_as")
        pages.drop_column("read_by")
    op.drop_table("files")
    op.drop_table("lessons")
