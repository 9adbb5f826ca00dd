"""the index of the search: by which signs each version is found

The versions that are there are put into it in the background, the newest first (``Searching.fill``): a migration that
read a million texts would stop the service for an hour.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQLITE = """
CREATE VIRTUAL TABLE search_signs
USING fts5(signs, content='', columnsize=0, detail='none', tokenize="ascii tokenchars '-_'")
"""
POSTGRESQL = (
    """
    CREATE TABLE search_signs (
      version_id bigint NOT NULL CONSTRAINT pk_search_signs PRIMARY KEY
        CONSTRAINT fk_search_signs_version_id REFERENCES versions (id) ON DELETE CASCADE,
      page_id bigint NOT NULL,
      signs integer[] NOT NULL
    )
    """,
    # Nothing is planned by them, and to count the commonest of very many signs takes long.
    "ALTER TABLE search_signs ALTER COLUMN signs SET STATISTICS 0",
    "CREATE INDEX ix_search_signs_signs ON search_signs USING gin (signs) WITH (gin_pending_list_limit = 1024)",
)


def upgrade() -> None:
    for statement in (SQLITE,) if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.create_table("search_floor", sa.Column("version_id", sa.BigInteger(), nullable=False))
    op.execute("INSERT INTO search_floor (version_id) SELECT coalesce(max(id), 0) FROM versions")


def downgrade() -> None:
    op.drop_table("search_floor")
    op.drop_table("search_signs")
