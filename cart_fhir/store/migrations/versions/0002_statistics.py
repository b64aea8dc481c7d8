"""PostgreSQL's planner is told that codes and targets go with their parameters."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Frozen: what tables.py said at this step, whatever it says now.
STATEMENTS = (
    "CREATE STATISTICS token_of_parameter (dependencies, mcv) ON parameter, code, system FROM token_index",
    "CREATE STATISTICS reference_of_parameter (dependencies) ON parameter, target, type FROM reference_index",
    "ALTER TABLE token_index ALTER parameter SET STATISTICS 300, ALTER code SET STATISTICS 300",
)


def upgrade() -> None:
    """Define the statistics; the next ANALYZE fills them."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in STATEMENTS:
            op.execute(statement)
