"""which version's text a body is packed against, beside its site and its page

Bodies that are there stay as they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.add_column("bodies", sa.Column("said_page", number))
    op.add_column("bodies", sa.Column("said_number", sa.Integer()))


def downgrade() -> None:
    for column in ("said_number", "said_page"):
        op.drop_column("bodies", column)
