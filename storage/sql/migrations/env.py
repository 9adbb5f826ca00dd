"""Run by Alembic: applies the migrations on the connection that ``storage.sql.migrate`` hands over."""

from alembic import context

from storage.sql.tables import sites

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=sites.metadata, render_as_batch=True)
context.run_migrations()
