"""The version of a strategy that is in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """None is, until somebody says so."""
    op.add_column("strategies", sa.Column("in_force", sa.Integer(), nullable=True))
