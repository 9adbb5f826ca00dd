"""where pages moved and why they are due, to be looked up; how many requests a crawl made"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LONGEST = 2000
"""Characters of an address that PostgreSQL is sure to index."""


def upgrade() -> None:
    op.add_column("pages", sa.Column("moved_to", sa.Text()))
    op.add_column("pages", sa.Column("due_why", sa.String(length=20)))
    op.add_column("runs", sa.Column("requests", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE runs SET requests = visits")
    _fill_moved_to(op.get_bind())
    named = sa.text("moved_to IS NOT NULL")
    op.create_index("ix_pages_moved_to", "pages", ["moved_to"], sqlite_where=named, postgresql_where=named)


def _fill_moved_to(connection: sa.Connection) -> None:
    """Each page that moved, by the evidence of its latest visit that found it so."""
    seen = sa.text("SELECT page_id, evidence FROM observations WHERE outcome = 'moved' ORDER BY id")
    moved = {page_id: json.loads(evidence).get("to") for page_id, evidence in connection.execute(seen)}
    rows = [{"page": page_id, "there": to} for page_id, to in moved.items() if to and len(to) <= LONGEST]
    if rows:
        connection.execute(sa.text("UPDATE pages SET moved_to = :there WHERE id = :page"), rows)


def downgrade() -> None:
    op.drop_index("ix_pages_moved_to", table_name="pages")
    for table, columns in (("pages", ("due_why", "moved_to")), ("runs", ("requests",))):
        with op.batch_alter_table(table) as altered:
            for column in columns:
                altered.drop_column(column)
