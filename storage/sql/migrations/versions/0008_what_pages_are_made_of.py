"""what is remembered of a page's bytes, so that an answer that says nothing new need not be read"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "calm",
        sa.Column("page_id", number, autoincrement=True, nullable=False),
        sa.Column("rest", sa.String(length=64), nullable=False),
        sa.Column("reading", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name="fk_calm_page_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("page_id", name="pk_calm"),
    )


def downgrade() -> None:
    op.drop_table("calm")
