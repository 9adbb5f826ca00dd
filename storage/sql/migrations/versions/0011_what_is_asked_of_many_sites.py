"""a site's crawls by themselves, and the pages that ail: few of very many

Without them each crawl's start reads all crawls of the day, and `status` every page.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_runs_site", "runs", ["site", "started_at"])
    ailing = sa.text("failures > 0 OR missing_since IS NOT NULL")
    op.create_index("ix_pages_ailing", "pages", ["site"], sqlite_where=ailing, postgresql_where=ailing)


def downgrade() -> None:
    op.drop_index("ix_pages_ailing", table_name="pages")
    op.drop_index("ix_runs_site", table_name="runs")
