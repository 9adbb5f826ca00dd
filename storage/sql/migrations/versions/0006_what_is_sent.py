"""the outbox: what is sent to whom, and how far each log has been posted"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

moment = sa.DateTime(timezone=True)
number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("subscriber", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("lane", sa.String(length=60), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("sent_at", moment),
        sa.Column("claimed_by", sa.String(length=100)),
        sa.Column("claimed_until", moment),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("subscriber", "channel", "item", name="uq_outbox_subscriber_channel_item"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "next_at"])
    op.create_index("ix_outbox_item", "outbox", ["item"])
    op.create_table(
        "outbox_places",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_outbox_places"),
    )


def downgrade() -> None:
    op.drop_table("outbox_places")
    op.drop_index("ix_outbox_item", table_name="outbox")
    op.drop_index("ix_outbox_state", table_name="outbox")
    op.drop_table("outbox")
