"""what bodies are packed against: the sheets of their sites, and each other; what versions say, packed

Those that are there stand for themselves and stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.add_column("versions", sa.Column("packed", sa.LargeBinary()))
    op.add_column("versions", sa.Column("base", number))
    op.add_column("bodies", sa.Column("sheet", number))
    op.add_column("bodies", sa.Column("beside", sa.String(length=64)))
    op.add_column("bodies", sa.Column("base", sa.String(length=64)))
    op.create_table(
        "sheets",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("used_by", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sheets"),
    )
    op.create_table(
        "shelves",
        sa.Column("site", sa.String(length=100), nullable=False),
        sa.Column("sheet", number),
        sa.Column("beside", sa.String(length=64)),
        sa.Column("waiting", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_shelves"),
    )


def downgrade() -> None:
    op.drop_table("shelves")
    op.drop_table("sheets")
    for column in ("base", "beside", "sheet"):
        op.drop_column("bodies", column)
    for column in ("base", "packed"):
        op.drop_column("versions", column)
