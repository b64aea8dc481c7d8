"""Run by alembic: the steps that are missing, over the connection `schema.prepare` gives and in its transaction."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
context.run_migrations()
